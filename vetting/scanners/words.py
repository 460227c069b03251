"""Which words a text must hold before a rule of an outside tool can match in it: asked before the tool is.

A need is met by a text that holds its words. It may be met by texts in which nothing matches, never the other way.
"""

import re
import string
from collections.abc import Iterable
from dataclasses import dataclass

# Every byte that is no part of a name becomes a space. A letter beyond ASCII counts as none: `éval` then also holds
# `val`, which asks a tool once too often and never once too seldom.
_NAMES = (string.ascii_letters + string.digits + "_").encode()
_APART = bytes(byte if byte in _NAMES else 32 for byte in range(256))


class Text:
    """A text that is asked many times for a few words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: frozenset[bytes] | None = None
        self._folded: str | None = None

    @property
    def names(self) -> frozenset[bytes]:
        """Every name and number that stands in it by itself."""
        if self._names is None:
            self._names = frozenset(self._text.encode("utf-8", "surrogatepass").translate(_APART).split())
        return self._names

    def is_like(self, expression: str) -> bool:
        """Letters beyond ASCII end a word for some tools and not for Python, so either reading will do."""
        if re.search(expression, self._text):
            return True
        return not self._text.isascii() and re.search(expression, self._text, re.ASCII) is not None

    @property
    def folded(self) -> str:
        if self._folded is None:
            self._folded = self._text.casefold()
        return self._folded


@dataclass(frozen=True, slots=True)
class Word:
    """A name as code writes it: neither a part of another nor in other letters."""

    name: bytes


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters that stand anywhere, in either case."""

    folded: str


@dataclass(frozen=True, slots=True)
class Like:
    """What an expression finds somewhere."""

    expression: str


@dataclass(frozen=True, slots=True)
class All:
    """Every one of them; of none, nothing is asked."""

    needs: tuple["Need", ...]


@dataclass(frozen=True, slots=True)
class Any:
    needs: tuple["Need", ...]


Need = Word | Letters | Like | All | Any
ANYTHING = All(())


def is_met(need: Need, text: Text) -> bool:
    if isinstance(need, Word):
        return need.name in text.names
    if isinstance(need, Letters):
        return need.folded in text.folded
    if isinstance(need, Like):
        return text.is_like(need.expression)
    if isinstance(need, Any):
        return any(is_met(one, text) for one in need.needs)
    return all(is_met(one, text) for one in need.needs)


def name(written: str) -> Need:
    """The need for a name; what is more than ASCII letters may be written in other ways and is only looked for."""
    return Word(written.encode()) if written.isidentifier() and written.isascii() else Letters(written.casefold())


def all_of(needs: Iterable[Need]) -> Need:
    asked = tuple(dict.fromkeys(need for need in needs if need != ANYTHING))
    return asked[0] if len(asked) == 1 else All(asked)


def any_of(needs: Iterable[Need]) -> Need:
    """One of them; of none that is known, nothing is asked."""
    asked = tuple(dict.fromkeys(needs))
    if not asked or ANYTHING in asked:
        return ANYTHING
    return asked[0] if len(asked) == 1 else Any(asked)
