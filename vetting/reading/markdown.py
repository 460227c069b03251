"""Markdown into blocks, in one pass over its lines: headings, paragraphs, list items, fences, comments, tables.

Made for judging, not for rendering: it never fails, is linear in the text, and keeps each block's first line. Fences
inside quotes and lists are fences too, since an agent reads them so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from vetting.reading.pieced import NOTHING_KNOWN, Plain
from vetting.reading.plainly import plainly
from vetting.reading.prefilter import known
from vetting.reading.rendered import LINK, rendered
from vetting.reading.text import Lines, windows_of
from vetting.reading.tongue import in_english_letters

# Characters of one block of prose, and how many of them two pieces of a longer one share.
LONGEST, OVERLAP = 4000, 700
LEAD = 80  # characters of a line that leads into a list
WORDS = 4  # blanks of a sentence in a cell at the least
COMMENT = 200  # lines of a comment within a paragraph, for which its later lines keep their numbers
_FENCE = re.compile(r"^[ \t>]{0,80}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})[ \t]*([^\s`{]{0,40})(.{0,200})")
_HEADING = re.compile(r"^[ \t>]{0,8}(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"^[ \t>]{0,80}(?:[-*+•✓]|\d{1,9}[.)])[ \t]+")
_SPAN = re.compile(r"(`{1,2})([^`\n]+)\1")


@dataclass(slots=True, frozen=True)
class Heading:
    level: int
    text: str


@dataclass(eq=False)
class Block:
    """kind is front, heading, prose, item, table, fence or comment; lang is a fence's; headings lead from the top."""

    kind: str
    text: str
    line: int
    lang: str = ""
    headings: tuple[Heading, ...] = ()
    quoted: bool = False
    file: str = ""
    order: int = field(default=0)
    plain_code: Plain = NOTHING_KNOWN  # what is known of the texts of a fence, but the text itself
    within: "Block | None" = (
        None  # what it is a part of: the fence of a sentence, the sentence of words laid out one by one
    )
    lead: str = ""  # of a list's item: the short line that introduces the list

    def __post_init__(self) -> None:
        self.text = known(self.text)

    @property
    def shown(self) -> str:
        """Without markup, as a page shows it; a link shows its address."""
        return self.text if self.kind == "fence" else in_english_letters(rendered(self.text))

    @cached_property
    def plain(self) -> str:
        """What is shown, in lower case and on one line."""
        return known(" ".join(self.shown.lower().split()))

    @cached_property
    def spans(self) -> list[tuple[str, int]]:
        """Inline code with its line."""
        if self.kind in ("fence", "front") or "`" not in self.text:
            return []
        return [(m.group(2), self.line + self.text.count("\n", 0, m.start())) for m in _SPAN.finditer(self.text)]

    @cached_property
    def links(self) -> list[tuple[str, str, int]]:
        if "](" not in self.text:
            return []
        return [
            (m.group(1), m.group(2), self.line + self.text.count("\n", 0, m.start())) for m in LINK.finditer(self.text)
        ]

    @property
    def title(self) -> str:
        """The headings above, as one lower-case string."""
        return " / ".join(h.text for h in self.headings).lower()

    def line_of(self, words: str) -> int:
        """The line on which these words (as in plain) begin."""
        first = next((w for w in re.findall(r"[\w./:-]{4,}", words.lower())), "")
        if first:
            for k, line in enumerate(self.text.split("\n")):
                if first in line.lower():
                    return self.line + k
        return self.line


def in_pieces(text: str) -> Iterator[tuple[str, int]]:
    """(piece, where it begins): a paragraph longer than any sentence needs comes in pieces that overlap, so that whoever
    reads blocks reads no endless one."""
    if len(text) <= LONGEST:
        yield text, 0
        return
    for start, end in windows_of(text, LONGEST - OVERLAP):
        if start:
            blank = text.find(" ", start - OVERLAP, start)
            start = blank + 1 if blank >= 0 else start - OVERLAP
        yield text[start:end], start


def _pieces(whole: Block) -> Iterator[Block]:
    """Inline code may be longer than a piece: each piece has what begins in it and not yet in the one before."""
    spans = [(m.start(), m.group(2)) for m in _SPAN.finditer(whole.text)] if "`" in whole.text else []
    lines = Lines(whole.text, whole.line)
    for count, (piece, start) in enumerate(in_pieces(whole.text)):
        block = Block(whole.kind, piece, lines.at(start), "", whole.headings, whole.quoted, whole.file)
        block.order = whole.order + count
        here = [span for span in spans if span[0] < start + len(piece)]
        spans = spans[len(here) :]
        block.spans = [(code, lines.at(at)) for at, code in here]
        yield block


class _Reader:
    """The state of the one pass."""

    def __init__(self, text: str, first: int, file: str) -> None:
        self.lines = text.split("\n")
        self.first, self.file = first, file
        self.blocks: list[Block] = []
        self.headings: list[Heading] = []
        self.held: list[str] = []
        self.held_kind, self.held_line = "prose", 0
        self.lead = ""

    def put(self, kind: str, text: str, line: int, lang: str = "") -> None:
        quoted = text.lstrip()[:1] == ">"
        whole = Block(kind, text, self.first + line, lang, tuple(self.headings), quoted, self.file, len(self.blocks))
        if kind == "item":
            whole.lead = self.lead
        elif kind not in ("fence", "comment"):
            shown = " ".join(whole.shown.split()) if kind == "prose" and len(text) < 10 * LEAD else ""
            self.lead = shown if len(shown) < LEAD else ""
        self.blocks += [whole] if kind == "fence" or len(text) <= LONGEST else _pieces(whole)

    def flush(self) -> None:
        if self.held:
            self.put(self.held_kind, "\n".join(self.held), self.held_line)
            self.held = []

    def hold(self, kind: str, line: str, at: int) -> None:
        if not self.held:
            self.held_kind, self.held_line = kind, at
        self.held.append(line)

    def read(self) -> list[Block]:
        at = 0
        while at < len(self.lines):
            at = self.step(at)
        self.flush()
        return self.blocks

    def step(self, at: int) -> int:
        line = self.lines[at]
        bare = line.strip(" \t>\r")
        if not bare:
            self.flush()
            return at + 1
        if ("```" in line or "~~~" in line) and (fence := _FENCE.match(line)):
            return self.fence(at, fence)
        if "<!--" in line and "<!--" in _SPAN.sub("", line):
            return self.comment(at)
        if bare[0] == "#" and (heading := _HEADING.match(line)):
            self.heading(at, heading)
        elif bare[0] == "|":
            self.flush()
            # A row of one cell that holds a sentence is no row of a table.
            alone = bare.strip("| \t")
            if "|" not in alone and alone.count(" ") >= WORDS:
                self.put("prose", alone, at)
            else:
                self.put("table", line, at)
        elif _ITEM.match(line):
            self.flush()
            self.hold("item", line, at)
        else:
            self.hold("prose", line, at)
        return at + 1

    def heading(self, at: int, match: re.Match) -> None:
        self.flush()
        level = len(match.group(1))
        while self.headings and self.headings[-1].level >= level:
            self.headings.pop()
        self.put("heading", match.group(2), at)
        if len(self.headings) < 6:
            self.headings.append(Heading(level, match.group(2).strip()[:300]))

    def fence(self, at: int, match: re.Match) -> int:
        self.flush()
        mark = match.group(1)
        # ```bash, ``` {.bash title="x"} and ```{bash}
        word = match.group(2) or next(iter(match.group(3).lstrip("{. ").split()), "")
        lang = word.lower().strip("{}.,")
        indent = len(match.group()) - len(match.group().lstrip(" \t>"))
        body: list[str] = []
        end = at + 1
        while end < len(self.lines):
            line = self.lines[end]
            bare = line.strip(" \t>\r")
            if bare[:3] == mark[:3] and len(bare) >= len(mark) and not bare.strip(mark[0]):
                break
            prefix = len(line[:indent]) - len(line[:indent].lstrip(" \t>"))
            body.append(line[prefix:].rstrip("\r"))
            end += 1
        text = "\n".join(body)
        plain = plainly(text, lang or "sh")
        self.put("fence", plain.text, at + 1, lang)
        self.blocks[-1].plain_code = replace(plain, text="")
        return end + 1

    def comment(self, at: int) -> int:
        """HTML comments of a line, the last of which may span lines; what stands around them is read as if they were not
        there."""
        before, *pieces = self.lines[at].split("<!--")
        shown, hidden = [before], []
        for piece in pieces[:-1]:
            inside, _, after = piece.partition("-->")
            hidden.append(inside)
            shown.append(after)
        last, end = pieces[-1], at
        while "-->" not in last and end + 1 < len(self.lines):
            hidden.append(last)
            end += 1
            last = self.lines[end]
        inside, _, after = last.partition("-->")
        self.put("comment", "\n".join([*hidden, inside]), at)
        shown.append(after)
        left, rows = "".join(shown), end - at
        if left.strip(" \t>"):
            self.lines[end] = left
        else:
            end, rows = end + 1, rows + 1
        if self.held:
            self.held += [""] * min(rows, COMMENT)
        return end


def blocks_of(text: str, first: int = 1, file: str = "") -> list[Block]:
    """The blocks of a Markdown text whose first line has the number `first`."""
    return _Reader(text, first, file).read()


_SENTENCE = re.compile(
    r"^[ \t]{0,12}(?:#{1,6}[ \t]+|\d{1,3}[.)][ \t]+|[-*+][ \t]+|\*\*)?[A-Za-z*][\w'’*-]*[,:!]?"
    r"(?: [`<\"'(*]{0,3}[A-Za-z][\w'’.*`/-]*[`)\"'>,:;!*]{0,4}){4,}"
)
_CODE_FENCES = frozenset(
    (
        "python py python3 javascript js typescript ts tsx jsx bash sh shell zsh json yaml yml toml java go rust c "
        "cpp csharp ruby php sql r html css"
    ).split()
)


def with_prose_in_code(blocks: list[Block]) -> list[Block]:
    """The blocks, and after each fence of code the sentences that stand in it as if it were prose.

    A model does not mind the fence around a sentence, so an instruction may be laid there out of a reader's sight.
    """
    out: list[Block] = []
    for block in blocks:
        out.append(block)
        if block.kind == "fence" and block.lang in _CODE_FENCES:
            out += _sentences(block)
    for order, block in enumerate(out):
        block.order = order
    return out


def _sentences(fence: Block) -> list[Block]:
    found: list[Block] = []
    for number, row in enumerate(fence.text.split("\n")):
        if (
            len(row) > 30
            and row.count(" ") > 4
            and _SENTENCE.match(row[:400])
            and not row.rstrip().endswith(("{", ";", "(", "["))
        ):
            found.append(Block("item", row, fence.line + number, "", fence.headings, False, fence.file, within=fence))
    return found
