"""How the verbs of `make` talk: one line a step, with the seconds since the start; one sentence when they give up."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.places import LOG_DIR, ROOT

BEGAN = time.monotonic()
STILL_EVERY = 15


class Stop(Exception):
    """A reason to give up, told to the person in one sentence that says what to do."""


def step(text: str) -> None:
    print(f"[{time.monotonic() - BEGAN:4.0f} s] {text}", flush=True)


def main(verb: Callable[[], int | None]) -> None:
    """Run a verb and turn its Stop into one line and exit code 1."""
    try:
        sys.exit(verb() or 0)
    except Stop as reason:
        print(f"\nStopped: {reason}", file=sys.stderr, flush=True)
        sys.exit(1)
    except KeyboardInterrupt:
        print("\nStopped by you.", file=sys.stderr, flush=True)
        sys.exit(130)


def run(
    command: Sequence[str | Path],
    *,
    doing: str,
    env: dict[str, str] | None = None,
    limit: float = 1800,
    loud: bool = True,
) -> None:
    """Run a command with its output in var/log/setup.log; say now and then that it is still at work.

    When it fails, its last lines are shown with the reason, unless the caller has another way to go (`loud`).
    """
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    log_file = LOG_DIR / "setup.log"
    with open(log_file, "ab") as log:
        log.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        log.flush()
        begin = log.tell()
        with _still(doing):
            try:
                done = subprocess.run(
                    list(map(str, command)),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=ROOT,
                    env={**os.environ, **(env or {})},
                    timeout=limit,
                    check=False,
                )
            except FileNotFoundError:
                raise Stop(f"{doing} failed: the program {command[0]} is not there.") from None
            except subprocess.TimeoutExpired:
                raise Stop(f"{doing} took longer than {limit:.0f} s; see {log_file}.") from None
    if done.returncode:
        if loud:
            print(tail(log_file, begin), file=sys.stderr)
        raise Stop(f"{doing} failed (exit code {done.returncode}); its last lines are above, all of it in {log_file}.")


def tail(file: Path, begin: int, lines: int = 25) -> str:
    with open(file, "rb") as log:
        log.seek(begin)
        return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])


class _still:
    """Says every few seconds that a long step goes on."""

    def __init__(self, doing: str):
        self.doing = doing
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._talk, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *error: object) -> None:
        self.over.set()

    def _talk(self) -> None:
        while not self.over.wait(STILL_EVERY):
            step(f"  … still: {self.doing}")
