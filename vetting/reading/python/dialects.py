"""Python of other versions as that of the version at hand: what it says stays, on its line, in words that are understood.

Newer: parameters of types, strings that hold their own quotes, exceptions without brackets. Older: statements that are
functions now, marks that are gone. What is made of it is only read, never run.
"""

import re
from collections.abc import Callable, Iterator

from vetting.reading.python.marks import Formatted, Marks, marks_of

Edit = tuple[int, int, str]
DEEP = 6  # formatted strings in one another that are taken apart
TYPES = 2_000  # characters of the parameters of one type

_TYPED = re.compile(r"\b(?:def|class)[ \t]{1,4}\w{1,80}(\[)")
_ALIAS = re.compile(r"^[ \t]{0,80}(type[ \t]{1,4})\w{1,80}[ \t]{0,4}(\[[^=\n]{0,200}\])?[ \t]{0,4}=", re.MULTILINE)
_LAZY = re.compile(r"^[ \t]{0,80}(lazy[ \t]{1,4})(?:from|import)\b", re.MULTILINE)
_EXCEPT = re.compile(
    r"^[ \t]{0,80}except\*?[ \t]{1,4}([^:(\n]{1,200}?,[^:\n]{1,200}?)[ \t]{0,4}(?:as\b[^:\n]{1,80})?:", re.MULTILINE
)
_STATEMENT = re.compile(r"(?:^[ \t]{0,200}|[;:][ \t]{0,8})((?:print|exec)\b(?![ \t]{0,8}[(=.,)\]:\[]))", re.MULTILINE)
_RAISE = re.compile(r"(?:^[ \t]{0,200}|[;:][ \t]{0,8})raise[ \t]{1,4}([\w.]{1,80}[ \t]{0,4},)", re.MULTILINE)
_EXCEPT_OLD = re.compile(r"^[ \t]{0,80}except[ \t]{0,4}[^:\n]{1,200}?(,)[ \t]{0,4}\w{1,80}[ \t]{0,4}:", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.])(0)[0-7]{1,22}(?![\w.])|(?<![\w.])(?:0[xX][0-9a-fA-F]{1,16}|\d{1,22})([lL])\b")
_STATEMENT_ENDS = re.compile(r"[\n\r;#]|\\(?:\r\n|.)", re.DOTALL)
_MARGIN = re.compile(r"^[ \t]*\t[ \t]*", re.MULTILINE)


def newer(text: str, deep: int = DEEP) -> str:
    """Python of later versions, of which 3.11 takes what is left."""
    marks = marks_of(text, nested=True)
    if marks.fault is not None or marks.deepest > deep:
        return text  # no words make a program of it
    text = _edited(text, [_plain(text, one, deep - 1) for one in marks.formatted if _must_be_plain(text, one)])
    marks = marks_of(text, nested=True)
    bare = _bare(text, marks)
    edits = [(start, end, "") for start, end in _typed(bare)]
    edits += [(match.start(1), match.end(1), "") for match in _LAZY.finditer(bare)]
    for match in _ALIAS.finditer(bare):
        edits += [(*match.span(number), "") for number in (1, 2) if match.group(number)]
    for match in _EXCEPT.finditer(bare):
        edits += [(match.start(1), match.start(1), "("), (match.end(1), match.end(1), ")")]
    edits += [(one.start, one.start + len(one.prefix), re.sub("[tT]", "f", one.prefix)) for one in marks.formatted]
    return _edited(text, edits)


def older(text: str) -> str:
    """Python 2. A tab stood for eight columns there."""
    text = _MARGIN.sub(lambda match: match.group().expandtabs(8), text)
    marks = marks_of(text, nested=False)
    if marks.fault is not None:
        return text
    bare = _bare(text, marks)
    edits: list[Edit] = []
    for match, end in _statements(bare, _STATEMENT):
        edits += _called(bare, match, end)
    for match, end in _statements(bare, _RAISE):
        edits += [(match.end() - 1, match.end(), "("), (end, end, ")")]
    edits += [(*match.span(1), " as") for match in _EXCEPT_OLD.finditer(bare)]
    for match in _NUMBER.finditer(bare):
        edits.append((match.end(1), match.end(1), "o") if match.group(1) else (*match.span(2), ""))
    edits += [(match.start(), match.end(), "!=") for match in re.finditer("<>", bare)]
    ticks = [match.start() for match in re.finditer("`", bare)]
    for opening, closing in zip(ticks[::2], ticks[1::2], strict=False):
        edits += [(opening, opening + 1, "repr("), (closing, closing + 1, ")")]
    edits += [(at, at + 1, "") for at, prefix in marks.strings if prefix.lower() == "ur"]
    return _edited(text, edits)


DIALECTS: tuple[Callable[[str], str], ...] = (newer, older)


def _bare(text: str, marks: Marks) -> str:
    """The text with nothing in its strings and comments, all else where it was."""
    out, at = [], 0
    for start, end in marks.aside:
        mark, filler = ("#", " ") if text[start] == "#" else ("s", "s")
        out += [text[at:start], mark, re.sub(r"[^\n\r]", filler, text[start + 1 : end])]
        at = end
    return "".join([*out, text[at:]])


def _edited(text: str, edits: list[Edit]) -> str:
    out, at = [], 0
    for start, end, word in sorted(edits):
        if start >= at:
            out += [text[at:start], word, "\n" * (text.count("\n", start, end) - word.count("\n"))]
            at = end
    return "".join([*out, text[at:]])


def _typed(bare: str) -> Iterator[tuple[int, int]]:
    """Where the parameters of types stand; none stand in one another."""
    at = 0
    while match := _TYPED.search(bare, at):
        start, at = match.start(1), _closed(bare, match.start(1))
        yield start, at


def _closed(bare: str, at: int) -> int:
    """Where the bracket that opens here is closed."""
    depth = 0
    for match in re.compile(r"[\[\]]").finditer(bare, at, at + TYPES):
        depth += 1 if match.group() == "[" else -1
        if depth == 0:
            return match.end()
    return min(at + TYPES, len(bare))


def _statements(bare: str, pattern: re.Pattern) -> Iterator[tuple[re.Match, int]]:
    """Each such statement and where it ends; none stands in another, so that each letter is looked at once."""
    at = 0
    while match := pattern.search(bare, at):
        at = _statement_end(bare, match.end())
        yield match, at


def _statement_end(bare: str, at: int) -> int:
    """Where a statement ends that goes on as long as a bracket is open or its line says so."""
    depth = 0
    for match in re.compile(r"[()\[\]{}]|" + _STATEMENT_ENDS.pattern, re.DOTALL).finditer(bare, at):
        mark = match.group()
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark[0] != "\\" and (depth <= 0 or mark == ";"):
            return match.start()
    return len(bare)


def _called(bare: str, match: re.Match, end: int) -> list[Edit]:
    """A statement as the call of a function; where it says into what, that is an argument."""
    if not bare[match.end() : end].strip():
        return []
    start = match.end()
    into = re.compile(r"[ \t]{0,8}>>").match(bare, start)
    edits = [(start, into.end() if into else start, "("), (end, end, ")")]
    if match.group(1) == "exec" and (word := re.compile(r"\bin\b").search(bare, start, end)):
        edits.append((*word.span(), ","))
    return edits


def _must_be_plain(text: str, one: Formatted) -> bool:
    """Does a string hold in its fields what only later versions take there?"""
    return any(
        one.quote[0] in text[start:end] or "\\" in text[start:end] or "\n" in text[start:end] or "#" in text[start:end]
        for start, end in one.fields
    )


def _plain(text: str, one: Formatted, deep: int) -> Edit:
    """A formatted string as a sum: its letters are strings, its fields are what stands in them."""
    raw = re.sub("[fFtT]", "", one.prefix)
    at, parts = one.start + len(one.prefix) + len(one.quote), []
    for start, end in [*one.fields, (one.end - len(one.quote) + 1, 0)]:
        letters = text[at : start - 1].replace("{{", "{").replace("}}", "}")
        parts.append(f"{raw}{one.quote}{letters}{one.quote}" if letters else '""')
        if end:
            parts.append(f"str({_value(newer(text[start:end], deep))})")
        at = end + 1
    return one.start, one.end, "(" + " + ".join(parts) + ")"


def _value(inside: str) -> str:
    """What a field holds, without how it is to be written."""
    bare = _bare(inside, marks_of(inside, nested=False))
    depth = 0
    for match in re.finditer(r"[()\[\]{}]|!(?==?[^=]|[rsa]\b)|(?<![=!<>]):|=\s*$", bare):
        mark = match.group()
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif (depth == 0 and mark != "!") or (
            mark == "!" and depth == 0 and bare[match.end() : match.end() + 1] != "="
        ):
            return inside[: match.start()]
    return inside
