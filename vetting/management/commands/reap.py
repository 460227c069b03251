"""`manage.py reap`: remove rooms that are past their deadline; with --all every room of this deployment."""

from django.core.management.base import BaseCommand, CommandParser

from vetting import rooms


class Command(BaseCommand):
    help = "Remove orphan rooms of this deployment from every Docker endpoint that answers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also rooms that are still within their time")

    def handle(self, *args: object, **options: object) -> None:
        removed = rooms.reap(everything=bool(options["all"]))
        self.stdout.write(f"{removed} rooms removed" if removed != 1 else "1 room removed")
