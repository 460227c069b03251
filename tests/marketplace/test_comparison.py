"""Two releases held against each other: what came, went, moved and changed, whatever the two uploads hold."""

import difflib
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace import blobs, comparison, line_diff
from marketplace.comparison import changes, compare

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "d e", "-x", "+y", "@@", "ü"]), max_size=40)


def file(path, sha="0", size=1, executable=False):
    return {"path": path, "sha256": sha, "size": size, "executable": executable}


@settings(max_examples=300, deadline=None)
@given(LINES, LINES)
def test_either_text_can_be_made_of_the_other_and_the_rows(before, after):
    blocks = line_diff.blocks(before, after)
    assert all(one.same != two.same for one, two in itertools.pairwise(blocks))
    made = [line for b in blocks for line in (before[b.a : b.b] if b.same else after[b.c : b.d])]
    assert made == after
    rows = list(line_diff.rows(before, after))
    if before == after:
        assert [row.kind for row in rows] == (["gap"] if before else [])
        return
    for side, number, text in ((before, "before_no", "before"), (after, "after_no", "after")):
        shown = [(getattr(row, number), getattr(row, text)) for row in rows if getattr(row, number)]
        assert all(side[no - 1] == line for no, line in shown)
        assert [no for no, _ in shown] == sorted({no for no, _ in shown})
    left_out = sum(row.left_out for row in rows)
    assert sum(1 for row in rows if row.before_no) + left_out == len(before)
    assert sum(1 for row in rows if row.after_no) + left_out == len(after)


@settings(max_examples=200, deadline=None)
@given(LINES, LINES)
def test_the_unified_diff_makes_one_text_of_the_other(before, after):
    made, place = [], 0
    for line in list(line_diff.unified(before, after, "x"))[2:]:
        if line.startswith("@@ -"):
            start, _, count = line.split()[1][1:].partition(",")
            start = int(start) - 1 if int(count) else int(start)
            made += before[place:start]
            place = start
        elif line[0] == "+":
            made.append(line[1:])
        else:
            assert before[place] == line[1:]
            made += [line[1:]] if line[0] == " " else []
            place += 1
    assert made + before[place:] == after


def test_it_reads_as_others_write_it():
    before = [f"line {n}" for n in range(30)]
    after = [*before[:10], "new", *before[11:25], *before[26:]]
    ours = list(line_diff.unified(before, after, "x"))
    assert ours == list(difflib.unified_diff(before, after, "x", "x", lineterm=""))


@pytest.mark.timeout(60)
def test_the_worst_two_texts_are_compared_in_no_time():
    """Two shuffles of few lines: a matcher that tries again for each match does not come back in this time."""
    lines = [str(random.Random(7).randrange(60)) for _ in range(comparison.FILE_LINES)]
    other = [str(random.Random(8).randrange(60)) for _ in range(comparison.FILE_LINES)]
    rows = list(line_diff.rows(lines, other))
    assert sum(1 for row in rows if row.before_no) + sum(row.left_out for row in rows) == comparison.FILE_LINES


def test_files_come_go_move_and_change_and_skill_md_is_first():
    before = [file("SKILL.md", "1"), file("a", "2"), file("b", "3"), file("c", "4"), file("run", "5"), file("e", "", 0)]
    after = [file("SKILL.md", "9"), file("a", "2"), file("z/b", "3"), file("d", "7"), file("run", "5", 1, True)]
    after.append(file("f", "", 0))
    told = [(one.path, one.state, one.was) for one in changes(before, after)]
    assert told == [
        ("SKILL.md", "changed", ""),
        ("c", "removed", ""),
        ("d", "added", ""),
        ("e", "removed", ""),
        ("f", "added", ""),
        ("run", "changed", ""),
        ("z/b", "moved", "b"),
    ]
    assert [one.path for one in changes(before, after) if one.became_executable] == ["run"]
    assert changes(before, before) == []


@pytest.fixture
def two(publish):
    """two({...}, {...}): two releases with these files beside SKILL.md, compared."""

    def _two(before, after, **more):
        first = publish("pdf-tools", version="1.0.0", files=before)
        return compare(first, publish("pdf-tools", version="1.1.0", files=after, **more))

    return _two


def why(found):
    return {change.path: change.why_not for change in found.changes}


def test_text_is_compared_and_what_is_none_says_so(two, monkeypatch):
    monkeypatch.setattr(comparison, "FILE_BYTES", 1000)
    monkeypatch.setattr(comparison, "FILE_LINES", 50)
    before = {"a.txt": "one\ntwo\n", "b.bin": b"\xff\x00", "c.txt": "x\r\ny\r\n", "long.txt": "x" * 999, "same": "s"}
    after = {"a.txt": "one\nthree\n", "b.bin": b"\xff\x01", "c.txt": "x\ny\n", "long.txt": "x" * 1001, "same": "s"}
    found = two(before, {**after, "many.txt": "\n" * 60, "empty": ""})
    assert found.counts == {"added": 2, "removed": 0, "changed": 4, "moved": 0, "same": 2}
    told = why(found)
    assert told.pop("a.txt") == ""
    assert {path: words.split()[-2:] for path, words in told.items()} == {
        "b.bin": ["not", "text."],
        "c.txt": ["mark", "changed."],
        "empty": ["is", "empty."],
        "long.txt": ["1", "kB."],
        "many.txt": ["50", "lines."],
    }
    change = next(one for one in found.changes if one.path == "a.txt")
    assert list(change.unified()) == ["--- a.txt", "+++ a.txt", "@@ -1,2 +1,2 @@", " one", "-two", "+three"]


def test_no_more_is_read_and_listed_than_is_shown(two, monkeypatch):
    monkeypatch.setattr(comparison, "FILES_SHOWN", 4)
    monkeypatch.setattr(comparison, "TEXT_BYTES", 20)
    found = two({}, {f"{n}.txt": "ten bytes\n" for n in range(10)})
    assert (len(found.changes), found.left_out, found.counts["added"]) == (4, 6, 10)
    assert [bool(words) for words in why(found).values()] == [False, False, True, True]
    monkeypatch.setattr(comparison, "TEXT_BYTES", 10_000)
    monkeypatch.setattr(comparison, "TEXT_LINES", 3)
    assert [bool(words) for words in why(compare(found.before, found.after)).values()] == [False, False, False, True]


def test_without_the_bytes_the_list_is_still_there(publish):
    first = publish("pdf-tools", version="1.0.0", files={"a.txt": "one\n"})
    second = publish("pdf-tools", version="1.1.0", files={"a.txt": "two\n"})
    blobs.path(first.digest).unlink()
    found = compare(first, second)
    assert "not kept here" in why(found)["a.txt"]


def test_drift_stands_beside_it_when_it_is_between_these_two(publish):
    first = publish("pdf-tools", version="1.0.0")
    second = publish("pdf-tools", version="1.1.0", body="Other words.")
    second.report["drift"] = {"from": {"version": "1.0.0", "digest": first.digest}, "files": {}}
    assert compare(first, second).drift
    assert "read_from" not in compare(first, second).drift
    assert compare(second, first).drift["read_from"]
    second.report["drift"]["from"]["digest"] = "sha256:00"
    assert compare(first, second).drift["read_from"]
