"""What gVisor's runsc leaves behind: processes and control groups of a room whose start failed, which no engine knows.

They carry the container's number in their arguments, so those of a room that we removed can be told from all others.
Only on the machine of the engine itself, and only by its administrator, can they be ended.
"""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

_PROC, _CGROUPS = Path("/proc"), Path("/sys/fs/cgroup")
_NAMES = ("runsc", "runsc-sandbox", "runsc-gofer")
_NUMBER = re.compile(r"[0-9a-f]{64}")


def sweep(container: str) -> int:
    """End the processes of this removed container and remove its control groups; how many processes were ended."""
    if not _NUMBER.fullmatch(container):
        return 0
    ended = 0
    for pid in _of(container):
        try:
            os.kill(pid, signal.SIGKILL)
            ended += 1
        except OSError:
            pass  # Gone by now, or not ours to end.
    for folder in (*_CGROUPS.glob(f"*/docker/{container}"), *_CGROUPS.glob(f"docker/{container}")):
        _remove(folder)
    return ended


def _of(container: str) -> Iterator[int]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            except OSError:
                continue
            if os.path.basename(words[0]) in _NAMES and any(container in word for word in words[1:]):
                yield int(entry.name)


def _remove(folder: Path) -> None:
    """A control group goes once nothing is in it; one that is in use stays."""
    for inner in sorted(folder.rglob("*"), key=lambda one: -len(one.parts)):
        if inner.is_dir():
            _rmdir(inner)
    _rmdir(folder)


def _rmdir(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        pass
