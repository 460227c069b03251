"""`manage.py up`: run the registry in the foreground until told to stop."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.processes import children
from config.supervisor import AlreadyRunning, Supervisor


class Command(BaseCommand):
    help = "Run web, worker, beat and Redis under one supervisor, in the foreground."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mark", default="", help="a word kept in var/run/ready.json, to tell which code runs")

    def handle(self, *args: object, mark: str, **options: object) -> None:
        facts = {"port": settings.PORT, "url": settings.SITE_URL, "mark": mark}
        run_dir, log_dir = settings.DATA_DIR / "run", settings.DATA_DIR / "log"
        try:
            Supervisor(children(), run_dir=run_dir, log_dir=log_dir, facts=facts).run()
        except AlreadyRunning as error:
            raise CommandError(str(error)) from None
