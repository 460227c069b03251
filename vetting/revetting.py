"""New rules vet anew what is published or waits for a person, new advisories what they name: a few at a time, after all
else. What a missing tool left open is so closed once the tool is back, for its version is one of the rules.

The newest release of a skill comes before its older ones, and the most fetched skill first.
"""

import logging

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from vetting import advised, models, ruleset
from vetting.queueing import enqueue

log = logging.getLogger(__name__)

# When nothing is left to do the shelves are not searched again for so long, or until rules or advisories change.
REST_SECONDS = 1800


def queue() -> int:
    """Queue as many as may wait at a time; tells how many."""
    room = settings.REVETS_AT_ONCE - _waiting()
    if room <= 0 or _is_done():
        return 0
    stale, more = list(outdated()[:room]), False
    if not stale and advised.edition():
        stale, more = advised.named_among(_in_turn(advised.unseen(judged())), room)
    for release in stale:
        with transaction.atomic():
            enqueue(release, turn=models.Run.Turn.OWN)
    if not stale and not more:
        _rest()
    return len(stale)


def outdated() -> QuerySet:
    """Releases on the shelves or in quarantine that no run has judged under the rules of now, whatever it then said."""
    return _in_turn(_not_rejected().exclude(Exists(_runs_of_now()))).only("pk", "digest")


def judged() -> QuerySet:
    """Published releases that a run has judged under the rules of now."""
    runs = _runs_of_now().filter(state=models.Run.State.DONE)
    return _not_rejected().filter(Exists(runs), status="published")


def _not_rejected() -> QuerySet:
    releases = apps.get_model("marketplace", "Release").objects
    return releases.filter(status__in=("published", "quarantined"), revoked_at=None)


def _runs_of_now() -> QuerySet:
    return models.Run.objects.filter(release=OuterRef("pk"), ruleset=ruleset.current())


def _in_turn(rows: QuerySet) -> QuerySet:
    newest = rows.filter(latest_of__isnull=False).order_by("-skill__downloads", "-pk")
    return newest if newest.exists() else rows.order_by("-skill__downloads", "-pk")


def _waiting() -> int:
    return models.Run.objects.filter(turn=models.Run.Turn.OWN).exclude(state=models.Run.State.DONE).count()


def _key() -> str:
    return f"assay:revetted:{ruleset.current()}:{advised.edition()}"


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
