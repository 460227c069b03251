"""How often a bundle was fetched."""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F

from marketplace.models import Release, Skill

log = logging.getLogger(__name__)


def download_count(*, release_id: int, skill_id: int) -> None:
    """Count one. A count that cannot be written is lost: it is not worth the download."""
    try:
        with transaction.atomic():
            # The skill first, as every service does: two that lock in opposite order would wait for each other.
            Skill.objects.filter(pk=skill_id).update(downloads=F("downloads") + 1)
            Release.objects.filter(pk=release_id).update(downloads=F("downloads") + 1)
    except DatabaseError as error:
        log.warning("download of release %s was not counted: %s", release_id, error)
