"""Syntax trees within bounds: error recovery of a grammar can cost the square of a hostile text, so each parse has a limit."""

import time

from tree_sitter import Language, Parser, Tree

SECONDS = 1.5


def parse(language: Language, data: bytes, seconds: float = SECONDS) -> Tree | None:
    """The tree, None where the text would cost more than its share of CPU time."""
    if len(data) < 2000:
        return Parser(language).parse(data)
    until = time.thread_time() + seconds
    try:
        return Parser(language).parse(
            lambda offset, _point: data[offset : offset + 65536],
            progress_callback=lambda *_: time.thread_time() > until,
        )
    except ValueError:
        return None
