"""No list that a person asks for about themselves costs more because it is longer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import services

pytestmark = pytest.mark.django_db


def test_own_lists_cost_no_more_queries_when_they_are_longer(as_user, alice, bob):
    def fill(numbers: range) -> None:
        for n in numbers:
            org = services.publisher_create(actor=alice, handle=f"works-{n}", kind="organisation")
            services.member_invite(actor=alice, publisher=org, username=bob.username, role="member")
            services.token_issue(actor=bob, name=f"token {n}", scopes=["read"])

    browser = as_user(bob, "read", "admin")

    def cost(path: str) -> tuple[int, int]:
        browser.get(path)
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(path)
        return len(captured), len(response.json().get("results", ()))

    paths = ("/api/v1/tokens", "/api/v1/invitations", "/api/v1/whoami", "/api/v1/checks")
    fill(range(2))
    few = [cost(path) for path in paths]
    fill(range(2, 12))
    many = [cost(path) for path in paths]
    assert [queries for queries, _ in many] == [queries for queries, _ in few]
    assert many[0][1] > few[0][1] and many[1][1] > few[1][1]
