"""A report of the registry, on a terminal: verdict and scores first, then each finding with its place."""

import click

from assay_cli import clean
from assay_cli.docs import number, pick, rows, text
from assay_cli.session import Session, word

SEVERITIES = ("info", "low", "medium", "high", "critical")
SHOWN = 40


def severity_of(finding: dict) -> int:
    name = text(finding, "severity")
    return SEVERITIES.index(name) if name in SEVERITIES else len(SEVERITIES) - 1


def findings_of(report: dict) -> list[dict]:
    """The gravest first."""
    return sorted(rows(report, "findings"), key=severity_of, reverse=True)


def at_or_above(findings: list[dict], severity: str) -> list[dict]:
    """Those this grave or graver, without what the author suppressed and the registry's score lets pass."""
    least = SEVERITIES.index(severity)
    return [one for one in findings if severity_of(one) >= least and pick(one, "suppressed", "lifts") is not True]


def show_scores(session: Session, report: dict) -> None:
    verdict = word(text(report, "safety", "verdict", default="unknown"))
    session.data(f"  safety   {verdict}{_of_100(number(report, 'safety', 'score'))}")
    tier = clean.line(text(report, "quality", "tier"), 60)
    score = number(report, "quality", "score")
    shown = f"{score:g}/100" if score is not None else "not measured"
    session.data(f"  quality  {shown}" + (f"  ({tier})" if tier else ""))


def show_findings(session: Session, findings: list[dict]) -> None:
    if not findings:
        session.data("No findings.")
        return
    session.data(f"{len(findings)} finding{'s' if len(findings) != 1 else ''}:")
    for finding in findings[:SHOWN]:
        show_finding(session, finding)
    if len(findings) > SHOWN:
        session.data(f"  … and {len(findings) - SHOWN} more; --json shows all")


def show_finding(session: Session, finding: dict) -> None:
    code, why = clean.line(text(finding, "code"), 24), clean.line(text(finding, "why"))
    session.data(f"  {place_of(finding)}  {word(text(finding, 'severity'))}  {click.style(code, bold=True)}  {why}")
    for label in ("evidence", "decoded"):
        if excerpt := text(finding, label):
            mark = "|" if label == "evidence" else "= decoded:"
            session.data(f"      {mark} {clean.line(excerpt, 160)}")
    if reason := text(finding, "suppressed", "reason"):
        session.data(f"      suppressed: {clean.line(reason)}")
    if fix := text(finding, "fix"):
        session.data(f"      fix: {clean.line(fix)}")


def place_of(finding: dict) -> str:
    file, line = clean.line(text(finding, "file"), 200), pick(finding, "line")
    if not file:
        return "(whole skill)"
    return f"{file}:{line}" if isinstance(line, int) and line > 0 else file


def _of_100(score: float | None) -> str:
    return f"  {score:g}/100" if score is not None else ""
