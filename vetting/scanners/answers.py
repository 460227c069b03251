"""What a tool said of a piece of code, kept by the code itself: what many skills hold is scanned once.

The next version of a skill holds most files of the last one, and instructions repeat the same few commands. Kept while
the process lives, within a bound, and only what the code alone decides: never that a tool broke or ran out of time.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vetting.scanners.pieces import Piece

# Answers that are kept, and issues of one; a piece with more is scanned each time.
KEPT, ISSUES = 20_000, 50
Key = tuple[str, str, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """The tool's own words about one piece; trouble says why it could not be read, lasting that it never can."""

    issues: tuple[dict, ...] = ()
    trouble: str = ""
    lasting: bool = True


class Answers:
    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def of(
        self, pieces: Iterable[Piece], version: str, ask: Callable[[Sequence[Piece]], Sequence[Answer]]
    ) -> Callable[[Piece], Answer]:
        """What the tool of this version says of each piece; it is asked once about those that are not known."""
        wanted = {_key(piece, version): piece for piece in pieces}
        with self._lock:
            said = {key: self._kept[key] for key in wanted if key in self._kept}
            for key in said:
                self._kept.move_to_end(key)
        new = [key for key in wanted if key not in said]
        if new:
            said |= zip(new, ask([wanted[key] for key in new]), strict=True)
            self._keep({key: said[key] for key in new})
        return lambda piece: said[_key(piece, version)]

    def _keep(self, said: dict[Key, Answer]) -> None:
        with self._lock:
            self._kept |= {key: one for key, one in said.items() if one.lasting and len(one.issues) <= ISSUES}
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


def _key(piece: Piece, version: str) -> Key:
    text = hashlib.blake2b(piece.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    return version, piece.language, text
