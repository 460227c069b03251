"""Reads a zip strictly: the central directory, every local header and the bytes between them must tell one story.

Python's zipfile trusts the central directory, does not see overlapping entries on every version we support, and skips
bytes that nothing describes. Two readers of such a file can see two different skills, so we read it ourselves and
refuse whatever leaves room for a second opinion.
"""

import stat
import struct
import zlib
from dataclasses import dataclass

from vetting.archives import limits
from vetting.archives.member import Budget, Member, bomb, shown
from vetting.errors import SkillError

END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
ENCRYPTED, DESCRIPTOR, STRONG, UTF8, MASKED = 1 << 0, 1 << 3, 1 << 6, 1 << 11, 1 << 13
ZIP64, UNICODE_PATH = 0x0001, 0x7075
NO_SIZE = 0xFFFFFFFF
REPACK = "Pack the skill's folder again with an ordinary zip program."


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of the central directory."""

    name: bytes
    path: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(b"/")


def members(data: bytes, budget: Budget) -> list[Member]:
    entries, directory_start = _central_directory(data, budget)
    for entry in entries:
        _judge(entry)
        if not entry.is_folder:
            budget.file(entry.path, entry.size)
    starts = _lay_out(data, entries, directory_start)
    return [
        Member(entry.path, _unpack(data, entry, start), _executable(entry))
        for entry, start in zip(entries, starts, strict=True)
        if not entry.is_folder
    ]


def has_end_record(data: bytes) -> bool:
    return b"PK\x05\x06" in data[-(END.size + 0xFFFF) :]


def _end_record(data: bytes) -> tuple[int, tuple]:
    tail_start = max(0, len(data) - END.size - 0xFFFF)
    places, at = [], data.find(b"PK\x05\x06", tail_start)
    while at != -1:
        if at + END.size <= len(data) and at + END.size + END.unpack_from(data, at)[7] == len(data):
            places.append(at)
        at = data.find(b"PK\x05\x06", at + 1)
    if len(places) > 1:
        raise _refuse("archive.ambiguous", "The zip archive has two end records, so it can be read in two ways.")
    if not places:
        if has_end_record(data):
            raise _refuse("archive.trailing-data", "The zip archive has more data after its end.")
        raise SkillError(
            "archive.truncated",
            "The zip archive has no end record.",
            fix="The upload was cut short: send it again.",
        )
    return places[0], END.unpack_from(data, places[0])


def _central_directory(data: bytes, budget: Budget) -> tuple[list[Entry], int]:
    end, (_, disk, first_disk, here, count, size, start, _) = _end_record(data)
    if data[end - 20 : end - 16] == b"PK\x06\x07" or NO_SIZE in (size, start) or count == 0xFFFF:
        raise _refuse("archive.zip64", "The zip archive is in the ZIP64 form, which no skill is large enough to need.")
    if disk or first_disk or here != count:
        raise _refuse("archive.multi-volume", "The zip archive is one part of several.")
    if start + size != end:
        raise _refuse("archive.prepended-data", "The zip archive's directory is not where its end record says.")
    entries, at = [], start
    for _ in range(count):
        budget.entry()
        entry, at = _central_record(data, at, end)
        entries.append(entry)
    if at != end:
        raise _refuse("archive.header-mismatch", "The zip archive's directory holds more than it counts.")
    return entries, start


def _central_record(data: bytes, at: int, end: int) -> tuple[Entry, int]:
    if at + CENTRAL.size > end or data[at : at + 4] != b"PK\x01\x02":
        raise _refuse("archive.corrupt", "The zip archive's directory is damaged.")
    (_, _, _, flags, method, _, _, crc, packed, size, name_len, extra_len, comment_len, disk, _, attr, offset) = (
        CENTRAL.unpack_from(data, at)
    )
    name_at = at + CENTRAL.size
    after = name_at + name_len + extra_len + comment_len
    if after > end or disk:
        raise _refuse("archive.corrupt", "The zip archive's directory is damaged.")
    name = data[name_at : name_at + name_len]
    extras = _extras(data[name_at + name_len : name_at + name_len + extra_len], name)
    if ZIP64 in extras or NO_SIZE in (packed, size, offset):
        raise _refuse("archive.zip64", f"The entry {shown(name)} is in the ZIP64 form.", name)
    if UNICODE_PATH in extras and extras[UNICODE_PATH][5:] != name:
        raise _refuse("archive.header-mismatch", f"The entry {shown(name)} carries a second, different name.", name)
    return Entry(name, _path(name, flags), flags, method, crc, packed, size, attr >> 16, offset), after


def _extras(block: bytes, name: bytes) -> dict[int, bytes]:
    """The extra fields by id. Fewer than four bytes of padding at the end are common and harmless."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(block):
        kind, size = struct.unpack_from("<2H", block, at)
        if at + 4 + size > len(block):
            raise _refuse("archive.corrupt", f"The extra fields of the entry {shown(name)} are damaged.", name)
        fields[kind] = block[at + 4 : at + 4 + size]
        at += 4 + size
    return fields


def _path(name: bytes, flags: int) -> str:
    try:
        # Without the UTF-8 flag the old code page is meant, but today's programs that forget the flag write UTF-8.
        return name.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SkillError(
            "archive.bad-name",
            f"The name of the entry {shown(name)} is not UTF-8.",
            fix="Rename the file, or pack it with a program that writes UTF-8 names.",
            file=shown(name),
        ) from error


def _judge(entry: Entry) -> None:
    name = shown(entry.path)
    if entry.flags & (ENCRYPTED | STRONG | MASKED):
        raise _refuse("archive.encrypted", f"The entry {name} is encrypted.", entry.name, "Pack it with no password.")
    if entry.method not in (STORED, DEFLATED):
        raise _refuse(
            "archive.unsupported-compression",
            f"The entry {name} uses a compression method ({entry.method}) other than store and deflate.",
            entry.name,
        )
    kind = stat.S_IFMT(entry.mode)
    if kind == stat.S_IFLNK:
        raise _refuse(
            "archive.link", f"The entry {name} is a link.", entry.name, "Put a copy of the file in the link's place."
        )
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refuse("archive.special-file", f"The entry {name} is a device, pipe or socket.", entry.name)
    if (kind == stat.S_IFDIR) != entry.is_folder and (kind == stat.S_IFDIR or kind == stat.S_IFREG):
        raise _refuse("archive.header-mismatch", f"The entry {name} is both a file and a folder.", entry.name)
    if entry.is_folder and entry.size:
        raise _refuse("archive.header-mismatch", f"The folder {name} has contents of its own.", entry.name)
    if entry.method == STORED and entry.packed != entry.size:
        raise _refuse("archive.header-mismatch", f"The entry {name} states two sizes.", entry.name)


def _lay_out(data: bytes, entries: list[Entry], directory_start: int) -> list[int]:
    """Where each entry's data start, once headers agree and every byte up to the directory has an owner."""
    spans = sorted((entry.offset, i) for i, entry in enumerate(entries))
    starts = [0] * len(entries)
    expected = 0
    for place, (offset, i) in enumerate(spans):
        entry = entries[i]
        if offset < expected:
            raise _refuse("archive.overlap", f"The entry {shown(entry.name)} overlaps another one.", entry.name)
        if offset > expected:
            raise _refuse(
                "archive.hidden-data", f"There are bytes no entry owns before {shown(entry.name)}.", entry.name
            )
        starts[i] = _local_header(data, entry)
        end = starts[i] + entry.packed
        following = spans[place + 1][0] if place + 1 < len(spans) else directory_start
        if end > following:
            raise _refuse("archive.overlap", f"The entry {shown(entry.name)} overlaps what follows it.", entry.name)
        expected = _after_descriptor(data, entry, end, following)
    if expected != directory_start:
        raise _refuse("archive.hidden-data", "There are bytes no entry owns before the zip archive's directory.")
    return starts


def _local_header(data: bytes, entry: Entry) -> int:
    if entry.offset + LOCAL.size > len(data) or data[entry.offset : entry.offset + 4] != b"PK\x03\x04":
        raise _refuse("archive.corrupt", f"The entry {shown(entry.name)} is not where the directory says.", entry.name)
    _, _, flags, method, _, _, crc, packed, size, name_len, extra_len = LOCAL.unpack_from(data, entry.offset)
    name_at = entry.offset + LOCAL.size
    name = data[name_at : name_at + name_len]
    extras = _extras(data[name_at + name_len : name_at + name_len + extra_len], name)
    if UNICODE_PATH in extras and extras[UNICODE_PATH][5:] != name:
        raise _refuse("archive.header-mismatch", f"The entry {shown(name)} carries a second, different name.", name)
    if ZIP64 in extras and len(extras[ZIP64]) >= 16 and packed == size == NO_SIZE:
        size, packed = struct.unpack_from("<2Q", extras[ZIP64])
    stated, meant = (crc, packed, size), (entry.crc, entry.packed, entry.size)
    streamed = flags & DESCRIPTOR and all(s in (0, m) for s, m in zip(stated, meant, strict=True))
    same = name == entry.name and method == entry.method and flags == entry.flags
    if not same or not (stated == meant or streamed):
        raise _refuse(
            "archive.header-mismatch",
            f"The directory and the local header disagree about the entry {shown(entry.name)}.",
            entry.name,
        )
    return name_at + name_len + extra_len


def _after_descriptor(data: bytes, entry: Entry, end: int, following: int) -> int:
    """Where the entry ends: at its data, or after a data descriptor that repeats what the directory says."""
    if not entry.flags & DESCRIPTOR or end == following:
        return end
    for sizes in ("2L", "2Q"):
        plain = struct.pack(f"<L{sizes}", entry.crc, entry.packed, entry.size)
        for descriptor in (b"PK\x07\x08" + plain, plain):
            if data[end:following] == descriptor:
                return following
    raise _refuse("archive.header-mismatch", f"The data descriptor of {shown(entry.name)} is wrong.", entry.name)


def _unpack(data: bytes, entry: Entry, start: int) -> bytes:
    packed = data[start : start + entry.packed]
    if entry.method == STORED:
        out = packed
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            out = inflater.decompress(packed, min(entry.size, limits.MAX_FILE) + 1)
        except zlib.error as error:
            raise _refuse("archive.corrupt", f"The entry {shown(entry.name)} is damaged.", entry.name) from error
        if len(out) > entry.size:
            raise bomb()
        if not inflater.eof or inflater.unused_data or inflater.unconsumed_tail:
            raise _refuse("archive.corrupt", f"The entry {shown(entry.name)} is not of the stated size.", entry.name)
    if len(out) != entry.size or zlib.crc32(out) != entry.crc:
        raise _refuse("archive.corrupt", f"The entry {shown(entry.name)} does not match its checksum.", entry.name)
    return out


def _executable(entry: Entry) -> bool:
    return bool(entry.mode & stat.S_IXUSR)


def _refuse(code: str, message: str, name: bytes = b"", fix: str = REPACK) -> SkillError:
    return SkillError(code, message, fix=fix, file=shown(name))
