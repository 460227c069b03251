"""Starts an outside tool on hostile input: a bare environment, bounded memory, time and output, and its own group."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_OUTPUT = 64 * 1024 * 1024


class ToolFailed(Exception):
    """The tool ran out of time, broke, or answered with something that is no answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    exit_code: int
    stdout: bytes
    stderr: bytes


def bare_environment(home: str, **more: str) -> dict[str, str]:
    """No token, proxy or user setting of ours reaches a tool."""
    return {"PATH": os.defpath, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "PYTHONUTF8": "1", **more}


def limited(argv: Sequence[str], *, memory_mb: int) -> list[str]:
    """argv behind a shell that lowers the limits first; safer than preexec_fn, which may deadlock among threads."""
    script = f'ulimit -c 0; ulimit -f 262144; ulimit -v {memory_mb * 1024}; exec "$@"'
    return ["/bin/sh", "-c", script, "sh", *argv]


def run(argv: Sequence[str], *, folder: Path, seconds: float, memory_mb: int, **env: str) -> Answer:
    """Run to the end or to the limit; whatever the tool started is gone afterwards."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            limited(argv, memory_mb=memory_mb),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=bare_environment(str(folder), **env),
            start_new_session=True,
        )
        try:
            exit_code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ToolFailed(f"it did not end within {seconds:g} seconds") from None
        finally:
            kill_group(process)
        return Answer(exit_code, _read(out), _read(err))


def _read(file) -> bytes:
    if file.seek(0, os.SEEK_END) > MAX_OUTPUT:
        raise ToolFailed("its answer is too long")
    file.seek(0)
    return file.read()


def kill_group(process: subprocess.Popen) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()


def python() -> str:
    return sys.executable
