"""Browse and search: all in the address, no script needed, nothing of a stranger's taken as markup."""

import re
from html import unescape

import pytest


def hrefs(html: str, mark: str) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', html) if mark in unescape(href)]


def test_words_find_a_skill_and_are_marked_in_its_summary(client, shelf):
    shelf("pdf-tables")
    shelf("release-notes", description="Writes notes about commits.")
    page = client.get("/search?q=pdf").content.decode()
    assert "alice/" in page
    assert "pdf-tables" in page
    assert "release-notes" not in page
    assert "<mark>PDF</mark>" in page
    assert "1 skill<" in page


def test_a_facet_is_a_plain_link_and_can_be_taken_back(client, shelf):
    shelf("one", license="MIT")
    shelf("two", license="Apache-2.0")
    page = client.get("/search").content.decode()
    (href,) = hrefs(page, "license=MIT")
    narrowed = client.get("/search" + href).content.decode()
    assert 'href="/alice/one"' in narrowed
    assert 'href="/alice/two"' not in narrowed
    assert 'aria-current="true"' in narrowed
    back = re.search(r'<a href="([^"]+)" rel="nofollow" aria-current="true">', narrowed)[1]
    assert "license" not in back


def test_next_leads_through_every_skill_once(client, shelf):
    names = {f"skill-{number:02}" for number in range(23)}
    for name in names:
        shelf(name)
    seen: list[str] = []
    path = "/search?sort=newest"
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r'<h3><a href="/alice/([a-z0-9-]+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = "/search" + unescape(following[1]) if following else ""
    assert len(seen) == 23
    assert set(seen) == names


def test_the_sort_is_kept_beside_the_words(client, shelf):
    shelf()
    page = client.get("/search?q=pdf&license=Apache-2.0&sort=newest").content.decode()
    assert '<option value="newest" selected>' in page
    assert '<input type="hidden" name="q" value="pdf">' in page
    assert '<input type="hidden" name="license" value="Apache-2.0">' in page


@pytest.mark.parametrize(
    "query", ["nothingofthekind", "%22%27%3Cscript%3E", "a" * 500, "%00", "%F0%9F%98%80", "NEAR(a b)", "*"]
)
def test_words_that_find_nothing_get_a_page_that_helps(client, shelf, query):
    shelf()
    response = client.get(f"/search?q={query}")
    assert response.status_code in (200, 400)
    assert b"<script>" not in response.content


def test_hostile_words_are_shown_as_text(client, db):
    page = client.get("/search", {"q": '"><script>alert(1)</script>\u202e'}).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("bad", ["sort=best", "cursor=nonsense", "cursor=" + "A" * 900])
def test_an_address_that_makes_no_sense_is_explained(client, shelf, bad):
    shelf()
    response = client.get(f"/search?{bad}")
    assert response.status_code == 400
    assert b'role="alert"' in response.content
    assert b"Sort by" in response.content
