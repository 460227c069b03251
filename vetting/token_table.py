"""The tokens of short, plain texts without the tokenizer, which takes longer to load than a small skill to be vetted.

The vocabulary lies in the data folder as a table in which one token is found without reading the others. A text is cut
into words as the o200k vocabulary cuts it, and the bytes of a word are joined in the order of their ranks; both come to
the tokenizer's own number. Texts with letters beyond ASCII, long texts and long words are left to the tokenizer.
"""

import base64
import gzip
import re
import unicodedata
import zlib
from array import array
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

from vetting import kept
from vetting.installed import version_of

PACKAGE, KIND = "bpe-openai", "tokens"
SLOTS = 1 << 18
LONGEST_TEXT, LONGEST_WORD = 20_000, 200
WORD = re.compile(
    r"[^\r\nA-Za-z0-9]?(?:[A-Z]*[a-z]+|[A-Z]+)(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[0-9]{1,3}"
    r"| ?[^\sA-Za-z0-9]+[\r\n/]*"
    r"|\s*[\r\n]+"
    r"|\s+(?!\S)"
    r"|\s+"
)
# Separators that Python takes for blanks, and Unicode does not.
NO_BLANKS = re.compile("[\x1c-\x1f]")


class Table:
    """Where each token lies, by its hash, in the first part; in the second its rank, its length and its bytes."""

    def __init__(self, data: bytes) -> None:
        self._slots = memoryview(data)[: 4 * SLOTS].cast("I")
        self._tokens = data[4 * SLOTS :]
        self._words: dict[str, int] = {}

    def count(self, text: str) -> int | None:
        """How many tokens a text has; None where only the tokenizer can tell."""
        if len(text) > LONGEST_TEXT or not _is_plain(text):
            return None
        known, total = self._words, 0
        for word in WORD.findall(text):
            tokens = known.get(word)
            if tokens is None:
                data = word.encode()
                if len(data) > LONGEST_WORD:
                    return None
                tokens = known[word] = 1 if self.rank(data) is not None else self._joined(data)
            total += tokens
        return total

    def rank(self, token: bytes) -> int | None:
        slots, tokens = self._slots, self._tokens
        slot = zlib.crc32(token) % SLOTS
        while at := slots[slot]:
            start = at + 4
            if tokens[at + 3] == len(token) and tokens[start : start + len(token)] == token:
                return int.from_bytes(tokens[at : at + 3], "little")
            slot = (slot + 1) % SLOTS
        return None

    def _joined(self, word: bytes) -> int:
        """What is left of its bytes when the pair of lowest rank has been joined until no pair is a token."""
        parts = [word[at : at + 1] for at in range(len(word))]
        ranks = [self.rank(a + b) for a, b in pairwise(parts)]
        while known := [rank for rank in ranks if rank is not None]:
            at = ranks.index(min(known))
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
            del ranks[at]
            if at:
                ranks[at - 1] = self.rank(parts[at - 1] + parts[at])
            if at < len(ranks):
                ranks[at] = self.rank(parts[at] + parts[at + 1])
        return len(parts)


def _is_plain(text: str) -> bool:
    """Only ASCII, and signs that are no letters, digits or blanks, for which every reading of Unicode agrees."""
    if NO_BLANKS.search(text):
        return False
    return text.isascii() or all(c.isascii() or unicodedata.category(c)[0] in "PS" for c in set(text))


@cache
def table() -> Table | None:
    """The table, where an earlier process left it."""
    data = kept.read(KIND, _key())
    return Table(data) if data is not None else None


def make(encoding: str) -> None:
    """Leave the table for later processes, from the vocabulary that the tokenizer's package brings along."""
    package = find_spec("bpe_openai")
    places = package.submodule_search_locations if package else None
    vocabulary = Path(places[0], "data", f"{encoding}.tiktoken.gz") if places else None
    if vocabulary is not None and vocabulary.exists():
        kept.write(KIND, _key(), laid_out(gzip.decompress(vocabulary.read_bytes())))
        table.cache_clear()


def laid_out(vocabulary: bytes) -> bytes:
    """The table's bytes. Place 0 stands for none, so what lies there is no token."""
    slots, tokens = array("I", bytes(4 * SLOTS)), bytearray(4)
    for line in vocabulary.splitlines():
        encoded, _, rank = line.partition(b" ")
        token = base64.b64decode(encoded)
        slot = zlib.crc32(token) % SLOTS
        while slots[slot]:
            slot = (slot + 1) % SLOTS
        slots[slot] = len(tokens)
        tokens += int(rank).to_bytes(3, "little") + bytes([len(token)]) + token
    return slots.tobytes() + bytes(tokens)


def _key() -> str:
    return kept.key_of(version_of(PACKAGE), str(SLOTS))
