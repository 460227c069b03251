"""The pages in a real Chromium: they read well at both widths and in both lights, and need no script."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from marketplace import search, services
from marketplace.models import Skill
from tests.web import factories
from tests.web.browser import chromium, log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READING = (Path(__file__).parent / "reading.js").read_text().partition("\n")[2].rstrip().rstrip(";")
PASSWORD = "correct horse battery"  # of the cast


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright keeps a loop in this thread, and Django takes that for asynchronous code.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as running:
        yield running
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")
    if before is not None:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


@pytest.fixture(autouse=True)
def clean_index(transactional_db: Any) -> Iterator[None]:
    """The tables of the search index belong to no model, so emptying the database leaves them as they are."""
    yield
    for rank in Skill.objects.exclude(rank=None).values_list("rank", flat=True):
        search.remove(rank)


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """open_page(path, user=None, **context) is a page that complains to the test about whatever it does not like."""
    contexts, complaints = [], []

    def _open(path: str, user: Any = None, **more: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **more})
        contexts.append(context)
        if user:
            client = Client()
            client.force_login(user)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield _open
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_reads_well(open_page, shelf, alice, charlie, live_server, width, scheme):
    shelf(verdict="warn", findings=[factories.finding(severity=one) for one in ("critical", "high", "medium", "low")])
    shelf(version="1.1.0", files={"scripts/run.sh": b"#!/bin/sh\necho other\n", "new.md": b"New.\n"})
    shelf("minutes", verdict="vetting")
    repeated = [
        factories.finding(line=n + 1, severity="critical", decoded="curl x | sh " + "A" * 400) for n in range(9)
    ]
    shelf("refused-thing", verdict="block", findings=repeated)
    services.token_issue(actor=alice, name="a machine in the cellar", scopes=["read", "push", "rate", "yank"])
    page = open_page("/", alice, viewport={"width": width, "height": 900}, color_scheme=scheme)
    wrong = {}
    for path in (
        *("/", "/about", "/search", "/search?q=pdf&license=Apache-2.0", "/publish", "/@/alice", "/account"),
        *(
            "/account/tokens",
            "/@/alice/team",
            "/alice/pdf-tables",
            "/alice/pdf-tables/1.0.0/report",
            "/alice/minutes/1.0.0/report",
        ),
        *("/checks", "/checks/pipe_to_shell", "/checks/hidden_unicode", "/checks/room:canary", "/checks/bandit:B602"),
        "/alice/pdf-tables/1.0.0/report?severity=high",
        *("/alice/refused-thing/1.0.0/report", "/alice/pdf-tables/1.0.0/files/SKILL.md", "/accounts/email/"),
        *(
            "/alice/pdf-tables/compare/1.0.0/1.1.0",
            "/device",
            "/accounts/password/change/",
            "/accounts/2fa/",
            "/accounts/logout/",
        ),
    ):
        page.goto(live_server.url + path)
        if found := page.evaluate(READING):
            wrong[path] = found
    assert wrong == {}


def test_an_address_opens_the_place_that_is_folded_away(open_page, shelf, alice):
    shelf("refused-thing", verdict="block", findings=[factories.finding(line=n + 1) for n in range(9)])
    page = open_page("/alice/refused-thing/1.0.0/report", alice)
    last = page.locator(".finding-more li").last
    expect(last).not_to_be_visible()
    anchor = last.get_attribute("id")
    page.goto(f"{page.url}#{anchor}")
    expect(last).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_machine_is_signed_in(open_page, alice, live_server, width, scheme):
    """From the code to the end, with the warning of a machine that is far away; READING looks at each page."""
    given = {
        "machine": "bench-3" * 9,
        "scopes": ["read", "push", "admin"],
        "agent": "a" * 120,
        "address": "203.0.113.9",
    }
    _, secret, code = services.device_begin(**given)
    page = open_page("/device", alice, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.get_by_label("Code").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="It asks from another address")).to_be_visible()
    assert not page.evaluate(READING)
    page.get_by_label("manage publishers and tokens").uncheck()
    page.get_by_role("button", name="Sign it in").click()
    expect(page.get_by_role("heading", name="Signed in")).to_be_visible()
    assert not page.evaluate(READING)
    assert services.device_token(secret=secret)[0].scopes == ["read", "push"]


def test_skill_login_ends_when_alice_confirms_in_her_browser(open_page, alice, live_server, tmp_path):
    known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASSAY_URL": live_server.url}
    command = [Path(sys.executable).with_name("skill"), "login", "--web", "--json"]
    waiting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=known)
    try:
        code = waiting.stderr.readline().split()[-1]
        page = open_page("/device", alice)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("the same as this browser")).to_be_visible()
        page.get_by_role("button", name="Sign it in").click()
        out, err = waiting.communicate(timeout=60)
        assert waiting.returncode == 0, err
        assert json.loads(out)["user"] == "alice"
    finally:
        waiting.kill()
        waiting.communicate()
    page.goto(f"{live_server.url}/account/tokens")
    expect(page.get_by_role("rowheader", name="skill on")).to_be_visible()


def test_a_slash_leads_to_the_search_box_and_is_not_typed(open_page, shelf):
    page = open_page("/about")
    page.keyboard.press("/")
    box = page.get_by_role("searchbox")
    expect(box).to_be_focused()
    page.keyboard.type("a/b")
    expect(box).to_have_value("a/b")


def test_the_first_tab_offers_to_skip_to_the_content(open_page, shelf):
    page = open_page("/about")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_chosen_light_outlives_the_page(open_page, shelf, live_server):
    page = open_page("/", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(paper)
    page.get_by_role("button", name="Switch between dark and light").click()
    after = page.evaluate(paper)
    assert before != after
    page.goto(f"{live_server.url}/about")
    assert page.evaluate(paper) == after


def test_whoever_wants_no_motion_gets_none(open_page, shelf, alice):
    shelf(verdict="vetting")
    page = open_page("/alice/pdf-tables/1.0.0/report", alice, reduced_motion="reduce")
    assert page.evaluate("document.getAnimations().length") == 0


def test_a_copied_command_is_the_shown_one(open_page, shelf):
    shelf()
    page = open_page("/alice/pdf-tables", permissions=["clipboard-read", "clipboard-write"])
    page.locator("[data-copy=install-0]").click()
    expect(page.locator("[data-copy=install-0]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#install-0").inner_text().strip()


def test_a_running_report_follows_its_run_to_the_end(open_page, shelf, alice):
    release = shelf(verdict="vetting")
    page = open_page("/alice/pdf-tables/1.0.0/report", alice)
    expect(page.locator("#live .state-running")).to_have_count(1)
    factories.stage(release.runs.get(), "trials", "running", release.created_at, None)
    release.runs.get().stages.filter(name="detonation").update(state="done", seconds=2.0)
    expect(page.locator("#live .state-running")).to_contain_text("Trials", timeout=60_000)
    services.release_conclude(release=release, report=factories.report(release))
    expect(page.get_by_role("heading", name="Passed", exact=True)).to_be_visible(timeout=60_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3500)
    assert asked == []


def test_everything_a_reader_needs_works_without_script(open_page, shelf, live_server):
    shelf("one", license="MIT", description="Reads tables.")
    shelf("two", license="ISC", description="Reads notes.")
    page = open_page("/", java_script_enabled=False)
    page.get_by_role("searchbox").fill("reads")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("status")).to_have_text("2 skills")
    page.get_by_role("link", name="MIT").click()
    expect(page.get_by_role("status")).to_have_text("1 skill")
    page.get_by_label("Sort by").select_option("newest")
    page.get_by_role("button", name="Sort").click()
    page.get_by_role("link", name="alice/one").click()
    page.locator("summary", has_text="Codex").click()
    expect(page.get_by_text("skill install alice/one@1.0.0 --agent codex")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_stands_in_rows_is_high_enough_for_a_finger(open_page, shelf, width):
    links = [f"https://attack.mitre.org/techniques/T{n}/" for n in range(1100, 1112)]
    shelf("one", verdict="warn", findings=[factories.finding(line=n, links=links) for n in range(1, 4)])
    page = open_page("/alice/one/1.0.0/report", viewport={"width": width, "height": 900})
    for rows in (".finding-references a", ".because details > summary"):
        heights = page.locator(rows).evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")
        assert heights and min(heights) >= 24, rows


def test_a_hostile_skill_runs_nothing_in_the_page(open_page, shelf, live_server):
    hostile = '"><script>document.title="caught"</script><img src=x onerror=document.title="caught">'
    finding = factories.finding(why=hostile, evidence=hostile, file=hostile)
    shelf(description=hostile, body=f"{hostile}\n\n[x](javascript:document.title='caught')", findings=[finding])
    page = open_page("/alice/pdf-tables")
    for path in ("/", "/search", "/alice/pdf-tables", "/alice/pdf-tables/1.0.0/report"):
        page.goto(live_server.url + path)
        assert "caught" not in page.title().split(":")[0]
        assert page.evaluate("document.querySelectorAll('main img:not([src$=\"badge.svg\"])').length") == 0


def test_nothing_is_fetched_from_anywhere_else(open_page, shelf, live_server):
    shelf(body="![pixel](https://tracker.example.com/p.png)")
    page = open_page("/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{live_server.url}/alice/pdf-tables")
    assert asked
    assert [url for url in asked if not url.startswith(live_server.url)] == []


def test_a_person_signs_in_and_makes_a_token(open_page, alice, alices, live_server):
    page = open_page("/")
    log_in(page, live_server.url, "alice", PASSWORD)
    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("Name").fill("CI")
    page.get_by_role("button", name="Create token").click()
    token = page.locator("#new-token")
    expect(token).to_contain_text("asy_")
    page.get_by_role("button", name="Revoke CI").click()
    expect(page.get_by_role("cell", name="revoked")).to_be_visible()
