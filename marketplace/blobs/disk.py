"""Blobs as files below BLOB_DIR."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


def path(name: str) -> Path:
    return Path(settings.BLOB_DIR) / name


def put(name: str, data: bytes) -> None:
    """Write beside the place and move there: a reader sees the whole file or none, even after a power cut."""
    target = path(name)
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


def open(name: str) -> BinaryIO:
    return path(name).open("rb")


def trouble() -> str:
    folder = Path(settings.BLOB_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"The folder of the bundles cannot be made: {error.strerror}."
    return "" if os.access(folder, os.W_OK) else "The folder of the bundles cannot be written to."


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
