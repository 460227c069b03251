"""Signing a machine in: two codes, one decision, one token, and none of them twice."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from marketplace.errors import Invalid, NotAllowed, NotFound, TooOften
from marketplace.models import AuditEvent, DeviceLogin, Token
from marketplace.services import device_begin, device_deny, device_find, device_grant, device_token
from marketplace.services.devices import NotYet
from marketplace.services.tokens import hash_secret, parse
from tests.marketplace.test_concurrency import at_once

SCOPES = ["read", "push"]


def begin(**more):
    given = {"machine": "bench-3", "scopes": SCOPES, "agent": "assay-skill/1", "address": "192.0.2.7", **more}
    return device_begin(**given)


def why(secret):
    with pytest.raises(NotYet) as refused:
        device_token(secret=secret)
    return refused.value.error


def later(**ago):
    DeviceLogin.objects.update(polled_at=timezone.now() - timedelta(**ago))


@pytest.mark.django_db
def test_neither_code_is_kept_as_it_is():
    _, secret, code = begin()
    row = str(DeviceLogin.objects.values().get())
    assert secret not in row and code not in row and code.replace("-", "") not in row


def test_a_confirmed_machine_gets_one_token_of_what_was_granted(alice, alices):
    _, secret, code = begin()
    assert why(secret) == "authorization_pending"
    device_grant(actor=alice, code=code.lower().replace("-", " "), scopes=["push"], publisher=alices, days=7)
    assert not Token.objects.exists()
    token, text = device_token(secret=secret)
    assert (token.user, token.scopes, token.publisher) == (alice, ["push"], alices)
    assert timedelta(days=6) < token.expires_at - timezone.now() <= timedelta(days=7)
    assert token.name == "skill on bench-3" and hash_secret(parse(text)[1]) == token.secret_hash
    assert why(secret) == "invalid_grant"
    assert Token.objects.count() == 1
    assert AuditEvent.objects.get(verb="device.grant").detail["address"] == "192.0.2.7"


def test_a_machine_that_was_turned_away_gets_none(alice):
    _, secret, code = begin()
    device_deny(actor=alice, code=code)
    assert why(secret) == "access_denied"
    with pytest.raises(NotFound):
        device_grant(actor=alice, code=code, scopes=SCOPES)
    assert AuditEvent.objects.get(verb="device.deny").actor == alice


def test_nothing_comes_of_a_sign_in_that_expired(alice):
    for decided in (False, True):
        _, secret, code = begin()
        if decided:
            device_grant(actor=alice, code=code, scopes=SCOPES)
        DeviceLogin.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert why(secret) == "expired_token"
        with pytest.raises(NotFound):
            device_find(actor=alice, code=code)
    assert not Token.objects.exists()


@pytest.mark.django_db
def test_whoever_asks_too_often_is_slowed_down_from_then_on():
    _, secret, _ = begin()
    assert [why(secret) for _ in range(3)] == ["authorization_pending", "slow_down", "slow_down"]
    assert DeviceLogin.objects.get().interval == 15
    later(seconds=15)
    assert why(secret) == "authorization_pending"
    later(seconds=6)
    assert why(secret) == "slow_down"
    for _ in range(20):
        why(secret)
    assert DeviceLogin.objects.get().interval == 60


def test_nobody_grants_more_than_was_asked_for_or_than_is_theirs(alice, alices, charlie):
    _, _, code = begin()
    for scopes in (["push", "admin"], [], ["root"]):
        with pytest.raises(Invalid):
            device_grant(actor=alice, code=code, scopes=scopes)
    with pytest.raises(Invalid):
        device_grant(actor=alice, code=code, scopes=SCOPES, days=4000)
    with pytest.raises(NotAllowed):
        device_grant(actor=charlie, code=code, scopes=SCOPES, publisher=alices)
    assert DeviceLogin.objects.get().state == "waiting"


def test_a_token_for_a_team_needs_the_team_when_it_is_fetched(alice, alices, bob):
    from marketplace.services import member_remove

    _, secret, code = begin()
    device_grant(actor=bob, code=code, scopes=SCOPES, publisher=alices)
    member_remove(actor=alice, publisher=alices, username="bob")
    with pytest.raises(NotAllowed):
        device_token(secret=secret)
    assert not Token.objects.exists()


def test_a_closed_account_signs_no_machine_in(alice):
    _, secret, code = begin()
    device_grant(actor=alice, code=code, scopes=SCOPES)
    alice.is_active = False
    alice.save()
    assert why(secret) == "access_denied"


def test_mallory_guesses_ten_codes_and_then_pauses(mallory, alice):
    _, _, code = begin()
    for number in range(10):
        with pytest.raises(NotFound):
            device_find(actor=mallory, code=f"BBBB-BBB{'BCDFGHJKLM'[number]}")
    with pytest.raises(TooOften):
        device_find(actor=mallory, code=code)
    assert device_find(actor=alice, code=code)


def test_without_a_cache_nobody_is_turned_away(alice, monkeypatch):
    def away(*_, **__):
        raise ConnectionError

    for name in ("get", "add", "incr"):
        monkeypatch.setattr(cache, name, away)
    _, _, code = begin()
    with pytest.raises(NotFound):
        device_find(actor=alice, code="BBBB-BBBB")
    assert device_find(actor=alice, code=code)


@pytest.mark.django_db
def test_an_address_has_so_many_waiting_and_what_is_old_is_swept(monkeypatch):
    monkeypatch.setattr("marketplace.services.devices.WAITING_AT_MOST", 2)
    begin(), begin()
    with pytest.raises(TooOften):
        begin()
    begin(address="192.0.2.8")
    DeviceLogin.objects.update(expires_at=timezone.now() - timedelta(days=2))
    begin()
    assert DeviceLogin.objects.count() == 1


@pytest.mark.django_db
def test_what_a_machine_says_of_itself_is_cut_and_made_storable():
    row, _, _ = begin(machine="a\0b\n" + "x" * 200, agent="\ud800" + "y" * 300)
    row.refresh_from_db()
    assert len(row.machine) == 60 and row.machine.startswith("a\ufffdb x") and len(row.agent) == 120
    with pytest.raises(Invalid):
        begin(scopes=["root"])


@pytest.mark.django_db(transaction=True)
def test_of_two_that_fetch_at_once_one_gets_the_token(alice):
    _, secret, code = begin()
    device_grant(actor=alice, code=code, scopes=SCOPES)
    results = at_once(*[lambda: device_token(secret=secret)] * 3)
    assert sum(isinstance(result, tuple) for result in results) == 1, results
    assert Token.objects.count() == 1
