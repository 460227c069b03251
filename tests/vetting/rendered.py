"""What an author may put between and into the words of prose without changing what a reader of the page sees.

Each way takes a Markdown text. Front matter, fences, inline code, addresses and what is in brackets stay as they are.
"""

import re
import unicodedata
from collections.abc import Callable

_FRONT = re.compile(r"\A\ufeff?---\n.*?\n---\n", re.DOTALL)
# What is no word of a sentence: a fence, inline code, a tag or a comment, a link, an address, a path, a name in code.
_KEPT = re.compile(
    r"(?s)^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1[^\n]*$|\Z)|`[^`\n]+`|<!--.*?(?:-->|\Z)|<[^<>\n]*>"
    r"|!?\[[^\]\n]*\](?:\([^)\n]*\))?|^[ \t]*\|[^\n]*$|^[ \t]*#{1,6} |^[ \t>]*(?:[-*+]|\d+[.)]) "
    r"|\S*(?:[/@_=${}\\~]|\w[.:]\w)\S*",
    re.M,
)
_WORD = re.compile(r"(?<!\w)[A-Za-z]{4,}(?!\w)")
_GAP = re.compile(r"(?<=[A-Za-z,]) (?=[A-Za-z])")
_ALIKE = str.maketrans("aeopcxi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0456")


def _in_prose(change: Callable[[str], str]) -> Callable[[str], str]:
    def widen(text: str) -> str:
        front = match.group() if (match := _FRONT.match(text)) else ""
        body, out, at = text[len(front) :], [], 0
        for kept in _KEPT.finditer(body):
            out += [change(body[at : kept.start()]), kept.group()]
            at = kept.end()
        return front + "".join([*out, change(body[at:])])

    return widen


def _each_word(make: Callable[[str], str]) -> Callable[[str], str]:
    return _in_prose(lambda text: _WORD.sub(lambda match: make(match.group()), text))


def _each_gap(filler: str) -> Callable[[str], str]:
    return _in_prose(lambda text: _GAP.sub(lambda _: filler, text))


def _within(filler: str) -> Callable[[str], str]:
    return _each_word(lambda word: word[:2] + filler + word[2:])


# What stands between paragraphs.
_APART = re.compile(
    r"(?ms)(\n\s*\n|^[ \t>]*(?:`{3,}|~{3,}).*?^[ \t>]*(?:`{3,}|~{3,})[^\n]*$\n?|^[ \t>]*(?:#|\||<)[^\n]*$\n?|\n\Z)"
)
_TOKEN = re.compile(r"`[^`\n]+`|!?\[[^\]\n]*\]\([^)\n]*\)|\S+")
_ITEM = re.compile(r"(?m)^[ \t>]*(?:[-*+]|\d+[.)]) ")


def _word_by_word(before: str, between: str, after: str = "\n", lists: bool = False) -> Callable[[str], str]:
    """Each paragraph word by word, in places of their own; what is a list stays one, unless lists says otherwise."""

    def change(text: str) -> str:
        parts = _ITEM.split(text)
        if (len(parts) > 1 and not lists) or any(0 < len(_TOKEN.findall(part)) < 4 for part in parts):
            return text
        text = text.replace(" | ", " \\| ") if "|" in before else text
        laid = [before + between.join(words) + after for part in _ITEM.split(text) if (words := _TOKEN.findall(part))]
        return "\n".join(laid)

    def widen(text: str) -> str:
        front = match.group() if (match := _FRONT.match(text)) else ""
        pieces = _APART.split(text[len(front) :])
        return front + "".join(piece if number % 2 else change(piece) for number, piece in enumerate(pieces))

    return widen


def _maths(word: str) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if c.islower() else chr(0x1D400 + ord(c) - 65) for c in word)


MARKUP: dict[str, Callable[[str], str]] = {
    "empty tags in words": _within("<b></b>"),
    "a break that may be": _within("<wbr>"),
    "words in tags": _each_word(lambda word: f'<span style="color:red">{word}</span>'),
    "emphasis of every kind": _each_word(lambda word: f"**{word[:2]}**{word[2:]}" if len(word) % 2 else f"_{word}_"),
    "comments between words": _each_gap(" <!-- the table --> "),
    "comments in words": _within("<!-- -->"),
    "a comment over lines": _each_gap(" <!-- the\ntable --> "),
    "unseen letters": _within("\u200b"),
    "soft hyphens": _within("\u00ad"),
    "unseen letters by name": _within("&ZeroWidthSpace;&shy;&#8203;"),
    "letters by number": _each_word(lambda word: f"&#{ord(word[0])};&#x{ord(word[1]):x};{word[2:]}"),
    "blanks by name": _each_gap("&nbsp;"),
    "other blanks": _each_gap("\u2003\u00a0"),
    "line breaks": _each_gap("<br>"),
    "links": _each_word(lambda word: f"[{word}](#{word})"),
    "links by name": _each_word(lambda word: f"[{word}][1]"),
    "half a word a link": _each_word(lambda word: f"[{word[:2]}](#top){word[2:]}"),
    "empty links": _within("[](#top)"),
    "footnotes": _each_word(lambda word: f"{word}[^1]"),
    "inline code": _each_word(lambda word: f"`{word}`"),
    "lines that end hard": _each_gap("\\\n"),
    "escapes": _in_prose(lambda text: re.sub(r"(?<=\w)([-.,:;!'])", r"\\\1", text)),
    "letters of another script": _each_word(lambda word: word.translate(_ALIKE)),
    "wide letters": _each_word(lambda word: "".join(chr(ord(c) + 0xFEE0) for c in word)),
    "letters of mathematics": _each_word(_maths),
    "letters with strokes": _each_word(lambda word: "".join(c + "\u0336" for c in word)),
    "letters with accents": _each_word(lambda word: unicodedata.normalize("NFD", "".join(c + "\u0323" for c in word))),
    "one word a line": _each_gap("\n"),
    "one word an item": _word_by_word("- ", "\n- ", lists=True),
    "one word a paragraph": _word_by_word("", "\n\n"),
    "one word a cell": _word_by_word("| ", " | ", " |\n"),
    "one word a row": _word_by_word("| ", " |\n| ", " |\n"),
}
