"""What a picture says in words no viewer shows: comments, descriptions and other text chunks of PNG, JPEG, GIF and WebP."""

import re
import struct
import zlib
from collections.abc import Iterator

TEXT = 1_000_000  # characters of all texts of one picture
_TAG = re.compile(r"<[^<>]{0,2000}>")
# Colour profiles and makers' notes are full of short words; a sentence or a command is longer.
_SAYS = re.compile(r"[^\W\d_]{2,40}\W{1,4}[\w./~-]{2,40}\W{1,4}[\w./~-]{2}|[|;&$`].{3}")
_RUNS = re.compile(r"[^\x00-\x1f\x7f-\x9f]{8,}")


def said_in(data: bytes) -> tuple[str, bool]:
    """The texts, one a line, "" where there are none; and whether these are all of them."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        texts = _png(data)
    elif data.startswith(b"\xff\xd8\xff"):
        texts = _jpeg(data)
    elif data[:6] in (b"GIF87a", b"GIF89a"):
        texts = _gif(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        texts = _webp(data)
    else:
        return "", True
    left = TEXT
    rows: dict[str, None] = {}
    for text in texts:
        left -= len(text)
        for row in _TAG.sub(" ", text[: max(left + len(text), 0)]).splitlines():
            row = " ".join(row.split())
            if _SAYS.search(row):
                rows[row] = None
    return "\n\n".join(rows), left >= 0


def _png(data: bytes) -> Iterator[str]:
    at = 8
    while at + 12 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + size]
        at += 12 + size
        if kind == b"tEXt":
            yield body.partition(b"\0")[2].decode("latin-1")
        elif kind == b"zTXt":
            yield _inflated(body.partition(b"\0")[2][1:]).decode("latin-1")
        elif kind == b"iTXt":
            yield _international(body)
        elif kind == b"eXIf":
            yield _runs(body)


def _international(body: bytes) -> str:
    _, _, rest = body.partition(b"\0")
    packed, rest = rest[:1] == b"\1", rest[2:]
    text = rest.split(b"\0", 2)[-1]
    return (_inflated(text) if packed else text).decode("utf-8", "replace")


def _inflated(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, TEXT + 1)
    except zlib.error:
        return b""


def _jpeg(data: bytes) -> Iterator[str]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        mark, size = data[at + 1], struct.unpack(">H", data[at + 2 : at + 4])[0]
        body = data[at + 4 : at + 2 + size]
        at += 2 + max(size, 2)
        if mark == 0xFE:
            yield body.decode("utf-8", "replace")
        elif mark in (0xE1, 0xED):
            yield _runs(body)


def _gif(data: bytes) -> Iterator[str]:
    at = 0
    while (at := data.find(b"\x21\xfe", at)) >= 0:
        at, words = at + 2, []
        while at < len(data) and data[at]:
            words.append(data[at + 1 : at + 1 + data[at]])
            at += 1 + data[at]
        text = b"".join(words)
        if text and sum(32 <= byte < 127 for byte in text) > 0.9 * len(text):
            yield text.decode("utf-8", "replace")


def _webp(data: bytes) -> Iterator[str]:
    at = 12
    while at + 8 <= len(data):
        kind, size = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])[0]
        if kind in (b"EXIF", b"XMP "):
            yield _runs(data[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)


def _runs(body: bytes) -> str:
    """The readable texts of a block of mixed bytes, those of two bytes a letter too."""
    found = _RUNS.findall(body.decode("utf-8", "replace").replace("�", "\x00"))
    found += _RUNS.findall(body.decode("utf-16-le", "replace")) if b"\0" in body else []
    return "\n".join(text for text in found if (text.isprintable() and text.isascii()) or " " in text)
