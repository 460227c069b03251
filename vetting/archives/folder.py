"""Reads the regular files below a folder, and nothing that a link could lead to."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from vetting.archives.member import Budget, Member, shown
from vetting.archives.paths import LITTER
from vetting.errors import SkillError
from vetting.findings import Finding, Severity
from vetting.manifest import note

# Files on disk are counted as they are; there is no packed size to compare them with.
NO_RATIO = 1 << 40


def members_below(path: Path) -> tuple[list[Member], list[Finding]]:
    """The files, and a note on everything that was left out."""
    if not path.is_dir():
        raise SkillError("skill.no-folder", f"{shown(str(path))} is no folder.", fix="Name the skill's folder.")
    members: list[Member] = []
    notes: list[Finding] = []
    budget = Budget(NO_RATIO)
    for folder, name, handle in _walk(path):
        budget.entry()
        relative = f"{folder}/{name}" if folder else name
        found = _read(handle, name, relative, budget)
        if isinstance(found, Member):
            members.append(found)
        else:
            notes.append(found)
    return members, notes


def _walk(path: Path) -> Iterator[tuple[str, str, int]]:
    """(folder below the top, name, the folder's descriptor) of everything that is not a folder, in sorted order."""
    for root, folders, names, handle in os.fwalk(path, follow_symlinks=False):
        relative = os.path.relpath(root, path).replace(os.sep, "/")
        folders[:] = sorted(name for name in folders if name not in LITTER)
        linked = [name for name in folders if stat.S_ISLNK(os.lstat(name, dir_fd=handle).st_mode)]
        for name in sorted([*names, *linked]):
            yield "" if relative == "." else relative, name, handle


def _read(handle: int, name: str, relative: str, budget: Budget) -> Member | Finding:
    try:
        # O_NONBLOCK so that a pipe put in the file's place cannot hold us; O_NOFOLLOW so that a link cannot lead away.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=handle)
    except OSError as error:
        return _left_out(relative, "a link, or cannot be opened", f"({error.strerror})")
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            return _left_out(relative, "a device, pipe or socket", "")
        budget.file(relative, status.st_size)
        data = file.read(status.st_size + 1)
        if len(data) > status.st_size:
            budget.file(relative, len(data))
    return Member(relative, data, bool(status.st_mode & stat.S_IXUSR))


def _left_out(relative: str, what: str, detail: str) -> Finding:
    return note(
        "intake:left-out",
        f"{shown(relative)} is {what}, and was left out {detail}".strip() + ".",
        "Put a regular file in its place.",
        file=shown(relative),
        severity=Severity.LOW,
    )
