"""The four marks: struck right, readable without colour and without eyes, and safe to embed."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from marketplace import hallmark
from marketplace.hallmark import Hallmark

WHEN = datetime(2026, 11, 24, tzinfo=UTC)


def test_every_verdict_has_an_outline_and_a_glyph_of_its_own():
    assert set(hallmark.OUTLINES) == set(hallmark.GLYPHS) == set(hallmark.VERDICT_WORDS)
    assert len(set(hallmark.OUTLINES.values())) == len(set(hallmark.GLYPHS.values())) == 4


@pytest.mark.parametrize(
    ("score", "struck"), [(0, "000"), (100, "999"), (87.4, "873"), (5, "050"), (None, "–"), (140, "999"), (-3, "000")]
)
def test_a_score_is_struck_in_parts_per_thousand(score, struck):
    assert hallmark.fineness(score) == struck


@pytest.mark.parametrize(
    ("handle", "letters"), [("north-works", "NW"), ("alice", "AL"), ("a", "A"), ("a-b-c-d", "ABC"), ("x1", "X1")]
)
def test_the_publishers_mark_is_made_of_the_handle(handle, letters):
    assert Hallmark(handle, "pass", 1.0, WHEN).initials == letters


def test_the_date_letters_start_anew_after_twenty_five_years_and_know_no_j():
    assert hallmark.date_letter(WHEN) == "a"
    assert hallmark.date_letter(WHEN.replace(year=2035)) == "k"
    assert hallmark.date_letter(WHEN.replace(year=2051)) == "a"
    assert hallmark.date_letter(None) == "–"


@pytest.mark.parametrize("verdict", ["pass", "warn", "block", "unknown"])
def test_the_strip_says_all_four_marks_in_words(verdict):
    svg = hallmark.strip(Hallmark("north-works", verdict, 87.4, WHEN), uid="x")
    root = ElementTree.fromstring(svg)
    named = {node.get("id"): node.text for node in root.iter() if node.get("id")}
    assert root.get("role") == "img"
    spoken = " ".join(named[key] for key in root.get("aria-labelledby").split())
    for word in ("north-works", hallmark.VERDICT_WORDS[verdict].lower(), "873 of 999", "November 2026"):
        assert word in spoken


def test_an_unheard_of_verdict_is_drawn_as_undecided():
    assert "mark-unknown" in hallmark.strip(Hallmark("a", "splendid", None, None), uid="x")


def test_the_badge_is_one_svg_that_needs_no_stylesheet_and_takes_no_markup_from_a_name():
    svg = hallmark.badge(Hallmark("a", "pass", 50.0, WHEN), 'x"><script>alert(1)</script>')
    root = ElementTree.fromstring(svg)
    assert not [node for node in root.iter() if node.tag.endswith(("script", "style"))]
    assert not [node for node in root.iter() if "class" in node.attrib or "style" in node.attrib]
    assert "Passed" in "".join(root.itertext())
