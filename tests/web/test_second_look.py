"""Ask again, appeal, decide: on the report page and at /review, by those who may."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace import services
from marketplace.models import Appeal
from marketplace.services.revetting import again
from tests.web import factories

REPORT = "/alice/pdf-tables/1.0.0/report"
WHY = "The host it calls is our own, as the front matter says."


@pytest.fixture
def judge(db):
    return get_user_model().objects.create_user("judith", is_staff=True)


def forms_of(page: str) -> set[str]:
    return {word for word in ("appeal", "revet", "decide") if f'action="/alice/pdf-tables/1.0.0/{word}"' in page}


def test_each_sees_the_forms_that_are_theirs(as_person, bob, judge, charlie, shelf):
    shelf(verdict="warn", findings=[factories.finding()])
    assert forms_of(as_person(bob).get(REPORT).content.decode()) == {"appeal", "revet"}
    assert forms_of(as_person(judge).get(REPORT).content.decode()) == {"revet"}
    assert forms_of(as_person(charlie).get(REPORT).content.decode()) == set()
    assert forms_of(as_person().get(REPORT).content.decode()) == set()


def test_an_appeal_goes_from_the_team_to_the_staff_and_back(as_person, bob, judge, shelf):
    release = shelf(verdict="block", findings=[factories.finding(severity="critical", confidence="high")])
    page = as_person(bob).post("/alice/pdf-tables/1.0.0/appeal", {"text": WHY}, follow=True).content.decode()
    assert WHY in page and "Appeal, open" in page
    assert forms_of(page) == {"revet"}
    review = as_person(judge).get("/review").content.decode()
    assert WHY in review and "Overturn and publish" in review
    there = as_person(judge).post(
        "/alice/pdf-tables/1.0.0/decide",
        {"decision": "overturn", "reason": "The host is theirs.", "review": "1"},
        follow=True,
    )
    assert there.redirect_chain == [("/review", 302)]
    assert "No appeal is open." in there.content.decode()
    release.refresh_from_db()
    assert release.status == "published"
    page = as_person().get(REPORT).content.decode()
    assert "Published by a person’s decision" in page
    assert "The host is theirs." in page and "judith" in page and "Verdict overturned" in page


def test_a_quarantined_release_is_decided_on_its_page(as_person, judge, shelf):
    release = shelf(verdict="unknown")
    assert forms_of(as_person(judge).get(REPORT).content.decode()) == {"revet", "decide"}
    as_person(judge).post("/alice/pdf-tables/1.0.0/decide", {"decision": "reject", "reason": "It hides a program."})
    release.refresh_from_db()
    assert release.status == "rejected"
    assert "It hides a program." in as_person(judge).get(REPORT).content.decode()


def buttons_of(page: str) -> list[tuple[str, bool]]:
    """Each decision that the page offers, and whether its button is the plain, emphasised one."""
    found = re.findall(r'<button class="([^"]*)" name="decision" value="(\w+)"', page)
    return [(value, not {"button-quiet", "button-danger"} & set(classes.split())) for classes, value in found]


@pytest.mark.parametrize(
    ("verdict", "appealed", "offered"),
    [
        ("block", True, [("uphold", True), ("overturn", False)]),
        ("unknown", False, [("reject", True), ("publish", False)]),
        ("unknown", True, [("uphold", True), ("reject", False), ("overturn", False)]),
    ],
)
def test_the_safe_decision_is_the_emphasised_one(as_person, bob, judge, shelf, verdict, appealed, offered):
    release = shelf(verdict=verdict)
    if appealed:
        services.appeal_open(actor=bob, release=release, text=WHY)
    for path in ("/review", REPORT):
        page = as_person(judge).get(path).content.decode()
        assert buttons_of(page) == offered
        folded = page[page.index('<details class="publish-anyway">') :]
        assert 'minlength="10"' in folded and "required" in folded and "Anybody can install alice/pdf-tables" in folded


def test_a_publication_without_a_reason_is_refused_and_said(as_person, judge, shelf):
    release = shelf(verdict="unknown")
    there = as_person(judge).post(
        "/alice/pdf-tables/1.0.0/decide", {"decision": "publish", "reason": "ok", "review": "1"}, follow=True
    )
    assert "says why, in 10 characters or more" in there.content.decode()
    release.refresh_from_db()
    assert release.status == "quarantined"


def test_what_was_decided_is_listed_with_who_when_and_why(as_person, judge, shelf):
    shelf(verdict="unknown")
    assert "No decision was taken yet" in as_person(judge).get("/review").content.decode()
    as_person(judge).post(
        "/alice/pdf-tables/1.0.0/decide", {"decision": "reject", "reason": "It hides <b>a program</b>."}
    )
    page = as_person(judge).get("/review").content.decode()
    listed = page[page.index('id="decided"') :]
    for words in (
        "alice/pdf-tables@1.0.0",
        "Refused",
        "judith",
        "It hides &lt;b&gt;a program",
        REPORT,
        "<time datetime=",
    ):
        assert words in listed, words


def test_what_is_refused_is_said_and_changes_nothing(as_person, bob, judge, charlie, client, shelf):
    shelf(verdict="warn")
    page = as_person(bob).post("/alice/pdf-tables/1.0.0/appeal", {"text": "no"}, follow=True).content.decode()
    assert "says in 20 to 4000 characters why" in page
    assert as_person(charlie).post("/alice/pdf-tables/1.0.0/appeal", {"text": WHY}).status_code == 403
    assert as_person(charlie).post("/alice/pdf-tables/1.0.0/revet").status_code == 403
    assert as_person(bob).post("/alice/pdf-tables/1.0.0/decide", {"decision": "overturn"}).status_code == 403
    assert client.post("/alice/pdf-tables/1.0.0/appeal", {"text": WHY}).status_code == 302
    assert as_person(bob).get("/alice/pdf-tables/1.0.0/appeal").status_code == 405
    assert as_person(bob).get("/review").status_code == 403
    assert client.get("/review").status_code == 302
    assert not Appeal.objects.exists()


def test_asked_again_the_page_says_so_and_later_what_changed(as_person, bob, shelf):
    release = shelf(verdict="warn", findings=[factories.finding()])
    page = as_person(bob).post("/alice/pdf-tables/1.0.0/revet", follow=True).content.decode()
    assert "It is being vetted again" in page
    release.runs.update(state="done")
    release.refresh_from_db()
    stolen = factories.finding(severity="critical", confidence="high", why="It sends keys away.", evidence="x")
    again(release, factories.report(release, "block", findings=[stolen]), None)
    page = as_person(bob).get(REPORT).content.decode()
    assert "Verdict warn before, block now; 1 finding new, 1 finding gone." in page
    assert "Withdrawn" in page and "It sends keys away." in page


def test_the_team_reads_why_its_release_was_withdrawn_on_its_account_page(as_person, bob, shelf):
    release = shelf()
    stolen = factories.finding(severity="critical", confidence="high", why="It sends keys away.", evidence="x")
    again(release, factories.report(release, "block", findings=[stolen]), None)
    page = as_person(bob).get("/account").content.decode()
    assert "Withdrawn" in page and "It sends keys away." in page
    assert as_person().get("/alice/pdf-tables").status_code != 200 or b"1.0.0" not in as_person().get("/search").content


def test_strangers_text_is_shown_and_never_obeyed(as_person, bob, shelf):
    shelf(verdict="warn")
    services_text = "<script>alert(1)</script> \u202eesrever and so on"
    page = as_person(bob).post("/alice/pdf-tables/1.0.0/appeal", {"text": services_text}, follow=True).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page
    assert "\u202e" not in page


def test_the_review_page_asks_no_more_for_more_rows(as_person, alice, judge, shelf):
    browser = as_person(judge)

    def fill(start: int, end: int) -> int:
        for n in range(start, end):
            shelf(f"open-{n}", verdict="unknown")
            refused = shelf(f"refused-{n}", verdict="block")
            done = shelf(f"done-{n}", verdict="unknown")
            services.release_decide(actor=judge, release=done, decision="reject", reason="It hides a program.")
            services.appeal_open(actor=alice, release=refused, text=WHY)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get("/review").status_code == 200
        return len(captured)

    fill(0, 1)
    few = fill(1, 3)
    assert fill(3, 20) <= few


def test_what_changed_since_the_release_before_stands_on_both_pages(client, shelf):
    shelf(version="1.0.0")
    shelf(version="1.0.1", drift=factories.DRIFT)
    for path in ("/alice/pdf-tables", "/alice/pdf-tables/1.0.1/report"):
        page = client.get(path).content.decode()
        assert "What changed since 1.0.0" in page
        assert "collect.quill-drop.test" in page and "not declared" in page
        assert "scripts/tables.py" in page and "pip install pdf-kit" in page and "bob" in page
        assert 'href="/alice/pdf-tables/1.0.0"' in page
    assert "What changed" not in client.get("/alice/pdf-tables/1.0.0").content.decode()


def test_no_news_and_a_failed_comparison_are_said(client, shelf):
    empty = {"from": {"version": "1.0.0", "digest": ""}, "files": {"added": 0, "removed": 0, "changed": 1}}
    shelf(version="1.0.1", drift=empty)
    assert "Nothing new of weight" in client.get("/alice/pdf-tables").content.decode()
    shelf(version="1.0.2", drift={"failed": "The comparison crashed (ValueError)."})
    assert "The comparison crashed" in client.get("/alice/pdf-tables").content.decode()


def test_a_suppressed_finding_is_shown_with_its_reason_and_whether_it_lifts(client, shelf):
    reason = {"reason": "We own <b>that</b> host.", "lifts": False}
    shelf(verdict="warn", findings=[factories.finding(suppressed=reason)])
    page = client.get(REPORT).content.decode()
    assert "suppressed by its author" in page and "We own &lt;b&gt;that&lt;/b&gt; host." in page
    assert "lifts nothing here" in page
