"""A report of the registry, on a terminal: verdict and scores, then what decides, then the rest, place by place.

Whoever is in a hurry reads the first line of each place. What a check says once it does not say again.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby

import click

from assay_cli import clean
from assay_cli.docs import number, pick, rows, text
from assay_cli.session import Session, word

SEVERITIES = ("info", "low", "medium", "high", "critical")
SHOWN = 40
LOSSES = 5
HEADS = {
    "block": ("This refuses it", "each alone, or because they confirm one another"),
    "warn": ("This cautions", "it is published with a warning"),
    "": ("This is shown", "it refuses nothing"),
}


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
    if text(report, "safety", "verdict") == "unknown":
        for reason in _words(pick(report, "safety", "reasons"))[:LOSSES]:
            session.data(f"           {clean.line(reason)}")
    tier = clean.line(text(report, "quality", "tier"), 60)
    score = number(report, "quality", "score")
    shown = f"{score:g}/100" if score is not None else "not measured"
    session.data(f"  quality  {shown}" + (f"  ({tier})" if tier else ""))
    for loss in list(_losses(report))[:LOSSES]:
        session.data(f"           {loss}")


def _losses(report: dict) -> Iterator[str]:
    """Where quality lost points, and why; what could not be measured is no loss."""
    for item in rows(report, "quality", "explanation"):
        points, of = number(item, "points"), number(item, "of")
        if of and points is not None and points < of:
            yield f"{clean.line(text(item, 'item'), 40)} {points:g}/{of:g}: {clean.line(text(item, 'reason'), 200)}"


def show_findings(session: Session, findings: list[dict], below: str = "") -> None:
    """below is the skill's folder as it was called, so that a terminal can open the places."""
    if not findings:
        session.data("No findings.")
        return
    left, said = SHOWN, set()
    for weight in HEADS:
        group = [one for one in findings if _weight_of(one) == weight]
        if group:
            _show_group(session, weight, group[:left], len(group), below, said)
            left = max(0, left - len(group))
    if len(findings) > SHOWN:
        session.data(f"  … and {len(findings) - SHOWN} more; --json shows all")


def _weight_of(finding: dict) -> str:
    weight = text(finding, "weighs")
    return weight if weight in HEADS else ""


def _show_group(session: Session, weight: str, group: list[dict], total: int, below: str, said: set[str]) -> None:
    title, means = HEADS[weight]
    session.data(f"\n{click.style(title, bold=True)} ({total} finding{'' if total == 1 else 's'}; {means}):")
    for place, found in by_place(group):
        session.data(f"\n  {click.style(below * bool(text(found[0], 'file')) + place, bold=True)}")
        _show_place(session, found, said)


def by_place(findings: Iterable[dict]) -> list[tuple[str, list[dict]]]:
    """Findings of one line together; the place with the gravest comes first, and the order stays else."""
    found: dict[str, list[dict]] = {}
    for one in findings:
        found.setdefault(place_of(one), []).append(one)
    return list(found.items())


def _show_place(session: Session, found: list[dict], said: set[str]) -> None:
    for (evidence, decoded), same in groupby(found, key=lambda one: (text(one, "evidence"), text(one, "decoded"))):
        if evidence:
            session.data(f"      | {clean.line(evidence, 160)}")
        if decoded and decoded != evidence:
            session.data(f"      = decoded: {clean.line(decoded, 160)}")
        for one in same:
            _show_one(session, one, said)


def _show_one(session: Session, finding: dict, said: set[str]) -> None:
    title, why = clean.line(text(finding, "title"), 120), clean.line(text(finding, "why"))
    check, code = clean.line(text(finding, "check"), 80), clean.line(text(finding, "code"), 24)
    sure = clean.line(text(finding, "confidence"), 12)
    sure = f", {sure} confidence" if sure else ""
    session.data(f"    {word(text(finding, 'severity'))}  {title or why}  [{check}, {code}{sure}]")
    once = [("", why if title else ""), ("fix: ", clean.line(text(finding, "fix")))]
    if text(finding, "check").startswith("bandit:"):
        once.append(("more: ", next((link for link in map(clean.line, _words(finding.get("links"))) if link), "")))
    for label, words in once:
        if words and f"{check} {words}" not in said:
            said.add(f"{check} {words}")
            session.data(f"      {label}{words}")
    if reason := text(finding, "suppressed", "reason"):
        lifts = pick(finding, "suppressed", "lifts") is True
        session.data(f"      suppressed: {clean.line(reason)}" + ("" if lifts else "  (malice is judged all the same)"))


def _words(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def place_of(finding: dict) -> str:
    file, line = clean.line(text(finding, "file"), 200), pick(finding, "line")
    if not file:
        return "the whole skill"
    return f"{file}:{line}" if isinstance(line, int) and line > 0 else file


def _of_100(score: float | None) -> str:
    return f"  {score:g}/100" if score is not None else ""
