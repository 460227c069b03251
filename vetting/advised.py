"""New advisories: what is published and has dependencies that they speak of is vetted again, and nothing else is.

A ruleset would be too blunt: advisories are loaded often, and hardly a release is named by what is new in them. So each
published release is looked at once per edition, for the packages it names alone, which takes milliseconds. Where the
advisories say of it what its report says already, the edition is noted and that is all.
"""

import logging
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from vetting import advisories, models, ruleset
from vetting.errors import PlatformError, SkillError
from vetting.intake import unpack
from vetting.scanners import dependencies

log = logging.getLogger(__name__)

# So many releases are looked at in one turn; the next turn goes on.
LOOKS = 100
ABOUT = ("dependencies:advisory", "dependencies:malicious-package")


def edition() -> str:
    """What is loaded now."""
    return advisories.edition(dependencies.advisory_file())


def unseen(releases: QuerySet) -> QuerySet:
    """Those of these releases that nobody has held, or is about to hold, against the advisories of now."""
    runs = models.Run.objects.filter(release=OuterRef("pk"))
    seen = runs.filter(ruleset=ruleset.current(), advisories=edition())
    return releases.exclude(Exists(seen)).exclude(Exists(runs.exclude(state=models.Run.State.DONE)))


def is_unseen(release) -> bool:
    """Whether advisories were loaded since the last answer about this release, which say something else of it."""
    newest = _newest(release)
    return newest is not None and newest.advisories != edition() and says_otherwise(release)


def named_among(releases: QuerySet, most: int) -> tuple[list, bool]:
    """Up to so many unseen releases of which the advisories now say something else, and whether there may be more."""
    found, looked = [], list(releases[:LOOKS])
    for release in looked:
        if len(found) == most:
            return found, True
        if says_otherwise(release):
            found.append(release)
        elif (newest := _newest(release)) is not None:
            models.Run.objects.filter(pk=newest.pk).update(advisories=edition())
    return found, len(looked) == LOOKS or bool(found)


def says_otherwise(release) -> bool:
    """Whether a new vetting would find other advisories than the report has; yes where the bytes cannot be read."""
    try:
        bundle = unpack(release.bundle_bytes(), filename="release.tar").bundle
    except (OSError, PlatformError, SkillError) as error:
        log.warning("%s cannot be held against the new advisories: %s", release, error)
        return True
    now = ((one.check, one.why) for one in dependencies.known_vulnerable(bundle))
    return set(now) != set(_told((release.report or {}).get("findings", ())))


def _told(findings: Iterable[dict]) -> Iterable[tuple[str, str]]:
    return ((one["check"], one["why"]) for one in findings if one["check"] in ABOUT)


def _newest(release) -> models.Run | None:
    done = models.Run.objects.filter(release=release, ruleset=ruleset.current(), state=models.Run.State.DONE)
    return done.order_by("-pk").first()
