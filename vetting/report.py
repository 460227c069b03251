"""The report document of API v1, at any moment of a run: from rows while it lives, from memory for a local folder."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from vetting import catalogue, policy
from vetting.run import Run, StageRecord, finding_from

if TYPE_CHECKING:
    from vetting import models

FORMAT = 1
STAGES = ("unpack", "static", "detonation", "trials", "score", "attest")
# What a stage says for itself on the page; the rest of its detail stands elsewhere in the report.
TOLD = ("reason", "coverage", "failed", "conclusive", "tasks", "keyid", "tries")
EVENTS_AT_MOST = 1000


def of(run: "models.Run") -> dict:
    """The report of a run that lives in rows, finished or not."""
    release = run.release
    return document(
        run.stages.all(),
        skill=str(release.skill),
        version=release.version,
        digest=run.digest,
        ruleset=run.ruleset,
        verdict=run.verdict,
        status=final_status(run),
        concluded_at=run.concluded_at.isoformat() if run.concluded_at else None,
        trouble=run.trouble,
    )


def of_memory(run: Run, *, verdict: str = "", status: str = "") -> dict:
    """The report of a run that lives in memory; verdict and status where they are known before it has concluded."""
    return document(
        run.stages.values(),
        skill=run.skill,
        version=run.version,
        digest=run.digest,
        ruleset=run.ruleset,
        verdict=verdict or run.verdict,
        status=status or run.status,
        concluded_at=run.concluded_at.isoformat() if run.concluded_at else None,
        trouble=run.trouble,
    )


def final_status(run: "models.Run") -> str:
    """`vetting` while the run lives; then what the run decided."""
    if run.state != "done":
        return "vetting"
    return run.status or policy.STATUS[run.verdict]


def document(
    stages: Iterable["StageRecord | models.Stage"],
    *,
    skill: str,
    version: str,
    digest: str,
    ruleset: str,
    verdict: str,
    status: str,
    concluded_at: str | None,
    trouble: str = "",
) -> dict:
    """One dictionary for the API, the page and the command line."""
    stages = list(stages)
    details = {stage.name: stage.detail for stage in stages if stage.state in ("done", "skipped")}
    score, room, trials = (details.get(name, {}) for name in ("score", "detonation", "trials"))
    events = room.get("events", [])
    return {
        "format": FORMAT,
        "skill": skill,
        "version": version,
        "digest": digest,
        "ruleset": ruleset,
        "status": status,
        "concluded_at": concluded_at,
        "trouble": trouble,
        "safety": _safety(score, verdict),
        "quality": score.get("quality") or {"score": None, "tier": "", "explanation": [], "tokens": None, "lift": None},
        "stages": [_stage(stage) for stage in stages],
        "findings": _findings(details),
        "events": events[:EVENTS_AT_MOST],
        "events_total": room.get("events_total", len(events)),
        "permissions": room.get("permissions") or {"declared": {}, "observed": {}},
        "trials": trials.get("trials", []),
        "posture": room.get("posture", {}),
        "drift": score.get("drift") or {},
    }


def _safety(score: dict, verdict: str) -> dict:
    """The verdict of the row stands above what the stages say: a run that failed stays unknown."""
    known = score.get("safety") or {"score": None, "reasons": [], "axes": {}, "explanation": []}
    return {**known, "verdict": verdict, "score": known["score"] if known.get("verdict") == verdict else None}


def _stage(stage: "StageRecord | models.Stage") -> dict:
    told = {key: stage.detail[key] for key in TOLD if key in stage.detail}
    return {"name": stage.name, "state": stage.state, "seconds": stage.seconds, **told}


def _findings(details: dict[str, dict]) -> list[dict]:
    """Of all stages, the gravest first."""
    order = {"critical": 0, "high": 1, "medium": 2, "low": 3, "info": 4}
    sure = {"high": 0, "medium": 1, "low": 2}
    found = [one for detail in details.values() for one in detail.get("findings", ())]
    found.sort(key=lambda one: (order[one["severity"]], sure[one["confidence"]], one["file"], one["line"]))
    return explained(found)


def explained(found: Iterable[dict]) -> list[dict]:
    """Findings with what a reader wants besides: what was found in a few words, what it does to the verdict, links.

    Reports that were kept by an older registry lack it; asking twice changes nothing.
    """
    found = list(found)
    return [
        one
        | {
            "title": catalogue.title_of(one["check"]),
            "weighs": weight,
            "links": catalogue.links_for(one["code"], one["links"]),
        }
        for one, weight in zip(found, _weights(found), strict=True)
    ]


def _weights(rows: list[dict]) -> list[str]:
    findings = [finding_from(row) for row in rows]
    confirmed = {id(one) for one in policy.confirmed(findings)}
    return [policy.BLOCK if id(one) in confirmed else policy.weight(one) for one in findings]
