"""An optional second reader: a language model behind an OpenAI-compatible address, off unless REVIEWER_URL is set.

It can add findings and do nothing else. It is given quoted data only (prompt.py), what it answers is checked against
the files (answer.py), and each part it is given holds a planted attack that it has to name (control.py): where it does
not, it was talked round or did not look, and the report says that the part was not reviewed. Its silence is never a
pass, its failure never a gap: static and the sealed room judge as they would without it.
"""

import logging
import time
from dataclasses import dataclass, field, replace

from django.conf import settings

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.intake import Intake
from vetting.reading.skill import Skill
from vetting.reviewer.answer import Answer, Unreadable, read
from vetting.reviewer.control import Control
from vetting.reviewer.model import Model, Unreachable
from vetting.reviewer.parts import Part, parts_of
from vetting.reviewer.prompt import messages
from vetting.stages.static import StaticResult

log = logging.getLogger(__name__)

# Seconds that the reviewer may take for one skill, parts that it is given at most, and remarks that are kept.
SECONDS = 90.0
PARTS = 8
REMARKS = 25


@dataclass
class Review:
    """What came of asking: findings, and why parts were not reviewed."""

    findings: list[Finding] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    parts: int = 0
    heard: int = 0
    dropped: int = 0


def add_review(skill: Intake, result: StaticResult) -> None:
    """Where a reviewer is set, ask it, and add what it found to the result. Nothing in the result is changed."""
    if not settings.REVIEWER_URL:
        return
    started = time.monotonic()
    try:
        review = _reviewed(Skill(skill.bundle, skill.manifest), started + SECONDS)
    except Exception as error:  # An aid that breaks takes nothing from what the checks have found.
        log.exception("the reviewer crashed")
        review = Review(troubles=[f"it crashed ({type(error).__name__})"])
    result.findings += [*review.findings[:REMARKS], *_notes(review)]
    result.coverage["reviewer"] = {
        "model": settings.REVIEWER_MODEL,
        "parts": review.parts,
        "parts_reviewed": review.heard,
        "findings": len(review.findings),
        "dropped": review.dropped,
        "not_read": review.unread[:50],
        "seconds": round(time.monotonic() - started, 3),
    }


def _reviewed(skill: Skill, deadline: float) -> Review:
    model = Model(settings.REVIEWER_URL, settings.REVIEWER_MODEL, settings.REVIEWER_KEY)
    parts, review = parts_of(skill), Review()
    review.parts = len(parts)
    for part in parts[:PARTS]:
        if time.monotonic() >= deadline:
            _not_reviewed(review, part, "its time was used up")
            continue
        try:
            answer = _ask(model, part, skill, deadline)
        except (Unreachable, Unreadable) as trouble:
            _not_reviewed(review, part, str(trouble))
            continue
        review.findings += answer.findings
        review.dropped += answer.dropped
        if answer.saw_control:
            review.heard += 1
        else:
            _not_reviewed(review, part, "it did not name the attack that was planted for it")
    for part in parts[PARTS:]:
        _not_reviewed(review, part, "the skill is longer than what is given to it")
    review.findings = _once(review.findings)
    return review


def _ask(model: Model, part: Part, skill: Skill, deadline: float) -> Answer:
    control = Control.planted()
    said = model.say(messages(skill, part, control), deadline)
    return read(said, skill, control)


def _not_reviewed(review: Review, part: Part, why: str) -> None:
    review.unread += [path for path in part.paths if path not in review.unread]
    if why not in review.troubles:
        review.troubles.append(why)


def _once(findings: list[Finding]) -> list[Finding]:
    """One finding a place and check; overlapping parts may have shown the same line twice."""
    return list({(one.check, one.file, one.line): replace(one) for one in reversed(findings)}.values())[::-1]


def _notes(review: Review) -> list[Finding]:
    """What the reviewer did not do, said to the reader; a note weighs nothing."""
    notes = []
    if review.troubles:
        notes.append(_note(f"reviewed {review.heard} of {review.parts} parts", "; ".join(review.troubles)))
    if len(review.findings) > REMARKS:
        notes.append(_note(f"kept {REMARKS} of {len(review.findings)} remarks", "it said more than is kept"))
    if review.dropped:
        notes.append(_note(f"dropped {review.dropped} remarks", "what they quote is not in the file they name"))
    return notes


def _note(what: str, why: str) -> Finding:
    return Finding(
        code="SK-ART",
        check="reviewer",
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        evidence=what,
        why=f"The optional reviewer is an aid, and here it is not complete: {why}. The verdict does not rest on it.",
        fix="Nothing to mend in the skill; the registry's operator may look at the reviewer.",
    )
