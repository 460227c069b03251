"""The check that docs/guide/write-a-check.md makes is one: as it stands on the page, its examples hold."""

import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.vetting.checks.test_every_check import skill_of
from vetting.findings import Axis
from vetting.taxonomy import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "write-a-check.md"


@pytest.fixture
def made() -> ModuleType:
    source = re.search(r"(?s)````python\n(.*?)````", PAGE.read_text(encoding="utf-8"))
    module = ModuleType("writable_by_all")
    exec(compile(source.group(1), str(PAGE), "exec"), module.__dict__)
    return module


def test_the_check_of_the_guide_finds_its_bad_examples_and_leaves_its_good_ones(made):
    assert [bool(list(made.find(skill_of(example)))) for example in made.BAD] == [True] * len(made.BAD)
    assert [bool(list(made.find(skill_of(example)))) for example in made.GOOD] == [False] * len(made.GOOD)


def test_the_check_of_the_guide_has_every_part_that_a_check_has(made):
    assert made.CODE in KINDS and made.AXIS in Axis and made.FIX and "Why it matters:" in made.__doc__


def test_what_the_guide_says_a_skill_knows_is_there(made):
    skill = skill_of(made.BAD[0])
    named = re.findall(r"`skill\.(\w+)`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 2 and all(hasattr(skill, name) for name in [*named, "commands", "programs", "blocks", "places"])
