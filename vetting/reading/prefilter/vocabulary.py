"""Which patterns cannot match in a text: its words are looked up one by one, and what a word holds is remembered.

Every clause and every pattern has a bit of its own. Of an atom its longest word is looked for, which stands inside one
word of the text; texts share most of their words.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vetting.reading.prefilter.needs import Alternative, Clause

# Words (and sets of clauses) that are remembered before all are forgotten, and letters of a word that is looked into:
# what is longer is taken to hold everything.
REMEMBERED, LONGEST = 100_000, 240
# Letters of a text that is looked into word by word; in a longer one each pattern looks for its own atoms.
LONG = 4000
# Letters of a text below which skills share it.
SHARED = 400
EVERYTHING = -1
# What stands between words: in ASCII all but letters, digits and what joins them.
_BLANKS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "_'-")}
_BETWEEN = re.compile(r"[^a-z0-9_'\-\x80-\U0010ffff]+|\s+")
# Letters by which an atom is found; shorter atoms are found whole.
START = 4


class Vocabulary:
    """Grows while patterns are made; of a pattern that is younger than its reading a text rules nothing out."""

    def __init__(self) -> None:
        self._patterns = 0
        self._clauses: dict[Clause, int] = {}
        # Under its first letters, each atom with the bits of all clauses that hold it.
        self._by_start: dict[str, dict[str, int]] = {}
        # Under the place of its rarest clause's bit, each alternative: the bits of all its clauses, and of its pattern.
        self._by_clause: dict[int, list[tuple[int, int]]] = {}
        self._rarest = 0
        self._always = 0  # patterns that words do not rule out
        self._words: dict[str, int] = {}
        self._masks: dict[int, int] = {}
        self._ruled_out: dict[int, int] = {}

    def add(self, alternatives: Sequence[Alternative]) -> int:
        """The bit of a new pattern with these needs."""
        pattern = 1 << self._patterns
        self._patterns += 1
        for clauses in alternatives:
            bits = [self._clause(words) for clause in clauses if (words := _words_of(clause))]
            if not bits:
                self._always |= pattern
                continue
            self._by_clause.setdefault(bits[0].bit_length() - 1, []).append((sum(set(bits)), pattern))
            self._rarest |= bits[0]
        self._words, self._ruled_out = {}, {}
        return pattern

    def _clause(self, clause: Clause) -> int:
        if clause not in self._clauses:
            bit = self._clauses[clause] = 1 << len(self._clauses)
            for atom in clause:
                alike = self._by_start.setdefault(atom[:START], {})
                alike[atom] = alike.get(atom, 0) | bit
        return self._clauses[clause]

    def impossible_in(self, text: str) -> int:
        """The bits of the patterns that cannot match in the text, as far as its words tell."""
        if len(text) > LONG:
            return 0
        held = self._held(lowered(text).translate(_BLANKS).split())
        if held < 0:
            return 0
        known = self._ruled_out.get(held)
        return self._rule_out(held) if known is None else known

    def _held(self, words: Iterable[str]) -> int:
        """The bits of the clauses that hold."""
        known, held = self._words, 0
        for word in words:
            mask = known.get(word)
            held |= self._learn(word) if mask is None else mask
        return held

    def _learn(self, word: str) -> int:
        if len(word) > LONGEST:
            return EVERYTHING
        mask, find = 0, self._by_start.get
        for at in range(len(word) - 1):
            for size in (2, 3, START):
                if atoms := find(word[at : at + size]):
                    for atom, bits in atoms.items():
                        if word.startswith(atom, at):
                            mask |= bits
        if len(self._words) >= REMEMBERED:
            self._words, self._masks = {}, {}
        self._words[word] = mask = self._masks.setdefault(mask, mask)
        return mask

    def _rule_out(self, held: int) -> int:
        possible, left = self._always, held & self._rarest
        while left:
            place = left.bit_length() - 1
            left ^= 1 << place
            for need, pattern in self._by_clause[place]:
                if held & need == need:
                    possible |= pattern
        if len(self._ruled_out) >= REMEMBERED:
            self._ruled_out = {}
        self._ruled_out[held] = out = ((1 << self._patterns) - 1) & ~possible
        return out


def _words_of(clause: Clause) -> Clause:
    """The longest word of each atom; nothing, where one of them has none."""
    words = {max(_BETWEEN.split(atom), key=len) for atom in clause}
    return frozenset(words) if min(map(len, words)) > 1 else frozenset()


def lowered(text: str) -> str:
    """Lower case as patterns that ignore case understand it: four letters beside ASCII pass for Latin ones."""
    if text.isascii():
        return text.lower()
    return text.replace("\u0130", "i").replace("\u0131", "i").replace("\u017f", "s").lower()


VOCABULARY = Vocabulary()


class Known(str):
    """A text that knows which patterns cannot match in it."""

    __slots__ = ("impossible", "lowered")

    def __getattr__(self, name: str) -> object:
        if name == "impossible":
            self.impossible = VOCABULARY.impossible_in(self)
        elif name == "lowered":
            self.lowered = lowered(self)
        else:
            raise AttributeError(name)
        return getattr(self, name)

    def __getitem__(self, key: object) -> str:
        """A slice from the start that is the whole text is this text, with all it knows."""
        if type(key) is slice and key.start is None and key.step is None and (key.stop or 0) >= len(self):
            return self
        return str.__getitem__(self, key)


def known(text: str) -> Known:
    """The text as one that knows; a short one is the same for all skills that say it, with all that was learnt of it."""
    return _shared(text) if len(text) < SHARED else Known(text)


_shared = lru_cache(maxsize=20_000)(Known)


def forget() -> None:
    """Let the next skill learn anew of every sentence."""
    _shared.cache_clear()
