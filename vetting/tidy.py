"""Make what a hostile skill brought us fit for a row: no NUL, no lone surrogate, no NaN, nothing of unbounded size.

PostgreSQL's jsonb refuses the first two, JSON the third, and a page nobody can open the last.
"""

import math
from enum import Enum

TEXT_AT_MOST = 4000
ENTRIES_AT_MOST = 2000
DEPTH_AT_MOST = 12


def tidy(value: object, depth: int = 0) -> object:
    """The same value, JSON-safe and bounded. What is cut says so."""
    if depth > DEPTH_AT_MOST:
        return "… (nested too deeply to keep)"
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return tidy(value.value, depth)
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return tidy(value.decode("utf-8", "replace"), depth)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(key)): tidy(one, depth + 1) for key, one in list(value.items())[:ENTRIES_AT_MOST]}
    if isinstance(value, list | tuple | set | frozenset):
        entries = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        return [tidy(one, depth + 1) for one in entries[:ENTRIES_AT_MOST]]
    return _text(str(value))


def _text(text: str) -> str:
    if len(text) > TEXT_AT_MOST:
        text = f"{text[:TEXT_AT_MOST]} … ({len(text) - TEXT_AT_MOST} more characters)"
    text = text.replace("\0", "␀")
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text
