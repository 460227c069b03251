"""Keeps a few processes running: starts them in order, restarts what dies, stops them in the reverse order.

Each child leads a process group of its own, so that nothing it forked is left behind when it is killed. Children
write straight to their log files: a dead supervisor breaks no pipe.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts import pids

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_AFTER = 20.0
LOG_BYTES = 10 * 1024 * 1024
OLD_LOGS = 2
PR_SET_PDEATHSIG = 1


class AlreadyRunning(Exception):
    """Another supervisor holds this data folder."""


@dataclass
class Child:
    """One process to keep. `ready` is asked until it says yes, before the next child starts."""

    name: str
    command: Sequence[str]
    ready: Callable[[], bool] = lambda: True
    grace: float = 10.0
    env: dict[str, str] = field(default_factory=dict)


@dataclass
class Running:
    """What the supervisor knows about one child."""

    child: Child
    process: subprocess.Popen | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    restarts: int = 0
    noted: bool = False


class Supervisor:
    def __init__(self, children: Sequence[Child], *, run_dir: Path, log_dir: Path, facts: dict | None = None):
        self.kept = [Running(child) for child in children]
        self.run_dir = run_dir
        self.log_dir = log_dir
        self.facts = facts or {}
        self.stopping = False
        self.ready_file = run_dir / "ready.json"

    def run(self) -> None:
        """Stay until SIGTERM or SIGINT; then stop every child and return."""
        with self._only_one():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._ask_to_stop)
            self.ready_file.unlink(missing_ok=True)
            pids.write(self.run_dir / "supervisor.pid", os.getpid())
            try:
                self._start_in_order()
                self._keep()
            finally:
                self._stop_all()
                self.ready_file.unlink(missing_ok=True)
                (self.run_dir / "supervisor.pid").unlink(missing_ok=True)

    # --- Starting ---------------------------------------------------------------------------------------------------
    @contextlib.contextmanager
    def _only_one(self):
        """One supervisor a data folder: the lock is the kernel's, so a crash frees it."""
        self.run_dir.mkdir(parents=True, exist_ok=True)
        self.log_dir.mkdir(parents=True, exist_ok=True)
        with open(self.run_dir / "supervisor.lock", "w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(f"A supervisor already runs on {self.run_dir}.") from None
            yield

    def _ask_to_stop(self, number: int, frame: object) -> None:
        self.stopping = True

    def _start_in_order(self) -> None:
        for kept in self.kept:
            # What an earlier, killed supervisor left behind would hold the port or the socket.
            pids.stop(self._pid_file(kept.child), grace=kept.child.grace, group=True)
        for kept in self.kept:
            self._start(kept)
            while not self.stopping and not kept.child.ready():
                self._revive(kept)
                time.sleep(0.1)
        if not self.stopping:
            self._write_ready()

    def _start(self, kept: Running) -> None:
        child = kept.child
        with open(self.log_dir / f"{child.name}.log", "ab") as log:
            kept.process = subprocess.Popen(
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **child.env},
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )
        kept.started = time.monotonic()
        self._note(kept)

    def _note(self, kept: Running) -> None:
        """Write down its pid; a full disk is no reason to end what runs, and it is tried again."""
        kept.noted = False
        with contextlib.suppress(OSError):
            pids.write(self._pid_file(kept.child), kept.process.pid)
            kept.noted = True

    def _write_ready(self) -> None:
        draft = self.ready_file.with_suffix(".draft")
        draft.write_text(json.dumps({"pid": os.getpid(), **self.facts}), encoding="utf-8")
        draft.replace(self.ready_file)

    # --- Keeping ----------------------------------------------------------------------------------------------------
    def _keep(self) -> None:
        rotate_at = 0.0
        while not self.stopping:
            for kept in self.kept:
                self._revive(kept)
            if time.monotonic() >= rotate_at:
                self._tidy()
                rotate_at = time.monotonic() + 10
            time.sleep(0.2)

    def _tidy(self) -> None:
        for kept in self.kept:
            if kept.process is not None and not kept.noted:
                self._note(kept)
            with contextlib.suppress(OSError):
                rotate(self.log_dir / f"{kept.child.name}.log")

    def _revive(self, kept: Running) -> None:
        """Start the child again when it has died, after a pause that doubles while it keeps dying."""
        now = time.monotonic()
        if kept.process is not None and kept.process.poll() is not None:
            _kill_group(kept.process.pid)
            if now - kept.started > STEADY_AFTER:
                kept.pause = FIRST_PAUSE
            kept.due = now + kept.pause
            kept.pause = min(kept.pause * 2, LONGEST_PAUSE)
            kept.restarts += 1
            self._say(kept, f"ended with {kept.process.returncode}; starting again in {kept.due - now:.1f} s")
            kept.process = None
        if kept.process is None and now >= kept.due:
            try:
                self._start(kept)
            except OSError as error:
                kept.due = now + LONGEST_PAUSE
                self._say(kept, f"cannot be started: {error}; trying again in {LONGEST_PAUSE:.0f} s")

    def _say(self, kept: Running, what: str) -> None:
        # The log may lie on a disk that is full; keeping the children goes before telling of it.
        with contextlib.suppress(OSError):
            print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {kept.child.name} {what}", flush=True)

    # --- Stopping ---------------------------------------------------------------------------------------------------
    def _stop_all(self) -> None:
        for kept in reversed(self.kept):
            if kept.process is not None:
                _stop(kept.process, kept.child.grace)
            self._pid_file(kept.child).unlink(missing_ok=True)

    def _pid_file(self, child: Child) -> Path:
        return self.run_dir / f"{child.name}.pid"


def _die_with_parent() -> None:
    """Ask the kernel to send SIGTERM to this child when the supervisor dies, even of SIGKILL."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _stop(process: subprocess.Popen, grace: float) -> None:
    """SIGTERM to the child alone, so that it can close down its own; then SIGKILL to whatever is left of its group."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    _kill_group(process.pid)
    process.wait()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def rotate(log: Path, *, limit: int = LOG_BYTES) -> None:
    """Keep a log under the limit: its text moves to NAME.1, older ones to NAME.2, and the file is cut to nothing.

    The file itself stays, because the child holds it open for appending.
    """
    if not log.exists() or log.stat().st_size <= limit:
        return
    for number in range(OLD_LOGS, 1, -1):
        older = log.with_name(f"{log.name}.{number - 1}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))
    kept = log.with_name(f"{log.name}.1")
    try:
        with open(log, "rb") as source:
            source.seek(-limit, os.SEEK_END)
            kept.write_bytes(source.read())
    except OSError:
        # No room for the copy: what was told is worth less than a log that stays within its limit.
        kept.unlink(missing_ok=True)
    os.truncate(log, 0)
