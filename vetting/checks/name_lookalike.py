"""A name that is easily taken for another skill's

Finds names that differ from a skill already here, or from its publisher's, by one letter, a swapped pair, a doubled or
look-alike character, or only by hyphens. The same name under another publisher is not a look-alike.

Why it matters: Users and agents install by name. A near miss of a popular name collects the installs that were meant
for it.
"""

import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.hit import Hit

CODE, AXIS = "SK-META", Axis.MALICE
SEVERITY, CONFIDENCE = Severity.HIGH, Confidence.MEDIUM
FIX = (
    "Choose a name that cannot be mistaken for the existing skill, or publish it under the publisher who owns that "
    "skill."
)

BAD = [
    "---\nname: wether\ndescription: Forecasts\n---\nHello\n",
    "---\nname: pdf-too1s\ndescription: PDFs\n---\nHello\n",
    "---\nname: pdftools\ndescription: PDFs\n---\nHello\n",
]
GOOD = [
    "---\nname: weather\ndescription: Forecasts\n---\nHello\n",
    "---\nname: spreadsheet-charts\ndescription: Charts\n---\nHello\n",
    "---\nname: calendar\ndescription: Dates\n---\nHello\n",
]

_SAME_LOOK = str.maketrans("01345$|", "oleasll")


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().translate(_SAME_LOOK)).replace("rn", "m").replace("vv", "w")


def find(skill):
    own = skill.name.lower()
    if len(own) < 4:
        return
    names = [_split(full) for full in skill.known_names]
    if any(name == own for _, name in names):
        return
    bare = _bare(own)
    for owner, name in names:
        if owner and owner == skill.owner:
            continue
        reason = _reason(own, bare, name)
        if reason:
            full = f"{owner}/{name}" if owner else name
            yield Hit(
                "SKILL.md",
                _line(skill),
                f"name: {skill.name}",
                why=(
                    f"This name {reason} the existing skill {full}. Users and agents install by name, and a near "
                    f"miss collects the installs meant for it."
                ),
            )
            return


def _split(full: str) -> tuple[str, str]:
    owner, _, name = full.lower().rpartition("/")
    return owner, name


def _reason(own: str, bare: str, name: str) -> str:
    if len(name) < 4 or name == own:
        return ""
    other = _bare(name)
    if other == bare:
        return "looks the same as that of"
    if abs(len(other) - len(bare)) > 1 or min(len(bare), len(other)) < 5:
        return ""
    if other.rstrip("s") == bare.rstrip("s"):
        return ""
    # Few names come so near, so nobody waits until it is loaded.
    from rapidfuzz.distance import DamerauLevenshtein

    if DamerauLevenshtein.distance(bare, other, score_cutoff=1) == 1 and not _counts(own, name):
        return "differs by one letter from that of"
    return ""


def _counts(own: str, name: str) -> bool:
    """`report-1` and `report-2` differ by a number, which nobody mistakes."""
    return re.sub(r"\d+", "#", own) == re.sub(r"\d+", "#", name)


def _line(skill) -> int:
    return next((n for n, row in enumerate(skill.front.split("\n"), 2) if row.startswith("name:")), 1)
