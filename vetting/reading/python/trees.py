"""Syntax trees of Python texts that will be asked for again soon: a text is put into one piece, and then it is followed.

Between the two lies the reading of the whole skill, so trees are held up to a bound of letters, and let go once they
were followed or the next skill is read. Whoever is given one must leave it as it is.
"""

import ast
import threading
import warnings

ROOM = 600_000  # letters of all texts whose trees are held
_held: dict[str, ast.Module] = {}
_lock = threading.Lock()


def tree_of(text: str) -> ast.Module:
    """The tree, made or held. It stays for the next who asks, as far as there is room."""
    if (tree := _held.get(text)) is None:
        tree = _made(text)
        with _lock:
            if sum(map(len, _held)) + len(text) <= ROOM:
                _held[text] = tree
    return tree


def last_of(text: str) -> ast.Module:
    """The tree, for whoever asks last."""
    tree = let_go(text)
    return _made(text) if tree is None else tree


def let_go(text: str) -> ast.Module | None:
    with _lock:
        return _held.pop(text, None)


def _made(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def forget() -> None:
    """What was not asked for again will not be."""
    with _lock:
        _held.clear()
