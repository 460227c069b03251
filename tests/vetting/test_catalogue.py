"""The catalogue describes every rule that a finding can name, and says of checks what they say of themselves."""

import ast
from pathlib import Path

import pytest

from tests.vetting.conftest import SAMPLES
from vetting import catalogue, local
from vetting.catalogue import others, own
from vetting.checks import checks
from vetting.scanners import semgrep
from vetting.taxonomy import KINDS

STAGES = Path(others.__file__).parents[1] / "stages"


def rules_of_the_room() -> set[str]:
    """The second word of every `scene.finding("SK-…", "rule", …)` and of every helper that is called alike."""
    named: set[str] = set()
    for file in STAGES.glob("room_*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call):
                words = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                codes = [n for n, word in enumerate(words) if word in KINDS]
                named |= {words[n + 1] for n in codes if n + 1 < len(words) and words[n + 1].islower()}
    return named


def test_every_rule_of_the_room_is_described():
    named = rules_of_the_room()
    assert {"canary", "credential-sweep", "agent-memory", "start-up"} <= named
    assert named <= others.ROOM.keys()


def test_a_check_is_described_as_it_describes_itself():
    for check in checks():
        rule = catalogue.rule(check.name)
        said = (rule.title, rule.finds, rule.why, rule.fix, rule.axis, rule.severity, rule.confidence, rule.codes)
        assert said == (
            check.title, check.finds, check.why, check.fix, check.axis.value, check.severity.word,
            check.confidence.word, (check.code,),
        )  # fmt: skip
        assert catalogue.title_of(check.name) == check.title


def test_every_rule_says_what_why_and_what_to_do():
    for rule in catalogue.rules():
        assert rule.heading and rule.finds and rule.why and rule.fix, rule.name
        assert rule.family in catalogue.FAMILIES
        assert set(rule.codes) <= KINDS.keys()


def test_names_are_told_apart():
    names = [rule.name for rule in catalogue.rules()]
    assert len(names) == len(set(names))
    assert {f"semgrep:{name}" for name in semgrep.rules()} <= set(names)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("bandit:B602", "Insecure Python"),
        ("reviewer:odd-order", "A remark of the optional reviewer"),
        ("reviewer", "The optional reviewer did not read all of it"),
        ("semgrep:failed", "The scanner semgrep broke"),
        ("room:canary", "A planted secret was sent out of the room"),
        ("drift", "A patch that turns a text into code with an undeclared host"),
    ],
)
def test_a_rule_is_found_by_what_a_finding_calls_it(name, heading):
    assert catalogue.rule(name).heading == heading
    assert catalogue.title_of(name) in (heading, "")


@pytest.mark.parametrize("name", ["nothing", "nothing:at-all", "", "../checks/ransom", "ransom.py", "room:", ":"])
def test_what_is_no_rule_is_not_found_and_has_no_title(name):
    assert catalogue.rule(name) is None and catalogue.title_of(name) == ""


def test_a_check_that_cannot_be_read_leaves_the_others(tmp_path, monkeypatch):
    (tmp_path / "good.py").write_text('"""Good\n\nFinds x.\n\nWhy it matters: y.\n"""\nCODE = "SK-PI"\n')
    (tmp_path / "broken.py").write_text('"""Broken\n"""\ndef (')
    monkeypatch.setattr(own, "FOLDER", tmp_path)
    assert [rule.name for rule in own.rules()] == ["good"]


@pytest.mark.parametrize("sample", ["hostile/env-doctor", "hostile/wallet-summary", "hostile/pdf-tidy"])
def test_every_finding_is_explained(sample):
    (line,) = local.vet_paths([str(SAMPLES / sample)], static_only=True)
    assert line["findings"]
    for finding in line["findings"]:
        assert finding["title"] or finding["why"]
        assert catalogue.rule(finding["check"]), finding["check"]
        hosts = "".join(finding["links"])
        assert "owasp.org" in hosts and "cwe.mitre.org" in hosts, finding
    assert {finding["weighs"] for finding in line["findings"]} <= {"", "warn", "block"}
    assert any(finding["weighs"] == "block" for finding in line["findings"])


def test_a_finding_names_its_own_weakness_and_the_pages_of_its_kind():
    links = catalogue.links_for("SK-VULN", ["https://cwe.mitre.org/data/definitions/78.html"])
    assert links[0].endswith("/78.html") and sum("cwe.mitre.org" in link for link in links) == 1
    assert any("genai.owasp.org" in link for link in links)
