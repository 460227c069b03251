import pytest
from django.core.exceptions import ValidationError

from marketplace.names import Version, handle_problem
from marketplace.usernames import username_validators


def test_versions_order_by_semantic_precedence():
    ordered = [
        "0.9",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0",
        "1.9.0",
    ]
    assert [str(v) for v in sorted(map(Version, reversed([*ordered, "1.10.0"])))] == ["0.9.0", *ordered[1:], "1.10.0"]


@pytest.mark.parametrize(
    ("text", "full"), [("1", "1.0.0"), ("1.2", "1.2.0"), ("v1.2.3", "1.2.3"), (" 1.0.0-rc.1 ", "1.0.0-rc.1")]
)
def test_a_short_version_is_read_in_full(text, full):
    assert str(Version(text)) == full


@pytest.mark.parametrize(
    "text", ["", "latest", "1.2.3.4", "1.0.0+build", "1..2", "-1", "1.0.0-", "٣.0.0", "1.0.0/..", "9" * 99]
)
def test_what_is_no_version_is_refused(text):
    with pytest.raises(ValueError, match="no version"):
        Version(text)


def test_the_version_after_a_prerelease_is_its_release():
    assert str(Version("1.2.3-rc.1").next()) == "1.2.3"
    assert str(Version("1.2.3").next()) == "1.2.4"


@pytest.mark.parametrize(
    "handle", ["", "Alice", "-a", "a-", "a--b", "a_b", "x" * 40, "api", "search", "healthz", "con", "ä"]
)
def test_an_unreachable_or_malformed_handle_is_refused_even_for_the_operator(handle):
    assert handle_problem(handle)
    assert handle_problem(handle, operator=True)


def test_a_handle_that_speaks_for_the_house_is_the_operators_to_give():
    assert handle_problem("assay") == "the name is reserved"
    assert handle_problem("assay", operator=True) == ""


def test_a_username_that_passes_for_a_publisher_is_refused(alices):
    with pytest.raises(ValidationError, match="taken"):
        for validate in username_validators:
            validate("a1ice")
    for validate in username_validators:
        validate("dora")
