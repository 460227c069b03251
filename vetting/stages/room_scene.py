"""What a detonation left to be judged: the steps, the events with their processes, the planted secrets, the files."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from agents.obedient import Step
from sandbox.bait import Bait
from sandbox.base import Event, RoomFile
from vetting.bundle import Bundle
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.manifest import Manifest
from vetting.reading.hosts import Declared, addresses, registrable
from vetting.reading.letters import fold

HOME = "/home/agent"
WORKSPACE = "/workspace"


@dataclass(frozen=True)
class Scene:
    """One detonation. steps are those that were run, in the order of the events' step numbers."""

    bundle: Bundle
    manifest: Manifest
    steps: Sequence[Step]
    events: Sequence[Event]
    bait: Bait
    skill_dir: str
    laid: dict[str, bytes] = field(default_factory=dict)
    left: Sequence[RoomFile] = ()
    nonce: str = ""

    def of(self, *kinds: str) -> Iterator[Event]:
        return (event for event in self.events if event.kind in kinds)

    @cached_property
    def words(self) -> str:
        """SKILL.md as people read it, lower case."""
        return fold(self.bundle.skill_md.text or "").lower()

    @cached_property
    def declared(self) -> Declared:
        return declared_by(self.manifest)

    @cached_property
    def mentioned_hosts(self) -> frozenset[str]:
        """Registrable hosts that SKILL.md names in the open."""
        return frozenset(registrable(one.host) for one in addresses(self.words))

    @cached_property
    def written(self) -> dict[str, bytes]:
        """The files that are there afterwards and were not before, or not like this."""
        return {file.path: file.data for file in self.left if self.laid.get(file.path) != file.data}

    def mentions(self, pattern: str) -> bool:
        return re.search(pattern, self.words) is not None

    def step_of(self, event: Event) -> Step | None:
        number = event.detail.get("step")
        return self.steps[number] if isinstance(number, int) and 0 <= number < len(self.steps) else None

    def finding(
        self,
        code: str,
        rule: str,
        event: Event | None,
        severity: Severity,
        confidence: Confidence,
        *,
        why: str,
        evidence: str,
        fix: str = "",
        axis: Axis = Axis.MALICE,
        decoded: str = "",
    ) -> Finding:
        """A finding that points at the line of the step during which it was seen."""
        step = self.step_of(event) if event else None
        file, _, line = (step.where if step else "").partition(":")
        return Finding(
            code=code,
            check=f"room:{rule}",
            severity=severity,
            confidence=confidence,
            file=file,
            line=int(line) if line.isdigit() else 0,
            evidence=evidence[:600],
            why=why,
            fix=fix or "Remove what does this, or say in SKILL.md what it is for and declare it.",
            axis=axis,
            decoded=decoded[:600],
            stage="detonation",
        )


def declared_by(manifest: Manifest) -> Declared:
    """The words of name and description, and the hosts of the front matter, as the static stage takes them."""
    words = frozenset(re.findall(r"[a-z0-9]{3,}", f"{manifest.name} {manifest.description}".lower()))
    raw = repr(manifest.raw) + " " + manifest.compatibility
    hosts = {registrable(one.host) for one in addresses(raw)}
    for tool in manifest.allowed_tools:
        hosts |= {registrable(host.lower()) for host in re.findall(r"domain:([\w.-]+)", tool)}
    return Declared(words, frozenset(hosts))


def by(event: Event) -> str:
    """Who did it, short enough to read."""
    return str(event.detail.get("by") or f"process {event.pid}")[:160]
