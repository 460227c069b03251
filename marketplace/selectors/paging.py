"""Keyset paging: a page begins after a key, so that no page costs more than the first. The cursor holds that key."""

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from marketplace.errors import Refusal


def beyond(keys: Sequence[tuple[str, bool]], after: Sequence[Any]) -> Q:
    """Rows after this key. The first column is bounded once more by itself, so that its index is used."""
    (first, down), value = keys[0], after[0]
    side = "lt" if down else "gt"
    if len(keys) == 1:
        return Q(**{f"{first}__{side}": value})
    last, last_down = keys[1]
    tie = Q(**{first: value, f"{last}__{'lt' if last_down else 'gt'}": after[1]})
    return Q(**{f"{first}__{side}e": value}) & (Q(**{f"{first}__{side}": value}) | tie)


def encode(order: str, key: Sequence[Any]) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps([order, *plain], separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, order: str, kinds: Sequence[type]) -> tuple:
    """The key inside a cursor of this very sort; anything else is refused."""
    try:
        named, *parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if named != order or len(parts) != len(kinds):
            raise ValueError
        return tuple(_typed(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        fix = "Take the address in `next` as it is, or start again without a cursor."
        raise Refusal("cursor.invalid", "This cursor does not belong to this list.", fix=fix) from None


def _typed(part: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind is float and type(part) in (int, float):
        return float(part)
    if type(part) is not kind or (kind is int and abs(part) >= 1 << 63):
        raise ValueError
    return part


def id_page(rows: QuerySet, *, limit: int, cursor: str) -> tuple[list, str]:
    """A page of rows that are ordered by -id."""
    if cursor:
        rows = rows.filter(pk__lt=decode(cursor, "id", (int,))[0])
    found = list(rows[: limit + 1])
    return found[:limit], encode("id", (found[limit - 1].pk,)) if len(found) > limit else ""
