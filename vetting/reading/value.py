"""What may be known of an expression: the constant texts in it, where it comes from, the secrets it names; within bounds.

A program hands everything to everything once its order is not regarded, so a value cannot keep all texts that might
reach it. It keeps the first, every text that names an address, a place or a deed, and some of the others. Where even
those that name something are too many, the value carries the label CUT, which goes where the value goes, so that
whatever comes to depend on it can be told.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from vetting.reading import programs as p
from vetting.reading.hosts import named_in
from vetting.reading.places import (
    AGENT_MEMORY,
    AGENT_SETTINGS,
    ENV_FILE,
    STARTUP,
    is_credential,
)
from vetting.reading.sifting import gist

# Texts of one value, those of them that name nothing, and characters of one text.
TEXTS, FEW, TEXT = 200, 24, 60_000
# Characters that texts may have together to be joined to one, and of a text that is looked through for names.
JOINED = 4_000
SHORT = 400  # characters of a text of which is remembered for long what it names
_TELLS = re.compile(r"://|/\.|~/|[|`]|\$\(")
_PLACES = (AGENT_MEMORY, AGENT_SETTINGS, ENV_FILE, STARTUP)
_DEEDS = re.compile(
    r"(?:^|[\s;&|])(?:curl|wget|nc|ncat|rm|-rf|dd|chmod|chown|crontab|kill|shutdown|shred|git|npm|npx|pip3?"
    r"|python3?|node|perl|ruby|php|tar|openssl|eval|base64|iex|iwr|irm|sudo|mkfs\S{0,8}|scp|launchctl|systemctl"
    r"|schtasks|osascript|(?:ba|z|da|k)?sh|powershell|pwsh|cmd)(?:\s|$)"
    r"|\$\(|/dev/|/etc/|authorized_keys|^[~/]/?$|^/(?:home|Users|root)\b|base64|exec|eval|system|popen|spawn"
    r"|__import__",
    re.IGNORECASE,
)


def names_something(text: str) -> bool:
    """Is it an address, a place or a deed that checks ask for among the texts of a call?"""
    return _rank(text) == 0


def _rank(text: str) -> int:
    return _rank_of_short(text) if len(text) < SHORT else 0 if len(text) > JOINED else _rank_of_long(text)


def _ranked(text: str) -> int:
    """0 for what names something, 1 for what may tell something, 2 for all else."""
    if next(named_in(text), None) is not None or is_credential(text):
        return 0
    if _DEEDS.search(text) or any(pattern.search(text) for pattern in _PLACES):
        return 0
    return 1 if _TELLS.search(text) else 2


_rank_of_short, _rank_of_long = lru_cache(maxsize=1 << 15)(_ranked), lru_cache(maxsize=2048)(_ranked)


class Value:
    """texts, labels and names of environment variables; it is never changed."""

    __slots__ = ("labels", "secrets", "texts")

    def __init__(self, texts: tuple[str, ...] = (), labels: frozenset = frozenset(), secrets: frozenset = frozenset()):
        self.texts, self.labels, self.secrets = texts, labels, secrets

    def plus(self, other: "Value") -> "Value":
        """Both; the value itself where the other adds nothing."""
        if other is NOTHING or other is self or not (other.texts or other.labels or other.secrets):
            return self
        if self is NOTHING:
            return other
        texts, left_out = _both(self.texts, other.texts)
        labels = self.labels if other.labels <= self.labels else self.labels | other.labels
        secrets = self.secrets if other.secrets <= self.secrets else self.secrets | other.secrets
        if not left_out <= labels:
            labels |= left_out
        if texts is self.texts and labels is self.labels and secrets is self.secrets:
            return self
        return Value(texts, labels, secrets)

    @property
    def origins(self) -> frozenset:
        """Its labels but the one that says that it is not all."""
        return self.labels - _CUT if p.CUT in self.labels else self.labels


NOTHING = Value()
_WHOLE: frozenset[str] = frozenset()
_CUT = frozenset({p.CUT})
UNKNOWN = Value((), _CUT)


def together(values: Iterable[Value], most: int = FEW) -> Value:
    """What many values hold; most says how many texts that name nothing are kept."""
    held = [one for one in values if one is not NOTHING]
    if len(held) < 2:
        return held[0] if held else NOTHING
    texts, left_out = within(tuple(dict.fromkeys([text for one in held for text in one.texts])), most)
    labels = left_out.union(*(one.labels for one in held))
    return Value(texts, labels, frozenset().union(*(one.secrets for one in held)))


def of_text(text: str) -> Value:
    held, whole = gist(text, TEXT)
    return Value((held,), _WHOLE if whole else _CUT)


def fits(texts: Sequence[str], glue: int) -> bool:
    """May these be joined to one text? What was gathered in one list by many ways is not worth it."""
    return len(texts) <= FEW and sum(len(text) + glue for text in texts) <= JOINED


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    if other is one or not other:
        return one, _WHOLE
    if not one:
        return other, _WHOLE
    new = tuple([text for text in other if text not in one]) if len(one) * len(other) < 200 else _new(one, other)
    if not new:
        return one, _WHOLE
    texts, left_out = within(one + new, FEW)
    return (one if texts == one else texts), left_out


def _new(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    known = set(one)
    return tuple([text for text in other if text not in known])


def within(texts: tuple[str, ...], most: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """As many as a value holds, and the label of what had to go."""
    if len(texts) <= most:
        return texts, _WHOLE
    # The first is what a call does.
    ranks: tuple[list[str], ...] = ([], [], [])
    for text in texts[1:]:
        ranks[_rank(text)].append(text)
    named = ranks[0]
    if len(named) >= TEXTS:
        return (texts[0], *named[: TEXTS - 1]), _CUT
    room = max(0, most - 1 - len(named))
    return (texts[0], *named, *(ranks[1] + ranks[2])[:room]), _WHOLE


def most_telling(texts: tuple[str, ...], count: int = FEW) -> tuple[str, ...]:
    """The first, and of the others those before all that name something."""
    return (*texts[:1], *sorted(texts[1:], key=_rank))[:count]
