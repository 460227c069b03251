"""`vet` where Django is set up already: manage.py itself starts the same command without it (config/vet.py)."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from vetting import vet_command


class Command(BaseCommand):
    help = vet_command.HELP
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        vet_command.add_arguments(parser)

    def handle(self, *, paths: list[str], static_only: bool, json: bool, sarif: str | None, **options: object) -> None:
        try:
            vet_command.run(self.stdout, paths=paths, static_only=static_only, json=json, sarif=sarif)
        except vet_command.NotVetted as trouble:
            raise CommandError(str(trouble)) from trouble
