"""Two releases of a skill held against each other: which files came, went, moved and changed, and how their text reads.

All of it is bounded, since both are strangers' uploads: so many files are listed, so much text is read, and what is
left out is said.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from marketplace import bundle_files, line_diff, news
from marketplace.models import Release

FILES_SHOWN = 300
FILE_BYTES, FILE_LINES = 200_000, 5_000
TEXT_BYTES, TEXT_LINES = 2_000_000, 40_000
_TOO_MUCH = "There is more text here than is compared at once."
_FIRST = "SKILL.md"


@dataclass(slots=True)
class Change:
    """One file. state is added, removed, changed or moved; was is its earlier path where that is another."""

    path: str
    state: str
    before: dict | None = None
    after: dict | None = None
    was: str = ""
    texts: tuple[list[str], list[str]] | None = None
    why_not: str = ""

    @property
    def became_executable(self) -> bool:
        return bool(self.after and self.after["executable"] and not (self.before and self.before["executable"]))

    def rows(self) -> Iterator[line_diff.Row]:
        return line_diff.rows(*self.texts) if self.texts else iter(())

    def unified(self) -> Iterator[str]:
        return line_diff.unified(*self.texts, self.path, self.was) if self.texts else iter(())


@dataclass(slots=True)
class Comparison:
    before: Release
    after: Release
    changes: list[Change]
    counts: dict[str, int]
    left_out: int = 0
    drift: dict = field(default_factory=dict)


def compare(before: Release, after: Release) -> Comparison:
    """What changed from one release to another of the same skill."""
    found = changes(before.files, after.files)
    counts = Counter(change.state for change in found)
    same = len(after.files) - counts["added"] - counts["changed"] - counts["moved"]
    shown = found[:FILES_SHOWN]
    _read_texts(shown, before.digest, after.digest)
    totals = {state: counts[state] for state in ("added", "removed", "changed", "moved")}
    return Comparison(
        before,
        after,
        shown,
        totals | {"same": same},
        left_out=len(found) - len(shown),
        drift=_drift(before, after, shown, totals),
    )


def _drift(before: Release, after: Release, shown: Sequence[Change], totals: dict[str, int]) -> dict:
    """What vetting said of these very two, else what can be said of them here."""
    told = (after.report or {}).get("drift") or {}
    if (told.get("from") or {}).get("digest") == before.digest:
        return told
    if before.digest == after.digest:
        return {}
    return news.news(before, after, shown, {state: totals[state] for state in ("added", "removed", "changed")})


def changes(before: Sequence[dict], after: Sequence[dict]) -> list[Change]:
    """By path, SKILL.md first: it is what an agent obeys."""
    old, new = {file["path"]: file for file in before}, {file["path"]: file for file in after}
    gone = {path: file for path, file in old.items() if path not in new}
    by_bytes: dict[str, list[str]] = {}
    for path, file in gone.items():
        by_bytes.setdefault(file["sha256"], []).append(path)
    found = []
    for path, file in new.items():
        if path in old:
            if _mark(old[path]) != _mark(file):
                found.append(Change(path, "changed", old[path], file))
        elif file["size"] and (candidates := by_bytes.get(file["sha256"])):
            was = candidates.pop(0)
            found.append(Change(path, "moved", gone.pop(was), file, was=was))
        else:
            found.append(Change(path, "added", None, file))
    found += [Change(path, "removed", file, None) for path, file in gone.items()]
    return sorted(found, key=lambda change: (change.path != _FIRST, change.path))


def _mark(file: dict) -> tuple:
    return file["sha256"], file["executable"]


def _read_texts(shown: Sequence[Change], before: str, after: str) -> None:
    """Give each change its two texts, or the reason why there are none to show."""
    budget, lines = TEXT_BYTES, TEXT_LINES
    wanted: list[Change] = []
    for change in shown:
        sizes = [file["size"] for file in (change.before, change.after) if file]
        if change.before and change.after and change.before["sha256"] == change.after["sha256"]:
            change.why_not = "The bytes are the same."
        elif max(sizes) > FILE_BYTES:
            change.why_not = f"It is longer than {FILE_BYTES // 1000} kB."
        elif sum(sizes) > budget:
            change.why_not = _TOO_MUCH
        else:
            budget -= sum(sizes)
            wanted.append(change)
    old = bundle_files.read(before, [one.was or one.path for one in wanted if one.before], FILE_BYTES)
    new = bundle_files.read(after, [one.path for one in wanted if one.after], FILE_BYTES)
    for change in wanted:
        left = old.get(change.was or change.path) if change.before else b""
        right = new.get(change.path) if change.after else b""
        change.texts, change.why_not = _texts(left, right)
        lines -= sum(map(len, change.texts or ()))
        if lines < 0:
            change.texts, change.why_not = None, change.why_not or _TOO_MUCH


def _texts(left: bytes | None, right: bytes | None) -> tuple[tuple[list[str], list[str]] | None, str]:
    if left is None or right is None:
        return None, "The bytes of this bundle are not kept here any more."
    texts = bundle_files.text_of(left), bundle_files.text_of(right)
    if texts[0] is None or texts[1] is None:
        return None, "It is not text."
    lines = line_diff.lines_of(texts[0]), line_diff.lines_of(texts[1])
    if lines[0] == lines[1]:
        return None, "Only its line ends or its byte order mark changed." if left and right else "It is empty."
    if max(map(len, lines)) > FILE_LINES:
        return None, f"It has more than {FILE_LINES:,} lines."
    return lines, ""
