"""A run as the pipeline sees it: stages that are opened, timed, closed and, where they were done before, not redone.

`Run` lives in memory: `manage.py vet` and the dry run of the API use it. vetting/keeper.py keeps the same in rows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from vetting import ruleset
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.tidy import tidy

if TYPE_CHECKING:
    from vetting.intake import Intake
    from vetting.stages.static import StaticResult

FINDINGS_AT_MOST = 500


@dataclass
class StageRecord:
    """One step: what it is called, how it went, how long it took, and its whole result as JSON-safe values."""

    name: str
    state: str = "running"
    seconds: float | None = None
    started_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    detail: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Predecessor:
    """The newest published release before this one. pushed_by are all who pushed releases of the skill until then."""

    version: str
    digest: str
    skill: "Intake"
    observed: dict
    pushed_by: frozenset[str]


@dataclass
class Run:
    """skill is owner/name where there is an owner; owner and known_names let static judge look-alikes.

    read gives the bundle and its manifest, or raises SkillError. A static result that was made beforehand, in a batch,
    is taken instead of being made again. predecessor gives the release to compare this one with, where there is one.
    """

    read: Callable[[], "Intake"]
    digest: str = ""
    owner: str = ""
    skill: str = ""
    version: str = ""
    known_names: tuple[str, ...] = ()
    static_only: bool = False
    static_made: "StaticResult | None" = None
    report_url: str = ""
    predecessor: Callable[[], Predecessor | None] = lambda: None
    pushed_by: str = ""
    ruleset: str = field(default_factory=ruleset.current)
    stages: dict[str, StageRecord] = field(default_factory=dict)
    status: str = "vetting"
    verdict: str = "unknown"
    concluded_at: datetime | None = None
    trouble: str = ""
    attests: bool = False

    def amend(self, record: StageRecord) -> None:
        """Write a stage again whose record was changed after it ended."""
        record.detail = tidy(record.detail)
        self._closed(record)

    @contextmanager
    def stage(self, name: str) -> Iterator[StageRecord]:
        """Open a stage, time it, and close it as done or, when it raises, as failed."""
        record = self.stages[name] = StageRecord(name)
        self._opened(record)
        start = time.monotonic()
        try:
            yield record
        except BaseException:
            record.state, record.seconds = "failed", round(time.monotonic() - start, 3)
            self._failed(record)
            raise
        record.state = "done"
        if record.seconds is None:
            record.seconds = round(time.monotonic() - start, 3)
        record.detail = tidy(record.detail)
        self._closed(record)

    def do(self, name: str, work: Callable[[], dict]) -> dict:
        """The stage's result: the kept one where it was done before, else what work gives now."""
        kept = self._kept(name)
        if kept is not None:
            self.stages[name] = kept
            return kept.detail
        with self.stage(name) as record:
            record.detail = work()
            # Work that was done beforehand, in a batch, tells itself how long it took.
            record.seconds = record.detail.pop("seconds", None)
        return record.detail

    def skip(self, name: str, why: str) -> None:
        if self._kept(name) is None:
            record = self.stages[name] = StageRecord(name, state="skipped", seconds=0.0, detail={"reason": why})
            self._closed(record)

    def conclude(self, *, verdict: str, status: str) -> None:
        self.verdict, self.status = verdict, status
        self.concluded_at = datetime.now(UTC)
        self._concluded()

    def findings(self) -> list[Finding]:
        """What all stages found so far."""
        return [finding_from(one) for record in self.stages.values() for one in record.detail.get("findings", ())]

    def detail(self, name: str) -> dict:
        record = self.stages.get(name)
        return record.detail if record else {}

    def key(self, name: str) -> str:
        """What the stage's result depends on. Static also depends on whose skill it is and which others exist."""
        whose = f"{self.skill}@{self.version}" if name not in SHARED_STAGES else ""
        return sha256(f"{self.digest}\0{name}\0{self.ruleset}\0{whose}".encode()).hexdigest()

    # --- What a keeper does beside; in memory there is nothing to do -------------------------------------------------
    def _kept(self, name: str) -> StageRecord | None:
        return None

    def _opened(self, record: StageRecord) -> None: ...

    def _closed(self, record: StageRecord) -> None: ...

    def _failed(self, record: StageRecord) -> None: ...

    def _concluded(self) -> None: ...


# The room and the exams depend on the bytes and the rules alone, so one release may take another's result over.
SHARED_STAGES = ("detonation", "trials")


def rows(findings: list[Finding]) -> dict:
    """The findings as a stage keeps them: the gravest first, capped, with the number of all."""
    ordered = sorted(findings, key=lambda one: (-one.severity, -one.confidence, one.file, one.line))
    return {"findings": [one.as_dict() for one in ordered[:FINDINGS_AT_MOST]], "findings_total": len(ordered)}


def finding_from(row: dict) -> Finding:
    """The value behind a row of `findings[]`."""
    plain = {
        name: row[name] for name in ("code", "check", "file", "line", "evidence", "why", "fix", "decoded", "stage")
    }
    return Finding(
        severity=Severity[row["severity"].upper()],
        confidence=Confidence[row["confidence"].upper()],
        axis=Axis(row["axis"]),
        blocklisted=row["blocklisted"],
        links=tuple(row["links"]),
        suppressed=(row.get("suppressed") or {}).get("reason", ""),
        **plain,
    )
