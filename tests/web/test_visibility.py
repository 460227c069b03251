"""Who may see what: what is not published is there for its team alone."""

import pytest

from marketplace import services

PLACES = ["", "/1.0.0", "/1.0.0/report", "/1.0.0/report/live", "/1.0.0/files/SKILL.md"]


@pytest.mark.parametrize("verdict", ["unknown", "block", "vetting"])
@pytest.mark.parametrize("place", PLACES)
def test_an_unpublished_release_is_there_for_its_team_alone(as_person, shelf, bob, charlie, verdict, place):
    shelf(verdict=verdict)
    path = f"/alice/pdf-tables{place}"
    assert as_person(bob).get(path).status_code == 200
    assert as_person(charlie).get(path).status_code == 404
    assert as_person().get(path).status_code == 404


def test_an_unpublished_version_is_not_listed_to_others(as_person, shelf, alice, charlie):
    shelf(version="1.0.0")
    shelf(version="2.0.0", verdict="block")
    assert "2.0.0" not in as_person(charlie).get("/alice/pdf-tables").content.decode()
    assert "2.0.0" in as_person(alice).get("/alice/pdf-tables").content.decode()


def test_a_refused_release_is_in_no_list(client, shelf):
    shelf("evil-thing", verdict="block")
    for path in ("/", "/search", "/search?q=evil", "/@/alice", "/feed.atom"):
        assert b"evil-thing" not in client.get(path).content.replace(b"q=evil", b"")


def test_the_files_of_a_revoked_release_are_gone_and_its_page_says_why(client, shelf, alice):
    release = shelf()
    services.release_revoke(actor=alice, release=release, reason="A key was in it.")
    page = client.get("/alice/pdf-tables/1.0.0").content.decode()
    assert "Revoked" in page
    assert "A key was in it." in page
    assert "skill install" not in page
    assert client.get("/alice/pdf-tables/1.0.0/files/SKILL.md").status_code == 404


def test_a_yanked_release_is_out_of_the_lists_and_still_there_by_its_version(client, shelf, alice):
    release = shelf()
    services.release_yank(actor=alice, release=release, reason="Dates were wrong.")
    page = client.get("/alice/pdf-tables/1.0.0").content.decode()
    assert "Yanked" in page
    assert "Dates were wrong." in page
    assert "skill install alice/pdf-tables@1.0.0" in page
    assert b"pdf-tables" not in client.get("/search").content


def test_no_cache_on_the_way_keeps_a_page_made_for_somebody(as_person, shelf, alice):
    shelf(verdict="block")
    browser = as_person(alice)
    for path in (
        "/account",
        "/alice/pdf-tables/1.0.0/report",
        "/alice/pdf-tables/1.0.0/files/SKILL.md",
        "/",
        "/nothing",
    ):
        assert "private" in browser.get(path)["Cache-Control"], path
    assert "no-store" in browser.get("/account/tokens")["Cache-Control"]
    assert "Cache-Control" not in as_person().get("/")


def test_a_badge_may_be_kept_by_all(as_person, shelf, alice):
    shelf()
    assert "public" in as_person(alice).get("/alice/pdf-tables/badge.svg")["Cache-Control"]
