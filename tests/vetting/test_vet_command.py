"""`manage.py vet` as a process: one line a skill, in order, with no server, no database and no Redis."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.vetting.conftest import SAMPLES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def vet(tmp_path):
    def vet(*arguments: object, **env: str) -> subprocess.CompletedProcess:
        clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        return subprocess.run(
            [sys.executable, "manage.py", "vet", *map(str, arguments)],
            cwd=ROOT,
            env={**clean, "ASSAY_DATA": str(tmp_path / "var"), "LOG_LEVEL": "ERROR", **env},
            capture_output=True,
            text=True,
            timeout=280,
        )

    return vet


def lines_of(ended: subprocess.CompletedProcess) -> list[dict]:
    return [json.loads(line) for line in ended.stdout.splitlines()]


def test_many_paths_give_one_json_line_each_in_order_whatever_the_verdicts(vet, tmp_path):
    (tmp_path / "empty").mkdir()
    odd = tmp_path / "odd name ü"
    odd.mkdir()
    (odd / "SKILL.md").write_text("---\nname: odd\ndescription: A skill in a folder with an odd name.\n---\n# Odd\n")
    paths = [SAMPLES / "calm/csv-totals", tmp_path / "empty", SAMPLES / "hostile/pdf-tidy", tmp_path / "none", odd]
    ended = vet(*paths, "--json", "--static-only")
    assert ended.returncode == 0, ended.stderr
    lines = lines_of(ended)
    assert [line["path"] for line in lines] == [str(path) for path in paths]
    assert [line["status"] for line in lines] == ["published", "rejected", "rejected", "rejected", "published"]
    assert lines[0]["safety"]["verdict"] == "pass"
    assert lines[2]["safety"]["verdict"] == "block"
    for line in (lines[1], lines[3]):
        assert line["safety"]["verdict"] == "unknown"
        assert line["findings"][0]["why"]


def test_the_line_has_the_reports_shape(vet):
    (line,) = lines_of(vet(SAMPLES / "calm/log-triage", "--json", "--static-only"))
    assert {"path", "digest", "ruleset", "status", "safety", "quality", "stages", "findings", "events"} <= set(line)
    assert {"permissions", "trials", "posture"} <= set(line)
    assert {"verdict", "score"} <= set(line["safety"])
    assert {"score", "tier"} <= set(line["quality"])
    assert all({"name", "state", "seconds"} <= set(stage) for stage in line["stages"])


def test_it_works_with_no_database_and_no_redis_and_leaves_neither(vet, tmp_path):
    nowhere = f"sqlite:///{tmp_path}/no/such/folder/db"
    ended = vet(
        SAMPLES / "calm/log-triage", "--json", "--static-only", DATABASE_URL=nowhere, REDIS_URL="redis://127.0.0.1:1"
    )
    assert ended.returncode == 0, ended.stderr
    assert not list((tmp_path / "var").rglob("*.sqlite3"))


def test_more_skills_than_a_batch_come_back_whole_and_in_order(vet, tmp_path):
    from vetting.local import BATCH_SKILLS

    paths = []
    for number in range(BATCH_SKILLS + 5):
        folder = tmp_path / f"skill-{number}"
        folder.mkdir()
        (folder / "SKILL.md").write_text(f"---\nname: skill-{number}\ndescription: Does number {number}.\n---\n# Do\n")
        paths.append(folder)
    lines = lines_of(vet(*paths, "--json", "--static-only"))
    assert [line["skill"] for line in lines] == [path.name for path in paths]
    assert {line["safety"]["verdict"] for line in lines} == {"pass"}


def test_for_people_it_says_the_verdict_and_where(vet):
    ended = vet(SAMPLES / "hostile/pdf-tidy", "--static-only")
    assert ended.returncode == 0
    assert "rejected, verdict block" in ended.stdout
    assert "SKILL.md:" in ended.stdout


@pytest.mark.docker
def test_without_static_only_the_skill_runs_in_a_real_room(vet):
    (line,) = lines_of(vet(SAMPLES / "calm/repo-map", "--json"))
    assert (line["status"], line["quality"]["tier"]) == ("published", "runs as documented")
    assert {trial["arm"]: trial["outcome"] for trial in line["trials"]} == {"without": "fail", "with": "pass"}


def test_an_engine_that_does_not_answer_is_told_and_is_no_verdict(vet, tmp_path):
    ended = vet(SAMPLES / "calm/repo-map", "--json", DOCKER_ENDPOINTS=f"unix://{tmp_path}/no.sock")
    assert ended.returncode == 1
    (line,) = lines_of(ended)
    assert (line["status"], line["safety"]["verdict"]) == ("quarantined", "unknown")
    assert "engine" in line["trouble"]


def test_no_path_is_a_usage_error(vet):
    assert vet("--json").returncode == 2


def test_sarif_is_one_log_with_places_below_each_folder(vet, tmp_path):
    folder = SAMPLES / "hostile" / "coin-alerts"
    done = vet(folder, "--static-only", "--sarif", tmp_path / "out.sarif")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads((tmp_path / "out.sarif").read_text())["runs"]
    places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert f"file://{folder}/SKILL.md" in places
    assert json.loads(vet(folder, "--static-only", "--sarif", "-").stdout)["version"] == "2.1.0"
