"""Letters as a reader takes them: unseen ones gone, those of other scripts, of mathematics or with strokes turned Latin. Lines stay."""

import re
import unicodedata
from collections.abc import Iterable

from vetting.reading.text import PIECE, windows_of

# What a reader never sees: zero-width and joiner characters, bidirectional controls, soft hyphens, variation
# selectors and the Unicode tag block.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)

# Blanks of other widths, and the sign of Braille that has no dots; at the margin they indent, as they may in other tongues.
_BLANK = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_BLANKS = re.compile(f"(?<=[^\\s\u2800])[ \\t]*+{_BLANK.pattern}[ \\t{_BLANK.pattern[1:]}*+")

# Letters of other scripts that pass for Latin ones. Only words that mix scripts are folded, and lines in which all letters
# of such a script pass for Latin ones, so that honest Russian or Greek text stays what it is.
LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u0410\u0412\u0415\u041a\u041c\u041d"
    "\u041e\u0420\u0421\u0422\u0425\u0406\u03bf\u03b1\u03b5\u03b9\u03c1\u03c5\u0391\u0392\u0395\u0397\u0399\u039a\u039c"
    "\u039d\u039f\u03a1\u03a4\u03a7\u0261\u0131",
    "aeopcyxijshdqABEKMHOPCTXIoaeipuABEHIKMNOPTXgi",
)
# Those that do so at a second glance.
_ALIKE = LOOKALIKES | str.maketrans(
    "\u043a\u0442\u043c\u03ba\u03bd\u03c4\u03f2\u051d\u04cf\u0585\u057d\u0570\u0578\u0581\u0566\u0575\u0251",
    "ktmkvtcwlouhngqja",
)
_SCRIPTS = "\u0370-\u03ff\u0400-\u052f\u0531-\u058f"
_BORROWED = re.compile(f"[{_SCRIPTS}]")
_MIXED = re.compile(f"[A-Za-z][{_SCRIPTS}]|[{_SCRIPTS}][A-Za-z]")
_MIXED_WORD = re.compile(f"(?<![A-Za-z])[A-Za-z]*+[{_SCRIPTS}][A-Za-z{_SCRIPTS}]*")
_TRUE = "".join(chr(code) for code in range(0x370, 0x590) if code not in _ALIKE and chr(code).isalpha())
# A line with Latin words, in which no letter is truly of another script.
_ALL_ALIKE = re.compile(f"(?m)^(?=[^\n]*[A-Za-z]{{3}})(?=[^\n]*[{_SCRIPTS}])[^\n{_TRUE}]+$")
# Latin letters in another dress: raised, in rings and boxes, wide, of mathematics, small capitals.
_RANGES = ((0x1D2C, 0x1D6A), (0x2071, 0x209C), (0x2102, 0x2134), (0x24B6, 0x24E9), (0xFF21, 0xFF5A), (0x1D400, 0x1D6A3), (0x1F130, 0x1F149))  # fmt: skip
_DRESSED = {
    code: letter
    for first, last in _RANGES
    for code in range(first, last + 1)
    if len(letter := unicodedata.normalize("NFKC", chr(code))) == 1 and letter.isascii() and letter.isalpha()
}
_DRESSED |= str.maketrans(
    "\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f\u1d0d\u0274\u1d0f\u1d18\u0280\ua731"
    "\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22",
    "abcdefghijklmnoprstuvwyz",
)


def _in_ranges(codes: Iterable[int]) -> str:
    """The letters for a class of a pattern: one that holds letters beyond 16 bits one by one is searched one by one."""
    ranges: list[tuple[int, int]] = []
    for code in sorted(codes):
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1] = (ranges[-1][0], code)
        else:
            ranges.append((code, code))
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


_IN_DRESS = _in_ranges(_DRESSED)
_DRESS = re.compile(f"[{_IN_DRESS}]")
_DRESSED_WORD = re.compile(f"[{_IN_DRESS}]{{2,}}|(?<=[A-Za-z])[{_IN_DRESS}]|[{_IN_DRESS}](?=[A-Za-z])")
# Marks that are put on a letter; those that make a letter of some language stay, as one with it.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_MARKED = re.compile("[A-Za-z]" + _MARKS.pattern)
# Latin letters with marks that no language has in which checks read.
_RARE = re.compile("[\u1e00-\u1e9a\u1ea0-\u1ef9]")
_DOTTED = {
    code: unicodedata.normalize("NFD", chr(code))[0] for code in (*range(0x1E00, 0x1E9A), *range(0x1EA0, 0x1EFA))
}
_ASCII = bytes(range(128))


def fold(text: str) -> str:
    """The text as a reader would take it."""
    if text.isascii():
        return text
    if len(text) > 2 * PIECE:
        return "".join(fold(text[start:end]) for start, end in windows_of(text, PIECE))
    foreign = _beyond_ascii(text)
    if INVISIBLE.search(foreign):
        text = INVISIBLE.sub("", text)
    if _BLANK.search(foreign):
        text = _BLANKS.sub(" ", text)
    if _BORROWED.search(foreign):
        text = _unmixed(text) if _MIXED.search(text) else text
        text = _ALL_ALIKE.sub(lambda match: match.group().translate(_ALIKE), text)
    if _DRESS.search(foreign):
        text = _DRESSED_WORD.sub(lambda match: match.group().translate(_DRESSED), text)
    if _MARKS.search(foreign):
        text = _MARKED.sub(_composed, text)
    return text.translate(_DOTTED) if _RARE.search(foreign) else text


def _composed(match: re.Match) -> str:
    """The letter with what is one with it in some language, without the strokes and dots that are in none."""
    word = unicodedata.normalize("NFC", match.group())
    return _MARKS.sub("", word).translate(_DOTTED)


def _beyond_ascii(text: str) -> str:
    """Its letters beyond ASCII: few in most texts, so that asking these is cheap."""
    return text.encode("utf-8", "surrogatepass").translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _unmixed(text: str) -> str:
    """Words of two scripts in Latin letters: each once where they are few, since a text may consist of nothing else."""
    words = set(_MIXED_WORD.findall(text))
    if len(words) > 50:
        return _MIXED_WORD.sub(lambda match: _latin(match.group()), text)
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, _latin(word))
    return text


def _latin(word: str) -> str:
    return word.translate(_ALIKE) if re.search("[A-Za-z]", word) else word
