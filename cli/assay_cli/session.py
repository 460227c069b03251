"""One run of the command: its options, where it prints, and the registry it talks to."""

import json
import os
import sys
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import click

from assay_cli import clean

if TYPE_CHECKING:
    from assay_cli.client import Registry

DEFAULT_URL = "http://127.0.0.1:8000"
COLOURS = {
    "published": "green", "pass": "green", "warn": "yellow", "quarantined": "yellow", "unknown": "yellow",
    "vetting": "cyan", "rejected": "red", "block": "red", "critical": "red", "high": "red", "medium": "yellow",
    "low": "cyan", "info": "bright_black", "revoked": "red", "yanked": "yellow", "modified": "red", "ok": "green",
}  # fmt: skip


@dataclass
class Session:
    """Data goes to stdout, everything else to stderr; with --json stdout holds exactly one document."""

    url: str = ""
    as_json: bool = False
    quiet: bool = False
    no_input: bool = False
    answered: bool = field(default=False, init=False)

    @cached_property
    def registry_url(self) -> str:
        from assay_cli import config

        return config.tidy_url(self.url or os.environ.get("ASSAY_URL", "") or config.last_registry() or DEFAULT_URL)

    @cached_property
    def token(self) -> str:
        from assay_cli import config

        return os.environ.get("ASSAY_TOKEN", "").strip() or config.token_for(self.registry_url)

    @cached_property
    def registry(self) -> "Registry":
        from assay_cli.client import Registry

        return Registry(self.registry_url, self.token, warn=self.note)

    def data(self, text: str = "") -> None:
        """A line of the answer, for people. Says nothing with --json: document() is the answer then."""
        if not self.as_json:
            click.echo(text, color=coloured(sys.stdout))

    def note(self, text: str) -> None:
        """Progress and remarks."""
        if not self.quiet:
            click.echo(text, err=True, color=coloured(sys.stderr))

    def document(self, schema: str, body: dict[str, Any]) -> None:
        """The answer for programs. ASCII alone, so that no sign in it can reach a terminal as an order."""
        if self.as_json:
            self.answered = True
            click.echo(json.dumps({"schema": schema, **body}, indent=2, ensure_ascii=True))

    @property
    def can_ask(self) -> bool:
        return not self.no_input and not self.as_json and sys.stdin.isatty() and sys.stderr.isatty()

    @property
    def is_live(self) -> bool:
        """Whether moving progress may be drawn."""
        return not self.quiet and not self.as_json and coloured(sys.stderr)


def coloured(stream: Any) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def word(value: object) -> str:
    """A status, verdict or severity in its colour; the word alone carries the meaning."""
    shown = clean.line(value, 24)
    return click.style(shown, fg=COLOURS.get(shown), bold=True)


def stop(code: int) -> NoReturn:
    """End with this exit code after the answer was printed."""
    raise click.exceptions.Exit(code)
