"""A person's decision: about a release that vetting could not judge, or about an appeal against its verdict.

The verdict stays what it was; the status moves. Who decided, when and why is kept, shown and attested anew.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace import documents, selectors
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import Appeal, Release, Skill
from marketplace.services.appeals import told
from marketplace.services.audit import record
from marketplace.services.publication import release_conclude
from marketplace.text import storable

# What each decision makes of the release; `uphold` leaves it where it is.
OUTCOMES = {
    "publish": Release.Status.PUBLISHED,
    "reject": Release.Status.REJECTED,
    "overturn": Release.Status.PUBLISHED,
    "uphold": None,
}
ON_APPEAL = ("overturn", "uphold")
# What is published against a verdict, or without one, is so for a reason that others can judge.
REASON_LEAST = 10


@transaction.atomic
def release_decide(*, actor: AbstractBaseUser, release: Release, decision: str, reason: str) -> Release:
    """Publish or reject a quarantined release, uphold or overturn a verdict that was appealed against."""
    if not actor.is_staff:
        raise NotAllowed(
            "decision.not-staff",
            "Only the registry's staff decides on releases and appeals.",
            fix="Ask the operator of this registry.",
        )
    if decision not in OUTCOMES:
        raise Invalid(
            "decision.unknown",
            "A decision is `publish`, `reject`, `uphold` or `overturn`.",
            fix="Send one of these as `decision`.",
        )
    reason = storable(reason.strip())[:500]
    if not reason:
        raise Invalid(
            "decision.reason",
            "A decision has a reason, which its report shows.",
            fix="Say in `reason` what you looked at and what it showed.",
        )
    if OUTCOMES[decision] == Release.Status.PUBLISHED and len(reason) < REASON_LEAST:
        raise Invalid(
            "decision.reason",
            f"Whoever publishes what vetting did not pass says why, in {REASON_LEAST} characters or more.",
            fix="Say in `reason` what you looked at and what it showed.",
        )
    Skill.objects.select_for_update().get(pk=release.skill_id)
    release = Release.objects.select_related("skill__publisher").get(pk=release.pk)
    if selectors.is_member(actor, release.skill.publisher):
        raise NotAllowed(
            "decision.own-skill",
            "You are on the team of this skill; somebody else decides.",
            fix="Ask another one of the staff.",
        )
    appeal = release.appeals.filter(outcome=Appeal.Outcome.OPEN).first()
    _refuse_what_is_not_open(release, decision, appeal)
    status = OUTCOMES[decision] or release.status
    now = timezone.now()
    decided = {"by": actor.get_username(), "at": documents.time(now), "reason": reason, "decision": decision}
    if appeal:
        published = status == Release.Status.PUBLISHED and decision != "uphold"
        appeal.outcome = Appeal.Outcome.OVERTURNED if published else Appeal.Outcome.UPHELD
        appeal.decided_by, appeal.decided_at, appeal.reason = actor, now, reason
        appeal.save()
    record(
        actor, "release.decide", str(release), decision=decision, reason=reason, appeal=appeal.pk if appeal else None
    )
    report = {**release.report, "status": status, "decision": decided, "appeals": told(release)}
    release_conclude(release=release, report=report)
    release.refresh_from_db()
    return release


def _refuse_what_is_not_open(release: Release, decision: str, appeal: Appeal | None) -> None:
    if decision in ON_APPEAL and appeal is None:
        raise Conflict(
            "decision.no-appeal",
            f"No appeal against the verdict on {release} is open.",
            fix="Open appeals are listed on the page /review.",
        )
    if decision not in ON_APPEAL and release.status != Release.Status.QUARANTINED:
        raise Conflict(
            "decision.not-quarantined",
            f"{release} is {release.status}, so there is nothing to decide.",
            fix="Quarantined releases are listed on the page /review; against a refusal its team can appeal.",
        )
    if release.revoked_at is not None:
        raise Conflict("decision.revoked", f"{release} was revoked by its team.", fix="Nothing has to be done.")
