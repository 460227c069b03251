"""Quarantine ends by a person's decision, with a reason, and not by one of the skill's own team."""

import pytest
from django.core.management import CommandError, call_command

from marketplace.models import AuditEvent, Release, Skill
from tests.api.test_problems import assert_problem
from tests.conftest import join
from vetting import attest

PATH = "/api/v1/skills/alice/pdf-tools/releases/1.0.0/decision"
YES = {"decision": "publish", "reason": "looked at by hand"}


def post(client, body=YES):
    return client.post(PATH, body, content_type="application/json")


@pytest.fixture
def judge(django_user_model):
    return django_user_model.objects.create_user("judith", is_staff=True)


def test_staff_publishes_and_the_report_and_the_attestation_say_so(publish, judge, as_user, client):
    publish("pdf-tools", verdict="unknown")
    response = post(as_user(judge, "admin"))
    assert response.status_code == 200 and response.json()["status"] == "published"
    report = client.get(PATH.replace("decision", "report")).json()
    assert report["decision"]["by"] == "judith" and report["safety"]["verdict"] == "unknown"
    predicate = attest.verify(Release.objects.get().attestation)["predicate"]
    assert (predicate["status"], predicate["verdict"]) == ("published", "unknown")
    assert Skill.objects.get().latest is not None
    assert AuditEvent.objects.get(verb="release.decide").actor == judge


def test_staff_rejects(publish, judge, as_user, client):
    publish("pdf-tools", verdict="unknown")
    assert post(as_user(judge, "admin"), YES | {"decision": "reject"}).json()["status"] == "rejected"
    assert client.get(PATH.replace("decision", "bundle")).status_code == 404


def test_nobody_else_decides(publish, judge, alice, alices, charlie, as_user):
    publish("pdf-tools", verdict="unknown")
    assert_problem(post(as_user(charlie, "admin")), 404, "release.not-found")
    assert_problem(post(as_user(alice, "admin")), 403, "decision.not-staff")
    assert_problem(post(as_user(judge, "push")), 403, "token.wrong-scope")
    join(alices, alice, judge)
    assert_problem(post(as_user(judge, "admin")), 403, "decision.own-skill")
    assert Release.objects.get().status == "quarantined"


@pytest.mark.parametrize("verdict", ["pass", "block"])
def test_what_vetting_judged_is_not_decided_anew(publish, judge, as_user, verdict):
    publish("pdf-tools", verdict=verdict)
    assert_problem(post(as_user(judge, "admin")), 409, "decision.not-quarantined")


def test_a_decision_without_a_reason_is_none(publish, judge, as_user):
    publish("pdf-tools", verdict="unknown")
    assert_problem(post(as_user(judge, "admin"), {"decision": "publish"}), 422, "request.invalid")
    assert_problem(post(as_user(judge, "admin"), YES | {"decision": "perhaps"}), 422, "request.invalid")


def test_what_is_published_without_a_pass_has_a_reason_for_others_to_judge(publish, judge, as_user):
    publish("pdf-tools", verdict="unknown")
    assert_problem(post(as_user(judge, "admin"), YES | {"reason": "  fine  "}), 422, "decision.reason")
    assert Release.objects.get().status == "quarantined"


def test_the_operator_decides_at_the_shell(publish, capsys):
    publish("pdf-tools", verdict="unknown")
    call_command("decide", "alice/pdf-tools@1.0.0", "publish", "--reason", "looked at by hand")
    assert capsys.readouterr().out == "alice/pdf-tools@1.0.0 is published.\n"
    with pytest.raises(CommandError, match="nothing to decide"):
        call_command("decide", "alice/pdf-tools@1.0.0", "reject", "--reason", "second thoughts")
    with pytest.raises(CommandError, match="no release"):
        call_command("decide", "alice/nothing@1.0.0", "reject", "--reason", "x")
