"""A backup put back: looked at from end to end first, and only then written, into a registry that does not run."""

import fcntl
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from config import database_copy
from config.backup import FORMAT, INDEX, PIECE, BackupError

# Nothing else is ever written, whatever names a file that is taken for a backup holds.
_PLAIN = re.compile(
    r"secret_key|keys/[A-Za-z0-9_-]+\.pem|blobs/sha256/[0-9a-f]{2}/[0-9a-f]{64}|database\.(sqlite3|pgdump)"
)
INDEX_BYTES = 256 << 20


def read_index(source: Path) -> dict:
    """The list at the end of the backup, once every file in it has the bytes that the list says."""
    sums: dict[str, str] = {}
    index: dict | None = None
    try:
        with tarfile.open(source, mode="r:") as tar:
            for member in tar:
                file = tar.extractfile(member) if member.isreg() else None
                if file is None or index is not None:
                    raise BackupError(f"{source} holds {member.name[:80]!r}, which no backup does.")
                if member.name == INDEX:
                    index = json.loads(file.read(INDEX_BYTES))
                else:
                    sums[member.name] = _sum(file)
    except OSError as error:
        raise BackupError(f"{source} cannot be read: {error.strerror or error}.") from None
    except (tarfile.TarError, ValueError):
        raise BackupError(f"{source} is no backup, or is damaged: take another one.") from None
    if index is None:
        raise BackupError(f"{source} ends before its list of files: it was cut short, take another one.")
    _compare(source, index, sums)
    return index


def _compare(source: Path, index: dict, sums: dict[str, str]) -> None:
    if index.get("format") != FORMAT:
        raise BackupError(f"{source} has another format than this version reads: restore it with the version it is of.")
    wrong = sorted(name for name in {*sums, *index["files"]} if sums.get(name) != index["files"].get(name))
    if wrong:
        raise BackupError(f"{source} is damaged: {len(wrong)} files differ from its list, such as {wrong[0]}.")
    if strange := sorted(name for name in sums if not _PLAIN.fullmatch(name)):
        raise BackupError(f"{source} holds {strange[0][:80]!r}, which no backup does.")


def put_back(source: Path, *, replace: bool) -> tuple[dict, Path | None]:
    """Restore; answers the backup's list and, where something was in the way, the folder it was moved to."""
    with stopped():
        index = read_index(source)
        if index["database"] != connection.vendor:
            raise BackupError(
                f"The backup is of a {index['database']} database, and DATABASE_URL names {connection.vendor}:"
                " set DATABASE_URL to one of the same kind."
            )
        in_the_way = not database_copy.is_empty()
        if in_the_way and not replace:
            raise BackupError("There is a registry here already. Say --replace to put the backup in its place.")
        aside = _move_aside() if in_the_way else None
        _write(source)
        # What was prepared was the other data: `make up` brings this to the code of today.
        (settings.DATA_DIR / "run" / "prepared").unlink(missing_ok=True)
    return index, aside


@contextmanager
def stopped() -> Iterator[None]:
    """Hold the supervisor's own lock, so that no registry runs or starts on this data meanwhile."""
    folder = settings.DATA_DIR / "run"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "supervisor.lock", "a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError("The registry runs on this data: stop it first (make down).") from None
        yield


def _move_aside() -> Path:
    """The old files, kept for whoever restored the wrong backup. Bundles stay: they are named by their bytes."""
    aside = settings.DATA_DIR / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    aside.mkdir(mode=0o700)
    old = [settings.DATA_DIR / "secret_key", Path(settings.KEY_DIR), settings.DATA_DIR / "redis"]
    if connection.vendor == "sqlite":
        name = Path(connection.settings_dict["NAME"])
        old += [name.with_name(name.name + end) for end in ("", "-wal", "-shm")]
    for path in old:
        if path.exists():
            shutil.move(path, aside / path.name)
    return aside


def _write(source: Path) -> None:
    with tarfile.open(source, mode="r:") as tar:
        for member in tar:
            file = tar.extractfile(member)
            if member.name.startswith("database."):
                with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restore-") as folder:
                    copy = Path(folder) / member.name
                    _copy(file, copy, 0o600)
                    database_copy.put_back(copy)
            elif member.name != INDEX:
                _copy(file, *_place(member.name))


def _place(name: str) -> tuple[Path, int]:
    kind, _, rest = name.partition("/")
    if kind == "blobs":
        return Path(settings.BLOB_DIR) / rest, 0o644
    return (Path(settings.KEY_DIR) / rest if kind == "keys" else settings.DATA_DIR / name), 0o600


def _copy(file: IO[bytes], target: Path, mode: int) -> None:
    """Written beside its place and moved there, so that nobody ever reads half of it."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o755)
    draft = target.with_name(f".{target.name}.restored")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as out:
        shutil.copyfileobj(file, out, PIECE)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, target)


def _sum(file: IO[bytes]) -> str:
    total = sha256()
    while piece := file.read(PIECE):
        total.update(piece)
    return total.hexdigest()
