"""Reading documents that a registry sent, without trusting their shape."""

from typing import Any


def pick(document: Any, *path: str, default: Any = None) -> Any:
    """The member at the path, default where any step is missing or null."""
    for step in path:
        if not isinstance(document, dict):
            return default
        document = document.get(step)
    return default if document is None else document


def text(document: Any, *path: str, default: str = "") -> str:
    value = pick(document, *path)
    return value if isinstance(value, str) else default


def number(document: Any, *path: str) -> float | None:
    value = pick(document, *path)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def rows(document: Any, *path: str) -> list[dict]:
    value = pick(document, *path, default=[])
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
