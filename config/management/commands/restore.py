"""`manage.py restore FILE`: a backup put back, into a registry that does not run."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import backup, restore
from config.database_copy import CopyError


class Command(BaseCommand):
    help = "Put a backup back. Every file is held against the backup's list before anything is written."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="where a registry is already; its files are kept")
        parser.add_argument("--check", action="store_true", help="only look whether the file is whole")

    def handle(self, *args: Any, file: Path, replace: bool, check: bool, **options: Any) -> None:
        try:
            if check:
                index = restore.read_index(file)
                self.stdout.write(f"{file} is whole: {len(index['files'])} files, made at {index['made_at']}.")
                return
            index, aside = restore.put_back(file, replace=replace)
        except (backup.BackupError, CopyError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"It could not be put back: {error.strerror or error} ({error.filename}).") from None
        self.stdout.write(f"Restored {len(index['files'])} files as they were at {index['made_at']}.")
        if aside:
            self.stdout.write(f"What was here before is in {aside}.")
        if index["bundles"] == "s3":
            self.stdout.write("The bundles are in the store that S3_URL names: see that it has them.")
        self.stdout.write("Now `make up`, then `manage.py verify` holds every release against its bytes and signature.")
