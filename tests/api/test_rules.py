"""What vetting looks for, as data: every rule, one of them, and those of a kind of trouble."""

import pytest

from tests.api.test_problems import assert_problem


def test_all_rules_are_listed_with_their_kinds(client, db):
    body = client.get("/api/v1/checks").json()
    assert {"SK-DROP", "SK-DRIFT", "SK-VULN"} <= {kind["code"] for kind in body["kinds"]}
    names = {rule["name"] for rule in body["results"]}
    assert {"pipe_to_shell", "room:canary", "bandit:*", "drift", "dependencies:advisory"} <= names
    assert all(rule["title"] and rule["finds"] and rule["why"] and rule["fix"] for rule in body["results"])


def test_every_kind_of_trouble_has_a_rule(client, db):
    for kind in client.get("/api/v1/checks").json()["kinds"]:
        found = client.get("/api/v1/checks", {"code": kind["code"]}).json()
        assert found["results"] and [one["code"] for one in found["kinds"]] == [kind["code"]]
        assert all(kind["code"] in rule["codes"] for rule in found["results"])


@pytest.mark.parametrize("name", ["pipe_to_shell", "room:canary", "bandit:B602", "semgrep:failed", "reviewer:anything"])
def test_a_rule_is_told_by_the_name_in_the_finding(client, db, name):
    body = client.get(f"/api/v1/checks/{name}").json()
    assert body["why"] and [kind["code"] for kind in body["kinds"]] == body["codes"]


def test_what_is_no_rule_is_not_found(client, db):
    assert_problem(client.get("/api/v1/checks/no_such"), 404, "check.not-found")
    assert_problem(client.get("/api/v1/checks", {"code": "SK-NO"}), 404, "check.no-such-code")
    assert_problem(client.get("/api/v1/checks/%3Cscript%3E"), 404, "check.not-found")


def test_a_slip_is_answered_with_the_nearest_names_and_where_the_list_is(client, db):
    near = client.get("/api/v1/checks/pipe-to-shel").json()["fix"]
    assert near.startswith("Did you mean pipe_to_shell") and "/checks" in near
    assert client.get("/api/v1/checks/room:canry").json()["fix"].startswith("Did you mean room:canary")
    assert "Did you mean" not in client.get("/api/v1/checks/zzzzzzzz").json()["fix"]
