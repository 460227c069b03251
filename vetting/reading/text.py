"""Bytes to text without losing a line: encodings, byte-order marks, and where lines are."""

import re
from collections.abc import Iterator

PIECE = 50_000  # characters that are folded at once
WINDOW = 1000  # characters of a text that are looked at together, where it has no form of its own


def decode(data: bytes) -> tuple[str, str] | None:
    """(text, encoding) of a text file, None of a binary one. Nothing is dropped: latin-1 is the last resort."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    head = data[:8192]
    if b"\0" in head:
        return _without_mark(data, head)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    if controls > len(head) * 0.02:
        return None
    return data.decode("latin-1"), "latin-1"


def _without_mark(data: bytes, head: bytes) -> tuple[str, str] | None:
    """UTF-16 and UTF-32 that came without a byte-order mark show as NULs in every second place, or in three of four."""
    quarter = max(1, len(head) // 4)
    nuls = [head[place::4].count(0) for place in range(4)]
    for first, encoding in ((0, "utf-32-le"), (3, "utf-32-be")):
        if nuls[first] < quarter * 0.1 and sum(nuls) > quarter * 2.7:
            return data.decode(encoding, "replace"), encoding
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(1, len(head) // 2)
    if odd > half * 0.7 and even < half * 0.1:
        return data.decode("utf-16-le", "replace"), "utf-16-le"
    if even > half * 0.7 and odd < half * 0.1:
        return data.decode("utf-16-be", "replace"), "utf-16-be"
    return None


# Where a line ends besides at a newline: in prose and data all that a reader takes for a new row; in programs what their
# languages do. A shell and most others take a carriage return alone for a letter like any other.
_ROW_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_PROSE = frozenset(("markdown", "html", "data"))
_BY_RETURN = frozenset(("python", "javascript", "php", "json", "yaml", "toml", "notebook", "css"))


def in_rows(text: str, lang: str) -> str:
    """The text with plain line ends, wherever its language ends a line."""
    if lang in _PROSE and not text.isascii():
        return _ROW_ENDS.sub("\n", text)
    if "\r" not in text:
        return text
    text = text.replace("\r\n", "\n")
    return text.replace("\r", "\n") if lang in _PROSE or lang in _BY_RETURN else text


# Letters that move a writer's head, colour a terminal or do nothing at all, and those that Windows put in their places.
_CONTROLS = re.compile("\x1b\\[[0-9;?]{0,20}[A-Za-z]|[^\n]\x08|[\x01-\x08\x0e-\x1f\x7f-\x9f]")
_WINDOWS = {0x91: "'", 0x92: "'", 0x93: '"', 0x94: '"', 0x96: "-", 0x97: "-"}
_HEADS = str.maketrans("\v\f", "  ")


def without_controls(text: str) -> str:
    """Prose without the letters that nobody sees; a page that is fed begins no new line."""
    if "\v" in text or "\f" in text:
        text = text.translate(_HEADS)
    if not _CONTROLS.search(text):
        return text
    return _CONTROLS.sub("", text if text.isascii() else text.translate(_WINDOWS))


# So many blanks within a line are no form of writing: they put what stands behind them out of a reader's sight.
PADDING = 40
_PADDING = re.compile(rf"(?<=\S)[ \t]{{{PADDING},}}(?=\S)")


def unpadded(text: str) -> str:
    """The text with one blank in the place of many; lines stay."""
    blanks = text.replace("\t", " ") if "\t" in text else text
    return _PADDING.sub(" ", text) if " " * PADDING in blanks else text


# A letter, a digit or a sign of a path that a page spells by its number: nobody needs to. What marks up stays, and a
# run of them is an encoding like others (encodings.py).
_BY_NUMBER = re.compile(r"(?<![0-9A-Fa-f];)&#(?:0{0,4}(\d{2,3})|[xX]0{0,4}([0-9A-Fa-f]{2}));(?!&#)")
_SPELLED = frozenset(map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/~:.-_@$|= "))


def spelled_out(text: str) -> str:
    """The text of a page with the letters that it names by their numbers."""
    return _BY_NUMBER.sub(_by_number, text) if "&#" in text else text


def _by_number(match: re.Match) -> str:
    number = int(match.group(1)) if match.group(1) else int(match.group(2), 16)
    return chr(number) if number in _SPELLED else match.group()


_GOES_ON = re.compile(r"(?<!\\)(?:\\\\)*\\$")
_COMMENTED = re.compile(r"(?:^|\s)#")
_HERE = re.compile(r"<<-?\s{0,3}[\"']?(\w+)")


def in_one_line(text: str) -> str:
    """A shell text in which a command that goes on over several lines stands on the first of them; the others are empty.

    In a comment and in a here-document a backslash at the end continues nothing.
    """
    if "\\\n" not in text:
        return text
    out: list[str] = []
    held: list[str] = []
    ends = ""
    for row in text.split("\n"):
        here = None
        if ends:
            ends = "" if row.strip() == ends else ends
        elif _GOES_ON.search(row) and not _COMMENTED.search(row):
            held.append(row[:-1])
            continue
        elif (here := _HERE.search(row)) and "<<<" not in row:
            ends = here.group(1)
        whole, empty = _behind_one_another([*held, row]), [""] * len(held)
        # What a here-document holds begins right below it.
        out += [*empty, whole] if ends and here else [whole, *empty]
        held = []
    return "\n".join([*out, *held])


def _behind_one_another(rows: list[str]) -> str:
    """The rows as one, with one blank where there was any."""
    out = rows[0]
    for row in rows[1:]:
        blank = " " if out[-1:].isspace() or row[:1].isspace() else ""
        out = out.rstrip() + blank + row.lstrip() if blank else out + row
    return out


_BLANKS = re.compile(r"(?<=\S)(?:[ \t]{2,}+|\t)(?=\S)")
_ROOM = re.compile(r"(?<=\S)[ \t]{3,}+(?=\S)")


def with_one_blank(text: str, few: bool = False) -> str:
    """One blank within a line in the place of several; with few, those of two stay, as programs have them."""
    return (_ROOM if few else _BLANKS).sub(" ", text)


class Lines:
    """Where lines start, so that an offset becomes a line number; a count every few thousand characters is all it keeps."""

    STEP = 4096

    def __init__(self, text: str, first: int = 1) -> None:
        self.text, self.first = text, first
        self.before = [0]
        for at in range(0, len(text), self.STEP):
            self.before.append(self.before[-1] + text.count("\n", at, at + self.STEP))

    def at(self, offset: int) -> int:
        step = min(max(offset, 0), len(self.text)) // self.STEP
        return self.first + self.before[step] + self.text.count("\n", step * self.STEP, offset)


def windows_of(text: str, size: int = WINDOW) -> Iterator[tuple[int, int]]:
    """(start, end) of pieces of about this size that follow one another, cut at a line's end or a blank if there is one."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            cut = text.rfind("\n", start + size // 2, end)
            cut = cut if cut > 0 else text.rfind(" ", start + size // 2, end)
            end = cut + 1 if cut > 0 else end
        yield start, min(end, len(text))
        start = end


def row_at(text: str, offset: int) -> str:
    """The line on which an offset stands."""
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(text)]


def excerpt(text: str, limit: int = 240) -> str:
    """The text on one line, cut in the middle of nothing: its start and, when long, its end."""
    text = " ".join(text[: limit * 8].split())
    if len(text) <= limit:
        return text
    return text[: limit - 41] + " … " + text[-38:]
