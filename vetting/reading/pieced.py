"""A program whose texts stand in one piece, and what is known of those that did not."""

import re
from dataclasses import dataclass

# Said of a program in which more is put together than is worked out.
IN_PIECES = "texts that are put together from more pieces than are followed"
NAME = 40  # characters of a text that may be a name in disguise
Edit = tuple[int, int, str, str]  # start, end, how it is written now, and the text that it is
# Nothing but a comment follows on this line.
_LINE_ENDS = re.compile(rb"[ \t\r]*+(?:#[^\n]*+)?(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Plain:
    """made holds the short texts that were put together, each with its line, counted from 0; whole says whether all were."""

    text: str
    whole: bool = True
    made: tuple[tuple[str, int], ...] = ()


NOTHING_KNOWN = Plain("")


def rewritten(data: bytes, edits: list[Edit], whole: bool, filling: bytes) -> Plain:
    """The text with these places written anew; as many lines as a place had, it has.

    Filling is what ends a line after which an expression goes on; where the line ends with it, nothing does.
    """
    out: list[bytes] = []
    made: list[tuple[str, int]] = []
    at = row = 0
    for start, end, written, word in edits:
        row += data.count(b"\n", at, start)
        if 0 < len(word) <= NAME:
            made.append((word, row))
        rows = data.count(b"\n", start, end)
        line_end = b"\n" if _LINE_ENDS.match(data, end) else filling
        out += [data[at:start], written.encode("utf-8", "replace"), line_end * (rows - written.count("\n"))]
        at, row = end, row + rows
    return Plain(b"".join([*out, data[at:]]).decode("utf-8", "replace"), whole, tuple(made))
