"""A team's appeal against a verdict. Its text and what came of it stand in the report, for all who may see that."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from marketplace import documents
from marketplace.errors import Conflict, Invalid
from marketplace.models import Appeal, Release, Skill
from marketplace.services.audit import record
from marketplace.services.releases import must_be_member
from marketplace.text import storable
from vetting import policy

TEXT_CHARS = (20, 4000)


@transaction.atomic
def appeal_open(*, actor: AbstractBaseUser, release: Release, text: str) -> Appeal:
    """Ask a person to look at a verdict. One appeal of a release is open at a time."""
    must_be_member(actor, release.skill.publisher)
    text = storable(text.strip())
    if not TEXT_CHARS[0] <= len(text) <= TEXT_CHARS[1]:
        least, most = TEXT_CHARS
        raise Invalid(
            "appeal.text",
            f"An appeal says in {least} to {most} characters why the verdict is wrong.",
            fix="Say what the skill does there and why that is no harm.",
        )
    Skill.objects.select_for_update().get(pk=release.skill_id)
    release = Release.objects.select_related("skill__publisher").get(pk=release.pk)
    _refuse_what_cannot_be_appealed(release)
    rules = release.report.get("ruleset", "")
    appeal = Appeal.objects.create(release=release, by=actor, text=text, verdict=release.verdict, ruleset=rules)
    release.report = release.report | {"appeals": told(release)}
    release.save(update_fields=["report"])
    record(actor, "release.appeal", str(release), appeal=appeal.pk, verdict=release.verdict)
    return appeal


def _refuse_what_cannot_be_appealed(release: Release) -> None:
    if release.status == Release.Status.VETTING or release.revoked_at is not None:
        raise Conflict(
            "appeal.no-verdict",
            f"{release} has no verdict to appeal against.",
            fix="Wait until its vetting has ended; of a revoked release nothing can be appealed.",
        )
    if release.verdict == policy.PASS and release.status == Release.Status.PUBLISHED:
        raise Conflict(
            "appeal.passed",
            f"{release} passed; there is nothing to appeal against.",
            fix="Where a single finding is wrong, suppress it with a reason in assay.toml.",
        )
    last = release.appeals.order_by("-pk").first()
    if last and last.outcome == Appeal.Outcome.OPEN:
        raise Conflict(
            "appeal.open",
            f"An appeal against the verdict on {release} is open already.",
            fix="Wait for the decision; the report shows it.",
        )
    if last and (last.verdict, last.ruleset) == (release.verdict, release.report.get("ruleset", "")):
        fix = "Have the release vetted again under newer rules, or push a mended version."
        raise Conflict("appeal.decided", f"This verdict on {release} was appealed against and decided.", fix=fix)


def told(release: Release) -> list[dict]:
    """All appeals of a release as its report shows them, the newest first."""
    rows = release.appeals.select_related("by", "decided_by").order_by("-pk")
    return [
        {
            "at": documents.time(row.at),
            "by": row.by.get_username() if row.by else "",
            "text": row.text,
            "verdict": row.verdict,
            "outcome": row.outcome,
            "decided_by": row.decided_by.get_username() if row.decided_by else "",
            "decided_at": documents.time(row.decided_at),
            "reason": row.reason,
        }
        for row in rows
    ]
