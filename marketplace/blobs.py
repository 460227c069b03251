"""Where bundles are kept: files named by their own sha256, written once and never changed."""

import contextlib
import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def path(digest: str) -> Path:
    """Where the bytes of this digest lie, whether or not they are there yet."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest[:80]!r} is no sha256 digest.")
    hexdigits = digest.removeprefix("sha256:")
    return Path(settings.BLOB_DIR) / "sha256" / hexdigits[:2] / hexdigits


def put(digest: str, data: bytes) -> None:
    """Keep the bytes. Whoever reads sees all of them or no file at all, even after a power cut."""
    if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("The bytes are not those of the digest.")
    target = path(digest)
    if target.exists() and target.stat().st_size == len(data):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        os.replace(draft, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(draft)
        raise
    _sync_folder(target.parent)


def open(digest: str) -> BinaryIO:
    """The bytes as a file opened for reading; FileNotFoundError when they are not kept here."""
    return path(digest).open("rb")


def read(digest: str) -> bytes:
    """The bytes, checked against the digest they are kept under."""
    data = path(digest).read_bytes()
    if "sha256:" + hashlib.sha256(data).hexdigest() != digest:
        raise OSError(f"The blob {digest} is damaged on disk.")
    return data


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
