"""The bytes that a digest is taken of: the files of a skill as one tar, the same on every machine."""

import hashlib
import io
import tarfile
from collections.abc import Iterable


def tar_of(files: Iterable[tuple[str, bytes, bool]]) -> bytes:
    """(name, bytes, executable) of each file, in any order: names sorted, no times, no owners, modes 644 and 755."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data, executable in sorted(files):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mode = 0o755 if executable else 0o644
            tar.addfile(member, io.BytesIO(data))
    return out.getvalue()


def digest_of(tar: bytes) -> str:
    return "sha256:" + hashlib.sha256(tar).hexdigest()
