"""The page that signs a machine in: it shows who asks, grants what is ticked, and no link leads to its button."""

import re

import pytest

from marketplace import services
from marketplace.models import DeviceLogin


@pytest.fixture
def waiting(db):
    def begin(**more):
        given = {"machine": "bench-3", "scopes": ["read", "push"], "agent": "assay-skill/1", "address": "127.0.0.1"}
        return services.device_begin(**{**given, **more})

    return begin


def decide(browser, code, decision="grant", **fields):
    return browser.post("/device", {"code": code, "decision": decision, "scopes": ["push"], "days": "7", **fields})


def test_alice_types_the_code_sees_who_asks_and_signs_it_in(as_person, alice, waiting):
    _, secret, code = waiting()
    browser = as_person(alice)
    assert "Type the code" in browser.get("/device").content.decode()
    asked = browser.post("/device", {"code": code.lower()})
    page = asked.content.decode()
    assert "no-store" in asked.headers["Cache-Control"]
    for words in (code, "bench-3", "assay-skill/1", "127.0.0.1", "the same as this browser", "push releases"):
        assert words in page, words
    assert "manage publishers" not in page and "another address" not in page
    assert DeviceLogin.objects.get().state == "waiting"
    assert "Signed in" in decide(browser, code).content.decode()
    token, _ = services.device_token(secret=secret)
    assert (token.user, token.scopes) == (alice, ["push"])
    assert "skill on bench-3" in browser.get("/account/tokens").content.decode()


def test_a_machine_from_elsewhere_that_asks_for_much_is_told_loudly(as_person, alice, waiting):
    _, _, code = waiting(address="203.0.113.9", scopes=["read", "admin"], machine="<b>\u202ebench</b>")
    page = as_person(alice).post("/device", {"code": code}).content.decode()
    assert "It asks from another address" in page and "203.0.113.9" in page and "127.0.0.1" in page
    assert "more than publishing needs" in page
    assert "<b>\u202e" not in page and "&lt;b&gt;" in page


def test_no_link_leads_to_the_button(as_person, alice, waiting):
    _, _, code = waiting()
    page = as_person(alice).get(f"/device?code={code}&user_code={code}&decision=grant").content.decode()
    assert code not in page and "Sign it in" not in page
    assert DeviceLogin.objects.get().state == "waiting"


def test_turned_away_is_turned_away(as_person, alice, waiting):
    _, secret, code = waiting()
    assert "Turned away" in decide(as_person(alice), code, "deny").content.decode()
    with pytest.raises(services.devices.NotYet, match="turned down"):
        services.device_token(secret=secret)
    again = decide(as_person(alice), code)
    assert again.status_code == 404 and "No machine waits" in again.content.decode()


def test_nothing_that_was_not_asked_for_can_be_ticked(as_person, alice, waiting, mallory):
    _, _, code = waiting()
    for fields in ({"scopes": ["admin"]}, {"scopes": []}, {"publisher": "mallory"}, {"days": "9999"}):
        answer = decide(as_person(alice), code, **fields)
        assert answer.status_code == 422 and "errorlist" in answer.content.decode(), fields
    assert DeviceLogin.objects.get().state == "waiting"


def test_a_wrong_code_is_told_and_many_wrong_ones_end_it(as_person, mallory, waiting):
    waiting()
    browser = as_person(mallory)
    answers = [browser.post("/device", {"code": "BBBB-BBBB"}).status_code for _ in range(11)]
    assert answers == [404] * 10 + [429]


def test_one_has_to_be_signed_in_and_comes_back(client, alice, waiting):
    answer = client.get("/device")
    assert answer.status_code == 302 and re.search(r"/accounts/login/\?next=/device$", answer.headers["Location"])
    assert client.post("/device", {"code": "x"}).status_code == 302
