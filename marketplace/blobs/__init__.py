"""Where bundles are kept: under their own sha256, written once and never changed; on disk, or in an S3 store for many
machines. Whichever it is, whoever reads gets the bytes of the digest or an error, never others.
"""

import hashlib
import re
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from django.conf import settings

from marketplace.blobs import disk

_DIGEST = re.compile(r"sha256:([0-9a-f]{2})([0-9a-f]{62})")


def key(digest: str) -> str:
    """The name of a blob below the root of its store: on disk as in S3, so that the one can become the other."""
    match = _DIGEST.fullmatch(digest)
    if match is None:
        raise ValueError(f"{digest[:80]!r} is no sha256 digest.")
    return f"sha256/{match[1]}/{match[1]}{match[2]}"


def path(digest: str) -> Path:
    """Where the bytes of this digest lie on disk, whether or not they are there."""
    return disk.path(key(digest))


def put(digest: str, data: bytes) -> None:
    """Keep the bytes. Whoever reads sees all of them or nothing at all."""
    name = key(digest)
    if of(data) != digest:
        raise ValueError("The bytes are not those of the digest.")
    _store().put(name, data)


def open(digest: str) -> BinaryIO:
    """The bytes as a file opened for reading; FileNotFoundError when they are not kept here."""
    return _store().open(key(digest))


def read(digest: str) -> bytes:
    """The bytes, checked against the digest they are kept under."""
    with open(digest) as file:
        data = file.read()
    if of(data) != digest:
        raise OSError(f"The blob {digest} is damaged where it is kept.")
    return data


def of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def trouble() -> str:
    """Why nothing can be kept at the moment; "" when it can."""
    return _store().trouble()


def is_remote() -> bool:
    return bool(settings.S3_URL)


def _store() -> ModuleType:
    if not settings.S3_URL:
        return disk
    # Imported when first needed: its client is large, and most registries have a disk.
    from marketplace.blobs import s3

    return s3
