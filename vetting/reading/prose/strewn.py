"""Sentences that are laid out word by word: in the cells of a table, or in items, headings or paragraphs of a word each."""

import re
from collections.abc import Iterable, Iterator

from vetting.reading.markdown import Block, in_pieces

# Words of one place, at most, and places in a row that make a sentence, at least.
WORDS, PLACES = 2, 4
SHORT = 200  # characters of a place
_ONE = re.compile(
    r"^(?:`[^`]+`|!?\[[^\]]*\]\([^)]*\))[.,;:!?)]{0,2}$"
)  # what counts as one word, whatever stands in it
_MARK = re.compile(r"^[ \t>]*(?:(?:[-*+•✓]|\d{1,9}[.)])[ \t]+)?")
_EDGE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"^[\s|:+-]+$")
# A list of names has none of these at the end of a place; a sentence has.
_JOINTS = frozenset(
    (
        "a all an and any are as at be before by do every for from in into is it its my not of on or our that the their"
        " them these this those to with without you your at each every if once then when"
        " alle an auf das dein deine den der die ein eine für im mit nach nicht ohne und von zu zum zur"
        " a al con de del el en la las los no para por que sin su sus todo todos tu una y"
        " au aux avec ce ces dans des du et le les pas pour sans ses ta tes tous toutes un une vos votre à"
        " alla che con dei del della di e gli i il per senza tuo tutti tutte ao aos as com da das do dos em o os sem seu"
        " без в все всё для и из к на не от по с твой"
    ).split()
)
_PLACED = ("prose", "item", "heading", "table")


def with_strewn(blocks: Iterable[Block]) -> list[Block]:
    """The blocks, and each such sentence as a block of its own behind those that it is made of."""
    out: list[Block] = []
    run: list[tuple[Block, str]] = []
    for block in blocks:
        for words in () if block.kind == "comment" else _places(block):
            if words and (words.count(" ") < WORDS or _ONE.match(words)):
                run.append((block, words))
            elif run:
                out += _joined(run)
                run = []
        out.append(block)
    return [*out, *_joined(run)]


def _places(block: Block) -> Iterator[str]:
    """The words of each place of a block; of one that is longer than a word or two, nothing."""
    if block.kind not in _PLACED:
        yield ""
    elif block.kind != "table":
        yield " ".join(_MARK.sub("", block.text).split()) if len(block.text) < SHORT else ""
    elif not _RULE.match(block.text):
        for cell in _EDGE.split(block.text.strip(" \t>").removeprefix("|").removesuffix("|")):
            yield " ".join(cell.split())
    elif block.text.strip(" \t>") == "|":
        yield "|"


def _joined(run: list[tuple[Block, str]]) -> Iterator[Block]:
    if len(run) < PLACES or not any(words.rsplit(" ", 1)[-1].lower() in _JOINTS for _, words in run):
        return
    first, kind = run[0][0], "item" if run[0][0].kind == "item" else "prose"
    for piece, _ in in_pieces(" ".join(words for _, words in run)):
        made = Block(kind, piece, first.line, "", first.headings, first.quoted, first.file)
        yield made
    for block, _ in run:
        block.within = made
