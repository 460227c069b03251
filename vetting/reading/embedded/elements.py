"""Commands in the elements of pages and of XML: what a build or a service is told to start, and code that a page shows."""

import re
from collections.abc import Iterator
from html import unescape

from vetting.reading.embedded.quoted import ACTS

LETTERS = 600_000  # characters of one text that are looked through
MOST, LONGEST = 400, 20_000  # commands of one text, and characters of one
_OPEN = re.compile(
    r"<(?:[\w-]{1,30}:)?(argument|arg|commandline|command|exec|string|pre|code|kbd)\b[^<>]{0,400}(?<!/)>", re.I
)
_TAG = re.compile(r"<!\[CDATA\[|\]\]>|<[^<>]{0,400}>")


def in_elements(text: str) -> Iterator[tuple[str, int, str]]:
    """(command, line, element)."""
    text = text[:LETTERS]
    if "<" not in text or not ACTS.search(text):
        return
    line, counted, end = 1, 0, 0
    for match in _OPEN.finditer(text):
        name = match.group(1).lower()
        if match.start() < end:
            continue
        close = text.find(f"</{match.group(1)}", match.end(), match.end() + LONGEST)
        if close < 0:
            continue
        said = unescape(_TAG.sub("", text[match.end() : close])).strip()
        if ACTS.search(said):
            line += text.count("\n", counted, match.end())
            counted, end = match.end(), close
            yield said, line, name
