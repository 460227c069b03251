"""What a text must contain for a pattern to match in it, derived from the pattern's own syntax tree.

The answer is a list of alternatives, one of which must hold; an alternative is a list of clauses, all of which must; a
clause is a set of atoms, one of which must occur. Atoms are lower case and without white space, and are looked for in
the lower-case text, so that case never hides a match. Where a word begins or ends in every match, so does the atom
(edges.py). Whatever is not understood asks for nothing.
"""

import re
from collections.abc import Iterable, Sequence
from re import _constants as sre

from vetting.reading.prefilter.edges import EDGE, atom_of, is_edge, parsed, plain
from vetting.reading.prefilter.letters import lowered

Clause = frozenset[str]
Alternative = list[Clause]
Exact = frozenset[str] | None  # every text a piece may match, None when they are too many to tell

SHORTEST = 2  # letters of an atom
STRINGS, LENGTH = 64, 48  # texts that are told apart, and their letters
ATOMS = 400  # of one clause
CLAUSES = 3  # of one alternative
ALTERNATIVES = 80

# What stands in many sentences of any skill.
_USUAL = frozenset(
    "the and for use all not with are get set key put run you any file files user users data name code text list line"
    " add can from over check test time model tool tools type when this that always must make each every read write"
    " output project example source require import script call value process search report results before after only"
    " should will using content request".split()
)

_EMPTY: Exact = frozenset([""])
_EDGE: Exact = frozenset([EDGE])
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_OTHER = "\n"  # stands in an exact text for a letter that no atom may hold


def needs(pattern: re.Pattern) -> list[Alternative] | None:
    """What every match needs; None where nothing can be said."""
    if not isinstance(pattern.pattern, str):
        return None
    items = parsed(pattern)
    if items is None:
        return None
    found = [_rarest(clauses, CLAUSES) for clauses in _alternatives(items)]
    return found if all(found) and len(found) <= ALTERNATIVES else None


def _alternatives(items: Sequence) -> Iterable[Alternative]:
    """The clauses of each branch of a pattern that is one choice, else of the pattern itself."""
    solid = [item for item in items if item[0] is not sre.AT]
    if len(solid) == 1 and solid[0][0] is sre.BRANCH:
        for branch in solid[0][1][1]:
            yield from _alternatives(list(branch))
    elif len(solid) == 1 and solid[0][0] is sre.SUBPATTERN:
        yield from _alternatives(list(solid[0][1][3]))
    else:
        exact, clauses = _sequence(items)
        yield clauses + _clause(exact)


def _sequence(items: Iterable) -> tuple[Exact, Alternative]:
    """(every text these pieces may match, what they need beside it)."""
    exact, clauses, whole = _EMPTY, [], True
    for op, value in items:
        inner, inside = _piece(op, value)
        clauses += inside
        if inner is not None and len(exact) * len(inner) <= STRINGS:
            joined = frozenset(a + b for a in exact for b in inner)
            if max(map(len, joined)) <= LENGTH:
                exact = joined
                continue
        clauses += _clause(exact)
        exact, whole = inner or _EMPTY, False
    return (exact, clauses) if whole else (None, clauses + _clause(exact))


def _piece(op: object, value: object) -> tuple[Exact, Alternative]:
    if op is sre.LITERAL:
        return frozenset([_letter(value)]), []
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return _EDGE if is_edge((op, value)) else _EMPTY, []
    if op is sre.IN:
        return _set(value), []
    if op is sre.SUBPATTERN:
        return _sequence(value[3])
    if op is sre.ATOMIC_GROUP:
        return _sequence(value)
    if op is sre.BRANCH:
        return _branch(value[1])
    return _repeat(*value) if op in _REPEATS else (None, [])


def _letter(code: int) -> str:
    """The letter as an atom holds it."""
    letter = lowered(chr(code))
    return _OTHER if letter.isspace() or letter == EDGE else letter


def _set(members: list) -> Exact:
    """The letters of a small set."""
    letters: set[str] = set()
    for kind, value in members:
        if kind is sre.LITERAL:
            letters.add(_letter(value))
        elif kind is sre.RANGE and value[1] - value[0] < 8:
            letters |= {_letter(code) for code in range(value[0], value[1] + 1)}
        else:
            return None
    return frozenset(letters) if len(letters) <= 8 else None


def _branch(branches: Iterable) -> tuple[Exact, Alternative]:
    read = [_sequence(branch) for branch in branches]
    if all(exact is not None and not clauses for exact, clauses in read):
        exact = frozenset().union(*(exact for exact, _ in read))
        return (exact, []) if len(exact) <= STRINGS else (None, _clause(exact))
    rarest = [_rarest(clauses + _clause(exact), 1) for exact, clauses in read]
    union = frozenset().union(*(clause[0] for clause in rarest if clause))
    return None, [union] if all(rarest) and len(union) <= ATOMS else []


def _repeat(least: int, most: int, inner: Iterable) -> tuple[Exact, Alternative]:
    exact, clauses = _sequence(inner)
    if least == 0:
        optional = most == 1 and exact is not None and not clauses
        return (exact | _EMPTY if optional else None), []
    return (exact, clauses) if least == most == 1 else (None, clauses + _clause(exact))


def _clause(exact: Exact) -> Alternative:
    """The texts as one clause: the longest atom of each; nothing, where one of them has none."""
    atoms = set(map(atom_of, exact or ()))
    return [frozenset(atoms)] if atoms and len(atoms) <= ATOMS and min(len(plain(a)) for a in atoms) >= SHORTEST else []


def _rarest(clauses: Alternative, count: int) -> Alternative:
    """The clauses that are least likely to hold by chance: those of few, long and unusual atoms."""
    return sorted(set(clauses), key=lambda clause: (sum(map(_share, clause)), sorted(clause)))[:count]


def _share(atom: str) -> float:
    """Roughly in how many of a thousand sentences an atom stands; a word's edge is worth a letter."""
    return 60.0 if plain(atom) in _USUAL else 2000.0 * 4.0 ** -len(atom)
