"""A text too long to be read closely, reduced to the windows that name something: words of deeds, orders, secrets.

One pass over the text, whatever it is made of. What is kept stands in its order, in lines of its own; `Kept` knows which
line of the text each of them is, and how many characters were not kept.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from vetting.reading.letters import fold
from vetting.reading.needles import STEMS, WORDS
from vetting.reading.text import windows_of

MARGIN = 200  # characters on either side that come with a window
ENDS = 3000  # characters at either end that are always kept
BLOCK = 128  # windows whose words are looked at together
REMEMBERED = 200_000  # words that were looked into
FRONT = 66_000  # characters that front matter may take
_WORD = bytes(b if b in b"abcdefghijklmnopqrstuvwxyz0123456789" else 32 for b in range(256))
_TOP = re.compile(r"\n(?=[^\s)\]}])")
_FENCE = re.compile(r"(?m)^[ \t>]{0,40}(`{3,}|~{3,})([^`\n]{0,80})$")
GAP = " … "
# Stands for characters that nobody sees, as if they were a word.
UNSEEN = b"#"
_EXACT = frozenset([UNSEEN, *(word.encode() for word in WORDS)])


@dataclass(slots=True)
class Kept:
    """What was kept of a text. lines pairs a line of it with the line of the text it was, where they part ways."""

    text: str
    lines: list[tuple[int, int]] = field(default_factory=list)
    parts: list[tuple[str, int]] = field(default_factory=list)  # the same, window by window, each with its line here
    left_out: int = 0  # characters without any such word
    passed_over: int = 0  # characters with one, for which there was no room

    def line_of(self, line: int) -> int:
        """The line of the text that this line of what was kept is."""
        at = bisect_right(self.lines, (line, 1 << 60)) - 1
        return line if at < 0 else self.lines[at][1] + line - self.lines[at][0]


_UNSEEN = re.compile("[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\U000e0001-\U000e0fff]")


def _words(text: str) -> list[bytes]:
    if not text.isascii() and _UNSEEN.search(text):
        return [UNSEEN, *_visible_words(text)]
    return _visible_words(text)


def _visible_words(text: str) -> list[bytes]:
    return fold(text).lower().encode("ascii", "replace").translate(_WORD).split()


@dataclass(slots=True)
class _Window:
    """A window of one of the texts, with the telling words in it and, once all are known, how much they tell."""

    place: int
    start: int
    end: int
    words: set[bytes]
    weight: float = 0.0


def _weighed(texts: Sequence[str]) -> list[_Window]:
    """The windows with telling words, weightiest first: a word that stands everywhere tells little, a rare one much."""
    found: list[_Window] = []
    held: list[_Window] = []
    known = _Words()
    for place, text in enumerate(texts):
        for start, end in windows_of(text):
            held.append(_Window(place, start, end, set(_words(text[max(0, start - 40) : end + 40]))))
            if len(held) == BLOCK:
                found += _telling(held, known)
                held = []
    found += _telling(held, known)
    often = Counter(word for window in found for word in window.words)
    for window in found:
        window.weight = sum(1 / often[word] for word in window.words)
    found.sort(key=lambda window: (-window.weight, window.place, window.start))
    return found


class _Words:
    """The words that were met so far, and those of them that tell something; each word is looked into once."""

    def __init__(self) -> None:
        self.met: set[bytes] = set()
        self.telling: dict[bytes, bytes] = {}

    def meet(self, words: set[bytes]) -> None:
        new = words - self.met
        if len(self.met) > REMEMBERED:
            self.met.clear()
        self.met |= new
        telling = (new & _EXACT) | set(_stemmed(b" ".join(new)))
        self.telling.update(zip(telling, telling, strict=True))


def _telling(held: list[_Window], known: _Words) -> Iterator[_Window]:
    known.meet(set().union(*(window.words for window in held)))
    for window in held:
        window.words = {told for word in window.words if (told := known.telling.get(word))}
        if window.words:
            yield window


def _stemmed(words: bytes) -> Iterator[bytes]:
    """The words in which one of the stems stands."""
    for stem in STEMS:
        at = words.find(stem)
        while at >= 0:
            end = words.find(b" ", at)
            end = len(words) if end < 0 else end
            yield words[words.rfind(b" ", 0, at) + 1 : end]
            at = words.find(stem, end)


def sift(texts: Sequence[str], room: float, langs: Sequence[str], prices: Sequence[float]) -> list[Kept]:
    """The windows that tell the most among all of these texts, as many as there is room for at what a character costs."""
    ends = min(ENDS, int(room / 8 / sum(prices)))
    spans: list[list[tuple[int, int]]] = []
    for text, lang in zip(texts, langs, strict=True):
        first = max(ends, _front(text)) if lang == "markdown" else ends
        spans.append([(0, min(first, len(text))), (max(0, len(text) - ends), len(text))])
    room -= sum((b - a) * price for pairs, price in zip(spans, prices, strict=True) for a, b in pairs)
    passed = [0] * len(texts)
    for window in _weighed(texts):
        span = _widened(texts[window.place], window.start, window.end, langs[window.place])
        cost = (span[1] - span[0]) * prices[window.place]
        if cost > room:
            passed[window.place] += window.end - window.start
        else:
            room -= cost
            spans[window.place].append(span)
    return [
        _kept(text, sorted(pairs), over, _fences(text) if lang == "markdown" else [])
        for text, pairs, over, lang in zip(texts, spans, passed, langs, strict=True)
    ]


def _kept(text: str, spans: list[tuple[int, int]], passed: int, fences: list[tuple[int, str]]) -> Kept:
    kept = _joined(text, spans, fences)
    kept.left_out = max(0, len(text) - len(kept.text))
    kept.passed_over = min(passed, kept.left_out)
    return kept


def _front(text: str) -> int:
    """Where the front matter of a Markdown text ends."""
    return text.find("\n---", 4, FRONT) + 5 if text[:20].lstrip().startswith("---") else 0


def _widened(text: str, start: int, end: int, lang: str) -> tuple[int, int]:
    """The window and a little around it; in code from one statement at the margin to the next, so that it parses."""
    low, high = max(0, start - MARGIN), min(len(text), end + MARGIN)
    if lang in ("python", "javascript", "shell"):
        tops = [m.end() for m in _TOP.finditer(text, max(0, start - 6 * MARGIN), start)]
        low = tops[-1] if tops else low
        after = _TOP.search(text, end, min(len(text), end + 6 * MARGIN))
        return low, after.start() if after else high
    for near, far, step in ((low, start, 1), (end, high, -1)):
        cut = text.rfind("\n", near, far) if step > 0 else text.find("\n", near, far)
        if cut >= 0:
            low, high = (cut + 1, high) if step > 0 else (low, cut)
    return low, high


def _fences(text: str) -> list[tuple[int, str]]:
    """(offset, opener) of every fence line; the opener is "" where one ends."""
    out: list[tuple[int, str]] = []
    opened = ""
    for match in _FENCE.finditer(text) if "```" in text or "~~~" in text else ():
        opened = "" if opened else match.group().strip(" \t>")
        out.append((match.start(), opened))
    return out


def _joined(text: str, spans: list[tuple[int, int]], fences: list[tuple[int, str]]) -> Kept:
    kept = Kept("")
    pieces: list[str] = []
    line, at, here = 1, 0, 1
    runs = [*_merged(spans), (len(text), len(text))]
    for (start, end), (following, _) in pairwise(runs):
        line += text.count("\n", at, start)
        piece = text[start:end].rstrip("\n")
        if piece.rfind("<!--") > piece.rfind("-->") and text.find("-->", end, following) >= 0:
            piece += " -->"  # A comment that ends in what is left out ends here.
        same = bool(pieces) and "\n" not in text[at:start]
        at = start
        if same:
            joint = GAP
        else:
            opener = _open_at(fences, start)
            joint = ("\n\n" if pieces else "") + (opener + "\n" if opener else "")
            piece += "\n" + opener[:3] if opener and _open_at(fences, end) else ""
        here += joint.count("\n")
        if not same:
            kept.lines.append((here, line))
        kept.parts.append((piece, here))
        pieces += (joint, piece)
        here += piece.count("\n")
    kept.text = "".join(pieces)
    return kept


def _open_at(fences: list[tuple[int, str]], offset: int) -> str:
    place = bisect_right(fences, (offset, "\uffff")) - 1
    return fences[place][1] if place >= 0 and fences[place][0] < offset else ""


def _merged(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    held: tuple[int, int] | None = None
    for start, end in spans:
        if held and start <= held[1]:
            held = (held[0], max(held[1], end))
        else:
            if held:
                yield held
            held = (start, end)
    if held:
        yield held


def gist(text: str, limit: int) -> tuple[str, bool]:
    """A long text within a limit, its beginning, its end, and between them what tells the most; and was that all?"""
    if len(text) <= limit:
        return text, True
    quarter = limit // 4
    spans, room, whole = [(0, quarter), (len(text) - quarter, len(text))], limit - 2 * quarter, True
    for window in _weighed([text[quarter:-quarter]]):
        room -= window.end - window.start
        if room < 0:
            whole = False
            break
        spans.append((quarter + window.start, quarter + window.end))
    return GAP.join(text[start:end] for start, end in _merged(sorted(spans))), whole
