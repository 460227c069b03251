"""The main road with nothing left out: push, a real vetting in the sealed room, then install and verify."""

import shutil
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.docker]


@pytest.fixture
def vet(registry):
    """Vet what waits, as a worker does, here and now."""

    def work():
        from vetting import jobs

        jobs.vet()

    return work


def test_a_calm_sample_goes_from_push_to_a_verified_installation(alice, stranger, vet):
    folder = shutil.copytree(SAMPLES / "calm" / "log-triage", alice.home / "log-triage")
    assert alice.run("push", folder).code == 0
    vet()

    pushed = alice.run("push", folder, "--wait", "--json")
    assert pushed.code == 0, pushed.out
    assert pushed.json["version"] == "1.2.0"
    assert pushed.json["safety"]["verdict"] == "pass"
    assert pushed.json["quality"]["score"] > 0

    assert stranger.run("install", "alice/log-triage", "--dir", "skills").code == 0
    assert stranger.run("verify", "--dir", "skills").code == 0
    script = stranger.home / "skills" / "log-triage" / "scripts" / "triage.sh"
    assert script.read_bytes() == (folder / "scripts" / "triage.sh").read_bytes()
    assert script.stat().st_mode & 0o100


def test_a_hostile_sample_is_rejected_and_cannot_be_installed(enter, stranger, vet):
    mallory = enter("mallory")
    folder = SAMPLES / "hostile" / "weekly-report"
    assert mallory.run("push", folder).code == 0
    vet()

    pushed = mallory.run("push", folder, "--wait")
    assert pushed.code == 5
    assert "rejected" in pushed.out
    assert "SK-EXF" in pushed.out
    assert stranger.run("install", "mallory/weekly-report", "--dir", "skills").code == 3
    assert not (stranger.home / "skills").exists()


def test_the_starter_is_published_as_it_stands(alice, vet):
    assert alice.run("init", "word-count").code == 0
    assert alice.run("push", "word-count").code == 0
    vet()
    status = alice.run("status", "alice/word-count", "--json")
    assert status.code == 0, status.out
    assert status.json["report"]["safety"]["verdict"] == "pass"
    outcomes = {trial["arm"]: trial["outcome"] for trial in status.json["report"]["trials"]}
    assert outcomes == {"without": "fail", "with": "pass"}
