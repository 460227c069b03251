"""Our own samples through the real pipeline: no calm one is accused, no hostile one is published."""

import tomllib
from pathlib import Path

import pytest

from vetting import pipeline, policy, report, rooms
from vetting.findings import Finding, Severity
from vetting.intake import Intake, read_folder
from vetting.run import Run
from vetting.stages.static import findings_in

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
INDEX = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))
CALM, HOSTILE = INDEX["calm"], INDEX["hostile"]
STATIC = [name for name, wanted in HOSTILE.items() if wanted["found_by"] == "static"]


def read(kind: str, name: str) -> Intake:
    return read_folder(SAMPLES / kind / name, lenient=False)


def known_names(name: str) -> tuple[str, ...]:
    """What the registry already lists when the sample arrives."""
    twin = HOSTILE.get(name, {}).get("looks_like")
    return (f"alice/{twin}",) if twin else ()


def vetted(kind: str, name: str) -> dict:
    """The whole pipeline with the real engine, as the worker runs it."""
    run = Run(read=lambda: read(kind, name), owner="mallory", known_names=known_names(name))
    pipeline.vet(run, rooms.room)
    return report.of_memory(run)


def told(findings: list[dict]) -> str:
    return "\n".join(f"{one['severity']}/{one['confidence']} {one['code']} {one['check']}" for one in findings)


def test_the_index_names_every_sample_and_no_other():
    for kind, known in INDEX.items():
        assert {path.name for path in (SAMPLES / kind).iterdir()} == set(known)


def test_no_two_samples_carry_the_same_attack():
    attacks = [wanted["attack"] for wanted in HOSTILE.values()]
    assert len(set(attacks)) == len(attacks) >= 8


@pytest.mark.parametrize("kind", INDEX)
def test_no_sample_names_a_host_that_could_exist(kind):
    """Whoever runs one by mistake reaches nobody: .test, .invalid, example.com and documentation addresses."""
    import re

    harmless = re.compile(r"(?:.*\.)?(?:test|invalid|example\.(?:com|org))$|^203\.0\.113\.\d+$")
    for path in (SAMPLES / kind).rglob("*"):
        if path.is_file():
            for host in re.findall(rb"https?://([\w.-]+)", path.read_bytes()):
                assert harmless.match(host.decode().rstrip(".")), (path, host)


def accusing(findings: list[Finding]) -> list[Finding]:
    return [one for one in findings if policy.at_least(one, policy.WARN_FROM) and one.axis == "malice"]


@pytest.mark.parametrize("name", CALM)
def test_static_accuses_no_calm_sample(name):
    skill = read("calm", name)
    found = findings_in(skill.bundle, skill.manifest, known_names=(), owner="alice", scanners=False).findings
    assert not accusing(found), found
    assert not [one for one in found if one.severity >= Severity.HIGH], found


@pytest.mark.parametrize("name", STATIC)
def test_static_alone_settles_what_the_text_shows(name):
    skill = read("hostile", name)
    found = findings_in(skill.bundle, skill.manifest, known_names=known_names(name), owner="mallory", scanners=False)
    assert set(HOSTILE[name]["codes"]) <= {one.code for one in found.findings}, found.findings
    assert policy.verdict(found.findings, {})[0] == policy.BLOCK, found.findings


@pytest.mark.docker
@pytest.mark.parametrize("name", CALM)
def test_a_calm_sample_is_published_and_its_tasks_tell_the_skill_from_nothing(name):
    seen = vetted("calm", name)
    assert seen["status"] == "published", told(seen["findings"])
    assert seen["safety"]["verdict"] == "pass", told(seen["findings"])
    outcomes = {(trial["task"], trial["arm"]): trial["outcome"] for trial in seen["trials"]}
    tasks = {task for task, _ in outcomes}
    assert len(tasks) == CALM[name]["tasks"]
    for task in tasks:
        assert outcomes[task, "without"] == "fail"
        assert outcomes[task, "with"] == "pass"
    assert "says nothing" not in told(seen["findings"])


@pytest.mark.docker
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sample_is_rejected_for_what_it_does(name):
    seen = vetted("hostile", name)
    assert seen["status"] == "rejected", told(seen["findings"])
    assert seen["safety"]["verdict"] == "block", told(seen["findings"])
    assert set(HOSTILE[name]["codes"]) <= {one["code"] for one in seen["findings"]}, told(seen["findings"])
