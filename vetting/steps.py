"""What pipeline.py calls at each line: from a skill to the JSON-safe result that a stage keeps."""

import logging
from dataclasses import asdict
from typing import TYPE_CHECKING

from vetting import policy, scores, suppressions, tokens
from vetting.columns import Columns
from vetting.errors import PlatformError, SkillError
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.intake import Intake
from vetting.run import Run, rows
from vetting.stages.static import WHOLE, findings_in

if TYPE_CHECKING:
    from sandbox.base import Sandbox

log = logging.getLogger(__name__)


def unpacked(run: Run, skill: Intake) -> dict:
    """Who the skill says it is, where nobody said so before, and the notes on its form."""
    run.digest = run.digest or skill.bundle.digest
    run.skill = run.skill or skill.manifest.name
    run.version = run.version or skill.manifest.version
    return rows([*skill.notes, *suppressions.read(skill.bundle)[1]])


def told(findings: list[Finding], skill: Intake) -> dict:
    """Findings as a stage keeps them, those with the author's reason that the author has one for."""
    kept, columns = rows(suppressions.marked(findings, skill.bundle)), Columns(skill.bundle)
    return kept | {"findings": [columns.placed(row) for row in kept["findings"]]}


def static(run: Run, skill: Intake) -> dict:
    """Checks and scanners over the whole skill; a dry run asks no reviewer, whose answers cost money and minutes."""
    result = run.static_made or findings_in(skill.bundle, skill.manifest, known_names=run.known_names, owner=run.owner)
    if not run.static_only:
        from vetting.reviewer import add_review

        add_review(skill, result)
    detail = {**told(result.findings, skill), "coverage": result.coverage, "failed": list(result.failed)}
    return detail | {"seconds": result.coverage["seconds"]} if run.static_made else detail


def detonation(skill: Intake, room: "Sandbox") -> dict:
    """All that SKILL.md says, done in the sealed room. A room that gave no conclusive trace is tried once more."""
    # Loaded by whoever opens a room: a dry run of the static stage would wait for it in vain. So with the exams below.
    from vetting.stages.detonation import detonate

    seen, tries = detonate(skill.bundle, skill.manifest, room), 1
    while not seen.conclusive and tries < policy.DETONATIONS_AT_MOST:
        # An engine that went away meanwhile is the platform's trouble: this raises, and the run waits.
        room.check()
        seen, tries = detonate(skill.bundle, skill.manifest, room), tries + 1
    return {
        **told(seen.findings, skill),
        "events": [event.as_dict() for event in seen.events],
        "events_total": len(seen.events),
        "permissions": seen.permissions,
        "posture": dict(seen.posture),
        "coverage": seen.coverage,
        "conclusive": seen.conclusive,
        "reason": seen.reason,
        "tries": tries,
    }


def trials(skill: Intake, room: "Sandbox") -> dict:
    """The author's tasks, by the obedient agent, without and with the skill."""
    from vetting.stages.trials import run_trials

    exam = run_trials(skill.bundle, skill.manifest, room)
    return {
        **told(exam.findings, skill),
        "tasks": [asdict(task) for task in exam.tasks],
        "trials": [asdict(trial) for trial in exam.trials],
        "needs_judge": exam.needs_judge,
    }


def score(run: Run, skill: Intake) -> dict:
    """Safety and quality, apart, from policy alone, once it is known what is new since the release before."""
    compared, news = drifted(run, skill)
    news = suppressions.marked(news, skill.bundle)
    manifest, room, exam = skill.manifest, run.detail("detonation"), run.detail("trials")
    cost = tokens.cost(skill.bundle, name=manifest.name, description=manifest.description, body=manifest.body)
    return {
        **rows([*news, *suppressions.unused(run.findings(), skill.bundle)]),
        "drift": compared,
        "safety": scores.safety([*run.findings(), *news], gaps(run)),
        "quality": scores.quality(
            skill.bundle,
            manifest,
            tokens=cost,
            room=room,
            exam=exam,
        ),
    }


def drifted(run: Run, skill: Intake) -> tuple[dict, list[Finding]]:
    """The comparison with the predecessor, empty where there is none. Where it fails the report says so."""
    try:
        before = run.predecessor()
        if before is None:
            return {}, []
        from vetting import drift

        observed = run.detail("detonation").get("permissions", {}).get("observed", {})
        found = drift.compare(before, skill, version=run.version, observed=observed, pushed_by=run.pushed_by)
    except PlatformError as trouble:
        # Another release's bytes are missing: that is no reason to keep this one waiting.
        log.warning("%s cannot be compared with its predecessor: %s", run.skill, trouble)
        return {"failed": trouble.message}, []
    except Exception as crash:
        log.exception("the comparison of %s with its predecessor crashed", run.skill)
        return {"failed": f"The comparison crashed ({type(crash).__name__})."}, []
    return found.document, found.findings


def gaps(run: Run) -> dict[str, str]:
    """What could not be looked at, and why: each keeps the verdict from being pass."""
    missing = {}
    for name in policy.REQUIRED_STATIC_ONLY if run.static_only else policy.REQUIRED_STAGES:
        record = run.stages.get(name)
        if record is None:
            missing[name] = "it did not run"
        elif record.state != "done":
            missing[name] = record.detail.get("reason", "it did not finish")
        elif record.detail.get("conclusive") is False:
            missing[name] = record.detail.get("reason") or "its trace is not whole"
    static = run.detail("static")
    for what in static.get("failed", ()):
        missing[what] = "it did not run to its end"
    if WHOLE in missing:
        missing[WHOLE] = "; ".join(static.get("coverage", {}).get("cut_short", ())[:3])
    return missing


def refusal(error: SkillError) -> dict:
    """A SkillError as the finding that tells the author."""
    finding = Finding(
        code=error.code,
        check="intake",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        file=error.file,
        line=error.line,
        why=error.message,
        fix=error.fix,
        stage="unpack",
    )
    return {**rows([finding]), "reason": error.message}


def failure(why: str) -> dict:
    """The platform's failure as a finding that accuses nobody."""
    finding = Finding(
        code="platform.failed",
        check="pipeline",
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        why=f"The platform could not finish vetting this release: {why}",
        fix="Nothing to mend in the skill: the operator looks at the worker's log and vets it again.",
        stage="score",
    )
    return {**rows([finding]), "reason": why}
