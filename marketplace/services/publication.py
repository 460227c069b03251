"""What a finished run does to the marketplace: the release gets its verdict, the skill its newest face.

Called inside the transaction that concludes the run, so that a verdict is published with its run or not at all.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from marketplace import documents, search
from marketplace.models import Keyword, Release, Skill
from marketplace.services.audit import record
from marketplace.text import storable
from vetting import attest

KEYWORDS = 12
# Not the counters: they are counted beside us.
COPIED = (
    *("latest", "summary", "license", "keywords", "verdict", "safety_score", "quality_score", "quality_tier"),
    *("published_at", "rank", "is_public", "document", "updated_at"),
)


@transaction.atomic
def release_conclude(*, release: Release, report: dict, attestation: dict | None = None) -> None:
    """Write status, verdict, scores, report and attestation of a release, then show it where it belongs."""
    skill = Skill.objects.select_for_update().get(pk=release.skill_id)
    release = Release.objects.get(pk=release.pk)
    report = storable(report)
    release.status = report["status"]
    release.verdict = report["safety"]["verdict"]
    release.safety_score = report["safety"]["score"]
    release.quality_score = report["quality"]["score"]
    release.quality_tier = report["quality"]["tier"] or ""
    release.concluded_at = timezone.now()
    if release.status == Release.Status.PUBLISHED and release.published_at is None:
        release.published_at = release.concluded_at
    release.report = report
    release.attestation = attestation or _attestation(skill, release, report)
    release.document = documents.release_document(skill.full_name, release)
    release.save()
    record(
        None, "release.conclude", f"{skill.full_name}@{release.version}", status=release.status, verdict=release.verdict
    )
    refresh_skill(skill)


def refresh_skill(skill: Skill) -> None:
    """Copy the newest published release onto the skill, render its document and index it, or hide it from the lists."""
    published = skill.releases.filter(status=Release.Status.PUBLISHED)
    skill.is_public = skill.is_public or published.exists()
    shown = published.filter(yanked_at=None, revoked_at=None).only("version")
    newest = documents.newest(list(shown))
    skill.latest = Release.objects.get(pk=newest.pk) if newest else None
    before = skill.rank
    _copy(skill, skill.latest)
    skill.document = documents.skill_document(skill)
    skill.save(update_fields=COPIED)
    _index(skill, before)


def _copy(skill: Skill, latest: Release | None) -> None:
    manifest = latest.manifest if latest else {}
    skill.summary = _words(manifest.get("description"))[:1024]
    skill.license = _words(manifest.get("license"))[:120]
    skill.keywords = _keywords(manifest)
    skill.verdict = latest.verdict if latest else ""
    skill.safety_score = latest.safety_score if latest else None
    skill.quality_score = latest.quality_score if latest else None
    skill.quality_tier = latest.quality_tier if latest else ""
    skill.published_at = (latest.published_at or latest.concluded_at) if latest else None
    skill.rank = search.rank_of(skill.quality_score, skill.pk) if latest else None


def _index(skill: Skill, before: int | None) -> None:
    if before is not None and before != skill.rank:
        search.remove(before)
    Keyword.objects.filter(skill=skill).exclude(word__in=skill.keywords).delete()
    if skill.rank is None:
        return
    Keyword.objects.bulk_create([Keyword(skill=skill, word=word) for word in skill.keywords], ignore_conflicts=True)
    body = skill.latest.readme
    search.index(skill.rank, name=skill.name, summary=skill.summary, keywords=skill.keywords, body=body)


def _attestation(skill: Skill, release: Release, report: dict) -> dict:
    statement = attest.statement(
        subject=f"{skill.full_name}@{release.version}",
        digest=release.digest,
        report=report,
        report_url=documents.report_page(skill.full_name, release.version),
        concluded_at=release.concluded_at,
    )
    return attest.sign(statement)


def _words(value: Any) -> str:
    return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _keywords(manifest: dict) -> list[str]:
    """From `keywords` or `tags`, at the top or under metadata; a list, or words parted by commas."""
    metadata = manifest.get("metadata")
    for place in (manifest, metadata if isinstance(metadata, dict) else {}):
        for key in ("keywords", "tags"):
            value = place.get(key)
            parts = value if isinstance(value, list) else value.split(",") if isinstance(value, str) else []
            words = [_words(part).strip("[]\"' ").lower()[:40] for part in parts]
            if found := list(dict.fromkeys(word for word in words if word)):
                return found[:KEYWORDS]
    return []
