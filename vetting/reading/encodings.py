"""What in a text may be an encoding, decoded one step: base64, base32, hex, escapes, codes, percent, turned letters."""

import base64
import binascii
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote_to_bytes

Candidate = tuple[str, bytes, int, str]  # (how, decoded bytes, offset, carrier)

_BASE64 = re.compile(r"(?<![\w+/.-])[A-Za-z0-9+/_-]{20,}+={0,2}(?![\w+/=])")
# Lines of one length and a last shorter one, as `base64` prints them.
_WRAPPED = re.compile(
    r"(?:^[ \t>#*]{0,12}[A-Za-z0-9+/]{40,128}[ \t\r]{0,3}\n){2,}+([ \t>#*]{0,12}[A-Za-z0-9+/]{1,128}={0,2})?", re.M
)
# A word cut into string literals that are joined again.
_JOINED = re.compile(
    r"[\"'][A-Za-z0-9+/=_-]{4,}+[\"'](?:\s{0,20}[+.,\\]?\s{0,20}[\"'][A-Za-z0-9+/=_-]{2,}+[\"']){1,2000}"
)
_JOINT, _NO_LETTER = re.compile(r"[\"']\s*\+\s*[\"']"), re.compile(r"[^A-Za-z0-9+/=_-]")
_BASE32 = re.compile(r"(?<![\w=])(?:[A-Z2-7]{8}){4,}+(?:[A-Z2-7]{2,7}={1,6})?(?![\w=])")
_HEX = re.compile(r"(?<![\w])(?:0x)?(?:[0-9a-fA-F]{2}){16,}+(?![\w])")
_PAIRS = re.compile(r"(?<![\w])[0-9a-fA-F]{2}(?:[ :,-][0-9a-fA-F]{2}){15,}+(?![\w])")
_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2}|\\u00[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]{2}\}|\\[0-3][0-7]{2}){6,}+")
_NUMBER = r"(?:0x[0-9a-fA-F]{2}|\d{2,3})"
_CODES = re.compile(
    rf"(?:fromCharCode\s{{0,3}}\(|[\[(\{{]|\bchr\()\s{{0,3}}({_NUMBER}(?:\s{{0,12}},\s{{0,12}}{_NUMBER}){{9,}}+)"
)
_TEN_CODES = re.compile(rf"{_NUMBER}(?:,{_NUMBER}){{9}}".encode())
_CHAR = r"(?:chr|fromCharCode|\[char\])\s?\(?\s?\d{2,3}\s?\)?"
_CHR = re.compile(rf"(?:{_CHAR}\s{{0,8}}[+.&]\s{{0,8}}(?:String\.|&?\s?)){{6,}}+(?:{_CHAR})?", re.I)
_MAKES_LETTERS = re.compile(r"chr\s?\(|fromCharCode|\[char\]", re.I)
_PERCENT = re.compile(r"%[0-9a-fA-F]{2}(?:[\w.~/:-]{0,40}%[0-9a-fA-F]{2}){7,}+[\w.~/:-]{0,40}")
_ENTITIES = re.compile(r"(?:&#(?:x[0-9a-fA-F]{2,4}|\d{2,5});){6,}+")
_REVERSED = re.compile(
    r"[\"']([^\"'\n]{12,}+)[\"']\s{0,3}(?:\[::-1\]|\.split\([\"']{2}\)\.reverse\(\))"
    r"|\brev\b\s{0,3}<<<\s{0,3}[\"']([^\"'\n]{12,}+)|echo\s{1,3}[\"']([^\"'\n]{12,}+)[\"']\s{0,3}\|\s{0,3}rev\b"
)
# A literal at its start lets the matcher leap; what stands before it is asked afterwards.
_REV = re.compile(r"rev\b(?<=\brev)")
_ROT13 = re.compile(
    r"(?:codecs\.decode\(|rot_?13\()\s{0,3}[\"']([^\"'\n]{8,}+)[\"']"
    r"|echo\s{1,3}[\"']([^\"'\n]{8,}+)[\"']\s{0,3}\|\s{0,3}tr\s{1,3}[\"']?a-zA-Z"
)
_TURN = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "NOPQRSTUVWXYZABCDEFGHIJKLMnopqrstuvwxyzabcdefghijklm"
)


def _class(characters: str) -> bytes:
    """A table that turns these characters into x and all others into blanks."""
    return bytes(120 if chr(code) in characters else 32 for code in range(256))


_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OF_BASE64 = _class(_DIGITS + _LETTERS + _LETTERS.lower() + "+/_-")
_OF_BASE32 = _class(_LETTERS + "234567")
_OF_HEX = _class(_DIGITS + "abcdefABCDEF")
_OF_PAIRS = _class(_DIGITS + "abcdefABCDEF :,-")
_OF_CODES = _class(_DIGITS + "abcdefABCDEFx,")
_WHITE = b" \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0?"  # and the sign for what is not latin-1, which may be white space too


class _Runs:
    """Says in one quick pass over a text whether so many characters of a class stand in a row, before a pattern looks."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("latin-1", "replace")

    def of(self, table: bytes, length: int, without: bytes = b"") -> bool:
        return b"x" * length in self.data.translate(table, without)

    def hold(self, pattern: re.Pattern[bytes], table: bytes, length: int, without: bytes) -> bool:
        """Does the pattern match within one of such rows?"""
        data = self.data.translate(None, without)
        marked, at, end = data.translate(table), 0, 0
        while (at := marked.find(b"x" * length, end)) >= 0:
            end = marked.find(b" ", at)
            end = len(data) if end < 0 else end
            if pattern.search(data, at, end):
                return True
        return False

    def starts(self, table: bytes, length: int) -> Iterator[int]:
        """Where such a row begins."""
        marked, run, end = self.data.translate(table), b"x" * length, 0
        while (at := marked.find(run, end)) >= 0:
            yield at
            end = marked.find(b" ", at)
            if end < 0:
                return


def candidates(text: str) -> Iterator[Candidate]:
    """Everything in a text that may be an encoding; most of it is not, which the bytes will show."""
    runs = _Runs(text)
    yield from _bases(text, runs)
    for start in runs.starts(_OF_HEX, 32):
        if match := _HEX.match(text, start - 2 if text[max(0, start - 2) : start] == "0x" else start):
            yield "hex", bytes.fromhex(match.group().removeprefix("0x")), match.start(), match.group()
    if runs.of(_OF_PAIRS, 47):
        for match in _PAIRS.finditer(text):
            yield "hex", bytes.fromhex(re.sub("[ :,-]", "", match.group())), match.start(), match.group()
    if "\\" in text:
        for match in _ESCAPES.finditer(text):
            yield "escapes", _unescaped(match.group()), match.start(), match.group()
    yield from _numbers(text, runs)
    if text.count("%") >= 8:
        for match in _PERCENT.finditer(text):
            yield "percent", _unquoted(match.group()), match.start(), match.group()
    if "&#" in text:
        for match in _ENTITIES.finditer(text):
            yield "entities", unescape(match.group()).encode("utf-8", "replace"), match.start(), match.group()
    yield from _turned(text)


def all_candidates(text: str) -> tuple[Candidate, ...]:
    return tuple(candidates(text))


def _bases(text: str, runs: _Runs) -> Iterator[Candidate]:
    for start in runs.starts(_OF_BASE64, 20):
        if (match := _BASE64.match(text, start)) and (data := _from_base64(match.group())):
            yield "base64", data, match.start(), match.group()
    if runs.of(_OF_BASE64, 40):
        for match in _WRAPPED.finditer(text):
            # What stands below the last line may be a word of prose.
            for end in (match.end(), match.start(1)):
                if end > 0 and (data := _from_base64(re.sub(r"[^A-Za-z0-9+/=]", "", text[match.start() : end]))):
                    yield "base64", data, match.start(), match.group()
                    break
    for match in _JOINED.finditer(text):
        if match.end() - match.start() < 20:
            continue
        word = _NO_LETTER.sub("", _JOINT.sub("", match.group()))
        if len(word) >= 20 and (data := _from_base64(word)):
            yield "base64", data, match.start(), match.group()
    yield from _base32(text, runs)


def _base32(text: str, runs: _Runs) -> Iterator[Candidate]:
    for start in runs.starts(_OF_BASE32, 32):
        if (match := _BASE32.match(text, start)) is None:
            continue
        try:
            word = match.group()
            yield "base32", base64.b32decode(word + "=" * (-len(word) % 8)), match.start(), word
        except (binascii.Error, ValueError):
            continue


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


def _unquoted(word: str) -> bytes:
    """In pieces, since the library makes a list of every character."""
    out, at = [], 0
    while at < len(word):
        end = word.find("%", at + 65_536)
        end = len(word) if end < 0 else end
        out.append(unquote_to_bytes(word[at:end]))
        at = end
    return b"".join(out)


def _unescaped(word: str) -> bytes:
    """Escapes of one kind or of several in turn."""
    if len(word) == 4 * word.count("\\x"):
        return bytes.fromhex(word.replace("\\x", ""))
    return bytes(
        int(one[2:].strip("u{}").removeprefix("00") or "0", 16) & 255 if one[1] in "xu" else int(one[1:], 8) & 255
        for one in map(re.Match.group, re.finditer(r"\\x..|\\u00..|\\u\{..\}|\\\d{3}", word))
    )


def _numbers(text: str, runs: _Runs) -> Iterator[Candidate]:
    for match in _CODES.finditer(text) if runs.hold(_TEN_CODES, _OF_CODES, 29, _WHITE) else ():
        codes = [
            int(code, 0) for code in re.findall(_NUMBER, match.group(1)) if code.startswith("0x") or code[0] != "0"
        ]
        if codes and all(code < 256 for code in codes):
            yield "character codes", bytes(codes), match.start(), match.group()
    lower = text.lower()
    if any(word in lower for word in ("chr", "fromcharcode", "[char]")) and _MAKES_LETTERS.search(text):
        for match in _CHR.finditer(text):
            codes = [int(code) & 255 for code in re.findall(r"\d{2,3}", match.group())]
            yield "character codes", bytes(codes), match.start(), match.group()


def _turned(text: str) -> Iterator[Candidate]:
    told = "<<<" in text or "echo" in text
    if "[::-1]" in text or _turns_letters(text) or (told and "rev" in text and _REV.search(text)):
        for match in _REVERSED.finditer(text):
            word = next(filter(None, match.groups()))
            yield "reversed", word[::-1].encode("utf-8", "replace"), match.start(), match.group()
    if "rot13" in text or "rot_13" in text or "codecs.decode" in text or "a-zA-Z" in text:
        for match in _ROT13.finditer(text):
            word = next(filter(None, match.groups()))
            yield "rot13", word.translate(_TURN).encode("utf-8", "replace"), match.start(), match.group()


def _turns_letters(text: str) -> bool:
    """Is something taken apart into letters and turned around, in whatever quotes?"""
    return ".reverse()" in text and any(f".split({quotes}).reverse()" in text for quotes in ("''", '""', "'\"", "\"'"))
