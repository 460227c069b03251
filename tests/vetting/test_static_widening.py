"""Filler within one call, one expression or one command line hides nothing: it is found all the same, or told."""

# ruff: noqa: E501

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


# Misses that are known, by the way of widening and by the check's example. Checks of what is written, as a key, a name or
# a sentence within a text, do not put texts together; of the others only running the program decides.
KNOWN: dict[tuple[str, ...], str] = {
    ("lines that go on",): "acts_in_the_users_name-3 host_handed_over-1 packed_and_sent-1",
    ("an entry of a dictionary", "letter by letter"): "acts_in_the_users_name-5",
    (
        "the last of many",
        "an entry of a dictionary",
        "letter by letter",
        "with nothing added",
        "handed on",
    ): "agent_rewired-3 disguised_call-1 fixed_key_in_code-1 fixed_key_in_code-3 fixed_key_in_code-5 secrets_shipped-1 silent_recipient-1",
    (
        "letter by letter",
    ): "agent_tampering-1 agent_tampering-2 bulk_upload-2 exfiltration-2 fetched_module-1 hidden_markup-1 logic_bomb-2 packed_and_sent-4 remote_code-3 secret_collection-7 sends_and_forgets-2 sends_and_forgets-3 shadowed_command-3 tool_pushes_itself-3 startup_from_code-1",
    (
        "the last of many",
        "an entry of a dictionary",
    ): "bulk_upload-4 covert_channel-2 destroys_unasked-3 destructive_command-4 hidden_address-2 loses_the_users_work-5",
    ("the last of many", "an entry of a dictionary", "handed on"): "credential_access-2",
    ("the last of many", "letter by letter"): "disguised_call-2 logic_bomb-3",
    ("an entry of a dictionary",): "exfiltration-4 secret_collection-2",
    ("statements far apart",): "false_account-3",
    ("the last of many",): "fetched_code-2",
    (
        "the last of many",
        "an entry of a dictionary",
        "letter by letter",
    ): "fetched_module-2 fetched_module-3 secret_collection-1",
    (
        "the last of many",
        "an entry of a dictionary",
        "letter by letter",
        "with nothing added",
        "statements far apart",
        "handed on",
    ): "hidden_unicode-3 planted_instruction-2",
    ("the last of many", "an entry of a dictionary", "with nothing added"): "endless_load-6",
    ("letter by letter", "statements far apart"): "startup_from_code-2",
}
_MISSED = {(example, way) for ways, examples in KNOWN.items() for example in examples.split() for way in ways}


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
                if (f"{check.name}-{number}", name) not in _MISSED and (wide := widened(files, name)) != files
            ]
    return out


@pytest.mark.parametrize(("check", "files"), cases())
def test_filler_hides_nothing(check, files):
    assert caught(check, files)
