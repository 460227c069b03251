"""The static stage of one bundle in a process of its own, with an end: of time, of memory, and of all that it started.

Whoever answers requests cannot let a stranger's bundle decide how long that takes. What reads it here may be stopped at
any moment, and nothing of it stays behind.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vetting.errors import PlatformError, SkillError

HOME = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 2.0


class TooCostly(Exception):
    """The bundle needed more time or memory than it may have."""


def ask(data: bytes, *, filename: str, names: Sequence[Sequence[str]], seconds: float, megabytes: int) -> dict:
    """The report of the static stage. names are (name, full name) of published skills that it may be mistaken for."""
    head = json.dumps({"filename": filename, "names": [list(pair) for pair in names]}).encode()
    with tempfile.TemporaryFile() as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.apart", str(seconds), str(megabytes)],
            stdin=subprocess.PIPE,
            stdout=out,
            cwd=HOME,
            start_new_session=True,
        )
        try:
            process.communicate(head + b"\n" + data, timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TooCostly(f"it took more than {seconds:g} seconds") from None
        finally:
            _stop(process)
        out.seek(0)
        return _answer(process.returncode, out.read(), megabytes)


def _stop(process: subprocess.Popen) -> None:
    """Politely first, so that a tool it waits for is ended by it; then for good."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()
    if process.stdin:
        process.stdin.close()


def _answer(exit_code: int, said: bytes, megabytes: int) -> dict:
    if exit_code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TooCostly("it took more time of the processor than it may")
    try:
        answer = json.loads(said)
    except ValueError:
        raise PlatformError("check.failed", f"The check ended without an answer (exit status {exit_code}).") from None
    if "limit" in answer:
        raise TooCostly(f"it needed more than {megabytes} MB of memory")
    if "refused" in answer:
        told = answer["refused"]
        raise SkillError(told.pop("code"), told.pop("message"), **told)
    return answer["report"]


def report_of(data: bytes, filename: str, names: Sequence[Sequence[str]]) -> dict:
    """The same in this very process."""
    from vetting import pipeline, report
    from vetting.intake import unpack
    from vetting.run import Run

    skill = unpack(data, filename=filename)
    others = tuple(full for name, full in names if name != skill.manifest.name)
    run = Run(read=lambda: skill, static_only=True, known_names=others)
    pipeline.vet(run, _no_room)
    return report.of_memory(run)


def _no_room() -> None:
    raise PlatformError("check.room", "A dry run opens no sealed room.")
