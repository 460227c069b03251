"""`manage.py token PUBLISHER`: the operator's way in. Prints a fresh token on stdout and nothing else there."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from marketplace.errors import Refusal
from marketplace.models import Membership, Publisher
from marketplace.services import publisher_create, token_issue
from marketplace.services.tokens import MAX_DAYS, SCOPES


class Command(BaseCommand):
    help = "Print a fresh token of a publisher, whose user and publisher are made when absent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("publisher", help="a handle such as alice")
        parser.add_argument("--scopes", default="read,push,rate,yank", help=f"comma-separated, of {','.join(SCOPES)}")
        parser.add_argument("--days", type=int, default=90, help=f"1 to {MAX_DAYS}")
        parser.add_argument("--name", default="operator's token")
        parser.add_argument("--kind", choices=Publisher.Kind.values, default=Publisher.Kind.PERSON)

    def handle(self, *args: Any, publisher: str, scopes: str, days: int, name: str, kind: str, **options: Any) -> None:
        wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
        try:
            with transaction.atomic():
                owner, made = self._owner(publisher, kind)
                _, text = token_issue(actor=owner, name=name, scopes=wanted, publisher=made, days=days)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.fix}".strip()) from None
        self.stdout.write(text)

    @staticmethod
    def _owner(handle: str, kind: str) -> tuple[Any, Publisher]:
        """Somebody who owns the publisher; both are made when there are none."""
        publisher = Publisher.objects.filter(handle=handle).first()
        if publisher is not None:
            owners = publisher.memberships.filter(role=Membership.Role.OWNER).select_related("user").order_by("id")
            if (owner := owners.first()) is None:
                raise CommandError(f"{handle} has no owner. Make somebody one on the team page first.")
            return owner.user, publisher
        users = get_user_model().objects
        user = users.filter(username=handle).first() or users.create_user(handle)
        return user, publisher_create(actor=user, handle=handle, kind=kind, operator=True)
