"""The marks of a Python text, its strings, comments and brackets: what every version of Python tells apart in one way.

A text whose brackets or strings do not end is no program to any Python. One whose grammar is not understood may be a
program to a newer or an older one.
"""

import re
import unicodedata
from dataclasses import dataclass, field

# A bracket, or where a formatted string goes on in code and back: what opened, and where.
Frame = tuple[str, int]

_MARK = re.compile(
    r"#[^\n\r]*|((?<![A-Za-z0-9_])[A-Za-z]{0,3}+)?(\"\"\"|'''|\"|')|[()\[\]{}:]|[\x01-\x08\x0b\x0e-\x19\x1b-\x1f]"
    r"|[^\x00-\x7f]|\\(?:\r\n|.)",
    re.DOTALL,
)
_CLOSES = {")": "(", "]": "[", "}": "{"}
# Each begins behind the quote that opens the string.
_ENDS = {
    '"': re.compile(r"(?<=\")(?:[^\"\\\n\r]++|\\(?:\r\n|.))*+\"", re.DOTALL),
    "'": re.compile(r"(?<=')(?:[^'\\\n\r]++|\\(?:\r\n|.))*+'", re.DOTALL),
    '"""': re.compile(r"(?<=\"\"\")(?:[^\"\\]++|\\.|\"(?!\"\"))*+\"\"\"", re.DOTALL),
    "'''": re.compile(r"(?<=''')(?:[^'\\]++|\\.|'(?!''))*+'''", re.DOTALL),
}
_OPENS = re.compile(r"#[^\n\r]*|\"\"\"|'''|\"|'")
_FORMATTED = frozenset(("f", "fr", "rf", "t", "tr", "rt"))
_IN_FORMATTED = re.compile(r"\{\{|\}\}|\\N\{[^}\n]{0,90}\}|\\(?:\r\n|.)|[{}\n\r]|\"\"\"|'''|\"|'", re.DOTALL)
_IN_FORM = re.compile(r"[{}\n\r]|\"\"\"|'''|\"|'")
_FIELD, _FORM = "field", "form"


@dataclass(slots=True)
class Formatted:
    """A formatted string: what stands before its quote, the quote, and the bounds of its fields."""

    start: int
    prefix: str
    quote: str
    end: int = 0
    fields: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Marks:
    """Where strings and comments stand, what is still open at the end, and where the text cannot be any Python's."""

    aside: list[tuple[int, int]] = field(default_factory=list)  # strings and comments
    strings: list[tuple[int, str]] = field(default_factory=list)  # where each begins, with its prefix
    formatted: list[Formatted] = field(default_factory=list)  # the outermost ones
    frames: list[Frame] = field(default_factory=list)
    fault: tuple[int, str] | None = None
    quotes: list[str] = field(default_factory=list)  # those of the formatted strings that are open
    deepest: int = 0  # how many were at most

    def wrong(self, at: int, what: str) -> None:
        self.fault = self.fault or (at, what)

    @property
    def depth(self) -> int:
        return len(self.quotes)

    @property
    def closing(self) -> str:
        """What would close the brackets that are open."""
        return "".join({"(": ")", "[": "]", "{": "}"}.get(kind, "") for kind, _ in reversed(self.frames))


def inside_strings(text: str) -> set[int]:
    """The rows that begin within a string, counted from 0; a string that is never ended is taken for none."""
    rows: set[int] = set()
    row = counted = at = 0
    while (match := _OPENS.search(text, at)) is not None:
        start, at = match.span()
        if match.group()[0] == "#":
            continue
        end = _ENDS[match.group()].match(text, at)
        if end is None:
            at = text.find("\n", at) if len(match.group()) == 1 else -1
            if at < 0:
                break
            continue
        at = end.end()
        if "\n" in text[start:at]:
            row += text.count("\n", counted, start)
            counted = start
            rows.update(range(row + 1, row + 1 + text.count("\n", start, at)))
    return rows


def no_python(text: str) -> tuple[int, str] | None:
    """(offset, why) where no Python of any version could run this text.

    A formatted string may hold its own quotes since Python 3.12; the text must be broken with and without that.
    """
    old = marks_of(text, nested=False).fault
    return old and marks_of(text, nested=True).fault and old


def marks_of(text: str, *, nested: bool) -> Marks:
    marks = Marks()
    at = 0
    while at < len(text) and marks.fault is None:
        top = marks.frames[-1][0] if marks.frames else ""
        if top.startswith("f:"):
            at = _in_formatted(text, at, marks)
        elif top == _FORM:
            at = _in_form(text, at, marks)
        else:
            at = _in_code(text, at, marks, nested)
    if marks.frames and marks.fault is None:
        kind, opened = marks.frames[-1]
        is_string = kind.startswith("f:") or kind in (_FIELD, _FORM)
        marks.wrong(opened, "a string that is never ended" if is_string else "a bracket that is never closed")
    return marks


def _in_code(text: str, at: int, marks: Marks, nested: bool) -> int:
    match = _MARK.search(text, at)
    if match is None:
        return len(text)
    mark, start = match.group(), match.start()
    if match.group(2):
        return _string(text, match, marks, nested)
    if mark[0] == "#":
        marks.aside.append(match.span())
    elif mark in "([{":
        marks.frames.append((mark, start))
    elif mark in _CLOSES:
        _close(mark, start, marks)
    elif mark == ":" and marks.frames and marks.frames[-1][0] == _FIELD:
        marks.frames.append((_FORM, start))
    elif mark < " " or (mark > "\x7f" and not _may_be_a_name(mark)):
        marks.wrong(start, "a character that is none of Python's")
    return match.end()


def _may_be_a_name(letter: str) -> bool:
    """Letters, and what a later Unicode may call one."""
    kind = unicodedata.category(letter)
    return f"a{letter}".isidentifier() or kind[0] in "LMN" or kind in ("Cn", "Co")


def _close(mark: str, at: int, marks: Marks) -> None:
    if not marks.frames:
        marks.wrong(at, "a bracket that closes none")
        return
    kind, opened = marks.frames.pop()
    if kind == _FIELD and mark == "}":
        if marks.frames[-1][0] != _FORM and (outer := _outermost(marks)) is not None:
            outer.fields.append((opened + 1, at))
    elif kind != _CLOSES[mark]:
        marks.wrong(at, "a bracket that does not match the one it closes")


def _string(text: str, match: re.Match, marks: Marks, nested: bool) -> int:
    prefix, quote, start = match.group(1) or "", match.group(2), match.start()
    inside = marks.depth > 0
    if nested and prefix.lower() in _FORMATTED:
        if not inside:
            marks.formatted.append(Formatted(start, prefix, quote))
        marks.frames.append((f"f:{quote}", start))
        marks.quotes.append(quote)
        marks.deepest = max(marks.deepest, marks.depth)
        return match.end()
    end = _ENDS[quote].match(text, match.end())
    if end is None:
        marks.wrong(start, "a string that is never ended")
        return len(text)
    if not inside:
        marks.aside.append((start, end.end()))
        marks.strings.append((start, prefix))
    return end.end()


def _outermost(marks: Marks) -> Formatted | None:
    """The formatted string that is being read, where it stands inside no other."""
    return marks.formatted[-1] if marks.depth == 1 else None


def _in_formatted(text: str, at: int, marks: Marks) -> int:
    kind, opened = marks.frames[-1]
    quote = kind[2:]
    match = _IN_FORMATTED.search(text, at)
    while match is not None and not (match.group() in "{\n\r" or match.group().startswith(quote)):
        match = _IN_FORMATTED.search(text, match.end())
    if match is None or (match.group() in "\n\r" and len(quote) == 1):
        marks.wrong(opened, "a string that is never ended")
        return len(text)
    if match.group() in "\n\r":
        return match.end()
    if match.group() == "{":
        marks.frames.append((_FIELD, match.start()))
        return match.end()
    outer = _outermost(marks)
    marks.frames.pop()
    marks.quotes.pop()
    if outer is not None:
        outer.end = match.start() + len(quote)
        marks.aside.append((outer.start, outer.end))
    return match.start() + len(quote)


def _in_form(text: str, at: int, marks: Marks) -> int:
    """How a field is to be written, which may hold fields itself."""
    quote = marks.quotes[-1]
    match = _IN_FORM.search(text, at)
    if match is None or match.group().startswith(quote) or (match.group() in "\n\r" and len(quote) == 1):
        marks.wrong(marks.frames[-1][1], "a string that is never ended")
        return len(text)
    if match.group() == "{":
        marks.frames.append((_FIELD, match.start()))
    elif match.group() == "}":
        marks.frames.pop()
        _close("}", match.start(), marks)
    return match.end()
