"""`manage.py advisories PATH...`: load an OSV export, so that skills' dependencies are held against it, offline."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from vetting import advisories
from vetting.errors import PlatformError
from vetting.scanners.dependencies import advisory_file


class Command(BaseCommand):
    help = (
        "Load OSV records of PyPI and npm packages (JSON files, folders, or the export's all.zip), replacing the last."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)

    def handle(self, *args, paths: list[Path], **options) -> None:
        try:
            count = advisories.load(paths, advisory_file())
        except PlatformError as error:
            raise CommandError(f"{error.message} {error.fix}") from error
        entries = "1 entry" if count == 1 else f"{count} entries"
        self.stdout.write(
            f"{entries} loaded. They count from the next vetting on, and what is published and named by them is vetted"
            " again in the background."
        )
