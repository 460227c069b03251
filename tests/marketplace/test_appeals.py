"""An appeal: by the team alone, one at a time, decided by somebody else of the staff, and shown with who and why."""

import pytest
from django.core.management import call_command

from marketplace import services
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import Appeal, AuditEvent, Release, Skill
from tests.api.test_problems import assert_problem
from tests.conftest import join
from vetting import attest

WHY = "The host it calls is our own, as the front matter says."
PATH = "/api/v1/skills/alice/pdf-tools/releases/1.0.0"


@pytest.fixture
def judge(django_user_model):
    return django_user_model.objects.create_user("judith", is_staff=True)


def fresh() -> Release:
    return Release.objects.select_related("skill__publisher").get()


def test_the_team_appeals_and_the_report_shows_it(publish, bob):
    services.appeal_open(actor=bob, release=publish(verdict="block"), text=WHY)
    (told,) = fresh().report["appeals"]
    assert (told["by"], told["text"], told["outcome"], told["verdict"]) == ("bob", WHY, "open", "block")
    assert AuditEvent.objects.get(verb="release.appeal").actor == bob


def test_nobody_else_appeals_and_an_appeal_says_why(publish, charlie, judge, alice):
    release = publish(verdict="block")
    for stranger in (charlie, judge):
        with pytest.raises(NotAllowed):
            services.appeal_open(actor=stranger, release=release, text=WHY)
    with pytest.raises(Invalid):
        services.appeal_open(actor=alice, release=release, text="  no!  ")


def test_one_is_open_at_a_time_and_what_was_decided_is_not_asked_again(publish, alice, judge):
    release = publish(verdict="block")
    services.appeal_open(actor=alice, release=release, text=WHY)
    with pytest.raises(Conflict, match="open already"):
        services.appeal_open(actor=alice, release=release, text=WHY)
    services.release_decide(actor=judge, release=release, decision="uphold", reason="It does send the keys.")
    assert fresh().status == "rejected"
    with pytest.raises(Conflict, match="decided"):
        services.appeal_open(actor=alice, release=release, text=WHY)
    Release.objects.update(report=fresh().report | {"ruleset": "r-newer"})
    assert services.appeal_open(actor=alice, release=fresh(), text=WHY).outcome == "open"


def test_nothing_is_appealed_where_there_is_no_verdict_against_it(publish, push, alice):
    with pytest.raises(Conflict, match="passed"):
        services.appeal_open(actor=alice, release=publish(), text=WHY)
    with pytest.raises(Conflict, match="no verdict"):
        services.appeal_open(actor=alice, release=push("other"), text=WHY)


def test_overturned_is_published_with_its_verdict_and_attested_anew(publish, alice, judge):
    release = publish(verdict="block")
    services.appeal_open(actor=alice, release=release, text=WHY)
    services.release_decide(actor=judge, release=release, decision="overturn", reason="The host is theirs.")
    release = fresh()
    assert (release.status, release.verdict) == ("published", "block")
    assert Skill.objects.get().latest == release
    assert release.report["decision"]["by"] == "judith"
    assert release.report["appeals"][0]["outcome"] == "overturned"
    assert release.report["appeals"][0]["reason"] == "The host is theirs."
    predicate = attest.verify(release.attestation)["predicate"]
    assert (predicate["status"], predicate["verdict"]) == ("published", "block")
    appeal = Appeal.objects.get()
    assert appeal.decided_by == judge and appeal.decided_at is not None


@pytest.mark.parametrize(("decision", "outcome"), [("publish", "overturned"), ("reject", "upheld")])
def test_a_decision_on_a_quarantined_release_closes_its_appeal(publish, alice, judge, decision, outcome):
    release = publish(verdict="unknown")
    services.appeal_open(actor=alice, release=release, text=WHY)
    services.release_decide(actor=judge, release=release, decision=decision, reason="looked at by hand")
    assert Appeal.objects.get().outcome == outcome


def test_a_caution_that_is_upheld_stays_published(publish, alice, judge):
    release = publish(verdict="warn")
    services.appeal_open(actor=alice, release=release, text=WHY)
    services.release_decide(actor=judge, release=release, decision="uphold", reason="A look is due.")
    assert fresh().status == "published" and Appeal.objects.get().outcome == "upheld"


def test_without_an_appeal_there_is_nothing_to_uphold(publish, judge):
    with pytest.raises(Conflict, match="No appeal"):
        services.release_decide(
            actor=judge, release=publish(verdict="block"), decision="overturn", reason="The host is theirs."
        )


def test_the_judge_is_not_of_the_team(publish, alice, alices, judge):
    release = publish(verdict="block")
    services.appeal_open(actor=alice, release=release, text=WHY)
    join(alices, alice, judge)
    with pytest.raises(NotAllowed):
        services.release_decide(actor=judge, release=release, decision="overturn", reason="It is one of ours.")


def test_the_whole_way_over_the_api(publish, alice, charlie, judge, as_user, client):
    publish(verdict="block")

    def post(who, what, body, *scopes):
        return as_user(who, *scopes).post(f"{PATH}/{what}", body, content_type="application/json")

    assert_problem(client.post(f"{PATH}/appeal", {"text": WHY}), 401, "token.missing")
    assert_problem(post(charlie, "appeal", {"text": WHY}), 404, "release.not-found")
    assert_problem(post(alice, "appeal", {}), 422, "request.invalid")
    assert post(alice, "appeal", {"text": WHY}).json()["outcome"] == "open"
    assert_problem(post(alice, "appeal", {"text": WHY}), 409, "appeal.open")
    overturned = post(judge, "decision", {"decision": "overturn", "reason": "The host is theirs."}, "admin")
    assert overturned.json()["status"] == "published"
    assert client.get(f"{PATH}/report").json()["appeals"][0]["decided_by"] == "judith"


def test_a_new_vetting_over_the_api(publish, alice, charlie, as_user, client):
    publish()
    assert_problem(client.post(f"{PATH}/revet"), 401, "token.missing")
    assert_problem(as_user(charlie).post(f"{PATH}/revet"), 403, "publisher.not-member")
    first = as_user(alice).post(f"{PATH}/revet")
    assert first.status_code == 202 and first.json()["queued"] is True
    second = as_user(alice).post(f"{PATH}/revet")
    assert second.status_code == 200 and "already" in second.json()["reason"]


def test_the_operator_decides_an_appeal_at_the_shell(publish, alice, capsys):
    services.appeal_open(actor=alice, release=publish(verdict="block"), text=WHY)
    call_command("decide", "alice/pdf-tools@1.0.0", "overturn", "--reason", "looked at by hand")
    assert capsys.readouterr().out == "alice/pdf-tools@1.0.0 is published.\n"
