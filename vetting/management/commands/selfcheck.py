"""`manage.py selfcheck`: try every promise of the sandbox on every endpoint, and tell which are not kept."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from sandbox.docker import DockerSandbox
from sandbox.engine import runtimes
from sandbox.errors import RoomError
from sandbox.promises import PROMISES, keep
from vetting import rooms


class Command(BaseCommand):
    help = "Try every promise of the sandbox for real. Fails when a room is not sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on stdout")
        parser.add_argument(
            "--runtime",
            default=settings.SANDBOX_RUNTIME,
            help="a runtime of the engine other than its default, e.g. runsc",
        )
        parser.add_argument("--endpoint", action="append", help="a Docker endpoint instead of the configured ones")

    def handle(self, *args: object, **options: object) -> None:
        reports = [self._report(endpoint, options) for endpoint in options["endpoint"] or settings.DOCKER_ENDPOINTS]
        if options["json"]:
            self.stdout.write(json.dumps({"promises": len(PROMISES), "backends": reports}, indent=2))
        broken = [one for report in reports for one in report["promises"] if one["seals"] and not one["kept"]]
        if broken or any(report["trouble"] for report in reports):
            raise CommandError("A room is not sealed on this host: nothing may be run in it.")

    def _report(self, endpoint: str, options: dict) -> dict:
        quiet, runtime = bool(options["json"]), str(options["runtime"])
        backend = DockerSandbox(endpoint, settings.SANDBOX_IMAGE, rooms.deployment(), runtime)
        report = {"endpoint": endpoint, "backend": backend.name, "trouble": "", "promises": []}
        try:
            report |= {"engine": backend.engine, "runtimes": runtimes(backend.api)}
            if not quiet:
                self.stdout.write(f"{endpoint}: {backend.name}, engine {backend.engine['version']}")
            for one in keep(backend):
                report["promises"].append(
                    {
                        "name": one.promise.name,
                        "group": one.promise.group,
                        "seals": one.promise.seals,
                        "kept": one.kept,
                        "why": one.why,
                    }
                )
                if not quiet:
                    mark = self.style.SUCCESS("kept  ") if one.kept else self.style.ERROR("BROKEN")
                    self.stdout.write(f"  {mark} {one.promise.group}: {one.promise.name} {one.why}".rstrip())
        except RoomError as trouble:
            report["trouble"] = f"{trouble.message} {trouble.fix}".strip()
            if not quiet:
                self.stdout.write(self.style.ERROR(report["trouble"]))
        kept = sum(one["kept"] for one in report["promises"])
        if not quiet:
            self.stdout.write(f"{kept} of {len(PROMISES)} promises kept")
        return report
