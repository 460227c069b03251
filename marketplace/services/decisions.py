"""A person's decision about a release that vetting could not judge. The verdict stays what it was; the status moves."""

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace import documents, selectors
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import Release, Skill
from marketplace.services.audit import record
from marketplace.services.publication import release_conclude
from marketplace.text import storable

OUTCOMES = {"publish": Release.Status.PUBLISHED, "reject": Release.Status.REJECTED}


@transaction.atomic
def release_decide(*, actor: AbstractBaseUser, release: Release, decision: str, reason: str) -> Release:
    """Publish or reject a quarantined release. The report says who decided and why, and is attested anew."""
    if not actor.is_staff:
        raise NotAllowed("decision.not-staff", "Only the registry's staff decides on quarantined releases.")
    if decision not in OUTCOMES:
        raise Invalid("decision.unknown", "A decision is `publish` or `reject`.")
    reason = storable(reason.strip())[:500]
    if not reason:
        raise Invalid("decision.reason", "A decision has a reason, which its report shows.")
    Skill.objects.select_for_update().get(pk=release.skill_id)
    release = Release.objects.select_related("skill__publisher").get(pk=release.pk)
    if selectors.is_member(actor, release.skill.publisher):
        raise NotAllowed("decision.own-skill", "You are on the team of this skill; somebody else decides.")
    if release.status != Release.Status.QUARANTINED:
        raise Conflict("decision.not-quarantined", f"{release} is {release.status}, so there is nothing to decide.")
    decided = {"by": actor.get_username(), "at": documents.time(timezone.now()), "reason": reason, "decision": decision}
    record(actor, "release.decide", str(release), decision=decision, reason=reason)
    release_conclude(release=release, report={**release.report, "status": OUTCOMES[decision], "decision": decided})
    release.refresh_from_db()
    return release
