"""Who publishes: made, found and described. Who is on the team is in members.py."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import IntegrityError, transaction

from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.models import Membership, Publisher
from marketplace.names import HANDLE, handle_problem, skeleton
from marketplace.services.audit import record
from marketplace.text import storable

# Enough for anybody's works, and too few to keep all good names from others.
OWNED_AT_MOST = 20


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
        raise Invalid(
            "publisher.kind",
            f"A publisher is a person or an organisation, not {kind[:20]!r}.",
            fix="Send `person` or `organisation` as `kind`.",
        )
    _refuse_another_persons_name(actor, handle)
    if not operator and actor.memberships.filter(role=Membership.Role.OWNER).count() >= OWNED_AT_MOST:
        said = f"You own {OWNED_AT_MOST} publishers, which is the most that one person may."
        raise Conflict("publisher.too-many", said, fix="Give one to somebody else, or ask the operator for another.")
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
def publisher_describe(
    *, actor: AbstractBaseUser, publisher: Publisher, display_name: str = "", about: str = "", website: str = ""
) -> Publisher:
    """What the publisher's page says of it; for its owners."""
    publisher = owned(actor, publisher)
    website = website.strip()
    if website and not _is_address(website):
        raise Invalid(
            "publisher.website",
            "A website is an address with http:// or https:// of up to 200 letters.",
            fix="Give the whole address, or leave it empty.",
        )
    display_name, about = storable(display_name.strip()), storable(about.strip())
    for word, text, most in (("name to show", display_name, 80), ("description", about, 500)):
        if len(text) > most:
            raise Invalid(
                "publisher.too-long",
                f"The {word} has at most {most} letters; this one has {len(text)}.",
                fix="Shorten it.",
            )
    publisher.display_name, publisher.about, publisher.website = display_name, about, website
    publisher.save(update_fields=["display_name", "about", "website"])
    record(actor, "publisher.describe", publisher.handle, display_name=display_name, about=about, website=website)
    return publisher


def owned(actor: AbstractBaseUser, publisher: Publisher) -> Publisher:
    """The publisher with its row held, so that two owners change one team one after the other. For its owners alone."""
    held = Publisher.objects.select_for_update().get(pk=publisher.pk)
    if not held.memberships.filter(user=actor, role=Membership.Role.OWNER).exists():
        raise NotAllowed(
            "publisher.not-owner", f"Only an owner of {held.handle} may do this.", fix="Ask an owner of the team."
        )
    return held


def _is_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return len(text) <= 200
