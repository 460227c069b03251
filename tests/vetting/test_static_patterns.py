"""No pattern costs more than a text's length allows: twice the text, about twice the time, whatever it is made of.

The pumps are made from each pattern itself: the text that leads into one of its repetitions, then what it repeats, then
an end that fails. Costs are compared with each other, never with a clock.
"""

import re

import pytest

from tests.vetting.regex_pump import growth, patterns_below, pumps

# Small steps first, so that what doubles with every character is seen while it still ends; then 40, 80, … 40,960.
SIZES = (*range(12, 36, 2), *(10 * 2**step for step in range(2, 13)))
# CPU seconds below which a cost is too small to be compared.
ENOUGH = 0.08
# A square grows by 4 when the text doubles, what is linear by 2.
LIMIT = 3.4

PATTERNS = list(patterns_below("vetting.checks", "vetting.reading"))
CHUNKS = 24


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_pattern_costs_the_square_of_a_text(chunk):
    worse = []
    for name, pattern in PATTERNS[chunk::CHUNKS]:
        for head, piece in pumps(pattern):
            # Twice, since the machine may have been busy with something else.
            if (
                growth(pattern, head, piece, SIZES, ENOUGH) > LIMIT
                and (again := growth(pattern, head, piece, SIZES, ENOUGH)) > LIMIT
            ):
                worse.append(f"{name} grows by {again:.1f} on {head!r} + n * {piece!r}: {pattern.pattern[:120]}")
                break
    assert not worse, "\n".join(worse)


BAD = [r"(a+)+$", r"\s*x?\s*y", r"(?:\w+\s?)*:", r"<[^>]*>", r"a*b", r"\w*$", r"(?:a|a)*c", r"x(?!(?:a+)+b)"]


@pytest.mark.parametrize("bad", BAD)
def test_a_pattern_that_explodes_is_noticed(bad):
    pattern = re.compile(bad)
    assert any(growth(pattern, head, piece, SIZES, ENOUGH) > LIMIT for head, piece in pumps(pattern))


def test_every_room_of_reading_is_looked_at():
    rooms = {name.split(":")[0] for name, _ in PATTERNS}
    assert len(PATTERNS) > 400
    assert {"reading.markdown", "reading.encodings", "reading.hosts", "checks.exfiltration"} <= rooms
