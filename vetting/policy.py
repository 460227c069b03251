"""The judgement: every weight, threshold and verdict rule, as named values. Nothing here is a setting.

Safety has axes that are judged apart and never summed. Only malice can reject a release. Silence is a finding: what
could not be looked at is `unknown`, never `pass`.
"""

from collections.abc import Iterable, Mapping

from vetting.findings import Axis, Confidence, Finding, Severity

# --- Verdicts and what becomes of a release ---------------------------------------------------------------------------
PASS, WARN, BLOCK, UNKNOWN = "pass", "warn", "block", "unknown"
STATUS = {PASS: "published", WARN: "published", UNKNOWN: "quarantined", BLOCK: "rejected"}

# A finding of malice at least this severe and this certain rejects the release; the second pair only warns.
BLOCK_FROM = (Severity.CRITICAL, Confidence.HIGH)
WARN_FROM = (Severity.HIGH, Confidence.MEDIUM)
# Seen, not inferred: a secret we planted left the room, or was on its way out.
BLOCK_CHECKS = ("room:canary",)
# Two different checks that each see malice worth a warning confirm one another where they are two observations: in one
# file, at two places or of two kinds; or wherever one of them is certain, critical, or was seen in the room. Two doubts
# in different files of a large skill are a coincidence, and one sentence that two checks read alike is one observation.
CONFIRMING_FROM = (Severity.HIGH, Confidence.MEDIUM)
CONFIRMING_CHECKS = 2
CONFIRMS_ANYWHERE = ("room:",)
# What a language model says may warn; it neither rejects a release nor confirms what would.
ONLY_WARNS = ("reviewer:",)

# Stages without which there is no pass, and scanners whose absence or failure leaves the verdict unknown.
REQUIRED_STAGES = ("unpack", "static", "detonation")
REQUIRED_STATIC_ONLY = ("unpack", "static")
# What static already proves need not be run: the release is rejected either way, and the report says what was skipped.
STOP_AFTER_STATIC = True

# --- The safety score: 100 minus the worst of each axis, then the weakest axis ----------------------------------------
SAFETY_LOSS = {Severity.INFO: 0, Severity.LOW: 4, Severity.MEDIUM: 15, Severity.HIGH: 45, Severity.CRITICAL: 90}
CERTAINTY = {Confidence.LOW: 0.4, Confidence.MEDIUM: 0.75, Confidence.HIGH: 1.0}
# Further findings of the same axis count for less and less: the second half, the third a quarter, and so on.
FURTHER = 0.5
# Bad craft is not malice: these axes cannot fall below their floor.
SAFETY_FLOOR = {Axis.MALICE: 0, Axis.VULNERABILITY: 50, Axis.PRIVILEGE: 60}
SAFETY_CEILING = {PASS: 100, WARN: 59, BLOCK: 19}

# --- The quality score: what is written, then what runs, then what was measured ---------------------------------------
DOCUMENTED, RUNS, MEASURED, HIDDEN = (
    "documented",
    "runs as documented",
    "measured",
    "measured on hidden tasks",
)
# A score cannot be higher than its evidence is strong.
QUALITY_CEILING = {DOCUMENTED: 60, RUNS: 80, MEASURED: 95, HIDDEN: 100}
QUALITY_POINTS = {
    "description": 10,
    "instructions": 10,
    "examples": 8,
    "references": 6,
    "license": 6,
    "context cost": 10,
    "documented commands run": 30,
    "author's tasks pass": 20,
}
DESCRIPTION_CHARS = (40, 1024)
BODY_CHARS = 200
L1_TOKENS, L2_TOKENS = 200, 5000
# This share of the documented commands must end well for the tier "runs as documented".
RUNS_SHARE = 0.8

# --- Trials -----------------------------------------------------------------------------------------------------------
TASKS_AT_MOST = 12
# No task is begun after this; with the last task's rooms a run stays well below the worker's own time limit.
TRIALS_SECONDS = 240
AGENT_SECONDS, VERIFIER_SECONDS = 45, 45
# A lift is measured only on tasks the author has not seen, by agents with a model, and never on fewer than this.
MEASURED_TASKS = 8

# --- Runs: how patient the platform is --------------------------------------------------------------------------------
# A run whose worker crashed this often concludes as unknown: a person looks at it, it never passes.
CRASHES_AT_MOST = 5
# A room that gave no conclusive trace is tried once more before the run says so.
DETONATIONS_AT_MOST = 2
RETRY_SECONDS = (2, 5, 15, 30, 60)


def at_least(finding: Finding, floor: tuple[Severity, Confidence]) -> bool:
    return finding.severity >= floor[0] and finding.confidence >= floor[1]


def blocks(finding: Finding) -> bool:
    """Whether this one finding alone rejects a release."""
    if finding.axis is not Axis.MALICE or finding.check.startswith(ONLY_WARNS):
        return False
    grave = finding.severity >= Severity.HIGH
    return at_least(finding, BLOCK_FROM) or (grave and finding.check.startswith(BLOCK_CHECKS))


def warns(finding: Finding) -> bool:
    return finding.axis is Axis.MALICE and at_least(finding, WARN_FROM)


def confirmed(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of different checks that confirm one another, else nothing."""
    grave = [one for one in findings if one.axis is Axis.MALICE and at_least(one, CONFIRMING_FROM)]
    grave = [one for one in grave if not one.check.startswith(ONLY_WARNS)]
    if _many(grave) and any(map(_is_strong, grave)):
        return grave
    return [
        one for group in _by_file(grave) if _many(group) and len({_place(one) for one in group}) > 1 for one in group
    ]


def _many(findings: Iterable[Finding]) -> bool:
    return len({one.check for one in findings}) >= CONFIRMING_CHECKS


def _is_strong(finding: Finding) -> bool:
    certain = finding.severity >= Severity.CRITICAL or finding.confidence >= Confidence.HIGH
    return certain or finding.check.startswith(CONFIRMS_ANYWHERE)


def _by_file(findings: Iterable[Finding]) -> Iterable[list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for one in findings:
        groups.setdefault(one.file, []).append(one)
    return groups.values()


def _place(finding: Finding) -> tuple[int, str]:
    return finding.line, finding.code


def weight(finding: Finding) -> str:
    """What a finding alone does to the verdict: it refuses (`block`), it cautions (`warn`), or nothing."""
    if blocks(finding):
        return BLOCK
    return WARN if warns(finding) else ""


def must_stop(findings: Iterable[Finding]) -> bool:
    """Whether a finding of static alone has settled the verdict; what only others confirm is run for its evidence."""
    return STOP_AFTER_STATIC and any(map(blocks, findings))


def verdict(findings: Iterable[Finding], gaps: Mapping[str, str]) -> tuple[str, list[str]]:
    """The verdict and the reasons for it, one sentence each.

    gaps names what could not be looked at ("detonation": "the trace was lost"): with one there is no pass and no warn.
    """
    findings = list(findings)
    blocking = [one for one in findings if blocks(one)] or confirmed(findings)
    if blocking:
        return BLOCK, [_because(one) for one in blocking]
    if gaps:
        return UNKNOWN, [f"{what} is not conclusive: {why}" for what, why in gaps.items()]
    warning = [one for one in findings if warns(one)]
    if warning:
        return WARN, [_because(one) for one in warning]
    return PASS, ["Every required stage looked at all of it and found no malice of weight."]


def retry_after(failures: int) -> int:
    """Seconds to wait before the next attempt, after this many failed ones."""
    return RETRY_SECONDS[min(max(failures, 1), len(RETRY_SECONDS)) - 1]


def _because(finding: Finding) -> str:
    place = f" at {finding.file}:{finding.line}" if finding.file else ""
    return f"{finding.code} ({finding.severity.word}, {finding.confidence.word} confidence){place}: {finding.why}"
