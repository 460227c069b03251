"""How much of a skill is read closely: all of it, as long as it is no larger than skills are; else what is nearest, and
of the rest what names something.

A character of code costs more to understand than one of data. What the reading of a skill may cost is counted in
characters at that price, not in seconds, so that the same skill is read in the same way on every machine.
"""

import re
from dataclasses import dataclass

from vetting.reading import layers
from vetting.reading.layers import Budget, Layer
from vetting.reading.letters import fold
from vetting.reading.sifting import Kept, sift
from vetting.reading.text import PIECE, Lines, windows_of

PRICES = {
    "python": 2.2,
    "javascript": 2.5,
    "shell": 2.5,
    "powershell": 2.5,
    "batch": 2.5,
    "makefile": 2.5,
    "markdown": 2.5,
}
PRICE = 0.8  # of a character of any other text
# A skill of this many characters may cost so much; a larger one is longer than any that a person wrote.
USUAL_SIZE, USUAL_COST = 4_000_000, 3_000_000
# Of a larger one this is spent on the files nearest to SKILL.md, and this on the windows kept of the others.
NEAR_COST, KEPT_COST = 700_000, 900_000
# One program is parsed as a whole up to this length.
PROGRAM = 600_000
# Letters of one encoded run that is no text, and of a file from which on a copy is not read again.
RUN, SAME = 2_000, 2_000
_ENCODED = re.compile(
    rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{{RUN},}}+={{0,2}}|^(?:[A-Za-z0-9+/]{{60,76}}\r?\n){{30,}}+"
    rf"[A-Za-z0-9+/=]{{0,76}}",
    re.MULTILINE,
)
# Half of the shortest run, rounded down: 30 lines of 60 letters and their ends.
PART = 900
_PIECE = re.compile(rf"[A-Za-z0-9+/=_\r\n-]{{{PART}}}+")
_PLACED = re.compile(r"(?:^|/)\.|^[^/]*$")
PROGRAMS = frozenset(("python", "javascript"))
_NEARNESS = {"entry": 0, "linked": 1, "loose": 2, "packed": 3, "fixture": 4}
# Lines of layers found in what was not kept are numbered from here, so that they map to where they stood.
BEYOND, STRIDE = 1_000_000_000, 1_000


@dataclass(slots=True)
class Sifted:
    """Of a text that was not read closely: what was kept, and what encodings hid in all of it, with the line."""

    kept: Kept
    layers: list[tuple[Layer, int]]

    @property
    def hidden(self) -> list[tuple[Layer, int]]:
        """The layers with lines as those of what was kept, from which `line_of` leads to where they stood."""
        return [(layer, BEYOND + STRIDE * place) for place, (layer, _) in enumerate(self.layers)]


def price(lang: str) -> float:
    return PRICES.get(lang, PRICE)


def share(sources: list, budget: Budget) -> None:
    """Leave the sources as they are, or reduce those that there is no room for; what is not read is told."""
    size = sum(len(source.raw) for source in sources)
    cost = sum(len(source.raw) * price(source.lang) for source in sources)
    usual = size <= USUAL_SIZE and cost <= USUAL_COST
    left = NEAR_COST
    reduced = []
    ordered = sorted(sources, key=lambda one: (_NEARNESS[one.reach], len(one.raw), one.path))
    if not usual:
        _without_encoded(ordered, budget)
        ordered = _once(ordered)
        size = sum(len(source.raw) for source in ordered)
        usual = size <= USUAL_SIZE and sum(len(one.raw) * price(one.lang) for one in ordered) <= USUAL_COST
    for source in ordered:
        costs = len(source.raw) * price(source.lang)
        too_long = source.lang in PROGRAMS and len(source.raw) > PROGRAM
        if too_long or not (usual or costs <= left):
            reduced.append(source)
        else:
            left -= costs
    if reduced:
        _reduce(reduced, budget)


def _without_encoded(sources: list, budget: Budget) -> None:
    """Long encoded runs, such as pictures within a page, are decoded and not read as words: of each a mark is left."""
    for source in sources:
        long = len(source.raw) >= 10 * RUN and source.lang not in PROGRAMS
        if long and _may_be_encoded(source.raw) and sum(map(len, _ENCODED.findall(source.raw))) * 2 > len(source.raw):
            source.sifted = Sifted(Kept(""), _layers(source, budget))
            source.raw = _ENCODED.sub(lambda run: "…" + "\n" * run.group().count("\n"), source.raw)
            source.sifted.kept.text = source.raw
            source.sifted.kept.lines.append((1, 1))
            _number(source)


def _may_be_encoded(text: str) -> bool:
    """Has it a piece of nothing but such letters and line ends? Every long run holds one of these pieces."""
    return any(_PIECE.fullmatch(text, at, at + PART) for at in range(0, len(text), PART))


def _once(sources: list) -> list:
    """Of files of one name that are the same letter by letter the nearest is read, unless a program looks for the place."""
    seen: set[tuple[str, str, str]] = set()
    out = []
    for source in sources:
        one = (source.path.rsplit("/", 1)[-1], source.lang, source.raw)
        if one in seen and len(source.raw) > SAME and not _PLACED.search(source.path):
            source.raw, source.sifted = "", Sifted(Kept(""), [])
        else:
            seen.add(one)
            out.append(source)
    return out


def _number(source) -> None:
    """Layers stand on lines of their own, from which their lines in the text are known."""
    for place, (_, line) in enumerate(source.sifted.layers):
        source.sifted.kept.lines.append((BEYOND + STRIDE * place, line))


def _reduce(sources: list, budget: Budget) -> None:
    for source in sources:
        held = source.sifted.layers if source.sifted is not None else _layers(source, budget)
        source.sifted = Sifted(Kept(""), held)
    kept = sift(
        [one.raw for one in sources], KEPT_COST, [one.lang for one in sources], [price(one.lang) for one in sources]
    )
    for source, one in zip(sources, kept, strict=True):
        source.sifted.kept = one
        source.raw = one.text
        _number(source)
    _tell([one for one in sources if one.sifted.kept.left_out], budget)


def _layers(source, budget: Budget) -> list[tuple[Layer, int]]:
    # No encoding needs more than ASCII, and a text of that takes a quarter of the memory.
    text = "".join(
        fold(source.raw[start:end]).encode("ascii", "replace").decode() for start, end in windows_of(source.raw, PIECE)
    ).replace("\r\n", "\n")
    found = layers.layers_of(text, budget)
    lines = Lines(text) if found else None
    return [(layer, lines.at(layer.offset)) for layer in found] if lines else []


def _tell(sources: list, budget: Budget) -> None:
    """Data in which nothing was named is as good as read; all else that was not read closely is told."""
    told = [one for one in sources if one.sifted.kept.passed_over or one.lang in PRICES]
    if told:
        budget.note(_what_to_do(told))
    for source in sources:
        kept = source.sifted.kept
        budget.searched.append(source.path)
        if source in told:
            budget.note(
                f"{source.path}: {kept.left_out:,} characters are more than is read closely; "
                + (
                    f"{kept.passed_over:,} of them name what checks look for"
                    if kept.passed_over
                    else "none names a deed"
                )
            )


def _what_to_do(sources: list) -> str:
    largest = sorted(sources, key=lambda one: -one.sifted.kept.left_out)[:3]
    over = sum(one.sifted.kept.left_out for one in sources)
    names = ", ".join(f"{one.path} ({one.sifted.kept.left_out / 1e6:.1f} MB)" for one in largest)
    others = f" and {len(sources) - len(largest)} files more" if len(sources) > len(largest) else ""
    return (
        f"{over / 1e6:.1f} MB of text are more than is read closely; take out of the bundle what an agent need "
        f"not read, "
        f"or split the skill: {names}{others}"
    )
