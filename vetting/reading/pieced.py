"""A program whose texts stand in one piece, and what is known of those that did not.

`PutTogether` is what every language shares: what an expression gives is worked out once, within bounds. python/plain.py and
javascript/plain.py say what their expressions are.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

# Said of a program in which more is put together than is worked out.
IN_PIECES = "texts that are put together from more pieces than are followed"
LONGEST = 60_000  # characters of one text that is put together
LIMIT = 600_000  # characters of a program, as the parsers have it
WRITTEN = 1_200_000  # characters of all texts of one program that are written anew
A_STEP = 300  # characters that are put together in one step
NAME = 40  # characters of a text that may be a name in disguise
Edit = tuple[int, int, str, str]  # start, end, how it is written now, and the text that it is
# Nothing but a comment follows on this line.
_LINE_ENDS = re.compile(rb"[ \t\r]*+(?:#[^\n]*+)?(?:\n|\Z)")

Node = TypeVar("Node")


@dataclass(frozen=True, slots=True)
class Plain:
    """made holds the short texts that were put together, each with its line, counted from 0; whole says whether all were."""

    text: str
    whole: bool = True
    made: tuple[tuple[str, int], ...] = ()


NOTHING_KNOWN = Plain("")


def rewritten(data: bytes, edits: list[Edit], whole: bool, filling: bytes) -> Plain:
    """The text with these places written anew; as many lines as a place had, it has.

    Filling is what ends a line after which an expression goes on; where the line ends with it, nothing does.
    """
    out: list[bytes] = []
    made: list[tuple[str, int]] = []
    at = row = 0
    for start, end, written, word in edits:
        row += data.count(b"\n", at, start)
        if 0 < len(word) <= NAME:
            made.append((word, row))
        rows = data.count(b"\n", start, end)
        line_end = b"\n" if _LINE_ENDS.match(data, end) else filling
        out += [data[at:start], written.encode("utf-8", "replace"), line_end * (rows - written.count("\n"))]
        at, row = end, row + rows
    return Plain(b"".join([*out, data[at:]]).decode("utf-8", "replace"), whole, tuple(made))


class PutTogether(Generic[Node]):
    """Works out what an expression gives, as far as that is a text and nothing outside the program decides it.

    steps bounds the expressions of one program that are worked out, deepest how far functions and expressions may stand in
    one another; whole is false once a bound was met.
    """

    identity: Callable[[Node], Hashable]

    def __init__(self, data: bytes, steps: int, deepest: int) -> None:
        self.data, self.steps, self.deepest = data, steps, deepest
        self.depth, self.whole, self.room = 0, True, WRITTEN
        self._memo: dict[Hashable, str | None] = {}
        self._inside: set[Hashable] = set()  # functions that are being worked out

    def text(self, node: Node, names: dict[str, str]) -> str | None:
        """The text that the expression gives where these names are known, or None."""
        if names:
            return self._within(node, names)
        key = self.identity(node)
        if key not in self._memo:
            self._memo[key] = self._within(node, names)
        return self._memo[key]

    def _within(self, node: Node, names: dict[str, str]) -> str | None:
        self.steps -= 1
        if self.steps < 0 or self.depth > self.deepest:
            self.whole = False
            return None
        self.depth += 1
        try:
            return self._text(node, names)
        finally:
            self.depth -= 1

    def _text(self, node: Node, names: dict[str, str]) -> str | None:
        raise NotImplementedError

    def _joined(self, parts: Sequence[Node], glue: str, names: dict[str, str]) -> str | None:
        out: list[str] = []
        for part in parts:
            if (word := self.text(part, names)) is None:
                return None
            out.append(word)
        size = sum(map(len, out)) + len(glue) * len(out)
        self.steps -= size // A_STEP
        if size > LONGEST:
            self.whole = False
            return None
        return glue.join(out)

    def _fits(self, word: str) -> bool:
        """May this text be written into the program? A program may ask for a long one again and again."""
        self.room -= len(word)
        self.whole = self.whole and self.room >= 0
        return self.room >= 0

    def _known(self, given: Iterable[tuple[str, Node]], names: dict[str, str]) -> dict[str, str]:
        """The names of a function's parameters that are given a text, each with it."""
        return {name: word for name, value in given if (word := self.text(value, names)) is not None}

    def _given(self, function: Node, gives: Node, names: dict[str, str]) -> str | None:
        """What a function gives; one that asks itself for that never gives a text."""
        key = self.identity(function)
        if key in self._inside:
            return None
        self._inside.add(key)
        try:
            return self.text(gives, names)
        finally:
            self._inside.discard(key)

    def _side_by_side(self, parts: Sequence[Node]) -> tuple[list[tuple[list[Node], str]], list[Node]]:
        """What follows one another in a sum that is not known as a whole, with the text it gives; and the other parts."""
        runs: list[tuple[list[Node], str]] = []
        left: list[Node] = []
        run: list[tuple[Node, str]] = []
        for part in [*parts, None]:
            word = self.text(part, {}) if part is not None else None
            if part is not None and word is not None:
                run.append((part, word))
                continue
            if len(run) > 1:
                runs.append(([one for one, _ in run], "".join([word for _, word in run])))
            else:
                left += [one for one, _ in run]
            run = []
            left += [part] if part is not None else []
        return runs, left
