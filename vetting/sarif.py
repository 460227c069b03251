"""A report as SARIF 2.1.0, the form in which code hosts and editors read what a scanner found.

A rule is a check, a result a finding. What could not be looked at is told as a notification of a run that did not
succeed: a reader that shows no results must not take that for a clean skill.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote

from vetting import catalogue
from vetting.identity import mark
from vetting.taxonomy import KINDS

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MEDIA_TYPE = "application/sarif+json"
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# What code hosts sort by, on the scale of CVSS.
SEVERITIES = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.5", "info": "0.0"}
RANKS = {"high": 90.0, "medium": 60.0, "low": 30.0}
MANIFEST = "SKILL.md"
# What relative addresses count from, by the name that code hosts know.
ROOT = "%SRCROOT%"
BELOW = "Where the command was called."
_CWE = re.compile(r"cwe\.mitre\.org/data/definitions/(\d+)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def of(report: Mapping, *, home: str = "", below: str = "") -> dict:
    """The SARIF log of one report. home is the address of the registry that made it, below the skill's own folder."""
    findings = list(report.get("findings", ()))
    driver = {"name": "Assay", "version": report.get("ruleset") or "unknown", "rules": _rules(findings, home)}
    if home:
        driver["informationUri"] = home
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"assay/{_subject(report)}/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": BELOW if below else "The folder of the skill."}}},
        "invocations": [_invocation(report)],
        "results": _results(findings, below),
        "properties": _about(report),
    }
    return joined([{"runs": [run]}])


def joined(logs: Iterable[Mapping]) -> dict:
    """One log of many."""
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run for log in logs for run in log["runs"]]}


def _subject(report: Mapping) -> str:
    name = report.get("skill") or report.get("path") or "skill"
    return f"{name}@{report['version']}" if report.get("version") else str(name)


def _about(report: Mapping) -> dict:
    safety, quality = report.get("safety") or {}, report.get("quality") or {}
    return {
        "skill": report.get("skill", ""),
        "version": report.get("version", ""),
        "digest": report.get("digest", ""),
        "status": report.get("status", ""),
        "verdict": safety.get("verdict", "unknown"),
        "safetyScore": safety.get("score"),
        "qualityScore": quality.get("score"),
    }


# --- Rules ------------------------------------------------------------------------------------------------------------
def _rules(findings: Iterable[Mapping], home: str) -> list[dict]:
    """One rule a check, as grave as the gravest of its findings; the report lists the gravest first."""
    first: dict[str, Mapping] = {}
    for finding in findings:
        first.setdefault(finding["check"], finding)
    return [_rule(finding, home) for finding in first.values()]


def _rule(finding: Mapping, home: str) -> dict:
    code, check, links = finding["code"], finding["check"], list(finding.get("links") or ())
    kind = KINDS[code].title if code in KINDS else code
    about = catalogue.rule(check)
    # bandit says in the finding which of its rules it was.
    title = about.heading if about and about.family != "bandit" else (finding.get("why") or kind).rstrip(".")
    text = f"{title}\n\n{about.finds}\n\nWhy it matters: {about.why}" if about else finding.get("why") or kind
    fix = finding.get("fix") or ""
    more = "\n".join(f"- <{link}>" for link in links)
    rule = {
        "id": check,
        "name": "".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", check) if part) or "Check",
        "shortDescription": {"text": f"{title} ({code})"},
        "fullDescription": {"text": text},
        "help": {
            "text": f"{text}\n\nWhat to do: {fix}" if fix else text,
            "markdown": "\n\n".join(part for part in (text, fix and f"**What to do:** {fix}", more) if part),
        },
        "defaultConfiguration": {"level": LEVELS[finding["severity"]]},
        "properties": {
            "tags": ["security", f"axis/{finding['axis']}", code, *_weaknesses(links)],
            "precision": finding["confidence"],
            "problem.severity": {"note": "recommendation"}.get(
                LEVELS[finding["severity"]], LEVELS[finding["severity"]]
            ),
            "security-severity": SEVERITIES[finding["severity"]],
        },
    }
    page = f"{home}/checks/{quote(check)}" if home and catalogue.rule(check) else ""
    if help_uri := page or (links[0] if links else ""):
        rule["helpUri"] = help_uri
    return rule


def _weaknesses(links: Iterable[str]) -> list[str]:
    return [f"external/cwe/cwe-{found[1]}" for link in links if (found := _CWE.search(link))]


# --- Results ----------------------------------------------------------------------------------------------------------
def _results(findings: Iterable[Mapping], below: str) -> list[dict]:
    seen: Counter[str] = Counter()
    results = []
    for finding in findings:
        print_ = mark(finding)
        seen[print_] += 1
        results.append(_result(finding, f"{print_}:{seen[print_]}", below))
    return results


def _result(finding: Mapping, fingerprint: str, below: str) -> dict:
    why = finding.get("why") or finding["code"]
    said = (f"{finding['title']}." if finding.get("title") else "", why, finding.get("fix") or "")
    result = {
        "ruleId": finding["check"],
        "level": LEVELS[finding["severity"]],
        "rank": RANKS[finding["confidence"]],
        "message": {"text": " ".join(part for part in said if part)},
        "locations": [_location(finding, below)],
        "partialFingerprints": {"assayFinding/v1": fingerprint},
        "properties": {
            "code": finding["code"],
            "axis": finding["axis"],
            "severity": finding["severity"],
            "confidence": finding["confidence"],
            "stage": finding.get("stage", ""),
            "blocklisted": bool(finding.get("blocklisted")),
            "weighs": finding.get("weighs", ""),
        },
    }
    if finding.get("decoded"):
        result["properties"]["decoded"] = finding["decoded"]
    if suppressed := finding.get("suppressed"):
        # What suppression cannot lift stays a live result for the reader: it is kept as rejected.
        status = "accepted" if suppressed.get("lifts") else "rejected"
        result["suppressions"] = [{"kind": "inSource", "status": status, "justification": suppressed["reason"]}]
    return result


def _location(finding: Mapping, below: str) -> dict:
    """File and line; what is about the whole skill is pinned to its manifest, for readers that need a place."""
    path = finding.get("file") or MANIFEST
    uri = quote((PurePosixPath(below) / path).as_posix())
    physical: dict = {"artifactLocation": {"uri": uri, "uriBaseId": ROOT}}
    if uri.startswith("/"):
        physical["artifactLocation"] = {"uri": f"file://{uri}"}
    if finding.get("file") and (finding.get("line") or 0) > 0:
        physical["region"] = _region(finding)
    location = {"physicalLocation": physical}
    if not finding.get("file"):
        location["message"] = {"text": "This is about the whole skill."}
    return location


def _region(finding: Mapping) -> dict:
    region: dict = {"startLine": finding["line"]}
    if column := finding.get("column"):
        region |= {"startColumn": column, "endColumn": finding["end_column"]}
    if evidence := finding.get("evidence"):
        region["snippet"] = {"text": evidence}
    return region


# --- Whether the tool did its work ------------------------------------------------------------------------------------
def _invocation(report: Mapping) -> dict:
    """Successful only when everything that was to be looked at was."""
    told = [_notification("error", report["trouble"])] if report.get("trouble") else []
    for stage in report.get("stages", ()):
        reason = stage.get("reason") or "it gave no reason"
        if stage["state"] == "failed" or stage.get("conclusive") is False:
            told.append(_notification("error", f"The stage {stage['name']} is not conclusive: {reason}"))
        elif stage["state"] == "skipped":
            told.append(_notification("note", f"The stage {stage['name']} was skipped: {reason}"))
        told += [_notification("error", f"{what} did not run to its end.") for what in stage.get("failed") or ()]
    good = report.get("status") != "vetting" and all(one["level"] != "error" for one in told)
    invocation: dict = {"executionSuccessful": good}
    if told:
        invocation["toolExecutionNotifications"] = told
    return invocation


def _notification(level: str, text: str) -> dict:
    return {"level": level, "message": {"text": text}}
