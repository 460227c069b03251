"""Yanked, listed again, revoked: from the page, by the team alone."""

import pytest

PLACE = "/alice/pdf-tables/1.0.0/take-back"


def test_the_team_yanks_and_lists_again(as_person, bob, shelf):
    release = shelf()
    browser = as_person(bob)
    assert b"Take 1.0.0 back" in browser.get("/alice/pdf-tables").content
    page = browser.post(PLACE, {"yank": "1", "reason": "Dates were wrong."}, follow=True).content.decode()
    assert "Dates were wrong." in page
    assert "List it again" in page
    browser.post(PLACE, {"unyank": "1"})
    release.refresh_from_db()
    assert release.yanked_at is None


def test_revoking_needs_a_reason_and_is_for_good(as_person, alice, shelf):
    release = shelf()
    browser = as_person(alice)
    page = browser.post(PLACE, {"revoke": "1", "reason": " "}, follow=True).content.decode()
    assert "revoked with a reason" in page
    release.refresh_from_db()
    assert release.revoked_at is None
    page = browser.post(PLACE, {"revoke": "1", "reason": "A key was in it."}, follow=True).content.decode()
    assert "Revoked" in page
    assert "A key was in it." in page
    assert "Take 1.0.0 back" not in page


@pytest.mark.parametrize("action", ["yank", "unyank", "revoke"])
def test_nobody_else_takes_anything_back(as_person, client, charlie, shelf, action):
    release = shelf()
    assert b"Take 1.0.0 back" not in as_person(charlie).get("/alice/pdf-tables").content
    assert as_person(charlie).post(PLACE, {action: "1", "reason": "mine"}).status_code == 403
    assert client.post(PLACE, {action: "1", "reason": "mine"}).status_code == 302
    release.refresh_from_db()
    assert (release.yanked_at, release.revoked_at) == (None, None)
