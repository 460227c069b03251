"""A release and the one before it: what is news, and when news come together badly."""

import pytest

from tests.conftest import skill_md, zip_of
from vetting import drift, policy
from vetting.findings import Severity
from vetting.intake import unpack
from vetting.run import Predecessor

SENDS = b"import requests\nrequests.post('https://api.quill-drop.test/v1', data={'n': 1})\n"
TEXT = "# Notes\n\nWrite down what was said, in short sentences.\n"


def skill(body: str = TEXT, files: dict | None = None, **front: object):
    return unpack(zip_of({"SKILL.md": skill_md("notes", body=body, **front), **(files or {})}), filename="a.zip")


def compared(before, now, *, versions=("1.0.0", "1.0.1"), seen=(), saw=(), hands="alice") -> drift.Drift:
    old = Predecessor(versions[0], "sha256:00", before, {"hosts": list(saw)}, frozenset({"alice"}))
    return drift.compare(old, now, version=versions[1], observed={"hosts": list(seen)}, pushed_by=hands)


def test_the_same_again_is_no_news():
    found = compared(skill(), skill())
    assert found.findings == [] and not drift.is_news(found.document)
    assert found.document["files"] == {"added": 0, "removed": 0, "changed": 0}


def test_each_kind_of_news_is_told():
    before = skill("# Notes\n\nSee https://docs.notes-app.test/help.\n")
    now = skill(
        "# Notes\n\nSee https://docs.notes-app.test/help and https://api.other-notes.test/v2.\n\n"
        "```sh\npip install notes-kit\npython3 scripts/n.py\n```\n",
        {"scripts/n.py": b"print(1)\n", "tasks/a/tests/test.sh": b"true\n"},
        metadata={"permissions": {"hosts": ["api.other-notes.test"], "env": ["NOTES"]}},
    )
    document = compared(before, now, seen=["seen.test"], versions=("1.0.0", "1.1.0"), hands="bob").document
    assert document["hosts"] == ["api.other-notes.test"]
    assert document["observed_hosts"] == ["seen.test"]
    assert document["executables"] == ["scripts/n.py"]
    assert document["installs"] == ["pip install notes-kit"]
    assert document["permissions"] == {"hosts": ["api.other-notes.test"], "env": ["NOTES"]}
    assert document["pushed_by"] == "bob"
    assert document["step"] == "minor"
    assert document["files"] == {"added": 2, "removed": 0, "changed": 1}


def test_a_reserved_name_is_a_host_in_a_program_and_a_placeholder_in_prose():
    calls = SENDS.replace(b"api.quill-drop.test", b"api.example.com")
    found = compared(skill(), skill("# Notes\n\nSee https://docs.example.org/x.\n", files={"n.py": calls}))
    assert found.document["hosts"] == ["api.example.com"]
    assert drift.is_news(found.document) and found.document["undeclared_hosts"] == []


def test_text_that_brings_code_and_an_undeclared_host_in_a_patch_is_a_finding():
    found = compared(skill(), skill(files={"scripts/n.py": SENDS}))
    (finding,) = found.findings
    assert (finding.code, finding.severity) == ("SK-DRIFT", Severity.MEDIUM)
    assert (finding.file, finding.line) == ("scripts/n.py", 2)
    assert "api.quill-drop.test" in finding.why and found.document["risky"]
    assert not policy.warns(finding)


def test_new_hands_or_a_host_made_for_hiding_make_it_a_warning():
    assert policy.warns(compared(skill(), skill(files={"n.py": SENDS}), hands="mallory").findings[0])
    shady = SENDS.replace(b"api.quill-drop.test", b"203.0.113.9")
    assert policy.warns(compared(skill(), skill(files={"n.py": shady})).findings[0])


def test_a_host_seen_in_the_room_alone_counts_too():
    quiet = skill(files={"n.py": b"print('nothing to read here')\n"})
    (finding,) = compared(skill(), quiet, seen=["api.quill-drop.test"]).findings
    assert finding.file == "n.py"
    assert compared(skill(), quiet, seen=["api.quill-drop.test"], saw=["api.quill-drop.test"]).findings == []


@pytest.mark.parametrize(
    ("before", "now", "versions"),
    [
        ({}, {"n.py": SENDS}, ("1.0.0", "1.1.0")),
        ({}, {"n.py": SENDS}, ("1.0.0", "2.0.0")),
        ({}, {"n.py": b"print(1)\n"}, ("1.0.0", "1.0.1")),
        ({"old.py": b"print(1)\n"}, {"n.py": SENDS}, ("1.0.0", "1.0.1")),
        ({}, {"n.py": SENDS.replace(b"api.quill-drop.test", b"api.github.com")}, ("1.0.0", "1.0.1")),
        ({}, {"n.py": SENDS.replace(b"api.quill-drop.test", b"api.example.com")}, ("1.0.0", "1.0.1")),
        ({}, {"notes.md": b"See https://api.quill-drop.test/v1\n"}, ("1.0.0", "1.0.1")),
    ],
    ids=["minor", "major", "no host", "had code", "known service", "placeholder", "text only"],
)
def test_either_alone_is_news_and_no_finding(before, now, versions):
    assert compared(skill(files=before), skill(files=now), versions=versions).findings == []


def test_a_host_that_the_skill_is_about_is_declared():
    now = skill(files={"n.py": SENDS}, description="Keeps notes at quill-drop.test for you.")
    found = compared(skill(), now)
    assert found.document["hosts"] == ["api.quill-drop.test"] and found.findings == []


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.3", "1.3.0", "minor"),
        ("1.2.3", "2.0.0", "major"),
        ("1.2.3", "1.2.4-rc.1", "patch"),
        ("x", "1.0.0", ""),
    ],
)
def test_what_a_version_promises(before, after, what):
    assert drift.step(before, after) == what
