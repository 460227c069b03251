"""Findings that say the same of several places, told as one: what, why and how to mend once, then place by place.

A script that repeats one bad line twenty times is one thing to understand and twenty lines to mend.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# So many places stand open; the others are one click away.
PLACES_OPEN = 4
_SAME = ("check", "code", "severity", "confidence", "axis", "weighs", "heading", "fix", "stage", "blocklisted")


@dataclass(frozen=True, slots=True)
class Card:
    """head is the finding that speaks for all; why is what is said of each of them, or empty where that differs."""

    head: dict
    why: str
    places: Sequence[dict]
    folded: Sequence[dict]

    @property
    def count(self) -> int:
        return len(self.places) + len(self.folded)


def cards(rows: Iterable[dict]) -> list[Card]:
    """In the order of the first of each kind, so that the gravest stays first."""
    kinds: dict[tuple, list[dict]] = {}
    for row in rows:
        kinds.setdefault(_kind(row), []).append(row)
    return [_card(same) for same in kinds.values()]


def _kind(row: dict) -> tuple:
    suppressed = row.get("suppressed") or {}
    return (*(row.get(name, "") for name in _SAME), suppressed.get("reason", ""))


def _card(same: Sequence[dict]) -> Card:
    reasons = {row["why"] for row in same}
    # One more behind a click would save nothing.
    opened = len(same) if len(same) <= PLACES_OPEN + 1 else PLACES_OPEN
    return Card(same[0], reasons.pop() if len(reasons) == 1 else "", same[:opened], same[opened:])
