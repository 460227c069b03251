"""PDF files: the text of their streams (plain or Flate) in the order they stand, and the actions they hold."""

import base64
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

STREAMS = 2_000
BYTES = 8_000_000
ALL_BYTES = 24_000_000  # of all documents of one skill
_STREAM = re.compile(rb"stream\r?\n")
_FILTER = re.compile(rb"/Filter\s{0,4}(?:\[([^\]]{1,200})\]|(/\w{1,30}))")
# Opening the file may run these; a link that waits for a click is none of them.
_ACTION = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia)\b(?!\s{0,4}/)")
# What a content stream is made of, as far as it shows text: strings, the orders to draw them, and moves of the pen.
_TOKEN = re.compile(rb"(\()|<([0-9A-Fa-f\s]{4,}+)>|(T[jJ]|'|\")|(T\*|ET|T[dDm]|BT)\b")
_BRACKET = re.compile(rb"\\.|[()]", re.S)
_SCRIPT = re.compile(rb"/JS\s{0,4}\(")
_NOTE = re.compile(rb"/(?:Contents|Title|Subject|Keywords|Author|URI|F|P)\s{0,4}\(")
_PICTURE = re.compile(rb"/Image\b|/Length1\b|/Subtype\s{0,4}/(?:CID)?(?:Font)?(?:Type[01]C|Type0C|OpenType)\b")
# A number of its own, at the end of what stands before a stream; and the numbers of the streams that pages are made of.
_NUMBER = re.compile(rb"(\d{1,9})\s{1,9}\d{1,5}\s{1,9}obj\b")
_PAGES = re.compile(rb"/Contents\s{0,9}(?:\[([^\]]*+)\]|(\d{1,9}\s{1,9}\d{1,5}\s{1,9}R))")
_LISTED = re.compile(rb"\bobj\s{0,9}\[((?:\s*+\d{1,9}\s++\d{1,5}\s++R)++)\s*+\]")
_REFERENCE = re.compile(rb"(\d{1,9})\s{1,9}\d{1,5}\s{1,9}R")
# Letters of a name may be written by their numbers.
_NAME = re.compile(rb"/[\w.+-]{0,60}#[\w#.+-]{1,60}")
_CODED = re.compile(rb"#([0-9A-Fa-f]{2})")
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
    bodies = [_named(data), *_streams(data, pdf, own)]
    room.left -= given - own.left
    if b"/Encrypt" in data:
        pdf.unread.append("encrypted")
    for number, body in enumerate(bodies):
        pdf.scripts += _strings_behind(_SCRIPT, body)
        pdf.actions += [match.group()[1:].decode() for match in _ACTION.finditer(body)]
        rows += _strings_behind(_NOTE, body)
        if number:
            rows.append(_shown(body))
    pdf.text = "\n".join(row for row in rows if row.strip())
    pdf.actions = sorted(set(pdf.actions))
    return pdf


def _named(data: bytes) -> bytes:
    """With all names in plain letters."""
    return _NAME.sub(lambda name: _CODED.sub(lambda one: bytes([int(one[1], 16)]), name.group()), data)


@dataclass
class _Stream:
    """What stands before it, which says what it is and how it is packed, and its bytes."""

    head: bytes
    body: bytes

    @property
    def number(self) -> bytes:
        found = _NUMBER.match(self.head)
        return found.group(1) if found else b""

    @property
    def is_picture(self) -> bool:
        """Does it call itself a picture or a font? Nobody reads text in it then, unless a page is made of it."""
        return bool(_PICTURE.search(self.head)) and b"/Form" not in self.head


def _streams(data: bytes, pdf: Pdf, room: Room) -> list[bytes]:
    found = list(_found(data, pdf))
    out: list[bytes] = []
    for stream in found:
        if not stream.is_picture:
            _read(stream, room, out, pdf)
    pages = _of_pages([_named(data), *out])
    for stream in found:
        if stream.is_picture and stream.number in pages:
            _read(stream, room, out, pdf)
    return out


def _found(data: bytes, pdf: Pdf) -> Iterator[_Stream]:
    before, count = 0, 0
    for match in _STREAM.finditer(data):
        if data[match.start() - 3 : match.start()] == b"end":
            continue
        end = data.find(b"endstream", match.end())
        head = data[max(before, match.start() - 4000) : match.start()]
        own = max((one.start() for one in _NUMBER.finditer(head)), default=0)
        before, count = match.end(), count + 1
        if count > STREAMS:
            pdf.unread.append("more streams than the limit")
            return
        yield _Stream(_named(head[own:]), data[match.end() : end if end >= 0 else len(data)])


def _read(stream: _Stream, room: Room, out: list[bytes], pdf: Pdf) -> None:
    if room.left <= 0:
        pdf.unread.append("more streams than the limit")
        return
    body = stream.body
    listed = (_FILTER.findall(stream.head) or [(b"", b"")])[-1]
    filters = re.findall(rb"/(\w{1,30})", b"".join(listed))
    for packed in filters:
        body = _opened(body, packed, room, pdf)
        room.left -= len(body)
    room.left -= 0 if filters else len(body)
    if b"/Predictor" in stream.head and not re.search(rb"/Predictor\s{0,4}1\b|/XRef\b", stream.head):
        pdf.unread.append("a stream whose bytes are kept as differences")
    out.append(body)


def _of_pages(bodies: Iterable[bytes]) -> set[bytes]:
    """The numbers of the streams that pages are made of."""
    out: set[bytes] = set()
    for body in bodies:
        for listed, one in _PAGES.findall(body):
            out.update(_REFERENCE.findall(listed or one))
        for listed in _LISTED.findall(body):
            out.update(_REFERENCE.findall(listed))
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


def _string(body: bytes, start: int) -> tuple[bytes, int]:
    """What stands between brackets, and where it ends; brackets within it belong to it."""
    depth = 1
    for match in _BRACKET.finditer(body, start):
        depth += {b"(": 1, b")": -1}.get(match.group(), 0)
        if not depth:
            return body[start : match.start()], match.end()
    return body[start:], len(body)


def _strings_behind(key: re.Pattern[bytes], body: bytes) -> list[str]:
    """What stands between the brackets that follow a key."""
    out: list[str] = []
    at = 0
    while match := key.search(body, at):
        piece, at = _string(body, match.end())
        out.append(_text(piece))
    return out


def _shown(body: bytes) -> str:
    """The strings that a content stream draws; a new line where the pen moves."""
    out: list[str] = []
    held: list[str] = []
    at = 0
    while match := _TOKEN.search(body, at):
        at = match.end()
        if match.group(1):
            piece, at = _string(body, at)
            held.append(_text(piece))
        elif match.group(2):
            held.append(_hex(match.group(2)))
        else:
            out += held if match.group(3) else ["\n"]
            held = []
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
