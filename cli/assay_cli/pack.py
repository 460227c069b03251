"""From a folder to the bytes that are pushed: the same files always give the same archive."""

import gzip
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from assay_cli.canonical import tar_of
from assay_cli.errors import Missing, Refused
from assay_cli.ignore import Rules

MAX_FILES = 10_000
MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Package:
    archive: bytes
    paths: tuple[str, ...]
    size: int

    @property
    def told(self) -> str:
        number = len(self.paths)
        return f"{number} {'file' if number == 1 else 'files'}, {self.size} bytes"


def pack(folder: Path) -> Package:
    """A tar.gz with sorted names, no times and no owners, SKILL.md at its root."""
    if not folder.exists():
        raise Missing(f"{folder} does not exist.", hint="Name the folder that holds SKILL.md.")
    if folder.is_file():
        return _ready_made(folder)
    if not (folder / "SKILL.md").is_file():
        hint = "Name the folder that holds SKILL.md, or make one with `skill init`."
        raise Refused(f"{folder} has no SKILL.md.", code="manifest.missing", hint=hint)
    files = collect(folder)
    size = sum(info.st_size for _, _, info in files)
    if len(files) > MAX_FILES or size > MAX_BYTES:
        hint = "Leave out what is not needed with a .skillignore."
        raise Refused(
            f"{folder} holds {len(files)} files with {size} bytes; that is too much.",
            code="bundle.too-large",
            hint=hint,
        )
    tar = tar_of((name, path.read_bytes(), bool(info.st_mode & stat.S_IXUSR)) for name, path, info in files)
    # A time stamp in the gzip header would make every archive another one.
    return Package(gzip.compress(tar, mtime=0), tuple(name for name, _, _ in files), size)


def collect(folder: Path) -> list[tuple[str, Path, os.stat_result]]:
    """(name in the bundle, path, stat) of every file that is not ignored, sorted by name. Links are refused."""
    found: list[tuple[str, Path, os.stat_result]] = []
    waiting = [(folder, "", Rules.of(folder))]
    while waiting:
        place, prefix, rules = waiting.pop()
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            name = f"{prefix}{entry.name}"
            info = entry.stat(follow_symlinks=False)
            if rules.leave_out(name, is_folder=stat.S_ISDIR(info.st_mode)):
                continue
            if stat.S_ISDIR(info.st_mode):
                waiting.append((Path(entry.path), f"{name}/", rules))
            elif stat.S_ISREG(info.st_mode):
                found.append((name, Path(entry.path), info))
            else:
                kind = "a symbolic link" if stat.S_ISLNK(info.st_mode) else "no regular file"
                hint = "Put a copy in its place, or name it in .skillignore."
                raise Refused(f"{name} is {kind}.", code="bundle.not-a-file", hint=hint, place=name)
    return sorted(found, key=lambda file: file[0])


def _ready_made(path: Path) -> Package:
    """An archive, or a SKILL.md alone, goes as it is; the registry looks inside."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise Refused(
            f"{path} has {size} bytes; that is too much.",
            code="bundle.too-large",
            hint="Name what is not needed in .skillignore.",
        )
    return Package(path.read_bytes(), (path.name,), size)
