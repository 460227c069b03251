"""The methods that Python writes for a dataclass are compiled once, and taken from a file by the next process.

dataclasses puts them together as text and has that compiled, some three hundred texts at each start that are the same
every time. A text that is not in the file is compiled as ever, and then the file is written anew with all that were
used. What the text says is run either way, by the same Python.
"""

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import MAGIC_NUMBER
from types import CodeType

from vetting import kept

KIND = "generated"
BUILT_IN = exec


@contextmanager
def kept_between_starts() -> Iterator[None]:
    """While this is open, dataclasses finds our `exec` before the built-in one."""
    if sys.implementation.name != "cpython" or hasattr(dataclasses, "exec"):
        yield
        return
    shelf = Shelf()
    dataclasses.exec = shelf.run
    try:
        yield
    finally:
        del dataclasses.exec
    if shelf.missed:
        shelf.keep()


class Shelf:
    """What was compiled before, what of it was used, and whether something was missing."""

    def __init__(self) -> None:
        self.key = kept.key_of(sys.version, MAGIC_NUMBER)
        self.known = kept.read_objects(KIND, self.key)
        self.used: dict[str, CodeType] = {}
        self.missed = False

    def run(self, text: str, *scopes: dict) -> None:
        code = self.known.get(text)
        if code is None:
            code, self.missed = compile(text, "<string>", "exec"), True
        self.used[text] = code
        BUILT_IN(code, *scopes)

    def keep(self) -> None:
        kept.write_objects(KIND, self.key, self.used)
