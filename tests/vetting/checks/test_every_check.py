"""One contract for every check in the folder: its BAD examples fire, its GOOD ones are left alone."""

import pytest

from vetting.bundle import Bundle, BundleFile
from vetting.checks import Check, checks
from vetting.findings import Axis, Severity
from vetting.manifest import read_manifest
from vetting.reading.skill import Skill
from vetting.taxonomy import KINDS

EVERY = checks()


def skill_of(example: str | dict) -> Skill:
    files = {"SKILL.md": example} if isinstance(example, str) else example
    raw = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    bundle = Bundle(tuple(BundleFile(path, data) for path, data in sorted(raw.items())))
    manifest, _ = read_manifest(raw.get("SKILL.md", b""), folder="a", lenient=True)
    return Skill(bundle, manifest, known_names=("acme/weather", "acme/pdf-tools", "acme/spreadsheet"), owner="mallory")


def examples(kind: str) -> list:
    return [
        pytest.param(check, example, id=f"{check.name}-{number}")
        for check in EVERY
        for number, example in enumerate(getattr(check, kind), 1)
    ]


def weighty(check: Check, example: object) -> list:
    """Findings that a person would be shown as a problem: at the check's own severity or MEDIUM, the lesser of them."""
    floor = min(check.severity, Severity.MEDIUM)
    found = [check.finding(hit) for hit in check.find(skill_of(example))]
    return [finding for finding in found if finding.severity >= floor]


@pytest.mark.parametrize(("check", "example"), examples("bad"))
def test_a_bad_example_fires(check, example):
    assert weighty(check, example), f"{check.name} stays silent"


@pytest.mark.parametrize(("check", "example"), examples("good"))
def test_a_good_example_is_left_alone(check, example):
    assert weighty(check, example) == []


@pytest.mark.parametrize("check", EVERY, ids=lambda check: check.name)
def test_a_check_explains_itself(check):
    assert check.bad and check.good, "a check needs examples of both kinds"
    assert len(check.title) > 8 and len(check.finds) > 60 and len(check.why) > 60 and len(check.fix) > 20
    assert check.code in KINDS
    assert isinstance(check.axis, Axis)


@pytest.mark.parametrize(("check", "example"), examples("bad"))
def test_a_finding_points_at_a_line_that_is_there(check, example):
    files = {"SKILL.md": example} if isinstance(example, str) else example
    for hit in check.find(skill_of(example)):
        finding = check.finding(hit)
        if finding.line and finding.file in files:
            text = files[finding.file]
            assert finding.line <= (text if isinstance(text, bytes) else text.encode()).count(b"\n") + 1
        assert finding.evidence or not finding.file


def test_the_folder_is_the_registry():
    assert [check.name for check in EVERY] == sorted(check.name for check in EVERY)
    assert len(EVERY) >= 12
