"""`manage.py decide OWNER/NAME@VERSION publish|reject|uphold|overturn --reason …`: the operator decides."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from marketplace.errors import Refusal
from marketplace.models import Release
from marketplace.services import release_decide
from marketplace.services.decisions import OUTCOMES


class Command(BaseCommand):
    help = "Publish or reject a release that vetting could not judge; uphold or overturn a verdict appealed against."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("release", help="owner/name@version")
        parser.add_argument("decision", choices=list(OUTCOMES))
        parser.add_argument("--reason", required=True, help="shown in the report")
        parser.add_argument("--by", default="operator", help="the username that the audit shall name")

    def handle(self, *args: Any, release: str, decision: str, reason: str, by: str, **options: Any) -> None:
        full_name, _, version = release.partition("@")
        row = Release.objects.select_related("skill").filter(skill__full_name=full_name, version=version).first()
        if row is None:
            raise CommandError(f"There is no release {release}. Write OWNER/NAME@VERSION; /review lists what waits.")
        users = get_user_model().objects
        staff = users.filter(username=by).first() or users.create_user(by, is_staff=True)
        try:
            decided = release_decide(actor=staff, release=row, decision=decision, reason=reason)
        except Refusal as refusal:
            raise CommandError(f"{refusal.message} {refusal.fix} [{refusal.code}]") from None
        self.stdout.write(f"{release} is {decided.status}.")
