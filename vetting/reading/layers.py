"""What encoding hides: base64, hex, escapes, character codes, reversed text, compressed bytes and archives, decoded.

Bounded in depth, pieces and bytes, and what a bound cut off is told, never dropped in silence. Nothing is run, and
nothing is unpickled or unmarshalled.
"""

import base64
import binascii
import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from vetting.reading.text import decode

DEPTH = 4
PIECES = 400
BYTES = 12_000_000
MEMBER = 4_000_000

_BASE64 = re.compile(r"(?<![\w+/=.-])[A-Za-z0-9+/_-]{20,200000}={0,2}(?![\w+/=])")
_HEX = re.compile(r"(?<![\w])(?:0x)?(?:[0-9a-fA-F]{2}){16,100000}(?![\w])")
_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2}|\\u00[0-9a-fA-F]{2}|\\[0-3][0-7]{2}){6,50000}")
_CODES = re.compile(r"(?:fromCharCode\s{0,3}\(|\[|\bchr\()\s{0,3}(\d{2,3}(?:\s{0,3},\s{0,3}\d{2,3}){9,20000})")
_CHR = re.compile(r"(?:chr\(\d{2,3}\)\s{0,3}[+.]\s{0,3}){6,4000}chr\(\d{2,3}\)")
_PERCENT = re.compile(r"(?:%[0-9a-fA-F]{2}){8,20000}")
_REVERSED = re.compile(
    r"[\"']([^\"'\n]{12,4000})[\"']\s{0,3}(?:\[::-1\]|\.split\([\"']{2}\)\.reverse\(\))|\brev\b\s{0,3}<<<\s{0,3}[\"']([^\"'\n]{12,4000})|echo\s{1,3}[\"']([^\"'\n]{12,4000})[\"']\s{0,3}\|\s{0,3}rev\b"
)
_ROT13 = re.compile(
    r"(?:codecs\.decode\(|rot_?13\()\s{0,3}[\"']([^\"'\n]{8,4000})[\"']|echo\s{1,3}[\"']([^\"'\n]{8,4000})[\"']\s{0,3}\|\s{0,3}tr\s{1,3}[\"']?a-zA-Z"
)
_ART = re.compile(rb"[\x20-\x7e\t\r\n]")


@dataclass(frozen=True, slots=True)
class Layer:
    """A text that was hidden: how (the chain of encodings), and where its carrier stands."""

    text: str
    how: str
    offset: int
    carrier: str
    binary: bool = False


def looks_like_text(data: bytes) -> bool:
    if len(data) < 6:
        return False
    sample = data[:4096]
    return len(_ART.findall(sample)) > len(sample) * 0.93


def _opened(data: bytes) -> tuple[bytes, str]:
    """Decompressed, when the bytes say they are compressed."""
    try:
        if data[:2] == b"\x1f\x8b":
            return gzip.GzipFile(fileobj=io.BytesIO(data)).read(MEMBER), "gzip"
        if data[:3] == b"BZh":
            return bz2.BZ2Decompressor().decompress(data, MEMBER), "bzip2"
        if data[:6] == b"\xfd7zXZ\0":
            return lzma.LZMADecompressor().decompress(data, MEMBER), "xz"
        if data[:1] == b"\x78" and data[1:2] in (b"\x01", b"\x5e", b"\x9c", b"\xda"):
            return zlib.decompressobj().decompress(data, MEMBER), "zlib"
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        pass
    return data, ""


def _from_base64(word: str) -> bytes | None:
    if (
        word.isdigit()
        or (word.islower() and len(word) < 40)
        or ("/" in word and word.count("/") > len(word) / 12 and "+" not in word)
    ):
        return None
    word = word.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(word + "=" * (-len(word) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _candidates(text: str) -> Iterator[tuple[str, bytes, int, str]]:
    """(how, decoded bytes, offset, carrier) of everything in a text that may be an encoding."""
    for match in _BASE64.finditer(text):
        data = _from_base64(match.group())
        if data:
            yield "base64", data, match.start(), match.group()
    for match in _HEX.finditer(text):
        yield "hex", bytes.fromhex(match.group().removeprefix("0x")), match.start(), match.group()
    if "\\" in text:
        for match in _ESCAPES.finditer(text):
            raw = re.sub(r"\\u00|\\x", "", match.group()) if "\\x" in match.group() or "\\u" in match.group() else ""
            if raw and len(raw) % 2 == 0 and "\\" not in raw:
                yield "escapes", bytes.fromhex(raw), match.start(), match.group()
            elif not raw:
                yield (
                    "escapes",
                    bytes(int(o, 8) for o in re.findall(r"\\([0-3][0-7]{2})", match.group())),
                    match.start(),
                    match.group(),
                )
    for match in _CODES.finditer(text):
        codes = [int(c) for c in re.findall(r"\d{2,3}", match.group(1))]
        if all(c < 128 for c in codes):
            yield "character codes", bytes(codes), match.start(), match.group()
    if "chr(" in text:
        for match in _CHR.finditer(text):
            yield (
                "character codes",
                bytes(int(c) & 127 for c in re.findall(r"\d{2,3}", match.group())),
                match.start(),
                match.group(),
            )
    if "%" in text:
        for match in _PERCENT.finditer(text):
            yield "percent", unquote(match.group()).encode(), match.start(), match.group()
    yield from _turned(text)


def _turned(text: str) -> Iterator[tuple[str, bytes, int, str]]:
    if "[::-1]" in text or "reverse()" in text or "rev" in text:
        for match in _REVERSED.finditer(text):
            word = next(filter(None, match.groups()))
            yield "reversed", word[::-1].encode(), match.start(), match.group()
    if "rot" in text or "codecs" in text or "a-zA-Z" in text:
        for match in _ROT13.finditer(text):
            word = next(filter(None, match.groups()))
            shifted = word.translate(
                str.maketrans(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                    "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm",
                )
            )
            yield "rot13", shifted.encode(), match.start(), match.group()


class Budget:
    """What all decoding of one skill may cost together."""

    def __init__(self) -> None:
        self.pieces, self.bytes = PIECES, BYTES
        self.cut: list[str] = []

    def spend(self, size: int, what: str) -> bool:
        if self.pieces <= 0 or self.bytes < size:
            if len(self.cut) < 20:
                self.cut.append(what)
            return False
        self.pieces -= 1
        self.bytes -= size
        return True


def layers_of(text: str, budget: Budget) -> list[Layer]:
    """Every readable text hidden in a text, however many times it was wrapped."""
    out: list[Layer] = []
    pending = [(text, "", 0, "", 0)]
    while pending:
        inside, how, offset, carrier, depth = pending.pop()
        for kind, data, at, word in _candidates(inside):
            data, packed = _opened(data)
            chain = " → ".join(filter(None, [how, kind, packed]))
            place, token = (offset, carrier) if carrier else (at, word)
            if not looks_like_text(data):
                if data[:4] in (b"\x7fELF", b"PK\x03\x04") or data[:2] == b"MZ":
                    out.append(Layer("", chain, place, token, True))
                continue
            if not budget.spend(len(data), chain):
                return out
            hidden = data.decode("utf-8", "replace")
            out.append(Layer(hidden, chain, place, token))
            if depth + 1 < DEPTH:
                pending.append((hidden, chain, place, token, depth + 1))
    return out


def members_of(path: str, data: bytes, budget: Budget, depth: int = 0) -> Iterator[tuple[str, bytes | None, str]]:
    """(path, bytes, trouble) of what an archive, an office file or a compressed file holds; bytes None: not readable."""
    if depth >= DEPTH:
        yield path, None, "nested too deep"
        return
    try:
        if data[:4] == b"PK\x03\x04":
            inner = _zip(path, data, budget)
        elif tarfile.is_tarfile(io.BytesIO(data)) and (
            data[257:262] == b"ustar" or data[:2] in (b"\x1f\x8b", b"BZ") or data[:3] == b"\xfd7z"
        ):
            inner = _tar(path, data, budget)
        else:
            opened, how = _opened(data)
            inner = (
                [(f"{path}!{how}", opened, "")]
                if how and budget.spend(len(opened), path)
                else [(path, None, "packed in a form that is not read")]
            )
        for name, content, trouble in inner:
            if (content and content[:4] in (b"PK\x03\x04",)) or (content and content[:2] == b"\x1f\x8b"):
                yield from members_of(name, content, budget, depth + 1)
            else:
                yield name, content, trouble
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
    ) as error:
        yield path, None, f"cannot be unpacked: {str(error)[:80]}"


def _zip(path: str, data: bytes, budget: Budget) -> Iterator[tuple[str, bytes | None, str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist()[:2000]:
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                yield f"{path}!{info.filename}", None, "behind a password"
            elif info.file_size > MEMBER or not budget.spend(info.file_size, path):
                yield f"{path}!{info.filename}", None, "larger than the limit"
            else:
                with archive.open(info) as member:
                    yield f"{path}!{info.filename}", member.read(MEMBER), ""


def _tar(path: str, data: bytes, budget: Budget) -> Iterator[tuple[str, bytes | None, str]]:
    opened, _ = _opened(data)
    with tarfile.open(fileobj=io.BytesIO(opened)) as archive:
        for count, info in enumerate(archive):
            if count > 2000:
                yield path, None, "more members than the limit"
                return
            if not info.isreg():
                continue
            if info.size > MEMBER or not budget.spend(info.size, path):
                yield f"{path}!{info.name}", None, "larger than the limit"
            else:
                member = archive.extractfile(info)
                yield f"{path}!{info.name}", member.read(MEMBER) if member else None, ""


def printable_runs(data: bytes) -> str:
    """The readable strings of a binary, one a line, as `strings` would show them."""
    return "\n".join(m.group().decode("ascii") for m in re.finditer(rb"[\x20-\x7e]{6,400}", data[:MEMBER]))


def text_of(data: bytes) -> str | None:
    found = decode(data)
    return found[0] if found else None
