"""Publishers, and who may see what of theirs."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from marketplace.errors import NotAllowed, NotFound
from marketplace.models import AuditEvent, Invitation, Membership, Publisher


def is_member(user: Any, publisher: Publisher) -> bool:
    return bool(user and user.pk) and Membership.objects.filter(user_id=user.pk, publisher=publisher).exists()


def may_see_unpublished(user: Any, publisher: Publisher) -> bool:
    """The team sees its own releases at every stage; so does the registry's staff."""
    return bool(user and user.pk) and (user.is_staff or is_member(user, publisher))


def publishers_of(user: Any) -> QuerySet[Publisher]:
    """The publishers that a person publishes for."""
    return Publisher.objects.filter(memberships__user=user).order_by("handle")


def publisher_get(handle: str) -> Publisher:
    publisher = Publisher.objects.filter(handle=handle).first()
    if publisher is None:
        raise NotFound(
            "publisher.not-found", f"There is no publisher {handle[:80]!r}.", fix="Check for a slip in the name."
        )
    return publisher


def team_of(publisher: Publisher) -> QuerySet[Membership]:
    """Who publishes for this publisher, the newest first."""
    return publisher.memberships.select_related("user").order_by("-id")


def role_of(user: Any, publisher: Publisher) -> str:
    """What this person is on the team; "" when they are not on it."""
    if not (user and user.pk):
        return ""
    return Membership.objects.filter(user_id=user.pk, publisher=publisher).values_list("role", flat=True).first() or ""


def must_own(user: Any, publisher: Publisher) -> None:
    """Who is asked onto a team is for its owners to know."""
    if role_of(user, publisher) != Membership.Role.OWNER:
        raise NotAllowed(
            "publisher.not-owner", f"Only an owner of {publisher.handle} may see this.", fix="Ask an owner of the team."
        )


def invitations_to(publisher: Publisher) -> QuerySet[Invitation]:
    """Who was asked onto the team and has not answered."""
    rows = publisher.invitations.filter(expires_at__gt=timezone.now())
    return rows.select_related("user", "by").order_by("-id")


def invitations_for(user: Any) -> QuerySet[Invitation]:
    """The teams that this person is asked onto."""
    rows = Invitation.objects.filter(user=user, expires_at__gt=timezone.now())
    return rows.select_related("publisher", "by").order_by("-id")


def team_events(publisher: Publisher) -> QuerySet[AuditEvent]:
    """Who changed the team and what is said of it, the newest first."""
    verbs = [f"member.{verb}" for verb in ("invite", "join", "decline", "withdraw", "role", "remove", "leave")]
    rows = AuditEvent.objects.filter(subject=publisher.handle, verb__in=[*verbs, *_PUBLISHER_VERBS])
    return rows.select_related("actor").order_by("-id")


_PUBLISHER_VERBS = ("publisher.create", "publisher.describe", "member.add")
