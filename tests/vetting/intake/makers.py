"""Makes archives by hand, byte by byte, so that a test can lie in any field."""

import struct
import zlib
from dataclasses import dataclass, field

SKILL_MD = b"---\nname: calm-skill\ndescription: Says hello, when asked to.\n---\n\n# Calm\n\nSay hello.\n"


@dataclass
class Entry:
    """One zip entry. What is None is told truthfully; anything else is the lie."""

    name: bytes
    data: bytes = b""
    mode: int = 0o100644
    method: int = 8
    flags: int = 0
    extra: bytes = b""
    local_name: bytes | None = None
    local_flags: int | None = None
    local_method: int | None = None
    local_extra: bytes = b""
    crc: int | None = None
    local_crc: int | None = None
    size: int | None = None
    local_size: int | None = None
    packed: bytes | None = None
    offset: int | None = None
    descriptor: bytes = b""
    before: bytes = b""

    def stored(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method != 8:
            return self.data
        deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflater.compress(self.data) + deflater.flush()


@dataclass
class Zip:
    entries: list[Entry] = field(default_factory=list)
    comment: bytes = b""
    before: bytes = b""
    after: bytes = b""
    count: int | None = None

    def bytes(self) -> bytes:
        body, central = b"", b""
        for entry in self.entries:
            body += entry.before
            at = len(body) if entry.offset is None else entry.offset
            packed = entry.stored()
            crc = zlib.crc32(entry.data) if entry.crc is None else entry.crc
            size = len(entry.data) if entry.size is None else entry.size
            name = entry.name if entry.local_name is None else entry.local_name
            flags = entry.flags if entry.local_flags is None else entry.local_flags
            method = entry.method if entry.local_method is None else entry.local_method
            local_crc = crc if entry.local_crc is None else entry.local_crc
            local_size = size if entry.local_size is None else entry.local_size
            local_packed = 0 if flags & 8 else len(packed)
            if flags & 8:
                local_crc = local_size = 0
            if entry.offset is None:
                body += struct.pack(
                    "<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 33, local_crc, local_packed, local_size,
                    len(name), len(entry.local_extra),
                )  # fmt: skip
                body += name + entry.local_extra + packed + entry.descriptor
            central += struct.pack(
                "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, entry.flags, entry.method, 0, 33, crc, len(packed), size,
                len(entry.name), len(entry.extra), 0, 0, 0, entry.mode << 16, at,
            )  # fmt: skip
            central += entry.name + entry.extra
        count = len(self.entries) if self.count is None else self.count
        end = struct.pack(
            "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(central), len(body), len(self.comment)
        )  # fmt: skip
        return self.before + body + central + end + self.comment + self.after


def zip_of(*entries: Entry, skill_md: bool = True, **more) -> bytes:
    first = [Entry(b"SKILL.md", SKILL_MD)] if skill_md else []
    return Zip([*first, *entries], **more).bytes()


def tar_block(
    name: bytes,
    size: int = 0,
    kind: bytes = b"0",
    *,
    mode: int = 0o644,
    link: bytes = b"",
    magic: bytes = b"ustar\x0000",
    prefix: bytes = b"",
    size_field: bytes | None = None,
    checksum: int | None = None,
) -> bytes:
    """One header block."""
    block = bytearray(512)
    block[0 : len(name)] = name
    block[100:108] = b"%07o\0" % mode
    block[108:116] = block[116:124] = b"0000000\0"
    block[124:136] = (b"%011o\0" % size) if size_field is None else size_field
    block[136:148] = b"00000000000\0"
    block[156:157] = kind
    block[157 : 157 + len(link)] = link
    block[257 : 257 + len(magic)] = magic
    block[345 : 345 + len(prefix)] = prefix
    block[148:156] = b" " * 8
    total = sum(block) if checksum is None else checksum
    block[148:156] = b"%06o\0 " % total
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 512)


def tar_file(name: bytes, data: bytes = b"", **more) -> bytes:
    return tar_block(name, len(data), **more) + padded(data)


def pax(kind: bytes = b"x", **records: str | bytes) -> bytes:
    """A PAX header block with its records."""
    body = b""
    for key, value in records.items():
        raw = value if isinstance(value, bytes) else value.encode()
        line = b" " + key.replace("__", ".").encode() + b"=" + raw + b"\n"
        length = len(line) + 1
        while len(str(length)) + len(line) != length:
            length = len(str(length)) + len(line)
        body += str(length).encode() + line
    return tar_file(b"pax", body, kind=kind)


def tar_of(*blocks: bytes, skill_md: bool = True, end: bytes = bytes(1024)) -> bytes:
    first = tar_file(b"SKILL.md", SKILL_MD) if skill_md else b""
    return first + b"".join(blocks) + end
