"""The tree of a Python text, also of one that does not parse: as another version's, as if it were closed, part by part.

What is left out after all that is told by the caller; a text that no Python could run is no program, and says so.
"""

import ast
import re
import warnings
from collections.abc import Iterator

from vetting.reading.programs import Program
from vetting.reading.python.dialects import DIALECTS
from vetting.reading.python.marks import inside_strings, marks_of, no_python
from vetting.reading.python.trees import last_of
from vetting.reading.value import names_something

LINES_BLANKED = 12
DEEP = 40  # parts within parts
MENDED = 4  # marks that are set right in one part
LONG = 60_000
EACH = 400  # what trying to parse a part costs, however short it is, in characters
_GOES_ON = re.compile(r"[)\]}]|(?:else|elif|except|finally)\b")
_MARGIN = re.compile(r"[ \t\f]*")
_Failures = (SyntaxError, ValueError, RecursionError, MemoryError)
_Part = tuple[int, list[str]]  # the place of its first row, and its rows


def parsed(text: str, program: Program) -> ast.Module:
    try:
        return last_of(text)
    except _Failures as error:
        first = error
    for dialect in DIALECTS if isinstance(first, SyntaxError) else ():
        if (said := dialect(text)) != text and (tree := _tried(said)) is not None:
            return tree
    program.error = f"{type(first).__name__} in line {getattr(first, 'lineno', 0) or 1}: {str(first)[:80]}"
    rows = text.split("\n")
    if program.origin == "file" and (fault := no_python(text)) is not None:
        program.broken, program.broken_at = fault[1], program.line + _row(text, fault[0])
    elif (tree := _blanked(rows, program)) is not None:
        return tree
    body = _Parts(program, len(text)).read(rows, 0, DEEP)
    if not body:
        raise SyntaxError("not Python")
    return ast.Module(body=body, type_ignores=[])


def _row(text: str, offset: int) -> int:
    return text.count("\n", 0, offset)


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _tried(text: str) -> ast.Module | None:
    try:
        return _tree(text)
    except _Failures:
        return None


def _blanked(rows: list[str], program: Program) -> ast.Module | None:
    """The tree without the lines that do not parse, where they are few: fences are often only nearly Python."""
    rows, blanked = list(rows), []
    for _ in range(LINES_BLANKED):
        try:
            tree = _tree("\n".join(rows))
        except _Failures as error:
            at = min(max((getattr(error, "lineno", 0) or 1) - 1, 0), len(rows) - 1)
            if sum(map(len, rows)) > LONG or not isinstance(error, SyntaxError) or not rows[at].strip():
                return None
            blanked.append((at, rows[at]))
            rows[at] = ""
        else:
            for at, row in blanked:
                tree.body += _Parts(program, len(row)).read([row.strip()], at, 0)
            return tree
    return None


class _Parts:
    """Reads part by part. What trying costs is counted in characters, since parts may stand in parts."""

    def __init__(self, program: Program, size: int) -> None:
        self.program, self.left = program, 8 * size + 10 * LONG

    def read(self, rows: list[str], at: int, deep: int) -> list[ast.stmt]:
        """What stands at the left margin begins a part; each is parsed alone, so that a broken one takes no other along."""
        body: list[ast.stmt] = []
        for start, part in _parts(rows):
            readings = _readings(part) if self.left > 0 else ()
            failed: set[str] = set()
            tree = next((tree for text in readings if (tree := self._tried(text, failed)) is not None), None)
            if tree is not None:
                body += ast.increment_lineno(tree, at + start).body
            elif len(part) > 1 and deep:
                body += self._opened(part, at + start, deep)
            else:
                self._left_out(part, at + start)
        return body

    def _tried(self, text: str, failed: set[str]) -> ast.Module | None:
        """What did not parse once is not tried again: most parts are the same in all dialects."""
        self.left -= len(text) + EACH
        if self.left <= 0 or text in failed:
            return None
        failed.add(text)
        return _tried(text)

    def _opened(self, part: list[str], at: int, deep: int) -> list[ast.stmt]:
        """The first line of a part by itself, and what stands below it moved to the margin."""
        below = part[1:]
        margin = min((len(_MARGIN.match(row).group()) for row in below if row.strip()), default=0)
        body = self.read(part[:1], at, 0)
        return body + self.read([row[margin:] for row in below], at + 1, deep - 1)

    def _left_out(self, rows: list[str], at: int) -> None:
        """Lines that do not parse are told where they name what checks look for; a fence may be no program at all."""
        if self.program.origin == "file" and not self.program.left_out and any(map(names_something, rows)):
            self.program.left_out = self.program.line + at


def _parts(rows: list[str]) -> Iterator[_Part]:
    within = inside_strings("\n".join(rows))
    starts = [
        at for at, row in enumerate(rows) if row[:1].strip() and at not in within and not _GOES_ON.match(row)
    ] or [0]
    starts = [0, *starts] if starts[0] and any(row.strip() for row in rows[: starts[0]]) else starts
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        yield start, rows[start:end]


def _readings(part: list[str]) -> Iterator[str]:
    text = "\n".join(part)
    yield text
    if len(text) <= LONG:
        yield from (dialect(text) for dialect in DIALECTS)
        yield from _closed(text)


def _closed(text: str) -> Iterator[str]:
    """The text with its brackets and strings closed, as whoever mends it would; only the last of them is whole."""
    for _ in range(MENDED):
        marks = marks_of(text, nested=False)
        if marks.fault is None:
            return
        at, why = marks.fault
        text = _mended(text, at, why, marks.closing)
        yield text


def _mended(text: str, at: int, why: str, closing: str) -> str:
    if "string" in why:
        quote = re.compile(r"[A-Za-z]{0,3}(\"\"\"|'''|\"|')").match(text, at).group(1)
        end = text.find("\n", at) if len(quote) == 1 else -1
        end = end if end >= 0 else len(text.rstrip())
        return text[:end].rstrip("\r") + quote + text[end:]
    if "closed" in why:
        return text.rstrip() + ("\n" if "#" in text.rsplit("\n", 1)[-1] else "") + closing
    return text[:at] + " " + text[at + 1 :]
