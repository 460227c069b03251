"""What vetting looks for, page by page: where the "why" of a finding leads."""

import re

import pytest

from vetting import catalogue

EVERY = [rule.name for rule in catalogue.rules()]


def test_the_list_links_to_every_rule_but_the_remarks_on_silence(client, db):
    page = client.get("/checks").content.decode()
    linked = set(re.findall(r'href="/checks/([^"]+)"', page))
    own = {rule.name for rule in catalogue.rules() if rule.family in ("check", "room", "yara")}
    silent = {name for name in own if name.startswith("yara:") and catalogue.rule(name).axis == "quality"}
    assert own - silent - {"yara:more"} <= linked
    assert all(client.get(f"/checks/{name}").status_code == 200 for name in linked)


@pytest.mark.parametrize("name", [*EVERY, "bandit:B602", "reviewer:odd-order"])
def test_every_rule_has_a_page_that_says_what_why_and_how(client, db, name):
    page = client.get(f"/checks/{name}").content.decode()
    for heading in ("What it finds", "Why it matters", "How to fix it", "What it does to the verdict"):
        assert heading in page
    assert not re.search(r"[\u200b\u200c\u200e\u200f\u202a-\u202e\U000e0000-\U000e007f]", page), (
        "unseen letters are written out"
    )


def test_an_example_is_shown_and_never_run(client, db):
    page = client.get("/checks/hidden_markup").content.decode()
    assert "<pre" in page and "<script>alert" not in page


def test_what_is_no_rule_is_not_found(client, db):
    assert client.get("/checks/no_such").status_code == 404
    assert client.get("/checks/%3Cimg src=x onerror=1%3E").status_code == 404


def test_nobody_can_be_called_like_the_pages(db):
    from marketplace.names import handle_problem

    assert handle_problem("checks")
