"""Rows of skills as lists show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Card:
    """One skill in a list, from a row of selectors.CARD_FIELDS."""

    row: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.row[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def owner(self) -> str:
        return self.row["full_name"].partition("/")[0]

    @property
    def name(self) -> str:
        return self.row["full_name"].partition("/")[2]

    @property
    def uid(self) -> str:
        return f"s{self.row['pk']}"

    @property
    def rating(self) -> float | None:
        return self.row["rating_sum"] / self.row["rating_count"] if self.row["rating_count"] else None

    @property
    def published_at(self) -> datetime | None:
        return self.row["published_at"]


def cards(rows: Iterable[Mapping[str, Any]]) -> list[Card]:
    return [Card(row) for row in rows]
