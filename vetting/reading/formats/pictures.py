"""What stands behind the end of a picture, a sound or a document: bytes no viewer shows and a script can cut out."""

import struct

# Fewer bytes than this are the padding that careless programs leave.
SMALLEST = 16


def end_of(data: bytes) -> int:
    """Where the picture ends by its own format; the length of the data where that is unknown or all of it."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _jpeg(data)
    if data[:4] == b"RIFF" and len(data) >= 12:
        return min(len(data), 8 + struct.unpack("<I", data[4:8])[0] + (struct.unpack("<I", data[4:8])[0] & 1))
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return _gif(data)
    if data[:2] == b"BM" and len(data) >= 6:
        size = struct.unpack("<I", data[2:6])[0]
        return size if 26 <= size <= len(data) else len(data)
    return len(data)


def appended(data: bytes) -> bytes:
    """The bytes behind the end, b"" where there are none worth a look."""
    rest = data[end_of(data) :]
    return rest if len(rest.strip(b"\0\r\n \xff")) >= SMALLEST else b""


def _png(data: bytes) -> int:
    at = 8
    while at + 12 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        at += 12 + size
        if kind == b"IEND":
            return min(at, len(data))
    return len(data)


def _jpeg(data: bytes) -> int:
    """Walk the segments; after a scan's header its data run to the next marker that is no restart."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        mark = data[at + 1]
        if mark == 0xD9:
            return at + 2
        if mark == 0xFF or 0xD0 <= mark <= 0xD8 or mark == 1:
            at += 1 if mark == 0xFF else 2
            continue
        at += 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if mark == 0xDA:
            at = _after_scan(data, at)
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else len(data)


def _after_scan(data: bytes, at: int) -> int:
    while (at := data.find(b"\xff", at)) >= 0 and at + 1 < len(data):
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2
    return len(data)


def _gif(data: bytes) -> int:
    at = 13 + (3 << ((data[10] & 7) + 1) if len(data) > 10 and data[10] & 0x80 else 0)
    while at < len(data):
        kind = data[at]
        if kind == 0x3B:
            return at + 1
        if kind == 0x21:
            at = _blocks(data, at + 2)
        elif kind == 0x2C and at + 10 <= len(data):
            table = 3 << ((data[at + 9] & 7) + 1) if data[at + 9] & 0x80 else 0
            at = _blocks(data, at + 11 + table)
        else:
            return len(data)
    return len(data)


def _blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return at + 1
