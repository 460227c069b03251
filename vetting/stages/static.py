"""The static stage: every check and scanner over one skill, isolated, bounded, honest about what was not read."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from vetting.bundle import Bundle
from vetting.checks import Check, checks, unloadable
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.forgetting import forget
from vetting.reading.markdown import Block
from vetting.reading.shut import may_hide_code
from vetting.reading.skill import Skill
from vetting.stages.in_time import OutOfTime, in_time
from vetting.stages.joined import joined
from vetting.stages.weighed import weighed

log = logging.getLogger(__name__)

# Hits of one check that are kept, the gravest of all it found: a flood of small ones hides nothing. What is not kept is
# counted in the coverage.
HITS = 25
HITS_READ = 20_000
# Files that are told of and were read for all that: their text, or what stands inside them.
READ_ALL_THE_SAME = ("damaged", "polyglot", "loads", "acts")
# Checks that are silent for the same reason and are still told one by one.
TOLD_APART = 3
# What is named among the failed where a part of a skill was not looked into.
WHOLE = "reading all of the skill"
# Seconds of CPU that all checks of one skill may take together, before the one that runs is stopped and the rest counts
# as not run; and those that what is told of the reading may take after that.
SECONDS, TELLING = 20.0, 5.0
OVER = "the time for all checks was used up"


@dataclass
class StaticResult:
    """findings, what was read, and the checks and scanners that did not come to an end."""

    findings: list[Finding] = field(default_factory=list)
    coverage: dict = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    # The block of each finding that was made of its words alone, while the findings are being weighed.
    said: dict[Finding, Block] = field(default_factory=dict, repr=False)


def findings_in(
    bundle: Bundle,
    manifest: object,
    *,
    known_names: Sequence[str] = (),
    owner: str = "",
    scanners: bool = True,
) -> StaticResult:
    """All that static vetting says of a bundle."""
    skill = Skill(bundle, manifest, known_names, owner)
    result = StaticResult()
    started = time.process_time()
    _ask_all(skill, result)
    for missing in unloadable():
        _not_run(result, missing.name, f"it cannot be loaded ({missing.reason})")
    _isolated(_weigh, skill, result)
    _isolated(_read_in_part, skill, result)
    if scanners:
        _hear(_reports([bundle])[0], result)
    result.findings = _distinct(result.findings)
    size = sum(len(file.data) for file in bundle) or 1
    result.coverage |= {"files": len(bundle.files), "bytes": size}
    _isolated(_cover, skill, result)
    result.coverage["seconds"] = round(time.process_time() - started, 4)
    return result


def _ask_all(skill: Skill, result: StaticResult) -> None:
    """Every check, as long as there is time; those that gave no answer are told."""
    waiting = {check.name: check for check in checks()}
    silent: dict[str, list[str]] = {}
    until = time.process_time() + SECONDS

    def ask() -> None:
        for name, check in list(waiting.items()):
            if time.process_time() > until:
                return
            reason = _run(check, skill, result)
            del waiting[name]
            if reason:
                silent.setdefault(reason, []).append(name)

    try:
        in_time(ask, SECONDS)
    except OutOfTime:
        forget()  # What was being read when the time was up is nothing that the next skill may find.
    if waiting:
        silent[OVER] = list(waiting)
    for reason, names in silent.items():
        _silent(result, names, reason)


def _isolated(work: Callable[[Skill, StaticResult], None], skill: Skill, result: StaticResult) -> None:
    """What is told of the reading itself; where that breaks the skill was not read as a whole, and no check is lost."""
    try:
        in_time(lambda: work(skill, result), TELLING)
    except Exception as error:
        log.exception("%s crashed", work.__name__)
        if WHOLE not in result.failed:
            _not_run(result, WHOLE, f"it crashed ({type(error).__name__})")


def _run(check: Check, skill: Skill, result: StaticResult) -> str:
    """Take in what a check finds; the answer is why it gave none, empty where it did."""
    try:
        found = [(check.finding(hit), hit.said) for hit in islice(check.find(skill), HITS_READ)]
    except OutOfTime:
        raise
    except Exception as error:  # A crash is reported and counted; it never hides what other checks find.
        log.exception("check %s crashed", check.name)
        return f"it crashed ({type(error).__name__})"
    findings = [finding for finding, _ in found]
    result.said |= {finding: block for finding, block in found if block is not None}
    if len(findings) == HITS_READ:
        skill.budget.note(f"{check.name}: more hits than are judged")
    if len(findings) > HITS:
        findings.sort(key=lambda one: (-one.severity, -one.confidence))
        result.coverage.setdefault("not_kept", {})[check.name] = len(findings) - HITS
    result.findings += findings[:HITS]
    return ""


def _weigh(skill: Skill, result: StaticResult) -> None:
    result.findings = weighed(result.findings, result.said, skill)
    result.said.clear()


def _read_in_part(skill: Skill, result: StaticResult) -> None:
    """Lines of a text that was not read closely become those of the file; and what was not read leaves no pass."""
    kept = {source.path: source.sifted.kept for source in skill.sources if source.sifted is not None}
    result.findings = [
        replace(one, line=kept[one.file].line_of(one.line)) if one.file in kept and one.line else one
        for one in result.findings
    ]
    shut = may_hide_code(skill.unread, skill.sources)
    if shut:
        result.coverage["shut"] = shut[:20]
    if skill.budget.cut or shut:
        result.failed.append(WHOLE)


def _silent(result: StaticResult, names: list[str], reason: str) -> None:
    """A few checks are told one by one; many that are silent for the same reason have one cause, told once."""
    if len(names) <= TOLD_APART:
        for name in names:
            _not_run(result, name, reason)
        return
    result.failed += names
    why = f"{len(names)} checks gave no answer because {reason}; what they would have found is unknown."
    result.findings.append(_gap("checks", f"checks could not run: {', '.join(names)}"[:2000], why))


def _not_run(result: StaticResult, name: str, reason: str) -> None:
    result.failed.append(name)
    why = f"The check {name} gave no answer because {reason}; what it would have found is unknown."
    result.findings.append(_gap(name, f"check could not run: {name}", why))


def _gap(check: str, evidence: str, why: str) -> Finding:
    return Finding(
        code="SK-ART",
        check=check,
        severity=Severity.MEDIUM,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        evidence=evidence,
        why=why,
        fix="Ask for this release to be vetted again; if it happens again, tell the registry's operator.",
    )


def findings_in_many(skills: Sequence[tuple[Bundle, object]]) -> list[StaticResult]:
    """The same for many skills that nobody has named yet; the outside tools start once for all of them."""
    reports = _reports([bundle for bundle, _ in skills])
    results = []
    for (bundle, manifest), said in zip(skills, reports, strict=True):
        result = findings_in(bundle, manifest, scanners=False)
        _hear(said, result)
        result.findings = _distinct(result.findings)
        results.append(result)
    return results


def _reports(bundles: Sequence[Bundle]) -> list[list | None]:
    """What the outside tools say of each bundle, in one batched run; None where they could not be run at all."""
    from vetting import scanners as outside

    try:
        return list(outside.scan(bundles))
    except Exception:
        log.exception("scanners crashed")
        return [None] * len(bundles)


def _hear(reports: list | None, result: StaticResult) -> None:
    """Take in what the tools said. One that did not run counts like a crashed check, and its own finding tells why."""
    if reports is None:
        _not_run(result, "scanners", "the scanners could not be run")
        return
    for report in reports:
        result.findings += report.findings
        if report.state in ("failed", "absent"):
            result.failed.append(report.scanner)


def _distinct(findings: Iterable[Finding]) -> list[Finding]:
    """One finding a check and line, the gravest, and one tool for each thing; the gravest come first."""
    best: dict[tuple, Finding] = {}
    for finding in joined(findings):
        key = (finding.check, finding.file, finding.line, finding.evidence if not finding.line else "")
        held = best.get(key)
        if held is None or (finding.severity, finding.confidence) > (held.severity, held.confidence):
            best[key] = replace(finding)
    return sorted(best.values(), key=lambda f: (-f.severity, -f.confidence, f.axis, f.file, f.line, f.check))


def _cover(skill: Skill, result: StaticResult) -> None:
    result.coverage |= {"cut_short": skill.budget.cut[:20], "searched": skill.budget.searched[:50]}
    unread = [one for one in skill.unread if one.kind not in ("media", *READ_ALL_THE_SAME)]
    lost = sum(one.size for one in unread)
    result.coverage |= {
        "texts": len(skill.sources),
        "commands": len(skill.commands),
        "programs": len(skill.programs),
        "layers": len(skill.layers),
        "unparsed": [f"{p.file}:{p.line}" for p in skill.programs if p.error and p.origin == "file"][:50],
        "unreadable": [one.path for one in unread][:50],
        "unreadable_share": round(min(1.0, lost / result.coverage["bytes"]), 4),
        "cut_short": skill.budget.cut[:20],
        "searched": skill.budget.searched[:50],
    }
