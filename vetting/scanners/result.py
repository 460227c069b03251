"""What an outside tool came to, and how its silence is told: a tool that did not look never says that all is well."""

from dataclasses import dataclass, field

from vetting.findings import Axis, Confidence, Finding, Severity

OK, NOTHING, FAILED, ABSENT = "ok", "nothing-to-scan", "failed", "absent"
MAX_FINDINGS = 60


@dataclass(frozen=True, slots=True)
class ScannerResult:
    """state is "ok", "nothing-to-scan", "failed" or "absent"; reason says why where it is one of the last two."""

    scanner: str
    version: str
    state: str
    findings: list[Finding] = field(default_factory=list)
    reason: str = ""
    seconds: float = 0.0


def not_scanned(scanner: str, version: str, state: str, reason: str, seconds: float = 0.0) -> ScannerResult:
    """A tool that is missing or broke: a finding like that of a check that crashed, never a pass."""
    finding = Finding(
        code="SK-ART",
        check=f"{scanner}:{state}",
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        evidence=f"scanner could not run: {scanner}",
        why=f"{scanner} did not scan this skill: {reason}. What it looks for is therefore not known to be absent.",
        fix="Ask for this release to be vetted again; if it happens again, tell the registry's operator.",
        axis=Axis.QUALITY,
    )
    return ScannerResult(scanner, version, state, [finding], reason, seconds)


def capped(findings: list[Finding], scanner: str) -> list[Finding]:
    """The gravest findings first, so many that a person can read them, and one that counts the rest."""
    ordered = sorted(set(findings), key=lambda f: (-f.severity, -f.confidence, f.file, f.line, f.check))
    if len(ordered) <= MAX_FINDINGS:
        return ordered
    rest = len(ordered) - MAX_FINDINGS
    more = Finding(
        code="SK-VULN",
        check=f"{scanner}:more",
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        why=f"{scanner} has {rest} more findings, none graver than those shown.",
        axis=Axis.VULNERABILITY,
    )
    return [*ordered[:MAX_FINDINGS], more]


def cwe_link(number: int | str) -> str:
    return f"https://cwe.mitre.org/data/definitions/{number}.html"
