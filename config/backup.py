"""Everything that a registry cannot make again, in one file, and back out of it.

The file is a plain tar: the database, the signing key, the secret key and, where they lie on a disk of ours, the
bundles. Its last member lists all others with their sha256, so a copy that broke off is no backup, and what was
damaged is noticed before anything is put back. The database is taken first: a bundle is kept before a row names it and
never changes, so every row of the copy finds its bytes.
"""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from config import database_copy
from marketplace import blobs

INDEX = "index.json"
FORMAT = 1
PIECE = 1 << 20


class BackupError(Exception):
    """What keeps a backup from being made or put back, in a sentence that says what to do."""


def make(target: Path) -> dict:
    """Write the backup beside its place, readable by its owner alone, and move it there when it is whole."""
    if target.exists():
        raise BackupError(f"{target} is there already: choose another name.")
    if not target.parent.is_dir():
        raise BackupError(f"{target.parent} is no folder: make it, or choose another one.")
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
    try:
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            index = _fill(tar, target.parent)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return index


def _fill(tar: tarfile.TarFile, scratch: Path) -> dict:
    sums: dict[str, str] = {}
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".assay-backup-") as folder:
        kind, copy = database_copy.take(Path(folder))
        sums[copy.name] = _add(tar, copy.name, copy)
    for name, path in _kept():
        sums[name] = _add(tar, name, path)
    index = {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": kind,
        "bundles": "s3" if blobs.is_remote() else "here",
        "files": sums,
    }
    data = json.dumps(index).encode()
    member = tarfile.TarInfo(INDEX)
    member.size, member.mode = len(data), 0o600
    tar.addfile(member, io.BytesIO(data))
    return index


def _kept() -> Iterator[tuple[str, Path]]:
    """Each file beside the database, with its name in the backup."""
    if (secret := settings.DATA_DIR / "secret_key").is_file():
        yield "secret_key", secret
    for path in sorted(Path(settings.KEY_DIR).glob("*.pem")):
        yield f"keys/{path.name}", path
    if not blobs.is_remote():
        root = Path(settings.BLOB_DIR)
        for path in sorted(root.glob("sha256/*/*")):
            if path.is_file() and not path.name.startswith("."):
                yield f"blobs/{path.relative_to(root).as_posix()}", path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Put a file in and answer the sha256 of the bytes that went in."""
    with path.open("rb") as file:
        member = tarfile.TarInfo(name)
        member.size, member.mode = os.fstat(file.fileno()).st_size, 0o600
        reader = _Summing(file)
        tar.addfile(member, reader)
    return reader.sum.hexdigest()


class _Summing:
    """A file whose bytes are summed up as they are read."""

    def __init__(self, file: io.BufferedReader) -> None:
        self._file, self.sum = file, sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sum.update(piece)
        return piece
