"""Two texts line by line: which lines went, came and stayed. Fast for any two texts: no upload can make it slow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Block:
    """Lines before[a:b] that became after[c:d]; the same lines when same."""

    same: bool
    a: int
    b: int
    c: int
    d: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line beside its counterpart. kind is same, changed, removed, added, or gap: so many lines left out."""

    kind: str
    before_no: int = 0
    before: str = ""
    after_no: int = 0
    after: str = ""
    left_out: int = 0


def lines_of(text: str) -> list[str]:
    """Line ends of any kind are one kind here, and the last line needs none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def blocks(before: Sequence[str], after: Sequence[str]) -> list[Block]:
    """What stayed and what changed, in turns."""
    numbers: dict[str, int] = {}
    # Numbers instead of lines: two of them are equal only when their lines are.
    left = [numbers.setdefault(line, len(numbers)) for line in before]
    right = [numbers.setdefault(line, len(numbers)) for line in after]
    found: list[Block] = []
    for one in Indel.opcodes(left, right):
        same = one.tag == "equal"
        block = Block(same, one.src_start, one.src_end, one.dest_start, one.dest_end)
        if found and found[-1].same == same:
            last = found.pop()
            block = Block(same, last.a, block.b, last.c, block.d)
        found.append(block)
    return found


def hunks(found: Sequence[Block], context: int = CONTEXT) -> Iterator[list[Block]]:
    """Changes that lie close together, each with a few lines around it that stayed."""
    hunk: list[Block] = []
    for place, block in enumerate(found):
        if not block.same:
            hunk.append(block)
            continue
        size, is_last = block.b - block.a, place == len(found) - 1
        if hunk and (is_last or size > 2 * context):
            keep = min(context, size)
            yield [*hunk, Block(True, block.a, block.a + keep, block.c, block.c + keep)]
            hunk = []
        elif hunk:
            hunk.append(block)
            continue
        if not is_last:
            keep = min(context, size)
            hunk = [Block(True, block.b - keep, block.b, block.d - keep, block.d)]
    if any(not block.same for block in hunk):
        yield hunk


def rows(before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    """The lines side by side, with gaps where nothing changed for long."""
    seen = 0
    for hunk in hunks(blocks(before, after)):
        if hunk[0].a > seen:
            yield Row("gap", left_out=hunk[0].a - seen)
        for block in hunk:
            yield from _rows_of(block, before, after)
        seen = hunk[-1].b
    if seen < len(before):
        yield Row("gap", left_out=len(before) - seen)


def _rows_of(block: Block, before: Sequence[str], after: Sequence[str]) -> Iterator[Row]:
    left, right = block.b - block.a, block.d - block.c
    for n in range(max(left, right)):
        a, c = block.a + n, block.c + n
        if n < left and n < right:
            yield Row("same" if block.same else "changed", a + 1, before[a], c + 1, after[c])
        elif n < left:
            yield Row("removed", a + 1, before[a])
        else:
            yield Row("added", after_no=c + 1, after=after[c])


def unified(before: Sequence[str], after: Sequence[str], name: str, was: str = "") -> Iterator[str]:
    """The same as a unified diff, line by line, to be read rather than applied: line ends were made one kind."""
    yield f"--- {was or name}"
    yield f"+++ {name}"
    for hunk in hunks(blocks(before, after)):
        first, last = hunk[0], hunk[-1]
        yield f"@@ -{_span(first.a, last.b)} +{_span(first.c, last.d)} @@"
        for block in hunk:
            if block.same:
                yield from (f" {line}" for line in before[block.a : block.b])
            else:
                yield from (f"-{line}" for line in before[block.a : block.b])
                yield from (f"+{line}" for line in after[block.c : block.d])


def _span(start: int, end: int) -> str:
    return f"{start + 1 if end > start else start},{end - start}"
