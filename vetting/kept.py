"""Things that take long to make and are the same every time, kept as files in the data folder for the next process.

A file holds what was made and the hash of it, and its name says what it was made from. One that is torn, foreign or
missing is only made again; a folder that cannot be written to costs time and nothing else.
"""

import hashlib
import marshal
import os
import tempfile
from pathlib import Path

from vetting.site import site

HASH = hashlib.sha256().digest_size


def key_of(*parts: str | bytes) -> str:
    """What something is made from, as a short word."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()[:24]


def read(kind: str, key: str) -> bytes | None:
    """What was kept under this key, None where nothing whole is there."""
    try:
        data = _path(kind, key).read_bytes()
    except OSError:
        return None
    whole = data[HASH:]
    return whole if hashlib.sha256(whole).digest() == data[:HASH] else None


def read_objects(kind: str, key: str) -> dict:
    """What `write_objects` kept under this key, else nothing."""
    data = read(kind, key)
    if data is None:
        return {}
    try:
        # As trustworthy as the compiled modules that Python itself keeps: only this user can write there.
        return marshal.loads(data)  # noqa: S302
    except (ValueError, EOFError, TypeError):
        return {}


def write_objects(kind: str, key: str, objects: dict) -> None:
    """Keep what Python can write as it writes compiled modules."""
    write(kind, key, marshal.dumps(objects))


def write(kind: str, key: str, data: bytes) -> None:
    """Keep it in one stroke, and drop what was kept of this kind under other keys."""
    path = _path(kind, key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(file.name, path)
        for other in path.parent.glob(f"{kind}-*"):
            if other != path:
                other.unlink(missing_ok=True)
    except OSError:
        return


def is_possible() -> bool:
    """Whether this process may leave something for the next, where making it for itself alone would not pay."""
    folder = _path("", "").parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK)


def _path(kind: str, key: str) -> Path:
    return Path(site.DATA_DIR) / "cache" / f"{kind}-{key}"
