"""A skill's texts cut into parts that a model can read: numbered lines, nothing dropped but blank ones."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from vetting.reading.skill import Skill

# Characters of a part, and of one line before it is cut into pieces that carry the same number.
PART = 40_000
PIECE = 4_000
_REACH = {"entry": 0, "linked": 1, "packed": 2, "loose": 3, "fixture": 4}


@dataclass
class Part:
    """rows are (file, line, text)."""

    rows: list[tuple[str, int, str]] = field(default_factory=list)
    size: int = 0

    @property
    def paths(self) -> list[str]:
        return list(dict.fromkeys(path for path, _, _ in self.rows))


def parts_of(skill: Skill) -> list[Part]:
    """What an agent reads first comes first; what does not fit into one part goes into the next."""
    parts = [Part()]
    for row in _rows(skill):
        size = len(row[2]) + 12
        if parts[-1].rows and parts[-1].size + size > PART:
            parts.append(Part())
        parts[-1].rows.append(row)
        parts[-1].size += size
    return [part for part in parts if part.rows]


def _rows(skill: Skill) -> Iterator[tuple[str, int, str]]:
    for source in sorted(skill.sources, key=lambda one: _REACH.get(one.reach, 3)):
        for number, line in enumerate(source.raw.split("\n"), 1):
            line = line.rstrip("\r")
            if line.strip():
                yield from ((source.path, number, line[at : at + PIECE]) for at in range(0, len(line), PIECE))
