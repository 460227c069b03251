"""A pattern that asks a text which knows its words whether a match is possible, before it looks for one."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import attrgetter
from types import ModuleType

from vetting.reading.prefilter.edges import plain
from vetting.reading.prefilter.needs import Alternative, needs
from vetting.reading.prefilter.vocabulary import LONG, VOCABULARY, Known, Vocabulary

# Atoms that are looked for one by one in a long text; more would cost what the pattern does.
ATOMS = 48


class Guarded:
    """Stands for a compiled pattern. A text that is not Known is searched as ever; a Known one remembers a vain search."""

    __slots__ = ("_clauses", "bit", "inner")

    def __init__(self, inner: re.Pattern, bit: int, alternatives: Sequence[Alternative]) -> None:
        self.inner, self.bit = inner, bit
        atoms = sum(len(clause) for clauses in alternatives for clause in clauses)
        self._clauses = _without_edges(alternatives) if atoms <= ATOMS else ()

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def search(self, text: str, *bounds: int) -> re.Match | None:
        # A search that ends before the text does makes words end that do not.
        if type(text) is not Known or len(bounds) > 1:
            return self.inner.search(text, *bounds)
        if text.impossible & self.bit:
            return None
        found = self.inner.search(text, *bounds) if self._may_be_in(text) else None
        if found is None and not bounds:
            text.impossible |= self.bit
        return found

    def finditer(self, text: str, *bounds: int) -> Iterator[re.Match]:
        if type(text) is Known and not bounds and self.search(text) is None:
            return iter(())
        return self.inner.finditer(text, *bounds)

    def findall(self, text: str, *bounds: int) -> list:
        if type(text) is Known and not bounds and self.search(text) is None:
            return []
        return self.inner.findall(text, *bounds)

    def _may_be_in(self, text: Known) -> bool:
        """Is there an alternative of whose clauses each holds in a long text?"""
        if len(text) <= LONG or not self._clauses:
            return True
        lower = text.lowered
        return any(all(any(atom in lower for atom in clause) for clause in clauses) for clauses in self._clauses)


def _without_edges(alternatives: Sequence[Alternative]) -> tuple[tuple[tuple[str, ...], ...], ...]:
    return tuple(tuple(tuple(map(plain, clause)) for clause in clauses) for clauses in alternatives)


def may_match(items: Sequence, *patterns: re.Pattern | Guarded, of: str = "plain") -> Sequence:
    """The items in whose text `of` one of the patterns may match: asked all at once, which is far cheaper than one by one."""
    if not all(type(pattern) is Guarded for pattern in patterns):
        return items
    bits, text = sum({pattern.bit for pattern in patterns}), attrgetter(of)
    return [item for item in items if getattr(text(item), "impossible", 0) & bits != bits]


# How a pattern gets its guard: (its bit, its alternatives), None where nothing can be asked for.
Maker = Callable[[re.Pattern], tuple[int, Sequence[Alternative]] | None]


def made(pattern: re.Pattern, vocabulary: Vocabulary = VOCABULARY) -> tuple[int, Sequence[Alternative]] | None:
    alternatives = needs(pattern)
    return (vocabulary.add(alternatives), alternatives) if alternatives else None


_maker: Maker = made


@contextmanager
def made_by(maker: Maker) -> Iterator[None]:
    """While this is open guards come from another maker."""
    global _maker
    _maker = maker
    try:
        yield
    finally:
        _maker = made


@lru_cache(maxsize=4096)
def guarded(pattern: re.Pattern) -> re.Pattern | Guarded:
    """The pattern behind its guard; itself where nothing can be asked for."""
    guard = _maker(pattern)
    return Guarded(pattern, *guard) if guard else pattern


def guard_module(module: ModuleType) -> None:
    """Put a guard before every pattern a module holds by name."""
    for name, value in vars(module).items():
        if isinstance(value, re.Pattern):
            setattr(module, name, guarded(value))
