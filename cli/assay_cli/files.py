"""Small files that several runs of the command may write at once: whole or not at all, and one after the other."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none; two runs that end in the same instant may there lose one entry.
    fcntl = None


def replace(path: Path, document: dict, *, mode: int = 0o600) -> None:
    """Write the document beside its place (mkstemp makes files 0600), then move it there."""
    descriptor, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        os.chmod(draft, mode)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder while a file in it is read, changed and written again."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
