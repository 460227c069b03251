"""HTML, SVG and MDX: the scripts that a page or a picture runs, wherever it keeps them."""

import re
from collections.abc import Iterator
from html import unescape

# Scripts that are opened within one that is still open. To a page the first holds the others, and what stands behind them
# is no program any more.
WITHIN = 8
_OPEN = re.compile(r"<(?:svg:)?script\b[^>]{0,2000}>", re.I)
_CLOSE = re.compile(r"</(?:svg:)?script", re.I)
_HANDLER = re.compile(r"\son[a-z]{3,24}\s{0,5}=\s{0,5}(?:\"([^\"]{4,2000000})\"|'([^']{4,2000000})')", re.I)
_ADDRESS = re.compile(
    r"=\s{0,5}(?:\"\s{0,20}javascript:([^\"]{4,2000000})\"|'\s{0,20}javascript:([^']{4,2000000})')", re.I
)
_DATA = re.compile(
    r"(?:type\s{0,3}=\s{0,3}[\"'](?:application/(?:ld\+)?json|text/template|importmap|text/plain)|\bsrc\s{0,3}=)", re.I
)


def scripts_of(text: str) -> Iterator[tuple[str, int]]:
    """(script, offset); data blocks and scripts that stand elsewhere are none."""
    ends, within = -1, 0
    for match in _OPEN.finditer(text):
        if match.end() > ends:
            close = _CLOSE.search(text, match.end())
            ends, within = close.start() if close else len(text), 0
        within += 1
        if within > WITHIN:
            continue
        body = text[match.end() : ends]
        if body.strip() and not _DATA.search(match.group()):
            yield re.sub(r"^\s{0,20}<!\[CDATA\[|\]\]>\s{0,20}$", "", body), match.end()
    if re.search(r"\son[a-z]{3,24}\s{0,5}=", text, re.I):
        for match in _HANDLER.finditer(text):
            yield unescape(match.group(1) or match.group(2)), match.start()
    if "avascript:" in text.lower():
        for match in _ADDRESS.finditer(text):
            yield unescape(match.group(1) or match.group(2)), match.start()


def has_scripts(text: str) -> bool:
    return bool(_OPEN.search(text) or _HANDLER.search(text) or _ADDRESS.search(text))


_MODULE = re.compile(r"^(?:import|export)\b")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)")


def module_of(text: str) -> str:
    """What an MDX page imports and exports, which runs where the page is made. Lines stay."""
    if not re.search(r"(?m)^(?:import|export)\b", text):
        return ""
    rows, inside, fenced = [], False, False
    for row in text.split("\n"):
        fenced = fenced != bool(_FENCE.match(row))
        inside = not fenced and (bool(_MODULE.match(row)) or (inside and bool(row.strip())))
        rows.append(row if inside else "")
    return "\n".join(rows) if any(rows) else ""
