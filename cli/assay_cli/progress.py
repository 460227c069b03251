"""Waiting for a verdict: moving stages on a terminal, one plain line a change elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assay_cli import clean
from assay_cli.client import release_path
from assay_cli.docs import number, rows, text
from assay_cli.errors import CliError, Interrupted, Unreachable
from assay_cli.names import Ref
from assay_cli.session import Session

if TYPE_CHECKING:
    from rich.live import Live

STAGES = ("unpack", "static", "detonation", "trials", "score", "attest")
DONE = {"done": "✓", "skipped": "–", "failed": "✗", "running": "…"}
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 2.0
# A registry that restarts while we wait is no reason to give up at once.
PATIENCE = 10


def wait_for(session: Session, ref: Ref, *, timeout: float) -> dict:
    """The report of the release once its vetting has ended."""
    ends = time.monotonic() + timeout
    pause, silent = FIRST_PAUSE, 0
    hint = f"The vetting goes on; ask again with `skill status {ref}`."
    with _interruptible(hint), _display(session) as show:
        session.note(f"{ref} is being vetted")
        while True:
            try:
                report = session.registry.get(f"{release_path(ref)}/report")
                silent = 0
            except Unreachable:
                silent += 1
                if silent > PATIENCE:
                    raise
                report = {"status": "vetting"}
            show(rows(report, "stages"), clean.line(text(report, "trouble")))
            if text(report, "status") in ("published", "quarantined", "rejected"):
                return report
            if time.monotonic() > ends:
                raise CliError(f"{ref} has no verdict after {timeout:g} s.", code="wait.timeout", hint=hint)
            time.sleep(pause)
            pause = min(pause * 1.2, LONGEST_PAUSE)


@contextmanager
def _interruptible(hint: str) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt as error:
        raise Interrupted("Interrupted.", hint=hint) from error


@contextmanager
def _display(session: Session) -> Iterator:
    if not session.is_live:
        yield _Lines(session)
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), refresh_per_second=8, transient=True) as live:
        yield _Moving(live)


class _Lines:
    """One line when a stage ends."""

    def __init__(self, session: Session) -> None:
        self.session, self.told = session, set()

    def __call__(self, stages: list[dict], trouble: str) -> None:
        if trouble and trouble not in self.told:
            self.told.add(trouble)
            self.session.note(f"the registry waits and will try again: {trouble}")
        for stage in stages:
            name, state = clean.line(text(stage, "name"), 24), clean.line(text(stage, "state"), 16)
            if state in ("done", "skipped", "failed") and (name, state) not in self.told:
                self.told.add((name, state))
                self.session.note(f"{name}: {state}{_seconds(stage)}")


class _Moving:
    """All stages at once, the running one turning."""

    def __init__(self, live: "Live") -> None:
        self.live = live

    def __call__(self, stages: list[dict], trouble: str) -> None:
        from rich.columns import Columns
        from rich.console import Group
        from rich.spinner import Spinner
        from rich.text import Text

        known = {text(stage, "name"): stage for stage in stages}
        lines = []
        for name in STAGES:
            stage = known.get(name, {})
            state = text(stage, "state", default="waiting")
            if state == "running":
                lines.append(Columns([Spinner("dots"), Text(name)]))
            else:
                lines.append(
                    Text(f"{DONE.get(state, '·')} {name}{_seconds(stage)}", style="" if state in DONE else "dim")
                )
        if trouble:
            lines.append(Text(f"the registry waits and will try again: {trouble}", style="yellow"))
        self.live.update(Group(*lines))


def _seconds(stage: dict) -> str:
    seconds = number(stage, "seconds")
    return f"  {seconds:.1f} s" if seconds is not None else ""
