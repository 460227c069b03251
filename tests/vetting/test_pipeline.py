"""The life of a release, in memory and in a real room: what runs, what is skipped, and what silence means."""

import os

import pytest

from sandbox.docker import DockerSandbox
from sandbox.errors import RoomError
from tests.vetting.conftest import SAMPLES, archive, sample, small_skill
from vetting import pipeline, report
from vetting.errors import PlatformError
from vetting.intake import unpack
from vetting.run import Run
from vetting.stages.static import StaticResult

OUTCOMES = {"pass": "published", "warn": "published", "block": "rejected", "unknown": "quarantined"}


@pytest.fixture(scope="module")
def room() -> DockerSandbox:
    sandbox = DockerSandbox(deployment=f"test-pipeline-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def no_room():
    raise AssertionError("nothing of this skill may run")


def run_of(data: bytes, **more: object) -> Run:
    return Run(read=lambda: unpack(data), **more)


def vetted(data: bytes, room, **more: object) -> dict:
    run = run_of(data, **more)
    pipeline.vet(run, room if callable(room) else lambda: room)
    return report.of_memory(run)


def test_static_only_runs_nothing_and_says_so():
    told = vetted(small_skill(), no_room, static_only=True)
    states = {stage["name"]: stage["state"] for stage in told["stages"]}
    assert states == {"unpack": "done", "static": "done", "detonation": "skipped", "trials": "skipped", "score": "done"}
    assert told["safety"]["verdict"] == "pass"
    assert told["quality"]["tier"] == "documented"
    assert told["quality"]["score"] <= 60


def test_what_static_has_settled_is_rejected_and_never_run():
    told = vetted(sample("hostile/pdf-tidy"), no_room)
    assert (told["status"], told["safety"]["verdict"]) == ("rejected", "block")
    detonation = next(stage for stage in told["stages"] if stage["name"] == "detonation")
    assert detonation["state"] == "skipped"
    assert detonation["reason"]


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"README.md": b"no skill here"}, "skill."),
        ({"SKILL.md": b"---\nname: [broken\n---\n"}, ""),
    ],
)
def test_what_is_no_skill_is_rejected_with_the_reason_as_a_finding(files, code):
    told = vetted(archive(files), no_room)
    assert (told["status"], told["safety"]["verdict"], told["safety"]["score"]) == ("rejected", "unknown", None)
    (finding,) = told["findings"]
    assert finding["code"].startswith(code)
    assert finding["why"]
    assert finding["axis"] == "quality"


def test_a_check_or_scanner_that_did_not_finish_leaves_the_verdict_unknown():
    made = StaticResult(findings=[], coverage={"seconds": 0.1}, failed=["semgrep"])
    told = vetted(small_skill(), no_room, static_only=True, static_made=made)
    assert (told["status"], told["safety"]["verdict"], told["safety"]["score"]) == ("quarantined", "unknown", None)
    assert "semgrep" in told["safety"]["reasons"][0]


@pytest.mark.parametrize("trouble", [RoomError("room.no-engine", "No engine."), PlatformError("blob.missing", "Gone.")])
def test_a_trouble_of_the_platform_goes_up_to_the_caller_and_concludes_nothing(trouble):
    def broken():
        raise trouble

    run = run_of(small_skill())
    with pytest.raises(type(trouble)):
        pipeline.vet(run, broken)
    assert (run.status, run.verdict) == ("vetting", "unknown")
    assert report.of_memory(run)["status"] == "vetting"


def test_a_run_that_was_given_up_is_unknown_quarantined_and_accuses_nobody():
    run = run_of(small_skill())
    pipeline.give_up(run, "the worker was killed five times")
    told = report.of_memory(run)
    assert (told["status"], told["safety"]["verdict"], told["safety"]["score"]) == ("quarantined", "unknown", None)
    assert [one["axis"] for one in told["findings"]] == ["quality"]


class Lossy:
    """A room that loses every trace, over a real one."""

    name = "lossy"

    def __init__(self, room: DockerSandbox) -> None:
        self.room, self.jobs = room, 0

    def run(self, job):
        from dataclasses import replace

        self.jobs += 1
        outcome = self.room.run(job)
        return replace(outcome, trace_complete=False) if job.traced else outcome

    def check(self):
        return self.room.check()

    def reap(self, **_):
        return 0


@pytest.mark.docker
def test_a_lost_trace_is_tried_once_more_and_then_unknown_never_a_pass(room):
    lossy = Lossy(room)
    told = vetted(small_skill(), lossy)
    assert (told["status"], told["safety"]["verdict"]) == ("quarantined", "unknown")
    assert "detonation" in told["safety"]["reasons"][0]
    detonation = next(stage for stage in told["stages"] if stage["name"] == "detonation")
    assert (detonation["tries"], detonation["conclusive"]) == (2, False)
    assert lossy.jobs == 2


@pytest.mark.docker
@pytest.mark.parametrize("name", sorted(path.name for path in (SAMPLES / "calm").iterdir()))
def test_a_calm_sample_is_published_with_evidence(room, name):
    told = vetted(sample(f"calm/{name}"), room)
    assert (told["status"], told["safety"]["verdict"]) == ("published", "pass"), told["findings"]
    assert told["safety"]["score"] > 60
    assert told["quality"]["tier"] == ("documented" if name == "meeting-minutes" else "runs as documented")
    assert told["quality"]["lift"] is None
    assert all(item["reason"] for item in told["quality"]["explanation"])
    assert {stage["state"] for stage in told["stages"]} == {"done"}
    if told["trials"]:
        assert {(trial["arm"], trial["outcome"]) for trial in told["trials"]} == {("without", "fail"), ("with", "pass")}
        assert told["posture"]
        assert told["events"]


@pytest.mark.docker
@pytest.mark.parametrize("name", sorted(path.name for path in (SAMPLES / "hostile").iterdir()))
def test_a_hostile_sample_is_rejected_with_the_code_of_its_attack(room, name):
    import tomllib

    expected = tomllib.loads((SAMPLES / "samples.toml").read_text())["hostile"][name]
    known = tuple(f"alice/{one}" for one in [expected.get("looks_like")] if one)
    told = vetted(sample(f"hostile/{name}"), room, owner="mallory", known_names=known)
    assert (told["status"], told["safety"]["verdict"]) == ("rejected", "block"), told["findings"]
    assert set(expected["codes"]) <= {one["code"] for one in told["findings"]}
    assert told["safety"]["score"] <= 19


@pytest.mark.docker
@pytest.mark.parametrize(
    "command",
    [
        "while true; do :; done",
        "yes",
        ":(){ :|:& };:",
        "dd if=/dev/zero of=/workspace/big bs=1M count=100000",
        "python3 -c 'x = []\nwhile True: x.append(bytearray(10**7))'",
    ],
)
def test_a_skill_that_never_ends_prints_forks_or_fills_for_ever_still_gets_a_verdict(room, command):
    told = vetted(small_skill("endless", command), room)
    assert told["status"] in ("published", "quarantined", "rejected")
    assert told["status"] == OUTCOMES[told["safety"]["verdict"]]
