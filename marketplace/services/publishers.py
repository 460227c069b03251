"""Who publishes: made, joined and left."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.models import Membership, Publisher
from marketplace.names import HANDLE, handle_problem, skeleton
from marketplace.services.audit import record


@transaction.atomic
def publisher_create(
    *,
    actor: AbstractBaseUser,
    handle: str,
    kind: str = Publisher.Kind.PERSON,
    display_name: str = "",
    operator: bool = False,
) -> Publisher:
    """A new publisher whose owner is the actor. operator may take the handles that speak for the house."""
    if problem := handle_problem(handle, operator=operator):
        raise Invalid(
            "publisher.handle", f"No publisher can be called {handle[:80]!r}: {problem}.", fix="Choose another."
        )
    if kind not in Publisher.Kind.values:
        raise Invalid("publisher.kind", f"A publisher is a person or an organisation, not {kind[:20]!r}.")
    _refuse_another_persons_name(actor, handle)
    try:
        with transaction.atomic():
            publisher = Publisher.objects.create(handle=handle, kind=kind, display_name=display_name[:80])
    except IntegrityError:
        raise _taken(handle) from None
    Membership.objects.create(publisher=publisher, user=actor, role=Membership.Role.OWNER)
    record(actor, "publisher.create", handle, kind=kind)
    return publisher


def publisher_of(*, actor: AbstractBaseUser, handle: str) -> Publisher:
    """The publisher of this handle; a person's own is made the first time that they publish as themselves."""
    publisher = Publisher.objects.filter(handle=handle).first() if HANDLE.fullmatch(handle) else None
    if publisher is None and handle == actor.get_username():
        return publisher_create(actor=actor, handle=handle)
    if publisher is None:
        fix = "Publish under your own username, or make the publisher first."
        raise NotFound("publisher.not-found", f"There is no publisher {handle[:80]!r}.", fix=fix)
    return publisher


def _taken(handle: str) -> Conflict:
    other = Publisher.objects.filter(skeleton=skeleton(handle)).first()
    if other is None or other.handle == handle:
        return Conflict(
            "publisher.taken", f"There is a publisher called {handle!r} already.", fix="Choose another handle."
        )
    return Conflict(
        "publisher.look-alike",
        f"{handle!r} would be taken for the publisher {other.handle!r}.",
        fix="Choose a handle that no reader mixes up with theirs.",
    )


def _refuse_another_persons_name(actor: AbstractBaseUser, handle: str) -> None:
    """A username is its person's handle-to-be: nobody else publishes under it."""
    users = get_user_model()._default_manager
    if users.filter(username__iexact=handle).exclude(pk=actor.pk).exists():
        raise Conflict("publisher.taken", f"{handle!r} is another person's username.", fix="Choose another handle.")


@transaction.atomic
def member_add(*, actor: AbstractBaseUser, publisher: Publisher, user: AbstractBaseUser, role: str = "member") -> None:
    """Let a person publish for this publisher; only its owners may."""
    _must_own(actor, publisher)
    if role not in Membership.Role.values:
        raise Invalid("member.role", f"A member's role is owner or member, not {role[:20]!r}.")
    Membership.objects.update_or_create(publisher=publisher, user=user, defaults={"role": role})
    record(actor, "member.add", publisher.handle, user=user.get_username(), role=role)


@transaction.atomic
def member_remove(*, actor: AbstractBaseUser, publisher: Publisher, user: AbstractBaseUser) -> None:
    """Take a person off; the last owner stays."""
    _must_own(actor, publisher)
    # The row lock keeps two owners from removing each other at once.
    Publisher.objects.select_for_update().get(pk=publisher.pk)
    owners = publisher.memberships.filter(role=Membership.Role.OWNER)
    if not owners.exclude(user=user).exists():
        raise Conflict("member.last-owner", f"{publisher.handle} would be left without an owner.", fix="Add one first.")
    publisher.memberships.filter(user=user).delete()
    record(actor, "member.remove", publisher.handle, user=user.get_username())


def _must_own(actor: AbstractBaseUser, publisher: Publisher) -> None:
    if not publisher.memberships.filter(user=actor, role=Membership.Role.OWNER).exists():
        raise NotAllowed("publisher.not-owner", f"Only an owner of {publisher.handle} may change its members.")
