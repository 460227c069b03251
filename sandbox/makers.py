"""Who made a room: its process on this machine, told so exactly that it can be known for gone.

A room speaks with the process that made it over one stream. When that process is gone, so is the room's use, whatever
deadline it was given. A process of another machine, another start of this one or another namespace is never judged.
"""

import os
from pathlib import Path

LABEL = "assay.maker"
_PROC = Path("/proc")


def mark() -> str:
    """This process: the machine's start, the namespace, the number, and the moment it began."""
    return f"{_place()}:{os.getpid()}:{_began(os.getpid())}"


def is_gone(said: str) -> bool:
    """Whether the process that left this mark is provably no more."""
    place, _, rest = said.partition(":")
    pid, _, began = rest.partition(":")
    if not place or place != _place() or not pid.isdigit() or not began.isdigit():
        return False
    return _began(int(pid)) not in ("", began) or not (_PROC / pid).exists()


def _place() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{os.stat(_PROC / 'self/ns/pid').st_ino}"
    except OSError:
        return ""


def _began(pid: int) -> str:
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
