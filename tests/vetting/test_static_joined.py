"""What two tools say of one line is told once, and a weakness in a test weighs as a test does."""

import pytest

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.stages.joined import SAME, joined


def found(check: str, line: int, file: str = "a.py", severity=Severity.HIGH, axis=Axis.VULNERABILITY) -> Finding:
    return Finding("SK-VULN", check, severity, Confidence.HIGH, file, line, "x", "y", "z", axis)


def test_bandit_is_silent_where_a_rule_of_ours_names_the_same_thing():
    both = [found("bandit:B501", 7), found("semgrep:py-tls-not-verified", 7, severity=Severity.MEDIUM)]
    assert [one.check for one in joined(both)] == ["semgrep:py-tls-not-verified"]


def test_the_two_lines_of_one_statement_are_one_place_and_two_statements_are_two():
    rule = found("semgrep:py-sql-from-text", 10)
    assert len(joined([rule, found("bandit:B608", 12)])) == 1
    assert len(joined([rule, found("bandit:B608", 30)])) == 2
    assert len(joined([rule, found("bandit:B608", 10, file="b.py")])) == 2


def test_what_only_one_tool_says_stays():
    assert len(joined([found("bandit:B608", 3), found("semgrep:py-tls-not-verified", 3)])) == 2


@pytest.mark.parametrize("other", sorted({name for names in SAME.values() for name in names}))
def test_every_named_rule_exists(other):
    from vetting.checks import described
    from vetting.scanners import semgrep_rules

    tool, _, rule = other.partition(":")
    known = "".join(path.read_text() for path in semgrep_rules.rule_files())
    assert f"id: {rule}\n" in known if tool == "semgrep" else described(other)


def test_a_weakness_in_a_test_is_minor_and_malice_in_one_is_not():
    weak, bad = (
        found("bandit:B602", 4, "tests/test_a.py"),
        found("exfiltration", 4, "tests/test_a.py", axis=Axis.MALICE),
    )
    assert [one.severity for one in joined([weak, bad])] == [Severity.LOW, Severity.HIGH]
