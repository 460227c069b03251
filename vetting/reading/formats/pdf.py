"""PDF files: the text of their streams (plain or Flate) in the order they stand, and the actions they hold."""

import base64
import re
import zlib
from dataclasses import dataclass, field

STREAMS = 2_000
BYTES = 8_000_000
ALL_BYTES = 24_000_000  # of all documents of one skill
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/Filter\s{0,4}(?:\[([^\]]{1,200})\]|(/\w{1,30}))")
# Opening the file may run these; a link that waits for a click is none of them.
_ACTION = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia)\b(?!\s{0,4}/)")
_SHOWN = re.compile(
    rb"\(((?:[^()\\]|\\.|\([^()]{0,200}\)){0,4000})\)\s{0,4}(?:Tj|'|\")|\[((?:[^\]\\]|\\.){0,20000})\]\s{0,4}TJ"
    rb"|<([0-9A-Fa-f\s]{4,20000})>\s{0,4}Tj|(T\*|ET|Td|TD)\b",
    re.S,
)
_STRING = re.compile(rb"\(((?:[^()\\]|\\.|\([^()]{0,200}\)){0,4000})\)", re.S)
_SCRIPT = re.compile(rb"/JS\s{0,4}\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.){0,2000}\)){1,20000})\)", re.S)
_NOTE = re.compile(rb"/(?:Contents|Title|Subject|Keywords|Author|URI|F|P)\s{0,4}\(((?:[^()\\]|\\.){1,4000})\)", re.S)
_ESCAPE = re.compile(rb"\\([nrtbf()\\]|[0-7]{1,3}|\r?\n)", re.S)
_PLAIN = {b"n": b"\n", b"r": b"\n", b"t": b"\t", b"b": b"", b"f": b"", b"(": b"(", b")": b")", b"\\": b"\\"}


@dataclass
class Room:
    """Bytes that may still be unpacked: whatever a filter gives out counts, also where the next one leaves nothing of it."""

    left: int = ALL_BYTES


@dataclass
class Pdf:
    """text is what a reader would extract; unread says what it would and this did not."""

    text: str = ""
    scripts: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_pdf(data: bytes, room: Room | None = None) -> Pdf:
    """One document; room is what all of a skill may unpack to together."""
    pdf, rows, room = Pdf(), [], room or Room()
    own = Room(given := max(0, min(BYTES, room.left)))
    bodies = [data, *_streams(data, pdf, own)]
    room.left -= given - own.left
    if b"/Encrypt" in data:
        pdf.unread.append("encrypted")
    for number, body in enumerate(bodies):
        pdf.scripts += [_text(match.group(1)) for match in _SCRIPT.finditer(body)]
        pdf.actions += [match.group()[1:].decode() for match in _ACTION.finditer(body)]
        rows += [_text(match.group(1)) for match in _NOTE.finditer(body)]
        if number:
            rows.append(_shown(body))
    pdf.text = "\n".join(row for row in rows if row.strip())
    pdf.actions = sorted(set(pdf.actions))
    return pdf


def _streams(data: bytes, pdf: Pdf, room: Room) -> list[bytes]:
    out: list[bytes] = []
    before = 0
    for count, match in enumerate(_STREAM.finditer(data)):
        if data[match.start() - 3 : match.start()] == b"end":
            continue
        end = data.find(b"endstream", match.end())
        body = data[match.end() : end if end >= 0 else len(data)]
        head = data[max(before, match.start() - 1000) : match.start()]
        before = match.end()
        if b"/Image" in head or b"/FontFile" in head:
            continue
        if count >= STREAMS or room.left <= 0:
            pdf.unread.append("more streams than the limit")
            break
        listed = (_FILTER.findall(head[head.rfind(b"obj") :]) or [(b"", b"")])[-1]
        filters = re.findall(rb"/(\w{1,30})", b"".join(listed))
        for packed in filters:
            body = _opened(body, packed, room, pdf)
            room.left -= len(body)
        room.left -= 0 if filters else len(body)
        out.append(body)
    return out


def _opened(body: bytes, packed: bytes, room: Room, pdf: Pdf) -> bytes:
    """One filter of a stream taken off; of a picture, or of what is not read, nothing is left."""
    if packed in (b"ASCII85Decode", b"A85", b"ASCIIHexDecode", b"AHx"):
        return _from_ascii(body, packed, pdf)
    if packed not in (b"FlateDecode", b"Fl"):
        if packed not in (b"DCTDecode", b"JPXDecode", b"CCITTFaxDecode", b"JBIG2Decode"):
            pdf.unread.append(f"a stream packed as {packed.decode('ascii', 'replace')}")
        return b""
    if room.left <= 0:
        pdf.unread.append("a stream larger than the limit")
        return b""
    opener = zlib.decompressobj()
    try:
        opened = opener.decompress(body, room.left)
    except zlib.error:
        pdf.unread.append("a stream that does not unpack")
        return b""
    if opener.unconsumed_tail:
        pdf.unread.append("a stream larger than the limit")
    return opened


def _from_ascii(body: bytes, packed: bytes, pdf: Pdf) -> bytes:
    end = b"~>" if packed.startswith((b"ASCII85", b"A85")) else b">"
    text = body.partition(end)[0].strip().removeprefix(b"<~")
    try:
        if end == b"~>":
            return base64.a85decode(text)
        digits = re.sub(rb"\s", b"", text)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    except ValueError:
        pdf.unread.append("a stream that does not unpack")
        return b""


def _shown(body: bytes) -> str:
    """The strings that a content stream draws; a new line where the pen moves."""
    out: list[str] = []
    for match in _SHOWN.finditer(body):
        if match.group(4):
            out.append("\n")
        elif match.group(3):
            out.append(_hex(match.group(3)))
        else:
            pieces = [match.group(1)] if match.group(1) is not None else _STRING.findall(match.group(2) or b"")
            out.append("".join(_text(piece) for piece in pieces))
    return re.sub(r"\n{2,}", "\n", "".join(out))


def _hex(digits: bytes) -> str:
    digits = re.sub(rb"\s", b"", digits)
    return _text(bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode()))


def _text(raw: bytes) -> str:
    raw = _ESCAPE.sub(_unescaped, raw)
    if raw[:2] == b"\xfe\xff":
        return raw[2:].decode("utf-16-be", "replace")
    return raw.decode("latin-1").replace("\0", "")


def _unescaped(match: re.Match) -> bytes:
    word = match.group(1)
    return bytes([int(word, 8) & 255]) if word[:1].isdigit() else _PLAIN.get(word, b"")
