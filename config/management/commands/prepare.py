"""`manage.py prepare`: bring database, static files and the first log-in to where this code needs them."""

import compileall
import os
import secrets
from argparse import ArgumentParser

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from vetting import scanners
from vetting.checks import unloadable

FIRST_USER = "admin"
# The page of the API is Swagger's; its package brings another along.
UNUSED = ["redoc", "*.map.*"]


class Command(BaseCommand):
    help = "Migrate, collect static files, and make the first log-in when there is no user yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-static", action="store_true", help="leave the collected static files as they are")

    def handle(self, *args: object, no_static: bool, **options: object) -> None:
        self._read_the_checks()
        self._compile()
        call_command("migrate", interactive=False, verbosity=0)
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED)
        self._first_log_in()

    def _read_the_checks(self) -> None:
        """A check or scanner that cannot be loaded leaves every release unknown: better not to start at all."""
        broken = [f"vetting/checks/{one.name}.py ({one.reason})" for one in unloadable()]
        for tool in scanners.SCANNERS:
            if isinstance(tool, scanners.Unloadable):
                broken.append(f"vetting/scanners/{tool.NAME}.py ({tool.reason})")
        if broken:
            raise CommandError(
                f"This cannot be loaded, so no release could pass: {'; '.join(broken)}. "
                "Mend or remove the file that is named."
            )

    def _compile(self) -> None:
        """Our own modules, once for all processes. Where nothing can be written, each compiles them for itself."""
        for room in ("config", "marketplace", "vetting", "agents", "sandbox"):
            compileall.compile_dir(settings.BASE_DIR / room, quiet=2)

    def _first_log_in(self) -> None:
        """The password is random and kept in a file that only this user can read."""
        users = get_user_model().objects
        file = settings.DATA_DIR / "login"
        if users.filter(username=FIRST_USER).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=FIRST_USER, email="", password=password)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as out:
            out.write(f"{FIRST_USER} {password}\n")
