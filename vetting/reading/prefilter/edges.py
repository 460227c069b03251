"""Where words begin and end: what a pattern says of it, and the mark for it in atoms and in the words of a text.

In a text's word every place is marked where a letter meets what is no letter, the word's own ends among them. An atom has
the same marks inside, and at an end only where the pattern says that a word ends there. So `\\bnc\\b` is not looked for in
`sync`, and plain comparison of texts is all that it takes.
"""

import re
from collections.abc import Sequence
from re import _constants as sre
from re import _parser

EDGE = "\b"  # stands in no word: it counts as white space

_TURN = re.compile(r"\b")
_ENDS = frozenset(
    (sre.AT_BOUNDARY, sre.AT_BEGINNING, sre.AT_BEGINNING_STRING, sre.AT_END, sre.AT_END_STRING)
)  # where no letter follows, or stands before; a search that ends early has ends of its own
_AN_EDGE = (sre.AT, sre.AT_BOUNDARY)
_WORD = (sre.CATEGORY, sre.CATEGORY_WORD)
_NO_WORDS = ((sre.CATEGORY, sre.CATEGORY_SPACE), (sre.CATEGORY, sre.CATEGORY_NOT_WORD))
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_LETTER = re.compile(r"\w")
Items = Sequence[tuple]


def edged(word: str) -> str:
    """The word with all its marks."""
    return f"{EDGE}{word}{EDGE}" if word.isalnum() else _TURN.sub(EDGE, word)


def plain(atom: str) -> str:
    return atom.replace(EDGE, "")


def atom_of(text: str) -> str:
    """The longest piece of a text between white space, which ends words, with the marks that all such words have."""
    pieces = re.sub(r"\s", f"{EDGE} {EDGE}", text).split(" ")
    piece = max(pieces, key=lambda one: len(plain(one)))
    atom = edged(plain(piece))
    atom = atom if piece.startswith(EDGE) else atom.removeprefix(EDGE)
    return atom if piece.endswith(EDGE) else atom.removesuffix(EDGE)


def is_edge(item: tuple) -> bool:
    """Does a word begin or end here, if a letter stands beside it? So it does where no letter may stand on the other side."""
    op, value = item
    if op is sre.ASSERT_NOT:
        return len(value[1]) == 1 and value[1][0][0] is sre.IN and _WORD in value[1][0][1]
    return op is sre.AT and value in _ENDS


def _is_no_letter(item: tuple) -> bool:
    """Is it something that only white space or a sign is, once at least?"""
    op, value = item
    if op is sre.LITERAL:
        return not _LETTER.match(chr(value))
    if op is sre.IN:
        return all(one in _NO_WORDS or (one[0] is sre.LITERAL and _is_no_letter(one)) for one in value)
    return op in _REPEATS and value[0] > 0 and len(value[2]) == 1 and _is_no_letter(value[2][0])


def pushed(items: Items, before: bool = False, after: bool = False) -> Items:
    """The same pieces with every edge told: beside what is no letter, and inside each branch of a choice with edges around."""
    items = [_AN_EDGE] * before + list(items) + [_AN_EDGE] * after
    ends = [False, *(is_edge(item) or _is_no_letter(item) for item in items), False]
    out = []
    for at, (op, value) in enumerate(items):
        left, right = ends[at], ends[at + 2]
        out += [_AN_EDGE] * left + [_within(op, value, left, right)] + [_AN_EDGE] * right
    return out


def _within(op: object, value: object, before: bool, after: bool) -> tuple:
    if op is sre.SUBPATTERN and value[1] & re.ASCII:
        return sre.ANY, None  # In there words begin and end elsewhere, too.
    if op is sre.SUBPATTERN:
        return op, (*value[:3], pushed(value[3], before, after))
    if op is sre.ATOMIC_GROUP:
        return op, pushed(value, before, after)
    if op is sre.BRANCH:
        return op, (value[0], [pushed(branch, before, after) for branch in value[1]])
    if op in _REPEATS:
        once = value[:2] == (1, 1)
        return op, (*value[:2], pushed(value[2], before and once, after and once))
    return op, value


def parsed(pattern: re.Pattern) -> Items | None:
    """The pieces of a pattern; None where its words are not those of all scripts, or it cannot be read."""
    try:
        tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    except (re.error, RecursionError):
        return None
    return None if pattern.flags & re.ASCII else pushed(tree)
