"""Two versions side by side: inert, bounded, and only for those who may see both."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import services
from marketplace.views import compare as view
from tests.web import factories

OLD = {"scripts/run.sh": b"#!/bin/sh\necho one\n", "gone.md": b"Gone.\n"}
NEW = {"scripts/run.sh": "#!/bin/sh\necho '<script>alert(1)</script>' \u202e two\n".encode(), "logo.png": b"\x89\0"}
PAGE = "/alice/pdf-tables/compare/1.0.0/1.1.0"


@pytest.fixture
def two(shelf):
    def _two(**more):
        first = shelf(version="1.0.0", files=OLD)
        return first, shelf(version="1.1.0", files=NEW, **more)

    return _two


def test_what_changed_is_shown_and_inert(client, two):
    two()
    page = client.get(PAGE).content.decode()
    for words in ("echo one", "scripts/run.sh", "gone.md", "removed", "logo.png", "It is not text.", "2 changed"):
        assert words in page, words
    assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
    assert "\u202e" not in page and "RIGHT-TO-LEFT OVERRIDE" in page


def test_two_of_the_same_have_nothing_to_show(client, two):
    two()
    assert "The files of both are the same." in client.get("/alice/pdf-tables/compare/1.1.0/1.1.0").content.decode()


def test_the_form_and_the_links_lead_there(client, two):
    two()
    assert "/alice/pdf-tables/compare" in client.get("/alice/pdf-tables").content.decode()
    assert client.get("/alice/pdf-tables/compare").headers["Location"] == PAGE
    chosen = client.get("/alice/pdf-tables/compare?before=1.1.0&after=1.0.0")
    assert chosen.headers["Location"] == "/alice/pdf-tables/compare/1.1.0/1.0.0"
    for wrong in ("?before=//evil.example.com&after=1.0.0", "?before=9.9.9&after=1.0.0", "?before=a%20b&after=1.0.0"):
        assert client.get("/alice/pdf-tables/compare" + wrong).status_code == 404


def test_one_version_cannot_be_compared(client, shelf):
    shelf()
    assert client.get("/alice/pdf-tables/compare").status_code == 404
    assert "/compare" not in client.get("/alice/pdf-tables").content.decode()


def test_drift_stands_beside_it_and_leads_to_it(client, shelf):
    first = shelf(version="1.0.0", files=OLD)
    drift = factories.DRIFT | {"from": {"version": "1.0.0", "digest": first.digest}}
    shelf(version="1.1.0", files=NEW, drift=drift)
    assert f'href="{PAGE}"' in client.get("/alice/pdf-tables").content.decode()
    assert "collect.quill-drop.test" in client.get(PAGE).content.decode()
    turned = client.get("/alice/pdf-tables/compare/1.1.0/1.0.0").content.decode()
    assert "collect.quill-drop.test" not in turned


def test_two_that_vetting_did_not_compare_have_their_news_too(client, shelf):
    shelf(version="1.0.0", files=OLD)
    shelf(version="1.1.0", files=OLD | {"x.md": b"x"})
    shelf(
        version="2.0.0",
        files=OLD | {"get.py": b"fetch('https://collect.quill-drop.test/<b>')\n", "logo.png": b"\x89\0"},
    )
    page = client.get("/alice/pdf-tables/compare/1.0.0/2.0.0").content.decode()
    for words in ("What is new of weight", "New hosts named", "collect.quill-drop.test", "get.py", "Not read for this"):
        assert words in page, words
    body = client.get("/api/v1/skills/alice/pdf-tables/compare/1.0.0/2.0.0").json()["drift"]
    assert body["hosts"] == ["collect.quill-drop.test"] and body["unread"] == ["logo.png"]


@pytest.mark.parametrize("verdict", ["block", "unknown", "vetting"])
def test_an_unpublished_version_is_compared_by_its_team_alone(as_person, two, bob, charlie, verdict):
    two(verdict=verdict)
    assert as_person(bob).get(PAGE).status_code == 200
    assert as_person(charlie).get(PAGE).status_code == as_person().get(PAGE).status_code == 404
    assert as_person(charlie).get("/alice/pdf-tables/compare?before=1.0.0&after=1.1.0").status_code == 404


def test_a_revoked_version_is_compared_by_its_team_alone(as_person, two, alice):
    _, second = two()
    services.release_revoke(actor=alice, release=second, reason="A key was in it.")
    assert as_person().get(PAGE).status_code == 404
    assert as_person(alice).get(PAGE).status_code == 200


def test_rows_and_lines_have_a_limit_and_say_so(client, shelf, monkeypatch):
    monkeypatch.setattr(view, "ROWS_A_FILE", 10)
    monkeypatch.setattr(view, "ROWS", 15)
    monkeypatch.setattr(view, "CHARS_SHOWN", 50)
    shelf(version="1.0.0", files={})
    shelf(version="1.1.0", files={f"{n}.txt": b"x" * 60 + b"\n" + b"line\n" * 40 for n in range(3)})
    page = client.get(PAGE).content.decode()
    assert page.count('<tr class="') == 15
    assert page.count("The rest is not shown here") == 3
    assert "x" * 50 + " …" in page and "x" * 51 not in page


def test_more_files_cost_no_more_queries(client, shelf):
    def cost(before, after):
        client.get(f"/alice/pdf-tables/compare/{before}/{after}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/alice/pdf-tables/compare/{before}/{after}").status_code == 200
        return len(captured)

    shelf(version="1.0.0", files={})
    shelf(version="1.1.0", files={"a.txt": b"a\n"})
    few = cost("1.0.0", "1.1.0")
    shelf(version="1.2.0", files={f"{n}.txt": b"a\n" for n in range(50)})
    assert cost("1.0.0", "1.2.0") == few <= 8
