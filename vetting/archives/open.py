"""Tells the kind of an upload by its first bytes, never by its name, and hands it to the reader of that kind."""

import bz2
import lzma
import zlib
from typing import Protocol

from vetting.archives import limits, tar
from vetting.archives import zip as zips
from vetting.archives.member import Budget, Member, bomb, too_large
from vetting.errors import SkillError


class Decompressor(Protocol):
    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


def members_in(data: bytes) -> list[Member] | None:
    """The regular files of an archive; None where the bytes are no archive of a kind we read."""
    if len(data) > limits.MAX_UPLOAD:
        raise too_large()
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return zips.members(data, Budget(len(data)))
    if data.startswith(b"\x1f\x8b"):
        return tar.members(gunzip(data), Budget(len(data)))
    if data.startswith(b"BZh"):
        return tar.members(inflate(data, bz2.BZ2Decompressor(), "bzip2"), Budget(len(data)))
    if data.startswith(b"\xfd7zXZ\x00"):
        xz = lzma.LZMADecompressor(format=lzma.FORMAT_XZ, memlimit=limits.XZ_MEMORY)
        return tar.members(inflate(data, xz, "xz"), Budget(len(data)))
    if tar.is_tar(data):
        return tar.members(data, Budget(len(data)))
    if zips.has_end_record(data):
        raise SkillError(
            "archive.prepended-data",
            "The zip archive has other data in front of it.",
            fix="Make a plain zip of the skill's folder.",
        )
    return None


class Gunzip:
    """zlib's decompressor for one gzip member, with the `max_length` that bz2 and lzma have."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int = 0) -> bytes:
        return self._zlib.decompress(data, max_length)


def gunzip(data: bytes) -> bytes:
    return inflate(data, Gunzip(), "gzip")


def inflate(data: bytes, decompressor: Decompressor, kind: str) -> bytes:
    """One compressed stream, whole and alone, never more than a tar within our limits could need."""
    try:
        out = decompressor.decompress(data, limits.MAX_TAR + 1)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
        raise SkillError(
            "archive.corrupt", f"The {kind} stream of the archive is damaged ({error}).", fix="Pack the skill again."
        ) from error
    if len(out) > limits.MAX_TAR:
        raise bomb()
    if not decompressor.eof:
        raise SkillError(
            "archive.truncated",
            f"The {kind} stream of the archive ends too early.",
            fix="The upload was cut short: send it again.",
        )
    if decompressor.unused_data:
        raise SkillError(
            "archive.trailing-data",
            f"The archive has more data after the end of its {kind} stream.",
            fix="Make the archive in one go, with nothing appended.",
        )
    return out
