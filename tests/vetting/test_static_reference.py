"""The reference page says what the checks say."""

from vetting.checks import checks, described
from vetting.management.commands.checks_reference import PAGE, page
from vetting.taxonomy import KINDS


def test_the_reference_page_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == page(), "run manage.py checks_reference"


def test_every_check_is_on_the_page():
    text = page()
    assert all(f"## {check.name}\n" in text for check in checks())


def test_what_static_cannot_decide_names_the_event_that_does():
    assert all(kind.event or kind.static == "decides" or code == "SK-META" for code, kind in KINDS.items())


def test_a_finding_can_be_explained_by_its_check_name():
    assert described("pipe_to_shell").title == "Downloads code and runs it unseen"
    assert described("no_such_check") is None
