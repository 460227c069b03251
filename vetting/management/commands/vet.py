"""Vet skills in local folders with the worker's own code; no server, database or Redis is needed."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from vetting import local, sarif


class Command(BaseCommand):
    help = "Vet skills in local folders and print one line each. Exits 0 when every skill was vetted."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a skill's folder, zip or tar")
        parser.add_argument("--json", action="store_true", help="print one JSON document a line")
        parser.add_argument("--sarif", metavar="FILE", help="also write the findings as SARIF 2.1.0; - is stdout")
        parser.add_argument("--static-only", action="store_true", help="run nothing: checks and scanners alone")

    def handle(self, *, paths: list[str], static_only: bool, **options: object) -> None:
        troubled, logs, where = 0, [], options["sarif"]
        for line in local.vet_paths(paths, static_only=static_only):
            troubled += bool(line["trouble"])
            if where:
                logs.append(sarif.of(line, below=line["path"]))
            if where != "-":
                self.stdout.write(json.dumps(line, ensure_ascii=False) if options["json"] else in_words(line))
                self.stdout.flush()
        if where:
            self._write(where, json.dumps(sarif.joined(logs), indent=1))
        if troubled:
            raise CommandError(f"{troubled} of {len(paths)} skills could not be vetted; see their `trouble`.")

    def _write(self, where: str, text: str) -> None:
        if where == "-":
            self.stdout.write(text)
        else:
            Path(where).write_text(f"{text}\n", encoding="utf-8")


def in_words(line: dict) -> str:
    """A few lines for a person."""
    safety, quality = line["safety"], line["quality"]
    score = "-" if safety["score"] is None else f"{safety['score']:g}"
    fine = "-" if quality["score"] is None else f"{quality['score']:g} ({quality['tier']})"
    head = f"{line['path']}: {line['status']}, verdict {safety['verdict']}, safety {score}, quality {fine}"
    found = [
        f"  {one['severity']}/{one['confidence']} {one['code']} {one['file']}:{one['line']} {one['why']}"
        for one in line["findings"]
    ]
    trouble = [f"  could not be vetted: {line['trouble']}"] if line["trouble"] else []
    return "\n".join([head, *trouble, *found])
