"""The team of a publisher: asked, joined, given a role, removed and left.

Owners decide who is on the team; members publish for it. Nobody is put on a team unasked, and no team is left without
an owner. Every change holds the publisher's row, so that two owners cannot remove each other at once.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone

from marketplace.errors import Conflict, Gone, Invalid, NotAllowed, NotFound
from marketplace.models import Invitation, Membership, Publisher
from marketplace.services.audit import record
from marketplace.services.publishers import owned

INVITATION_DAYS = 30
INVITATIONS_AT_MOST = 50
_OWNER = Membership.Role.OWNER


@transaction.atomic
def member_invite(
    *, actor: AbstractBaseUser, publisher: Publisher, username: str, role: str = Membership.Role.MEMBER
) -> tuple[Invitation, bool]:
    """Ask a person onto the team; True when they were not asked before. Asked again, the newer role and date count."""
    publisher = owned(actor, publisher)
    _check_role(role)
    user = _person(username)
    if publisher.memberships.filter(user=user).exists():
        fix = "Change their role instead."
        raise Conflict(
            "member.already", f"{user.get_username()} is on the team of {publisher.handle} already.", fix=fix
        )
    now = timezone.now()
    open_ones = publisher.invitations.filter(expires_at__gt=now).exclude(user=user)
    if open_ones.count() >= INVITATIONS_AT_MOST:
        said = f"{publisher.handle} has {INVITATIONS_AT_MOST} open invitations, which is the most."
        raise Conflict("invitation.too-many", said, fix="Withdraw one, or wait for an answer.")
    fresh = {"role": role, "by": actor, "at": now, "expires_at": now + timedelta(days=INVITATION_DAYS)}
    invitation, created = Invitation.objects.update_or_create(publisher=publisher, user=user, defaults=fresh)
    record(actor, "member.invite", publisher.handle, user=user.get_username(), role=role)
    return invitation, created


@transaction.atomic
def invitation_accept(*, actor: AbstractBaseUser, publisher: Publisher) -> Membership:
    """Join the team that one was asked onto."""
    publisher = _held(publisher)
    invitation = _invitation(publisher, actor.get_username(), "You have no invitation to")
    if invitation.expires_at <= timezone.now():
        said = f"The invitation to {publisher.handle} expired on {invitation.expires_at:%Y-%m-%d}."
        raise Gone("invitation.expired", said, fix="Ask an owner for another.")
    membership, _ = Membership.objects.get_or_create(
        publisher=publisher, user=actor, defaults={"role": invitation.role}
    )
    invitation.delete()
    by = invitation.by.get_username()
    record(actor, "member.join", publisher.handle, user=actor.get_username(), role=membership.role, by=by)
    return membership


@transaction.atomic
def invitation_end(*, actor: AbstractBaseUser, publisher: Publisher, username: str) -> None:
    """Decline one's own invitation; an owner withdraws anybody's."""
    own = username == actor.get_username()
    publisher = _held(publisher) if own else owned(actor, publisher)
    said = "You have no invitation to" if own else f"{username[:80]!r} has no invitation to"
    _invitation(publisher, username, said).delete()
    record(actor, "member.decline" if own else "member.withdraw", publisher.handle, user=username)


@transaction.atomic
def member_change(*, actor: AbstractBaseUser, publisher: Publisher, username: str, role: str) -> Membership:
    """Make a member an owner or an owner a member."""
    publisher = owned(actor, publisher)
    _check_role(role)
    membership = _membership(publisher, username)
    before = membership.role
    if before == role:
        return membership
    if before == _OWNER:
        _refuse_loss(publisher, membership)
        _withdraw_invitations_of(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    record(actor, "member.role", publisher.handle, user=username, role=role, before=before)
    return membership


@transaction.atomic
def member_remove(*, actor: AbstractBaseUser, publisher: Publisher, username: str) -> None:
    """Take a person off the team; whoever names themselves leaves it."""
    own = username == actor.get_username()
    publisher = _held(publisher) if own else owned(actor, publisher)
    membership = _membership(publisher, username)
    if membership.role == _OWNER:
        _refuse_loss(publisher, membership)
        _withdraw_invitations_of(membership)
    membership.delete()
    record(actor, "member.leave" if own else "member.remove", publisher.handle, user=username, role=membership.role)


def _held(publisher: Publisher) -> Publisher:
    return Publisher.objects.select_for_update().get(pk=publisher.pk)


def _check_role(role: str) -> None:
    if role not in Membership.Role.values:
        raise Invalid(
            "member.role", f"A role is `owner` or `member`, not {role[:20]!r}.", fix="Send one of the two as `role`."
        )


def _person(username: str) -> AbstractBaseUser:
    user = get_user_model()._default_manager.filter(username=username, is_active=True).first()
    if user is None:
        fix = "Check the spelling; they need an account here first."
        raise NotFound("member.no-person", f"Nobody here is called {username[:80]!r}.", fix=fix)
    return user


def _membership(publisher: Publisher, username: str) -> Membership:
    row = publisher.memberships.select_related("user").filter(user__username=username).first()
    if row is None:
        raise NotFound(
            "member.not-found",
            f"{username[:80]!r} is not on the team of {publisher.handle}.",
            fix="The team's page, or `skill org members`, lists who is on it.",
        )
    return row


def _invitation(publisher: Publisher, username: str, said: str) -> Invitation:
    row = publisher.invitations.select_related("by").filter(user__username=username).first()
    if row is None:
        raise NotFound(
            "invitation.not-found",
            f"{said} {publisher.handle}.",
            fix="`skill org invitations` lists what you are asked; `skill org invited` whom a team has asked.",
        )
    return row


def _refuse_loss(publisher: Publisher, membership: Membership) -> None:
    """A team keeps an owner, and a person keeps the publisher that carries their own username."""
    if membership.user.get_username() == publisher.handle:
        said = f"{publisher.handle} carries the username of its owner, who stays its owner."
        raise NotAllowed("member.namesake", said, fix="Leave this publisher with its namesake.")
    owners = publisher.memberships.filter(role=_OWNER).exclude(pk=membership.pk)
    if not owners.filter(user__is_active=True).exists():
        said = f"{publisher.handle} would be left without an owner."
        raise Conflict("member.last-owner", said, fix="Make somebody else an owner first.")


def _withdraw_invitations_of(membership: Membership) -> None:
    """Who no longer decides about a team has nobody on the way onto it."""
    Invitation.objects.filter(publisher_id=membership.publisher_id, by=membership.user).delete()
