"""What the model said: found in its answer with patience, then held to the form and to the files without any."""

import json
import re
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.skill import Skill
from vetting.reading.text import excerpt
from vetting.reviewer.control import Control
from vetting.taxonomy import KINDS, links_of

# Remarks of one answer that are looked at, and starts of JSON that are tried in it.
REMARKS = 60
STARTS = 200
FIX = "Look at the quoted line: remove it, or say plainly in SKILL.md why the skill needs it."
_AXES = {
    "SK-VULN": Axis.VULNERABILITY,
    "SK-DEP": Axis.VULNERABILITY,
    "SK-SECRET": Axis.VULNERABILITY,
    "SK-OVER": Axis.PRIVILEGE,
}
_CODES = tuple(sorted(KINDS))


class Unreadable(Exception):
    """The answer holds nothing of the agreed form."""


class Remark(BaseModel):
    """One finding as the model has to give it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    code: Annotated[str, Field(json_schema_extra={"enum": list(_CODES)})]
    slug: Annotated[str, Field(pattern=r"^[a-z0-9]{1,24}(-[a-z0-9]{1,24}){0,5}$")]
    severity: Literal["low", "medium", "high"]
    confidence: Literal["low", "medium"]
    file: Annotated[str, Field(min_length=1, max_length=1000)]
    line: Annotated[int, Field(ge=0)]
    quote: Annotated[str, Field(min_length=8, max_length=2000)]
    why: Annotated[str, Field(min_length=1, max_length=2000)]


SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["findings"],
    "properties": {
        "findings": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(Remark.model_fields),
                "properties": {
                    "code": {"type": "string", "enum": list(_CODES)},
                    "slug": {"type": "string"},
                    "severity": {"type": "string", "enum": ["low", "medium", "high"]},
                    "confidence": {"type": "string", "enum": ["low", "medium"]},
                    "file": {"type": "string"},
                    "line": {"type": "integer"},
                    "quote": {"type": "string"},
                    "why": {"type": "string"},
                },
            },
        }
    },
}


@dataclass
class Answer:
    findings: list[Finding] = field(default_factory=list)
    dropped: int = 0
    saw_control: bool = False


def read(said: str, skill: Skill, control: Control) -> Answer:
    """The findings of an answer. Whatever else stands in it (a verdict, a score, a plea) is not looked at."""
    answer = Answer()
    rows = _rows(said)
    answer.dropped = max(0, len(rows) - REMARKS)
    for row in rows[:REMARKS]:
        try:
            remark = Remark.model_validate(row)
        except (ValidationError, RecursionError):
            answer.dropped += 1
            continue
        if control.named_by(remark.file, remark.quote):
            answer.saw_control = True
        elif finding := _finding(remark, skill):
            answer.findings.append(finding)
        elif remark.file != control.path:
            answer.dropped += 1
    return answer


def _rows(said: str) -> list:
    """Every list of findings, wherever the answer has it: bare, in a fence, after thoughts, taken back or not."""
    decoder, rows, end, known = json.JSONDecoder(), [], 0, False
    for start in [match.start() for match in re.finditer(r"\{", said)][:STARTS]:
        if start < end:
            continue
        try:
            value, stop = decoder.raw_decode(said, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(value.get("findings"), list):
            rows, end, known = rows + value["findings"], stop, True
    if not known:
        raise Unreadable("its answer was not of the agreed form")
    return rows


def _finding(remark: Remark, skill: Skill) -> Finding | None:
    """The remark as a finding, None where its code is unknown or its quote is not in the file."""
    line = _line_of(remark, skill)
    if remark.code not in KINDS or not line:
        return None
    return Finding(
        code=remark.code,
        check=f"reviewer:{remark.slug}",
        severity=Severity[remark.severity.upper()],
        confidence=Confidence[remark.confidence.upper()],
        axis=_AXES.get(remark.code, Axis.MALICE),
        file=remark.file,
        line=line,
        evidence=excerpt(remark.quote, 300),
        why=f"A language model that read this file says: {_plain(remark.why)}",
        fix=FIX,
        links=links_of(remark.code),
    )


def _line_of(remark: Remark, skill: Skill) -> int:
    """The line on which the quote stands, the one nearest to where the model saw it; 0 for nowhere."""
    quote = remark.quote.strip()
    if len(quote) < 8 or "\n" in quote:
        return 0
    lines = [
        number
        for source in skill.sources
        if source.path == remark.file
        for number, line in enumerate(source.raw.split("\n"), 1)
        if quote in line
    ]
    return min(lines, key=lambda number: abs(number - remark.line), default=0)


def _plain(why: str) -> str:
    """One line that names no address: a talked-round model shall send no reader anywhere."""
    why = re.sub(r"\b[a-z][a-z0-9+.-]{1,20}://\S+|\bwww\.\S+", "(an address)", why, flags=re.IGNORECASE)
    return excerpt("".join(c if c.isprintable() else " " for c in why), 400)
