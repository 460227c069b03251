"""Filler within one call, one expression or one command line hides nothing: it is found all the same, or told."""

import re

import pytest

from tests.vetting import widening
from tests.vetting.test_static_mutations import Files, files_of
from vetting.bundle import Bundle, BundleFile
from vetting.checks import Check, checks
from vetting.findings import Axis, Severity
from vetting.manifest import read_manifest
from vetting.reading.skill import Skill

_FENCE = re.compile(r"(?ms)^```(?P<lang>\w+)\n(?P<text>.*?)^```")
_WAYS = {
    **dict.fromkeys(("py", "python"), widening.PYTHON),
    **dict.fromkeys(("js", "javascript"), widening.SCRIPT),
    **dict.fromkeys(("sh", "bash"), widening.SHELL),
}


def widened(files: Files, name: str) -> Files:
    """The files with all code wider in this way; as they are where no code stands in them that can be."""
    return {path: _one(path, data, name) for path, data in files.items()}


def _one(path: str, data: bytes, name: str) -> bytes:
    if b"\0" in data:
        return data
    text = data.decode("utf-8", "replace")
    if path.endswith(".md"):
        return _FENCE.sub(lambda m: f"```{m['lang']}\n{_wider(m['lang'], m['text'], name)}```", text).encode()
    return _wider(path.rsplit(".", 1)[-1], text, name).encode()


def _wider(lang: str, text: str, name: str) -> str:
    way = _WAYS.get(lang, {}).get(name)
    try:
        wide = way(text) if way else text
    except (SyntaxError, ValueError):
        return text
    return wide if wide.endswith("\n") else wide + "\n"


def caught(check: Check, files: Files) -> bool:
    """Found by the check, or by any other that would warn of malice, or told as not followed."""
    bundle = Bundle(tuple(BundleFile(path, data) for path, data in sorted(files.items())))
    manifest, _ = read_manifest(files["SKILL.md"], folder="a", lenient=True)
    skill = Skill(bundle, manifest, known_names=("acme/weather", "acme/pdf-tools"), owner="mallory")
    floor = min(check.severity, Severity.MEDIUM)
    if any(check.finding(hit).severity >= floor for hit in check.find(skill)):
        return True
    found = (one.finding(hit) for one in checks() for hit in one.find(skill))
    return any(one.axis is Axis.MALICE and one.severity >= Severity.HIGH for one in found) or bool(skill.budget.cut)


def cases() -> list:
    names = dict.fromkeys([*widening.PYTHON, *widening.SCRIPT, *widening.SHELL])
    out = []
    for check in checks():
        for number, example in enumerate(check.bad, 1):
            files = files_of(example)
            out += [
                pytest.param(check, wide, id=f"{check.name}-{number}-{name}")
                for name in names
                if (wide := widened(files, name)) != files
            ]
    return out


@pytest.mark.parametrize(("check", "files"), cases())
def test_filler_hides_nothing(check, files):
    assert caught(check, files)
