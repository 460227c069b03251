"""What a skill may be called, and which names pose as another."""

import pytest

from vetting.names import looks_like, skill_name_problem, slug


@pytest.mark.parametrize("name", ["a", "1", "pdf-tools", "a" * 64, "x1-2-3"])
def test_well_formed_names_have_no_problem(name):
    assert skill_name_problem(name) == ""


@pytest.mark.parametrize(
    "name", ["", "-a", "a-", "a--b", "A", "a_b", "a b", "a.b", "ä", "a" * 65, "a\n", "com1", "new", "aux"]
)
def test_other_names_are_told_why_not(name):
    assert skill_name_problem(name)


def test_a_slug_is_a_name_or_nothing():
    assert slug("  Größe & Mehr! ") == "groe-mehr"
    assert slug("Agent Browser") == "agent-browser"
    assert slug("漢字") == ""


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("pdf-t00ls", "pdf-tools"), ("pdftools", "pdf-tools"), ("paypa1", "paypal"), ("rnarkdown", "markdown"),
        ("reqeusts", "requests"), ("reqests", "requests"), ("requuests", "requests"),
        ("python_dateutil", "python-dateutil"),
    ],
)  # fmt: skip
def test_a_twin_or_a_slip_of_the_finger_is_seen(name, known):
    assert looks_like(name, ["something-else", known]) == known


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("requests", "requests"),
        ("pdf-tools-2", "pdf-tools"),
        ("pdf-tool", "pdf-tools"),
        ("git", "gist"),
        ("weather", "feather-icons"),
    ],
)
def test_itself_and_honest_variants_are_not_seen(name, known):
    assert looks_like(name, [known]) is None
