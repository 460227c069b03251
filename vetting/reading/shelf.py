"""A text that many skills ship is read once: what was found in it is kept while the process lives, within a bound.

The next version of a skill holds most files of the last one, and skills share licences, schemas and helper scripts.
Only what follows from the text alone is kept, never what depends on the skill around it.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from vetting.reading.prefilter import Known

# Letters of all texts that are kept, and of one; what is longer is read each time.
KEPT, LONGEST = 8_000_000, 1_000_000


class Reading:
    """One text and what was found in it. Whoever asks must leave the answers as they are."""

    __slots__ = ("_found", "text")

    def __init__(self, text: str) -> None:
        self.text = text if len(text) > LONGEST else Known(text)
        self._found: dict[Callable, Any] = {}

    def once(self, reader: Callable[[str], Any]) -> Any:
        """What the reader says of this text, asked only the first time."""
        if reader not in self._found:
            self._found[reader] = reader(self.text)
        return self._found[reader]


class Shelf:
    """The readings that were asked for last."""

    def __init__(self, room: int = KEPT) -> None:
        self._room, self._lock = room, threading.Lock()
        self._readings: OrderedDict[str, Reading] = OrderedDict()

    def reading_of(self, text: str) -> Reading:
        if len(text) > LONGEST:
            return Reading(text)
        with self._lock:
            if (held := self._readings.get(text)) is not None:
                self._readings.move_to_end(text)
                return held
            held = self._readings[text] = Reading(text)
            self._room -= len(text)
            while self._room < 0:
                old, _ = self._readings.popitem(last=False)
                self._room += len(old)
        return held

    def forget(self) -> None:
        with self._lock:
            self._room += sum(map(len, self._readings))
            self._readings.clear()


_SHELF = Shelf()
reading_of = _SHELF.reading_of
forget = _SHELF.forget
