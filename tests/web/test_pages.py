"""Every page answers, carries its headers, and holds no inline script or style."""

import re

import pytest

from marketplace import services

ANYBODY = [
    "/",
    "/about",
    "/search",
    "/search?q=pdf",
    "/publish",
    "/@/alice",
    "/alice/pdf-tables",
    "/alice/pdf-tables/1.0.0",
    "/alice/pdf-tables/1.0.0/report",
    "/alice/pdf-tables/1.0.0/files/SKILL.md",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
]
SIGNED_IN = [
    "/account",
    "/account/tokens",
    "/publish",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/logout/",
]


def inspect(response) -> str:
    html = response.content.decode()
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert '<html lang="en">' in html
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert re.search(r"<title>[^<]{3,}</title>", html)
    assert not re.search(r"\sstyle=", html)
    assert "<style" not in html
    assert not re.search(r"\son[a-z]+=", html)
    assert not [
        tag for tag in re.findall(r"<script[^>]*>", html) if "src=" not in tag and "application/json" not in tag
    ]
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//[^\"]*\.(?:js|css|woff2?)", html)
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    return html


@pytest.mark.parametrize("path", ANYBODY)
def test_a_page_for_anybody_is_whole(client, shelf, path):
    shelf()
    response = client.get(path)
    assert response.status_code == 200
    inspect(response)


@pytest.mark.parametrize("path", SIGNED_IN)
def test_a_page_for_its_person_is_whole(as_person, alice, shelf, path):
    shelf()
    response = as_person(alice).get(path)
    assert response.status_code == 200
    inspect(response)


def test_two_factor_can_be_turned_on_after_giving_the_password_again(as_person, alice):
    browser = as_person(alice)
    again = browser.get("/accounts/2fa/totp/activate/", follow=True)
    inspect(again)
    response = browser.post(again.redirect_chain[-1][0], {"password": "correct horse battery"}, follow=True)
    assert response.status_code == 200
    assert 'class="qr"' in inspect(response)


@pytest.mark.parametrize("path", ["/account", "/account/tokens"])
def test_a_persons_pages_ask_a_stranger_to_sign_in(client, db, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("path", ["/nobody", "/nobody/nothing", "/@/nobody", "/alice/pdf-tables/9.9.9", "/a/b/c/d/e"])
def test_what_is_not_there_gets_the_page_that_says_so(client, shelf, path):
    shelf()
    response = client.get(path)
    assert response.status_code == 404
    assert "There is nothing here" in inspect(response)


def test_the_empty_register_says_what_to_do(client, db):
    assert "Nothing is published yet" in client.get("/").content.decode()


def test_the_numbers_on_the_front_page_are_true(client, shelf, alice):
    shelf("one")
    shelf("two", verdict="warn")
    shelf("three", verdict="block")
    shelf("four", verdict="unknown")
    shelf("five", verdict="vetting")
    services.release_yank(actor=alice, release=shelf("six"))
    figures = client.get("/").context["figures"]
    assert figures == {"skills": 2, "vetted": 5, "refused": 1, "downloads": 0}


def test_the_feed_is_atom_and_escapes_a_hostile_summary(client, shelf):
    from xml.etree import ElementTree

    shelf(description="]]><script>\u202e & more")
    response = client.get("/feed.atom")
    root = ElementTree.fromstring(response.content)
    entry = root.find("{http://www.w3.org/2005/Atom}entry")
    assert "⟦U+202E⟧" in entry.find("{http://www.w3.org/2005/Atom}summary").text
    assert entry.find("{http://www.w3.org/2005/Atom}title").text.startswith("alice/pdf-tables 1.0.0: passed")


def test_robots_are_kept_from_searches_and_files(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /search\n" in text


def test_a_form_from_another_site_is_answered_with_a_page(alice, db):
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    response = browser.post("/account/tokens", {"name": "x"})
    assert response.status_code == 403
    assert b"send the form again" in response.content


def test_when_we_break_the_page_needs_nothing_of_ours(db):
    from django.template.loader import render_to_string

    assert "Something broke on our side" in render_to_string("500.html")
