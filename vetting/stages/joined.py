"""Two tools that say the same of one place are heard once, and what stands in a test weighs as a test does."""

from collections.abc import Iterable
from dataclasses import replace

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.reach import is_fixture

# What bandit calls a thing, and the rule of ours that names it with a severity thought about for skills.
SAME = {
    "bandit:B104": ("semgrep:py-open-to-all",),
    "bandit:B201": ("semgrep:py-debug-server",),
    "bandit:B202": ("semgrep:py-archive-extract-all",),
    "bandit:B301": ("semgrep:py-unsafe-deserialization",),
    "bandit:B302": ("semgrep:py-unsafe-deserialization",),
    "bandit:B303": ("semgrep:py-weak-hash",),
    "bandit:B304": ("semgrep:py-weak-cipher",),
    "bandit:B305": ("semgrep:py-weak-cipher",),
    "bandit:B306": ("semgrep:py-temporary-name",),
    "bandit:B307": ("semgrep:py-eval-of-expression", "semgrep:py-eval-of-input"),
    "bandit:B324": ("semgrep:py-weak-hash",),
    "bandit:B501": ("semgrep:py-tls-not-verified",),
    "bandit:B506": ("semgrep:py-yaml-load",),
    "bandit:B507": ("semgrep:py-ssh-any-host",),
    "bandit:B602": ("semgrep:py-shell-command-from-variable", "semgrep:py-command-injection"),
    "bandit:B605": ("semgrep:py-shell-command-from-variable", "semgrep:py-command-injection"),
    "bandit:B608": ("semgrep:py-sql-from-text",),
    "dependencies:unpinned": ("risky_dependency",),
}
# One tool names the line where a statement begins, the other the line of the text within it.
APART = 3


def joined(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without those that another tool's finding of the same thing already tells."""
    findings = [_in_a_test(one) for one in findings]
    told: dict[tuple[str, str], set[int]] = {}
    for one in findings:
        told.setdefault((one.check, one.file), set()).add(one.line)
    return [one for one in findings if not _is_told(one, told)]


def _is_told(finding: Finding, told: dict[tuple[str, str], set[int]]) -> bool:
    near = range(finding.line - APART, finding.line + APART + 1)
    return any(
        not lines.isdisjoint(near)
        for other in SAME.get(finding.check, ())
        if (lines := told.get((other, finding.file))) is not None
    )


def _in_a_test(finding: Finding) -> Finding:
    """A weakness in a test or a fixture meets nobody's input."""
    if finding.axis is not Axis.VULNERABILITY or finding.severity <= Severity.LOW or not is_fixture(finding.file):
        return finding
    return replace(finding, severity=Severity.LOW, confidence=min(finding.confidence, Confidence.MEDIUM))
