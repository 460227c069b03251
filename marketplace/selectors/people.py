"""Publishers, and who may see what of theirs."""

from typing import Any

from django.db.models import QuerySet

from marketplace.errors import NotFound
from marketplace.models import Membership, Publisher


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
        raise NotFound("publisher.not-found", f"There is no publisher {handle[:80]!r}.")
    return publisher
