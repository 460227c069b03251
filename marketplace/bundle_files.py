"""Files out of a kept bundle, read by name; nothing is unpacked."""

import tarfile
from collections.abc import Collection

from marketplace import blobs


def read(digest: str, paths: Collection[str], most: int) -> dict[str, bytes]:
    """The first so many bytes of these files; what is not there is left out. Damaged or gone bundles have none."""
    found: dict[str, bytes] = {}
    try:
        with blobs.open(digest) as blob, tarfile.open(fileobj=blob, mode="r:") as tar:
            for path in paths:
                try:
                    member = tar.extractfile(path)
                except KeyError:
                    continue
                if member is not None:
                    found[path] = member.read(most)
    except (OSError, tarfile.TarError):
        return {}
    return found


def text_of(data: bytes) -> str | None:
    """The bytes as text; None when they are no text that a person reads."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text[:8192] else text
