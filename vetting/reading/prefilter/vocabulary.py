"""Which patterns cannot match in a text: its words are looked up one by one, and what a word holds is remembered.

Of an atom its longest word is looked for, which stands inside one word of the text, with what the atom says of its edges;
texts share most of their words.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vetting.reading.prefilter.edges import edged, plain
from vetting.reading.prefilter.letters import lowered
from vetting.reading.prefilter.needs import Alternative, Clause

# Words (and sets of clauses) that are remembered before all are forgotten, and letters of a word that is looked into:
# what is longer is taken to hold everything.
REMEMBERED, LONGEST = 100_000, 240
# Letters of a text that is looked into word by word; in a longer one each pattern looks for its own atoms.
LONG = 4000
# Letters of a text below which skills share it.
SHARED = 400
EVERYTHING = -1
# What stands between words: in ASCII all but letters, digits and what joins them. The bytes of other letters stay.
_BLANKS = bytes(code if code > 127 or chr(code).isalnum() or chr(code) in "_'-" else 32 for code in range(256))
_BETWEEN = re.compile(r"[^a-z0-9_'\-\x80-\U0010ffff\b]+|\s+")
# Letters by which an atom is found, its marks among them. Fewer ASCII letters stand in every other word and tell nothing;
# of other scripts two are a word, so that shorter atoms of theirs are found whole.
START, WHOLE = 4, (3, 2)


class Vocabulary:
    """Grows while patterns are made; of a pattern that is younger than its reading a text rules nothing out.

    Patterns and clauses have bits of one row. A clause that is all an alternative needs has none of its own: its words
    tell of the pattern at once.
    """

    def __init__(self) -> None:
        self._bits = 0  # that were handed out
        self._patterns = 0  # the bits that are a pattern's
        self._always = 0  # patterns that words do not rule out
        self._clauses: dict[Clause, int] = {}
        # Under its first letters, each atom with the bits of all that it tells of.
        self._by_start: dict[str, dict[str, int]] = {}
        # Under the place of its rarest clause's bit, each alternative: the bits of all its clauses, and of its pattern.
        self._by_clause: dict[int, list[tuple[int, int]]] = {}
        self._rarest = 0
        self._words = _Words(self._by_start)
        self._possible: dict[int, int] = {}

    def add(self, alternatives: Sequence[Alternative]) -> int:
        """The bit of a new pattern with these needs."""
        pattern = self._new_bit()
        self._patterns |= pattern
        for clauses in alternatives:
            told = list(dict.fromkeys(words for clause in clauses if (words := _words_of(clause))))
            if not told:
                self._always |= pattern
            elif len(told) == 1:
                self._tell(told[0], pattern)
            else:
                bits = [self._clause(clause) for clause in told]
                self._by_clause.setdefault(bits[0].bit_length() - 1, []).append((sum(bits), pattern))
                self._rarest |= bits[0]
        self._words.clear()
        self._possible = {}
        return pattern

    def _new_bit(self) -> int:
        self._bits += 1
        return 1 << (self._bits - 1)

    def _clause(self, clause: Clause) -> int:
        if clause not in self._clauses:
            self._clauses[clause] = self._new_bit()
            self._tell(clause, self._clauses[clause])
        return self._clauses[clause]

    def _tell(self, clause: Clause, bit: int) -> None:
        for atom in clause:
            alike = self._by_start.setdefault(atom[:START], {})
            alike[atom] = alike.get(atom, 0) | bit

    @property
    def is_new(self) -> bool:
        return not self._bits

    def kept(self) -> tuple:
        """All it has learnt of its patterns, as plain values."""
        return (
            (self._bits, self._patterns, self._always, self._rarest),
            self._clauses,
            self._by_start,
            self._by_clause,
        )

    def take_over(self, kept: tuple) -> None:
        """Know what another knew; only before any pattern was added."""
        (self._bits, self._patterns, self._always, self._rarest), self._clauses, self._by_start, self._by_clause = kept
        self._words = _Words(self._by_start)
        self._possible = {}

    def impossible_in(self, text: str) -> int:
        """The bits of the patterns that cannot match in the text, as far as its words tell."""
        words: Iterable[bytes] = lowered(text).encode("utf-8", "surrogatepass").translate(_BLANKS).split()
        if len(text) > LONG:
            words = set(words)
        held = 0
        for bits in filter(None, map(self._words.__getitem__, words)):
            held |= bits
        return self._patterns & ~(held | self._always | self._needing_several(held)) if held >= 0 else 0

    def _needing_several(self, held: int) -> int:
        """The patterns with an alternative all of whose several clauses hold."""
        left = held & ~self._patterns
        possible = self._possible.get(left)
        if possible is None:
            if len(self._possible) >= REMEMBERED:
                self._possible = {}
            possible, rare = 0, left & self._rarest
            while rare:
                place = rare.bit_length() - 1
                rare ^= 1 << place
                for need, pattern in self._by_clause[place]:
                    if held & need == need:
                        possible |= pattern
            self._possible[left] = possible
        return possible


class _Words(dict[bytes, int]):
    """Of each word the bits of all whose atoms stand in it, looked for when the word is first met."""

    def __init__(self, by_start: dict[str, dict[str, int]]) -> None:
        super().__init__()
        self._by_start = by_start
        self._bits: dict[int, int] = {}  # one number for all words that tell the same

    def __missing__(self, written: bytes) -> int:
        if len(written) > LONGEST:
            return EVERYTHING
        word, bits = edged(written.decode("utf-8", "surrogatepass")), 0
        for size in (START,) if written.isascii() else (START, *WHOLE):
            starts = {word[at : at + size] for at in range(len(word) - size + 1)}
            for start in self._by_start.keys() & starts:
                for atom, told in self._by_start[start].items():
                    if atom in word:
                        bits |= told
        if len(self) >= REMEMBERED:
            self.clear()
            self._bits = {}
        self[written] = bits = self._bits.setdefault(bits, bits)
        return bits


def _words_of(clause: Clause) -> Clause:
    """The longest word of each atom; nothing, where one of them has none."""
    words = {max(_BETWEEN.split(atom), key=lambda word: len(plain(word))) for atom in clause}
    return frozenset(words) if all(map(_is_telling, words)) else frozenset()


def _is_telling(word: str) -> bool:
    return len(word) >= START if word.isascii() else len(plain(word)) > 1


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
    if len(text) < SHARED:
        return _shared(text)
    return text if type(text) is Known else Known(text)


_shared = lru_cache(maxsize=20_000)(Known)


def forget() -> None:
    """Let the next skill learn anew of every sentence."""
    _shared.cache_clear()
