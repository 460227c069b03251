"""`manage.py backup FILE`: everything that a registry cannot make again, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import backup
from config.database_copy import CopyError


class Command(BaseCommand):
    help = "Write database, keys and bundles into one file, while the registry runs. It holds secrets: keep it so."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, such as /backups/assay-monday.tar")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            index = backup.make(file)
        except (backup.BackupError, CopyError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror or error}.") from None
        bundles = sum(name.startswith("blobs/") for name in index["files"])
        self.stdout.write(f"{file}: {file.stat().st_size / 1e6:.1f} MB, the database and {bundles} bundles.")
        if not any(name.startswith("keys/") for name in index["files"]):
            self.stdout.write("There is no signing key in it: none was made yet, or KEY_DIR is elsewhere.")
        if index["bundles"] == "s3":
            self.stdout.write("The bundles are in the store that S3_URL names: back that up as well.")
        self.stdout.write("It holds the signing key: who has it can sign in the name of this registry.")
