"""A command that writes a page of docs/reference/ from the code, or tells with --check that it is out of date."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


class ReferenceCommand(BaseCommand):
    """name is the page's, without its ending; page() makes its text."""

    name: str

    def page(self) -> str:
        raise NotImplementedError

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is out of date")

    def handle(self, *args, **options):
        path, text = FOLDER / f"{self.name}.md", self.page()
        shown = f"docs/reference/{path.name}"
        if path.exists() and path.read_text(encoding="utf-8") == text:
            self.stdout.write(f"{shown} is up to date")
        elif options["check"]:
            raise CommandError(f"{shown} is out of date: run manage.py {self.name}_reference")
        else:
            path.write_text(text, encoding="utf-8")
            self.stdout.write(f"{shown} is written anew")
