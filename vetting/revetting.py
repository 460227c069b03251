"""A new ruleset vets anew what is published: the newest and most fetched first, a few at a time, after all else."""

import logging

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vetting import jobs, models, ruleset

log = logging.getLogger(__name__)

# When nothing is left to do the shelves are not searched again for so long, or until the rules change.
REST_SECONDS = 1800


def queue() -> int:
    """Queue as many as may wait at a time; tells how many."""
    room = settings.REVETS_AT_ONCE - _waiting()
    if room <= 0 or _is_done():
        return 0
    stale = list(outdated()[:room])
    for release in stale:
        with transaction.atomic():
            jobs.enqueue(release, turn=models.Run.Turn.OWN)
    if not stale:
        _rest()
    return len(stale)


def outdated() -> QuerySet:
    """Published releases that no run has judged under the rules of now, whatever it then said."""
    release = apps.get_model("marketplace", "Release")
    judged = models.Run.objects.filter(release=OuterRef("pk"), ruleset=ruleset.current())
    rows = release.objects.filter(status="published", revoked_at=None).exclude(Exists(judged))
    newest = rows.filter(latest_of__isnull=False).order_by("-skill__downloads", "-pk")
    return (newest if newest.exists() else rows.order_by("-skill__downloads", "-pk")).only("pk", "digest")


def _waiting() -> int:
    return models.Run.objects.filter(turn=models.Run.Turn.OWN).exclude(state=models.Run.State.DONE).count()


def _key() -> str:
    return f"assay:revetted:{ruleset.current()}"


def _is_done() -> bool:
    try:
        return bool(cache.get(_key()))
    except Exception as error:
        log.warning("the cache is away, published releases are searched for old rulesets: %s", error)
        return False


def _rest() -> None:
    try:
        cache.set(_key(), True, timeout=REST_SECONDS)
    except Exception as error:
        log.warning("the cache is away: %s", error)
