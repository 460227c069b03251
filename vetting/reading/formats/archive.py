"""One level of an archive: zip, tar, or a single compressed file. Every member is given, or the reason why it is not."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

# Bytes of one member, and members of one archive.
MEMBER = 8_000_000
MEMBERS = 4_000
Found = tuple[str, bytes | None, str]  # (path, bytes, trouble); where the bytes are None they could not be had

_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
    LookupError,
    OverflowError,
    MemoryError,
    zlib.error,
    lzma.LZMAError,
)


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=128 << 20)


class Purse(Protocol):
    bytes: int
    cut: list[str]

    def spend(self, size: int, what: str, pieces: int = 1) -> bool: ...


def is_archive(data: bytes) -> bool:
    """By the bytes alone, whatever the name says."""
    return (
        data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
        or data[257:262] == b"ustar"
        or (data[:3] in (b"\x1f\x8b\x08", b"BZh", b"\xfd7z") and bool(opened(data, 512)[1]))
    )


def is_zip_behind(data: bytes) -> bool:
    """Does a zip stand at the end of something else? Python, Java and unzip all open such a file."""
    return b"PK\x05\x06" in data[-66_000:] and b"PK\x01\x02" in data and data[:2] != b"PK"


def before_zip(data: bytes) -> int:
    """How much stands before the zip that a file ends with."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return min((one.header_offset for one in archive.infolist()), default=len(data))
    except _BROKEN:
        return len(data)


def packed_behind(data: bytes) -> bytes:
    """What a script that unpacks its own end carries there."""
    for magic in (b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0"):
        if (at := data.find(b"\n" + magic)) >= 0:
            return data[at + 1 :]
    return b""


def opened(data: bytes, limit: int = MEMBER) -> tuple[bytes, str, bool]:
    """(bytes, how they were compressed, whether that is all of them); the data and "" where they are not compressed."""
    try:
        if data[:2] == b"\x1f\x8b":
            out = _as_far_as_it_goes(gzip.GzipFile(fileobj=io.BytesIO(data)), limit + 1)
            return out[:limit], "gzip", len(out) <= limit
        if data[:3] == b"BZh":
            return _by(bz2.BZ2Decompressor, data, limit, "bzip2")
        if data[:6] == b"\xfd7zXZ\0":
            return _by(_xz, data, limit, "xz")
        if data[:1] == b"\x78" and data[1:2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            opener = zlib.decompressobj()
            out = opener.decompress(data, limit)
            return out, "zlib", not opener.unconsumed_tail
    except _BROKEN:
        pass
    return data, "", True


def _as_far_as_it_goes(file: gzip.GzipFile, limit: int) -> bytes:
    """A damaged tail does not hide what stands before it."""
    out = bytearray()
    try:
        while len(out) < limit and (piece := file.read1(min(65_536, limit - len(out)))):
            out += piece
    except (OSError, EOFError, zlib.error):
        if not out:
            raise
    return bytes(out)


def _by(
    make: Callable[[], bz2.BZ2Decompressor | lzma.LZMADecompressor], data: bytes, limit: int, how: str
) -> tuple[bytes, str, bool]:
    """Streams may follow one another, and whoever unpacks them writes them all."""
    out = bytearray()
    while True:
        opener = make()
        try:
            out += opener.decompress(data, limit - len(out))
        except _BROKEN:
            if not out:
                raise
            return bytes(out), how, True  # what stands behind the last stream is none
        data = opener.unused_data
        if not data or len(out) >= limit:
            return bytes(out), how, not data and (opener.eof or opener.needs_input)


def members_of(path: str, data: bytes, purse: Purse) -> Iterator[Found]:
    """What the archive holds, one level deep."""
    try:
        if data[:2] == b"PK" or is_zip_behind(data):
            yield from _zip(path, data, purse)
            return
        inside, how, whole = opened(data, max(0, purse.bytes)) if data[257:262] != b"ustar" else (data, "", True)
        if how and not whole:
            purse.cut.append(f"{path} unpacks to more than is read")
        if inside[257:262] == b"ustar":
            yield from _tar(path, inside, purse)
        elif not how:
            yield path, None, "packed in a form that is not read"
        elif purse.spend(len(inside), path, 0):
            yield f"{path}!{_stem(path)}", inside, ""
        else:
            yield path, None, "larger than the limit"
    except _BROKEN as error:
        yield path, None, f"cannot be unpacked: {str(error)[:80]}"


def _stem(path: str) -> str:
    """The name of what is inside a compressed file: setup.sh of setup.sh.gz, picture.svg of picture.svgz."""
    base = path.replace("!", "/").rsplit("/", 1)[-1]
    stem, _, ending = base.rpartition(".")
    if ending.lower() in ("gz", "bz2", "xz", "z", "lzma", "gzip"):
        return stem or base
    return {"svgz": f"{stem}.svg", "tgz": f"{stem}.tar", "tbz2": f"{stem}.tar", "txz": f"{stem}.tar"}.get(ending, base)


def _zip(path: str, data: bytes, purse: Purse) -> Iterator[Found]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos = archive.infolist()
        for info in infos[:MEMBERS]:
            name = f"{path}!{info.filename}"
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                yield name, None, "behind a password"
            elif info.file_size > MEMBER or not purse.spend(info.file_size, path, 0):
                yield name, None, "larger than the limit"
            else:
                yield _zipped(name, archive, info)
        if len(infos) > MEMBERS:
            yield path, None, f"{len(infos) - MEMBERS} members more than the limit"


def _zipped(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Found:
    """One broken member takes nothing from the others, and a wrong checksum does not hide what unzip would write."""
    try:
        with archive.open(info) as member:
            member._expected_crc = None
            return name, member.read(MEMBER), ""
    except _BROKEN as error:
        return name, None, f"cannot be unpacked: {str(error)[:80]}"


def _tar(path: str, data: bytes, purse: Purse) -> Iterator[Found]:
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for count, info in enumerate(archive):
            if count >= MEMBERS:
                yield path, None, "more members than the limit"
                return
            if not info.isreg():
                continue
            if info.size > MEMBER or not purse.spend(info.size, path, 0):
                yield f"{path}!{info.name}", None, "larger than the limit"
            else:
                member = archive.extractfile(info)
                yield f"{path}!{info.name}", member.read(MEMBER) if member else None, ""
