"""No page asks the database more because it shows more."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from marketplace import services
from marketplace.models import Skill
from tests.web import factories


def count(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


def fill(shelf, number: int, start: int = 0) -> None:
    """Skills, versions of one skill, findings, reviews and tokens, as many of each."""
    for n in range(start, number):
        shelf(f"skill-{n}", keywords=[f"word-{n}"], license=f"L-{n}")
        shelf(
            "many-versions", version=f"1.{n}.0", verdict="warn", findings=[factories.finding(line=i) for i in range(n)]
        )
        rater = get_user_model().objects.create(username=f"rater-{n}")
        services.skill_rate(actor=rater, skill=Skill.objects.get(full_name="alice/many-versions"), stars=3, review="ok")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search",
        "/search?q=pdf",
        "/search?license=L-1&sort=newest",
        "/@/alice",
        "/alice/many-versions",
        "/alice/many-versions/1.1.0/report",
        "/account",
        "/account/tokens",
        "/feed.atom",
    ],
)
def test_thirty_rows_cost_as_many_queries_as_three(as_person, alice, shelf, path):
    browser = as_person(alice)
    fill(shelf, 3)
    for n in range(3):
        services.token_issue(actor=alice, name=f"token {n}", scopes=["read"])
    few = count(browser, path)
    fill(shelf, 30, start=3)
    for n in range(27):
        services.token_issue(actor=alice, name=f"more {n}", scopes=["read"])
    assert count(browser, path) <= few


def waiting(shelf, alice, number: int, start: int = 0) -> None:
    """Refused releases with an open appeal, and quarantined ones; a file with as many findings; publishers of Bob's."""
    for n in range(start, number):
        refused = shelf(f"refused-{n}", verdict="block", findings=[factories.finding(line=n + 1)])
        services.appeal_open(actor=alice, release=refused, text="It asks first, and fetches nothing by itself.")
        shelf(f"held-{n}", verdict="unknown")
    for n in range(start, number):
        found = [factories.finding(line=k % 6 + 1) for k in range(number)]
        shelf("many-findings", version=f"1.{n}.0", verdict="warn", findings=found)


@pytest.mark.parametrize("rows", [30])
def test_what_waits_for_a_person_costs_no_more_when_it_is_more(as_person, shelf, alice, rows):
    staff = get_user_model().objects.create_user("warden", is_staff=True)
    browser, team = as_person(staff), as_person(alice)
    waiting(shelf, alice, 3)
    pages = [
        (browser, "/review"),
        (browser, "/alice/refused-0/1.0.0/report"),
        (team, "/alice/many-findings/1.0.0/files/SKILL.md"),
        (team, "/alice/many-findings"),
        (team, "/alice/many-findings/compare/1.0.0/1.1.0"),
    ]
    few = [count(*page) for page in pages]
    waiting(shelf, alice, rows, start=3)
    assert [count(*page) for page in pages] == few
    assert len(browser.get("/review").context["appeals"]) > 3


def test_publishers_and_invitations_cost_an_account_no_more_when_they_are_many(as_person, alice, bob):
    def ask(numbers: range) -> None:
        for n in numbers:
            org = services.publisher_create(actor=alice, handle=f"works-{n}", kind="organisation")
            services.member_invite(actor=alice, publisher=org, username=bob.username, role="member")

    ask(range(2))
    pages = [(as_person(alice), "/account"), (as_person(bob), "/account")]
    few = [count(*page) for page in pages]
    ask(range(2, 12))
    assert [count(*page) for page in pages] == few


def test_the_pages_most_read_cost_few_queries(client, shelf):
    fill(shelf, 3)
    assert count(client, "/") <= 8
    assert count(client, "/alice/many-versions") <= 8
    assert count(client, "/alice/many-versions/badge.svg") <= 1
