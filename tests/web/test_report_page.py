"""The report: live while the run goes on, quiet when it has ended, and all the evidence in its place."""

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
