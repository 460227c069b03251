"""The words of a Markdown text as a reader of the page sees them: without the markup that stands between them and in them.

Checks of prose read this, so that none of them has to know how a word may be cut: by tags, comments, entities, escapes,
emphasis, links or footnotes. A tag that no page has stays: <name> is a blank to fill in.
"""

import re
from collections.abc import Callable
from html import unescape

from vetting.reading.letters import fold

LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\(<?([^)\s<>]{1,500})>?(?:[ \t]+[\"'][^\"'\n]{0,200}[\"'])?\)")
_MARKS = re.compile(r"\*{1,3}|__|^[ \t]*>[ \t>]*|~~", re.MULTILINE)
_MARKED = re.compile(r"[*_>~]")
# Any of these, or there is no other markup.
_CUES = re.compile(r"`[A-Za-z]+`|<[A-Za-z/!]|&[#A-Za-z]|\\|\]\[|\[\^|(?<![\w`])_")
_MARKUP = re.compile(
    r"(?s)(?P<code>(?P<ticks>`{1,3})(?P<said>[^`\n]+)(?P=ticks))|(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?P<pair><(?P<kind>[A-Za-z][\w-]{0,40})\b(?P<with>[^<>]{0,400})>(?P<word>[\w'’-]{1,40})</(?P=kind)\s{0,4}>)"
    r"|(?P<tag></?(?P<name>[A-Za-z][\w-]{0,40})(?:\s[^<>]{0,1000}|/)?>)"
    r"|(?P<entity>&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};))"
    r"|(?P<line>\\\n)|(?P<escape>\\[!-/:-@\[-`{-~])|(?P<note>\[\^[^\]\s]{1,80}\])"
    r"|\[(?P<named>[A-Za-z][^\[\]\n]{0,200})\]\[[^\[\]\n]{0,80}\]|(?<!\w)_(?P<em>[^_\n]{1,300})_(?!\w)"
)
# A path or a pattern is meant as it is written: a backslash before a letter, a variable, a place of the user's.
_AS_WRITTEN = re.compile(r"\\[A-Za-z0-9]|[%$~]|\\[.*+?()\[\]|{}][*+?|)]")
_BLANK = re.compile(r"\s")
_TOKEN = 80  # characters of a word with escapes that are looked at on either side
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big center cite code del dfn em font i ins kbd mark nobr q rp rt ruby s samp small span"
        " strike strong sub sup tt u var wbr"
    ).split()
)
_BLOCKS = frozenset(
    (
        "article aside blockquote br caption dd details div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol p pre"
        " section summary table tbody td tfoot th thead tr ul"
    ).split()
)
_HREF = re.compile(r"\bhref\s{0,4}=\s{0,4}[\"']?([^\s\"'>#][^\s\"'>]{0,400})")
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s|\Z)|\n\s*\n")


def rendered(text: str) -> str:
    """The text without its markup; an address that a link leads to stands behind the words that it would part."""
    if _CUES.search(text):
        text = _without_markup(text)
    if "](" in text:
        text = _with_links(text)
    return _MARKS.sub("", text) if _MARKED.search(text) else text


def _without_markup(text: str) -> str:
    shown = _MARKUP.sub(lambda match: _SHOWN[str(match.lastgroup)](match), text)
    return fold(shown) if shown != text else text


def _code(match: re.Match) -> str:
    """A word in letters alone is a word, in whatever type it is set."""
    return match["said"] if match["said"].isalpha() else match.group()


def _pair(match: re.Match) -> str:
    """A word in a tag of its own is that word; what a link leads to is kept."""
    href = _HREF.search(match["with"]) if match["kind"].lower() == "a" else None
    return f"[{match['word']}]({href.group(1)})" if href else match["word"]


def _tag(match: re.Match) -> str:
    name, text, start, end = match["name"].lower(), match.string, match.start(), match.end()
    if name in _BLOCKS:
        return " "
    if name == "a" and _HREF.search(match.group()):
        return match.group()
    within = start > 0 and end < len(text) and text[start - 1].isalpha() and (text[end].isalpha() or text[end] == "<")
    return "" if name in _INLINE or within else match.group()


def _escape(match: re.Match) -> str:
    text, start, end = match.string, match.start(), match.end()
    before, after = _BLANK.split(text[max(0, start - _TOKEN) : start])[-1], _BLANK.split(text[end : end + _TOKEN])[0]
    return match.group() if _AS_WRITTEN.search(before + match.group() + after) else match.group()[1]


_SHOWN: dict[str, Callable[[re.Match], str]] = {
    "code": _code,
    "comment": lambda match: "",
    "pair": _pair,
    "tag": _tag,
    "entity": lambda match: unescape(match.group()),
    "line": lambda match: " \n",
    "escape": _escape,
    "note": lambda match: "",
    "named": lambda match: _without_markup(match["named"]),
    "em": lambda match: _without_markup(match["em"]),
}


def _with_links(text: str) -> str:
    """Words of links with the address behind them, or behind the sentence where it would part a word or many words."""
    found = list(LINK.finditer(text))
    crowded = sum(" " not in match.group(1) for match in found) > 2
    out: list[str] = []
    held: list[str] = []
    at = 0
    for match in found:
        out += _ended(text[at : match.start()], held)
        at = match.end()
        words, address = match.groups()
        out.append(words)
        if address.startswith("#") and words:
            continue
        parts = text[match.start() - 1 : match.start()].isalpha() or text[at : at + 1].isalpha()
        if parts or (crowded and " " not in words):
            held.append(address)
        else:
            out.append(f" ({address})")
    return "".join([*out, *_ended(text[at:] + "\n\n", held)]).removesuffix("\n\n")


def _ended(text: str, held: list[str]) -> list[str]:
    """The text, with the addresses that were held back where its first sentence ends."""
    end = _SENTENCE_ENDS.search(text) if held else None
    if end is None:
        return [text]
    addresses = "".join(f" ({address})" for address in held)
    held.clear()
    return [text[: end.start()], addresses, text[end.start() :]]
