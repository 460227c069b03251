"""What patterns need is worked out once, and taken from a file by the next process.

It takes longer than reading a skill of middling size, and follows from the patterns and from the code of this folder alone.
A pattern that is not in the file gets its guard as ever, and then the file is written anew with all that were used.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vetting import kept
from vetting.reading.prefilter.guarded import made, made_by
from vetting.reading.prefilter.needs import Alternative
from vetting.reading.prefilter.vocabulary import VOCABULARY, Vocabulary

KIND = "needs"


@contextmanager
def kept_between_starts(*, few: bool = False) -> Iterator[None]:
    """While this is open, guards come from the file. With few texts to come and no file that could be kept, there are
    none: making them would never pay.
    """
    shelf = Shelf(VOCABULARY)
    with made_by((lambda _: None) if few and not shelf.known and not kept.is_possible() else shelf.guard):
        yield
    if shelf.missed:
        shelf.keep()


class Shelf:
    """What is known already, what of it was used, and whether something was missing."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.key = kept.key_of(sys.version, *(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py"))))
        self.used: dict[tuple, Sequence[Alternative] | None] = {}
        self.known: dict[tuple, tuple | None] = {}
        self.missed = False
        # What was told to the vocabulary before would be lost.
        self.vocabulary = vocabulary
        if vocabulary.is_new and (held := kept.read_objects(KIND, self.key)):
            self.known = held["guards"]
            vocabulary.take_over(held["vocabulary"])

    def guard(self, pattern: re.Pattern) -> tuple | None:
        asked = (pattern.pattern, pattern.flags)
        if asked in self.known:
            guard = self.known[asked]
        else:
            self.missed, guard = True, made(pattern, self.vocabulary)
        self.used[asked] = guard and guard[1]
        return guard

    def keep(self) -> None:
        """Keep what was used, told to a vocabulary that knows nothing else."""
        vocabulary = Vocabulary()
        guards = {asked: some and (vocabulary.add(some), some) for asked, some in self.used.items()}
        kept.write_objects(KIND, self.key, {"guards": guards, "vocabulary": vocabulary.kept()})
