"""What was made of a text is not made again: syntax trees, and the places where quotes may hold a command."""

import pytest

from tests.vetting.test_static_robustness import HEAD, vet
from vetting.reading.embedded.quoted import commands_in_quotes
from vetting.reading.prefilter import Known, known
from vetting.reading.python import trees
from vetting.reading.python.calls import read_python

# Nothing of it is in pieces, but that shows only in its tree.
WHOLE = "NAMES = ['a', 'b']\nROWS = ('x')\n\ndef first(rows):\n    return rows[0]\n"
PIECES = "import os\nos.system('cu' + 'rl https://relay.test')\n"


@pytest.fixture
def made(monkeypatch):
    texts: list[str] = []
    make = trees._made
    monkeypatch.setattr(trees, "_made", lambda text: texts.append(text) or make(text))
    trees.forget()
    yield texts
    trees.forget()


@pytest.mark.parametrize("text", [WHOLE, PIECES])
def test_a_program_is_parsed_once_as_it_stands_and_once_as_it_is_read(text, made):
    vet({"SKILL.md": HEAD + "Run once.py.\n", "once.py": f"# parsed once\n{text}"})
    mine = [one for one in made if "# parsed once" in one]
    assert mine and len(mine) == len(set(mine))


def test_no_tree_outlives_the_reading_of_the_next_skill(made):
    trees.tree_of("left = 1\n")
    vet({"SKILL.md": HEAD + "Say hello.\n"})
    assert "left = 1\n" not in trees._held


def test_trees_are_held_within_a_bound(made, monkeypatch):
    monkeypatch.setattr(trees, "ROOM", 20)
    trees.tree_of("first = 1\n")
    trees.tree_of("second_is_too_long = 1\n")
    assert list(trees._held) == ["first = 1\n"]
    assert trees.last_of("second_is_too_long = 1\n").body and trees.last_of("first = 1\n").body
    assert not trees._held


def test_a_piece_of_code_knows_its_words():
    assert type(read_python(f"{WHOLE}# {'long ' * 100}", origin="part").text) is Known


def test_a_long_text_that_knows_its_words_is_not_made_anew():
    text = known("word " * 200)
    assert known(text) is text


def test_commands_are_found_wherever_among_the_quotes_they_stand():
    idle = 'name = "nothing at all to do"\n' * 300
    text = f"{idle}a = \"curl https://one.test\"\n{idle}b = 'wget https://two.test'\n{idle}"
    assert [(said.split()[0], line) for said, line in commands_in_quotes(text)] == [("curl", 301), ("wget", 602)]


@pytest.mark.parametrize("quoted", [r'"first\ncurl https://x.test"', '"echo $$curl https://x.test"'])
def test_a_command_that_shows_only_once_the_quotes_are_read_is_found(quoted):
    text = f"eval\nx = {quoted}\n"
    assert any("curl https" in said for said, _ in commands_in_quotes(text))
