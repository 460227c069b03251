"""A skill's page: what was found, how it was scored, how to install it, and a stranger's words kept harmless."""

import pytest

from marketplace import services
from marketplace.models import Skill
from tests.web import factories

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202eevil'


def test_the_verdict_comes_with_date_ruleset_and_what_it_does_not_prove(client, shelf):
    shelf()
    page = client.get("/alice/pdf-tables").content.decode()
    for words in ("Passed", factories.RULESET, "What this does not prove", "UTC", "Full report"):
        assert words in page


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("warn", "Passed with caution"), ("block", "Refused"), ("unknown", "Quarantined"), ("vetting", "Being vetted")],
)
def test_every_state_has_its_banner(as_person, alice, shelf, verdict, words):
    shelf(verdict=verdict, findings=[factories.finding()] if verdict == "warn" else ())
    assert words in as_person(alice).get("/alice/pdf-tables/1.0.0").content.decode()


def test_scores_are_explained_down_to_the_evidence(client, shelf):
    shelf()
    page = client.get("/alice/pdf-tables").content.decode()
    assert "20/30" in page
    assert "2 of 3 documented commands ended well" in page
    assert "SKILL.md:14: exit 2: python scripts/report.py --last" in page
    assert "763 fine" in page


def test_a_finding_leads_to_its_line(client, shelf):
    shelf(verdict="warn", findings=[factories.finding(file="scripts/run.sh", line=2)])
    page = client.get("/alice/pdf-tables").content.decode()
    assert 'href="/alice/pdf-tables/1.0.0/files/scripts/run.sh#L2"' in page


def test_trials_stand_side_by_side(client, shelf):
    shelf()
    page = client.get("/alice/pdf-tables").content.decode()
    assert "<b>2 of 3</b> pass with the skill, <b>0 of 3</b> without it" in page
    assert page.count('<th scope="row">invoice-table') == 1


def test_what_was_observed_and_not_declared_is_marked(client, shelf):
    shelf()
    rows = {row["label"]: row for row in client.get("/alice/pdf-tables").context["permissions"]}
    observed = {item["text"]: item["undeclared"] for item in rows["Network hosts"]["observed"]}
    assert observed == {"api.example.com": False, "get.example.com": True}


def test_the_install_commands_name_this_very_version(client, shelf):
    release = shelf()
    shelf(version="1.1.0")
    page = client.get("/alice/pdf-tables/1.0.0").content.decode()
    for agent in ("claude-code", "codex", "openclaw", "opencode", "kimi", "nanobot"):
        assert f'skill install alice/pdf-tables@1.0.0 <span class="nowrap">--agent</span> {agent}' in page
    assert release.digest.removeprefix("sha256:") in page
    assert "This is not the newest release" in page


def test_a_long_list_of_reasons_is_folded_and_whole(client, shelf):
    reasons = [factories.finding(line=n, why=f"Reason number {n}.") for n in range(1, 41)]
    shelf(verdict="warn", findings=reasons)
    for path in ("/alice/pdf-tables", "/alice/pdf-tables/1.0.0/report"):
        page = client.get(path).content.decode()
        scores = page[page.index('class="because"') : page.index("because-more")]
        assert scores.count('<li class="because-') == 12
        assert "32 more</summary>" in page or "31 more</summary>" in page
        assert all(f"SK-DROP: Reason number {n}." in page for n in range(1, 41))


def test_what_a_skill_costs_an_agents_context_is_told(client, shelf):
    shelf()
    page = client.get("/alice/pdf-tables").content.decode()
    assert "1,830" in page
    assert "o200k_base" in page


def test_nothing_a_stranger_wrote_becomes_markup(client, as_person, alice, shelf, atelier, charlie):
    finding = factories.finding(evidence=HOSTILE, why=HOSTILE, fix=HOSTILE, file=HOSTILE, code=HOSTILE, check=HOSTILE)
    atelier.about = atelier.display_name = HOSTILE[:80]
    atelier.save()
    event = {"t": 0.1, "kind": "exec", "pid": 3, "argv": [HOSTILE], "parent": 1}
    trial = factories.TRIALS[0] | {"task": HOSTILE, "origin": HOSTILE, "agent": HOSTILE}
    rights = {HOSTILE: [HOSTILE]}
    shelf(
        description=HOSTILE, license=HOSTILE, keywords=[HOSTILE], body=HOSTILE, verdict="warn", findings=[finding],
        events=[event], trials=[trial], permissions={"declared": rights, "observed": rights},
    )  # fmt: skip
    services.skill_rate(actor=charlie, skill=Skill.objects.get(), stars=1, review=HOSTILE)
    for path in ("/", "/search", "/@/alice", "/alice/pdf-tables", "/alice/pdf-tables/1.0.0/report", "/account"):
        page = as_person(alice).get(path).content.decode()
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
        assert "\u202e" not in page, path


def test_a_report_without_any_detail_still_makes_a_page(as_person, alice, publish):
    publish("bare")
    for path in ("/alice/bare", "/alice/bare/1.0.0/report"):
        assert as_person(alice).get(path).status_code == 200


def test_the_badge_is_a_cacheable_svg(client, shelf):
    shelf()
    first = client.get("/alice/pdf-tables/badge.svg")
    assert first.headers["Content-Type"].startswith("image/svg+xml")
    assert "max-age=300" in first.headers["Cache-Control"]
    again = client.get("/alice/pdf-tables/badge.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    shelf(version="2.0.0", quality=10.0)
    changed = client.get("/alice/pdf-tables/badge.svg", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_there_is_no_badge_for_what_is_not_public(client, shelf):
    shelf(verdict="block")
    assert client.get("/alice/pdf-tables/badge.svg").status_code == 404


def test_a_review_can_be_written_changed_and_taken_back(as_person, charlie, shelf):
    shelf()
    browser = as_person(charlie)
    browser.post("/alice/pdf-tables/rating", {"stars": "4", "review": "Reads my invoices."})
    page = browser.get("/alice/pdf-tables").content.decode()
    assert "Reads my invoices." in page
    assert "Change your review" in page
    browser.post("/alice/pdf-tables/rating", {"stars": "2", "review": "No longer."})
    skill = Skill.objects.get()
    assert (skill.rating_count, skill.rating_sum) == (1, 2)
    browser.post("/alice/pdf-tables/rating", {"delete": "1"})
    assert Skill.objects.get().rating_count == 0


@pytest.mark.parametrize("stars", ["", "0", "6", "many"])
def test_stars_that_are_none_are_explained_and_nothing_is_kept(as_person, charlie, shelf, stars):
    shelf()
    response = as_person(charlie).post("/alice/pdf-tables/rating", {"stars": stars, "review": "x"})
    assert response.status_code == 422
    assert b"errorlist" in response.content
    assert Skill.objects.get().rating_count == 0


def test_its_own_team_is_not_asked_for_a_review_and_may_not_give_one(as_person, alice, shelf):
    shelf()
    browser = as_person(alice)
    assert b"Write a review" not in browser.get("/alice/pdf-tables").content
    response = browser.post("/alice/pdf-tables/rating", {"stars": "5"})
    assert response.status_code == 422
    assert Skill.objects.get().rating_count == 0


def test_a_stranger_is_asked_to_sign_in_before_a_review(client, shelf):
    shelf()
    assert client.post("/alice/pdf-tables/rating", {"stars": "5"}).status_code == 302
    assert Skill.objects.get().rating_count == 0
