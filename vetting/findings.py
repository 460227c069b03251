"""What vetting says about a skill, as plain values that cross every room: findings, events and their words."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Severity(IntEnum):
    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class Confidence(IntEnum):
    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def word(self) -> str:
        return self.name.lower()


class Axis(StrEnum):
    """Axes are judged apart and never summed. Only malice can reject a release."""

    MALICE = "malice"
    VULNERABILITY = "vulnerability"
    PRIVILEGE = "privilege"
    QUALITY = "quality"


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit of a check, a scanner or the sealed room.

    code is a stable code of the taxonomy (SK-DROP ...), check the name of the check's file, of the scanner's rule
    (`bandit:B602`) or of the room's rule (`room:canary`). file is relative to the bundle, "" when the finding is about
    the whole; line counts from 1, 0 when there is none. evidence is the excerpt as it stands in the file, decoded its
    hidden form where it had one. suppressed is the author's reason for not minding it.
    """

    code: str
    check: str
    severity: Severity
    confidence: Confidence
    file: str = ""
    line: int = 0
    evidence: str = ""
    why: str = ""
    fix: str = ""
    axis: Axis = Axis.MALICE
    decoded: str = ""
    stage: str = "static"
    blocklisted: bool = False
    links: tuple[str, ...] = field(default=())
    suppressed: str = ""

    def as_dict(self) -> dict:
        """The shape of API v1's `findings[]`."""
        reason = {"suppressed": {"reason": self.suppressed, "lifts": self.axis is not Axis.MALICE}}
        return {
            "code": self.code,
            "check": self.check,
            "severity": self.severity.word,
            "confidence": self.confidence.word,
            "axis": self.axis.value,
            "file": self.file,
            "line": self.line,
            "evidence": self.evidence,
            "decoded": self.decoded,
            "why": self.why,
            "fix": self.fix,
            "stage": self.stage,
            "blocklisted": self.blocklisted,
            "links": list(self.links),
            **(reason if self.suppressed else {}),
        }
