"""Skills, their releases and ratings. What a person may not know of is not found."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet

from marketplace.errors import NotFound
from marketplace.models import Rating, Release, Skill
from marketplace.selectors.people import may_see_unpublished

HEAVY = ("report", "attestation", "readme", "files", "manifest", "document")


def skill_get(full_name: str, *, user: Any = None) -> Skill:
    """The skill with its publisher and newest release; unpublished ones only for their team."""
    rows = Skill.objects.select_related("publisher", "latest").defer(*(f"latest__{name}" for name in HEAVY))
    skill = rows.filter(full_name=full_name).first()
    if skill is None or not (skill.is_public or may_see_unpublished(user, skill.publisher)):
        raise NotFound(
            "skill.not-found",
            f"There is no skill {full_name[:120]!r}.",
            fix="Check for a slip in the name; what is not published is seen by its own team alone.",
        )
    return skill


def release_get(full_name: str, version: str, *, user: Any = None, defer: Sequence[str] = ()) -> Release:
    """One release by its version or by `latest`; unpublished ones only for their team."""
    rows = Release.objects.select_related("skill__publisher").defer("skill__document", *defer)
    if version == "latest":
        rows = rows.filter(skill__full_name=full_name, pk=F("skill__latest_id"))
    else:
        rows = rows.filter(skill__full_name=full_name, version=version)
    release = rows.first()
    if release is None or not release_is_visible(release, user):
        raise NotFound(
            "release.not-found",
            f"There is no release {full_name[:120]}@{version[:64]}.",
            fix="Check the version; what is not published is seen by its own team alone.",
        )
    return release


def release_is_visible(release: Release, user: Any) -> bool:
    """Others see what is published, and that a published release was revoked."""
    return release.status == Release.Status.PUBLISHED or may_see_unpublished(user, release.skill.publisher)


def releases_of(skill: Skill, *, user: Any = None) -> QuerySet[Release]:
    """Newest first, without the heavy columns."""
    rows = skill.releases.order_by("-id").defer(*HEAVY)
    return rows if may_see_unpublished(user, skill.publisher) else rows.filter(status=Release.Status.PUBLISHED)


def ratings_of(skill: Skill) -> QuerySet[Rating]:
    """Newest first, with who wrote them."""
    return skill.ratings.select_related("user").order_by("-id")


def skills_listed() -> QuerySet[Skill]:
    """Skills that lists and search show: those with a release that is published and neither yanked nor revoked."""
    return Skill.objects.filter(rank__isnull=False)
