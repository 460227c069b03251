"""Payloads of ours in the real room: every attack is seen and told as what it is, and its calm twins are left alone."""

import os
import tomllib
from pathlib import Path

import pytest

from sandbox.docker import DockerSandbox
from vetting.bundle import Bundle, BundleFile
from vetting.findings import Axis
from vetting.manifest import Manifest, read_manifest
from vetting.stages.detonation import Detonation, detonate

FOLDER = Path(__file__).resolve().parent.parent / "samples" / "attacks"
ATTACKS = tomllib.loads((FOLDER / "attacks.toml").read_text(encoding="utf-8"))
CALM = tomllib.loads((FOLDER / "calm.toml").read_text(encoding="utf-8"))
START = {"sh": "bash", "py": "python3", "js": "node", "mjs": "node"}

pytestmark = pytest.mark.docker


def skill(name: str, payload: dict) -> tuple[Bundle, Manifest]:
    """A skill whose one script is the payload."""
    language = payload.get("language", "sh")
    says = payload.get("says", "Does what its name says.")
    path = f"scripts/run.{language}"
    text = (
        f"---\nname: {name}\ndescription: A skill for the tests of the sealed room.\n---\n\n# Use\n\n{says}\n\n"
        f"```bash\n{START[language]} {path}\n```\n"
    )
    files = (BundleFile("SKILL.md", text.encode()), BundleFile(path, payload["run"].encode()))
    return Bundle(files), read_manifest(text.encode())[0]


@pytest.fixture(scope="module")
def room():
    sandbox = DockerSandbox(deployment=f"tests-attacks-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def seen(name: str, payload: dict, room: DockerSandbox) -> Detonation:
    return detonate(*skill(name, payload), room)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_is_seen_and_told(name, room):
    payload = ATTACKS[name]
    detonation = seen(name, payload, room)
    told = {f"{one.code} {one.check.removeprefix('room:')}" for one in detonation.findings}
    events = [f"{event.kind} {event.as_dict()}" for event in detonation.events]
    assert set(payload["findings"]) <= told, (told, detonation.coverage)
    for wanted in payload["events"]:
        kind, _, words = wanted.partition(" ")
        assert any(one.startswith(kind + " ") and all(word in one for word in words.split()) for one in events), wanted


@pytest.mark.parametrize("name", CALM)
def test_a_calm_twin_is_left_alone(name, room):
    detonation = seen(name, CALM[name], room)
    assert detonation.conclusive, detonation.reason
    assert [one for one in detonation.findings if one.axis is Axis.MALICE] == []


def test_the_suite_is_as_large_as_it_has_to_be():
    assert len(ATTACKS) >= 40
    assert len(CALM) >= 15


def test_nothing_is_left_behind(room):
    assert room.rooms() == 0
