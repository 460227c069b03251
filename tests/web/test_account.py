"""A person's own pages: releases at every stage, publishers, reviews, and tokens that are shown once."""

import re

import pytest
from django.core import mail

from marketplace.models import Publisher, Token
from marketplace.services.tokens import hash_secret, parse
from tests.web import factories


def test_releases_are_there_at_every_stage_with_the_reason(as_person, alice, shelf, bob):
    shelf("calm")
    shelf("refused", verdict="block", findings=[factories.finding(severity="critical", why="Keys are sent away.")])
    shelf("unsure", verdict="unknown")
    shelf("busy", verdict="vetting")
    for user in (alice, bob):
        page = as_person(user).get("/account").content.decode()
        for words in ("Passed", "Refused", "Keys are sent away.", "Quarantined", "the trace was lost", "Being vetted"):
            assert words in page


def test_a_publisher_can_be_made_and_a_taken_one_cannot(as_person, charlie, alices):
    browser = as_person(charlie)
    response = browser.post("/account", {"handle": "charlies-works", "kind": "organisation", "display_name": "Works"})
    assert response.status_code == 302
    assert Publisher.objects.get(handle="charlies-works").memberships.get().user == charlie
    for handle in ("alice", "a1ice", "api", "Not A Handle", ""):
        response = browser.post("/account", {"handle": handle, "kind": "person", "display_name": ""})
        assert response.status_code == 422, handle
        assert b'role="alert"' in response.content or b"errorlist" in response.content


def make_token(browser, **more):
    return browser.post("/account/tokens", {"name": "CI", "scopes": ["read", "push"], "days": "30", **more})


def test_a_token_is_shown_once_and_kept_as_a_hash(as_person, alice):
    browser = as_person(alice)
    page = make_token(browser).content.decode()
    plaintext = re.search(r"asy_[0-9A-Za-z_]{40,}", page)[0]
    key, secret = parse(plaintext)
    token = Token.objects.get()
    assert (token.key, token.secret_hash, token.scopes) == (key, hash_secret(secret), ["read", "push"])
    again = browser.get("/account/tokens")
    assert secret not in again.content.decode()
    assert key in again.content.decode()
    assert "no-store" in again.headers["Cache-Control"]


def test_a_token_can_be_limited_to_one_publisher_of_ones_own(as_person, alice, alices, mallory):
    browser = as_person(alice)
    make_token(browser, publisher="alice")
    assert Token.objects.get().publisher == alices
    assert make_token(browser, publisher="mallory").status_code == 422
    assert Token.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["everything"]}, {"days": "9999"}])
def test_a_token_that_cannot_be_is_explained(as_person, alice, wrong):
    response = make_token(as_person(alice), **wrong)
    assert response.status_code == 422
    assert not Token.objects.exists()


def test_a_token_can_be_revoked_by_its_owner_alone(as_person, alice, charlie):
    browser = as_person(alice)
    make_token(browser)
    key = Token.objects.get().key
    assert as_person(charlie).post(f"/account/tokens/{key}/revoke").status_code == 404
    assert Token.objects.get().revoked_at is None
    assert browser.get(f"/account/tokens/{key}/revoke").status_code == 405
    assert browser.post(f"/account/tokens/{key}/revoke").status_code == 302
    assert Token.objects.get().revoked_at
    assert b"revoked" in browser.get("/account/tokens").content


def test_people_sign_up_in_and_out_on_pages_of_the_site(client, db):
    made = client.post(
        "/accounts/signup/",
        {
            "username": "dora",
            "email": "dora@example.com",
            "password1": factories.PASSWORD,
            "password2": factories.PASSWORD,
        },
    )
    assert made.status_code == 302
    assert client.get("/account").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    wrong = client.post("/accounts/login/", {"login": "dora", "password": "wrong wrong wrong"})
    assert b'role="alert"' in wrong.content
    assert client.post("/accounts/login/", {"login": "dora", "password": factories.PASSWORD}).status_code == 302


@pytest.mark.parametrize("name", ["search", "api", "alice", "a1ice", "-x", "a--b"])
def test_a_username_that_could_not_publish_is_refused(client, alices, name):
    response = client.post(
        "/accounts/signup/",
        {"username": name, "email": "", "password1": factories.PASSWORD, "password2": factories.PASSWORD},
    )
    assert response.status_code == 200
    assert b"errorlist" in response.content


def test_a_forgotten_password_is_answered_by_mail(client, alice):
    response = client.post("/accounts/password/reset/", {"email": "alice@example.com"}, follow=True)
    assert response.status_code == 200
    assert len(mail.outbox) == 1
