"""Sentences that a Markdown text carries beside what it shows: titles of links, descriptions of pictures, `data:` links.

A page shows none of them, or only to a pointer that rests; an agent reads the file and takes them for what is said.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote_to_bytes

from vetting.reading.markdown import Block
from vetting.reading.text import Lines

WORDS, MOST = 5, 2_000  # words of a sentence, sentences of one text
_TITLE = re.compile(
    r"\]\([^()\s]++[ \t]{1,4}(?:\"([^\"\n]{24,}+)\"|'([^'\n]{24,}+)')\)"
    r"|^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]{0,4}\S++[ \t]{1,4}(?:\"([^\"\n]{24,}+)\"|'([^'\n]{24,}+)')",
    re.MULTILINE,
)
_ATTRIBUTE = re.compile(r"\s(?:alt|title|aria-label|data-[\w-]{2,30})\s?=\s?\"([^\"\n]{30,}+)\"", re.I)
_DATA = re.compile(r"\bdata:(?:text/[\w.+-]{1,40})?((?:;[\w=-]{1,40}){0,3}),([A-Za-z0-9+/=%._~-]{30,}+)", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}")


def asides(text: str, first: int, file: str, tell: Callable[[str], None]) -> Iterator[Block]:
    """Each of them as a paragraph of its own; tell is told where there are more than are read."""
    if not ("](" in text or "]:" in text or "data:" in text or "=" in text):
        return
    lines, told = Lines(text, first), 0
    for words, at in _carried(text):
        if len(list(islice(_WORD.finditer(words), WORDS))) == WORDS:
            if told == MOST:
                tell(f"{file}: more sentences beside what is shown than are looked at one by one")
                return
            yield Block("prose", words, lines.at(at), file=file)
            told += 1


def _carried(text: str) -> Iterator[tuple[str, int]]:
    for match in _TITLE.finditer(text) if "](" in text or "]:" in text else ():
        yield next(filter(None, match.groups())), match.start()
    for match in _ATTRIBUTE.finditer(text) if '="' in text or '= "' in text else ():
        yield match.group(1), match.start()
    for match in _DATA.finditer(text) if "data:" in text else ():
        if (words := _decoded(match.group(1), match.group(2))) is not None:
            yield words, match.start()


def _decoded(how: str, data: str) -> str | None:
    try:
        held = (
            b64decode(data + "=" * (-len(data) % 4), validate=False)
            if "base64" in how.lower()
            else unquote_to_bytes(data)
        )
        return held.decode("utf-8")
    except (Error, ValueError):
        return None
