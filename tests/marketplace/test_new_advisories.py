"""Advisories that an operator loads reach what is published already: only what they name, a few at a time."""

import json

import pytest
from django.core.management import call_command

from marketplace import services
from marketplace.models import Release, Skill
from tests.conftest import report_of
from vetting import advised, advisories, jobs, keeper, pipeline, revetting, ruleset
from vetting.models import Run
from vetting.scanners import dependencies

INSTALLS = "# Fetch\n\n```sh\npip install {package}\n```\n"


@pytest.fixture
def load_advisories(settings, tmp_path):
    """Load records that say so much: {package: fixed version}; a version that is fixed is a good one."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()

    def load(named: dict[str, str], prefix: str = "GHSA") -> str:
        folder = tmp_path / "export"
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for package, fixed in named.items():
            record = {
                "id": f"{prefix}-{package}",
                "summary": f"{package} leaks.",
                "database_specific": {"severity": "HIGH"},
                "affected": [
                    {
                        "package": {"ecosystem": "PyPI", "name": package},
                        "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}],
                    }
                ],
            }
            (folder / f"{package}.json").write_text(json.dumps(record))
        call_command("advisories", str(folder))
        return advised.edition()

    return load


@pytest.fixture
def judged(push):
    """A skill that installs this package, published and judged under the rules and advisories of now."""

    def judged(name: str, package: str) -> Release:
        release = push(name, body=INSTALLS.format(package=package))
        services.release_conclude(release=release, report=report_of(release, ruleset=ruleset.current()))
        Run.objects.filter(release=release).update(
            state="done", ruleset=ruleset.current(), advisories=advised.edition()
        )
        return release

    return judged


def queued() -> list[str]:
    return list(Run.objects.filter(state="queued").order_by("pk").values_list("release__skill__name", flat=True))


def test_only_what_new_advisories_name_is_vetted_again(judged, load_advisories):
    judged("old-lib", "leaky==1.0")
    judged("mended-lib", "leaky==2.0")
    judged("other-lib", "steady==1.0")
    judged("loose-lib", "leaky")
    assert jobs.revet() == 0
    edition = load_advisories({"leaky": "2.0"})
    assert jobs.revet() == 1 and queued() == ["old-lib"]
    seen = Run.objects.filter(advisories=edition).values_list("release__skill__name", flat=True)
    assert set(seen) == {"mended-lib", "other-lib", "loose-lib"}
    assert Run.objects.get(state="queued").turn == Run.Turn.OWN


def test_it_is_bounded_and_goes_on_with_the_most_fetched_first(judged, load_advisories, settings):
    settings.REVETS_AT_ONCE = 2
    for name in ("one", "two", "three"):
        judged(name, "leaky==1.0")
    Skill.objects.filter(name="two").update(downloads=9)
    edition = load_advisories({"leaky": "2.0"})
    assert jobs.revet() == 2 and queued() == ["two", "three"]
    assert jobs.revet() == 0
    Run.objects.filter(state="queued").update(state="done", advisories=edition)
    assert jobs.revet() == 1 and queued() == ["one"]
    assert jobs.revet() == 0 and len(queued()) == 1


def test_a_turn_looks_at_so_many_and_the_next_goes_on(judged, load_advisories, monkeypatch):
    monkeypatch.setattr(advised, "LOOKS", 2)
    for number in range(4):
        judged(f"calm-{number}", "steady==1.0")
    Skill.objects.update(downloads=1)
    named = judged("old-lib", "leaky==1.0")
    load_advisories({"leaky": "2.0"})
    assert [jobs.revet() for _ in range(3)] == [0, 0, 1]
    assert named.runs.filter(state="queued").exists()


def test_the_same_export_again_changes_nothing(judged, load_advisories, django_assert_num_queries):
    judged("old-lib", "leaky==1.0")
    first = load_advisories({"leaky": "2.0"})
    assert jobs.revet() == 1
    Run.objects.filter(state="queued").update(state="done", advisories=first)
    assert jobs.revet() == 0
    assert load_advisories({"leaky": "2.0"}) == first
    with django_assert_num_queries(1):
        assert jobs.revet() == 0
    assert load_advisories({"leaky": "3.0"}) != first


def test_from_the_export_to_the_changed_report_by_the_pipeline_itself(judged, load_advisories):
    """The worker's own path: the advisory is in the new report, and when it is withdrawn it is gone again."""
    release = judged("old-lib", "leaky==1.0")
    for named, expected in (({"leaky": "2.0"}, ["dependencies:advisory"]), ({"steady": "9"}, [])):
        edition = load_advisories(named)
        assert jobs.revet() == 1
        run = keeper.take()
        run.static_only = True
        pipeline.vet(run, lambda: pytest.fail("no room is needed"))
        release = Release.objects.get(pk=release.pk)
        checks = [one["check"] for one in release.report["findings"] if one["check"] in advised.ABOUT]
        assert checks == expected
        assert Run.objects.get(pk=run.row.pk).advisories == edition
        assert jobs.revet() == 0
    assert release.report["revetted"]["before"]["ruleset"] == ruleset.current()


def test_the_team_may_ask_at_once_where_the_answer_would_be_another(judged, load_advisories, alice):
    named, calm = judged("old-lib", "leaky==1.0"), judged("calm-lib", "steady==1.0")
    assert "the same" in services.release_revet(actor=alice, release=named)[1]
    load_advisories({"leaky": "2.0"})
    assert services.release_revet(actor=alice, release=named)[1] == ""
    assert "the same" in services.release_revet(actor=alice, release=calm)[1]


def test_new_rules_come_first_and_nothing_is_done_twice(judged, load_advisories):
    release = judged("old-lib", "leaky==1.0")
    load_advisories({"leaky": "2.0"})
    Run.objects.update(ruleset="r-old")
    assert jobs.revet() == 1
    assert release.runs.filter(state="queued").count() == 1
    assert not revetting.judged().exists()


def test_bytes_that_cannot_be_read_are_left_to_a_vetting_to_tell(judged, load_advisories, settings):
    release = judged("old-lib", "steady==1.0")
    load_advisories({"leaky": "2.0"})
    settings.BLOB_DIR = settings.DATA_DIR / "gone"
    assert advised.says_otherwise(release)


def test_a_file_of_before_editions_has_one_by_its_time(tmp_path, settings):
    import sqlite3

    settings.DATA_DIR = tmp_path
    file = dependencies.advisory_file()
    assert advisories.edition(file) == ""
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE affected (ecosystem TEXT, name TEXT, id TEXT, record TEXT)")
    assert advisories.edition(file).startswith("at-")
    assert "+osv-at-" in dependencies.version()
