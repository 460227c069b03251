"""Regular expressions that one process compiled are taken from a file by the next, as Python does with its modules.

Half of what it takes to start vetting is compiling some hundred expressions that are the same every time. What is kept
is what the compiler hands to the matcher, for exactly this build of Python; an expression that is not in the file is
compiled as ever, and then the file is written anew with all that were used.
"""

import _sre
import re
import sys
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from vetting import kept

KIND = "patterns"


@contextmanager
def kept_between_starts() -> Iterator[None]:
    """While this is open, expressions come from the file. Only what loads our own modules belongs inside."""
    compiler = getattr(re, "_compiler", None)
    if compiler is None or sys.implementation.name != "cpython":
        yield
        return
    shelf = Shelf(compiler)
    original, compiler.compile = compiler.compile, shelf.compiled
    try:
        yield
    finally:
        compiler.compile = original
    if shelf.missed:
        shelf.keep()


class Shelf:
    """What is known already, what of it was used, and whether something was missing."""

    def __init__(self, compiler) -> None:
        self.compiler, self.original = compiler, compiler.compile
        self.key = kept.key_of(sys.version, str(_sre.MAGIC), str(_sre.CODESIZE))
        self.known = kept.read_objects(KIND, self.key)
        self.used: dict[tuple, tuple] = {}
        self.missed = False

    def compiled(self, pattern, flags: int = 0) -> re.Pattern:
        if not isinstance(pattern, str | bytes) or flags & re.DEBUG:
            return self.original(pattern, flags)
        asked = (pattern, int(flags))
        if parts := self.known.get(asked):
            self.used[asked] = parts
            effective, code, groups, names, order = parts
            return _sre.compile(pattern, effective, list(array("I", code)), groups, dict(names), order)
        return self._compile(asked, flags)

    def _compile(self, asked: tuple, flags: int) -> re.Pattern:
        spy = _Spy()
        self.compiler._sre = spy
        try:
            made = self.original(asked[0], flags)
        finally:
            self.compiler._sre = _sre
        if spy.handed:
            _, effective, code, groups, names, order = spy.handed
            self.used[asked] = (int(effective), array("I", code).tobytes(), groups, dict(names), tuple(order))
            self.missed = True
        return made

    def keep(self) -> None:
        kept.write_objects(KIND, self.key, self.used)


class _Spy:
    """The matcher's module, remembering what the compiler hands to it."""

    handed: tuple = ()

    def __getattr__(self, name: str) -> object:
        return getattr(_sre, name)

    def compile(self, *handed: object) -> re.Pattern:
        self.handed = handed
        return _sre.compile(*handed)
