"""Files that name a running process for sure: its pid and the moment it started, since the kernel reuses pids."""

import contextlib
import os
import signal
import time
from pathlib import Path


def started_at(pid: int) -> str:
    """The process's start in clock ticks since boot, '' when it is gone or only a zombie is left."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name may hold spaces and brackets, so fields are counted from its closing bracket.
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def write(file: Path, pid: int) -> None:
    """Note that this process is the one; the file appears whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(f"{pid} {started_at(pid)}\n", encoding="ascii")
    draft.replace(file)


def alive(file: Path) -> int | None:
    """The pid that the file names, when that very process still runs."""
    try:
        pid, started = file.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return None
    return int(pid) if started_at(int(pid)) == started else None


def stop(file: Path, *, grace: float, group: bool = False) -> bool:
    """End the process that the file names: SIGTERM, then SIGKILL after the grace. False when there was none."""
    pid = alive(file)
    if pid is None:
        file.unlink(missing_ok=True)
        return False
    send = os.killpg if group else os.kill
    for number, seconds in ((signal.SIGTERM, grace), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            send(pid, number)
        end = time.monotonic() + seconds
        while alive(file) and time.monotonic() < end:
            time.sleep(0.05)
        if not alive(file):
            break
    file.unlink(missing_ok=True)
    return True
