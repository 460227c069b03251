"""A piece of code that many skills hold is put before a tool once."""

import pytest

from vetting.scanners import Source, bandit
from vetting.scanners.answers import ISSUES, KEPT, Answer, Answers
from vetting.scanners.cage import ToolFailed
from vetting.scanners.pieces import Piece, pieces_of


def _piece(text: str, path: str = "a.py", language: str = "python") -> Piece:
    return Piece(path, language, text)


class Tool:
    """Says of a piece how long it is, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, pieces) -> list[Answer]:
        self.asked += [piece.text for piece in pieces]
        return [Answer(({"length": len(piece.text)},)) for piece in pieces]


def test_the_same_code_is_asked_about_once_wherever_it_stands():
    answers, tool = Answers(), Tool()
    pieces = [_piece("one"), _piece("three"), _piece("one", "other.py")]
    said = answers.of(pieces, "1", tool)
    again = answers.of([_piece("three", "third.py"), _piece("four")], "1", tool)
    assert [said(piece).issues[0]["length"] for piece in pieces] == [3, 5, 3]
    assert again(_piece("three", "third.py")).issues[0]["length"] == 5
    assert tool.asked == ["one", "three", "four"]


def test_another_language_or_version_is_asked_anew():
    answers, tool = Answers(), Tool()
    for language, version in (("python", "1"), ("bash", "1"), ("python", "2")):
        answers.of([_piece("one", language=language)], version, tool)
    assert tool.asked == ["one"] * 3


def test_a_trouble_that_may_pass_is_not_kept():
    answers, asked = Answers(), []

    def tool(pieces):
        asked.append(len(pieces))
        return [Answer((), "Timeout", False) for _ in pieces]

    assert [answers.of([_piece("one")], "1", tool)(_piece("one")).trouble for _ in range(2)] == ["Timeout"] * 2
    assert asked == [1, 1]


def test_a_tool_that_breaks_leaves_nothing_behind():
    answers, tool = Answers(), Tool()

    def broken(pieces):
        raise ToolFailed("it broke")

    with pytest.raises(ToolFailed):
        answers.of([_piece("one")], "1", broken)
    assert answers.of([_piece("one")], "1", tool)(_piece("one")).issues and tool.asked == ["one"]


def test_what_is_kept_is_bounded():
    answers, asked = Answers(), []

    def tool(pieces):
        asked.append(len(pieces))
        return [Answer(({},) * (ISSUES + 1 if "many" in piece.text else 1)) for piece in pieces]

    for _ in range(2):
        answers.of([_piece("many issues")], "1", tool)
    answers.of([_piece("first")], "1", tool)
    answers.of([_piece(str(number)) for number in range(KEPT)], "1", tool)
    answers.of([_piece("first")], "1", tool)
    assert asked == [1, 1, 1, KEPT, 1]


def test_each_skill_gets_the_finding_under_its_own_path_and_line(bundle):
    code = "import subprocess\nsubprocess.call('ls ' + input(), shell=True)\n"
    first = bundle({"a.py": code})
    second = bundle({"SKILL.md": f"---\nname: b\ndescription: c\n---\nRun\n\n```python\n{code}```\n", "lib/b.py": code})
    results = bandit.scan([Source(one, pieces_of(one)) for one in (first, second)])
    places = [{(finding.file, finding.line) for finding in result.findings} for result in results]
    assert places == [{("a.py", 2)}, {("lib/b.py", 2), ("SKILL.md", 9)}]
