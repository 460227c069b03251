"""Every rule that turns what was seen in a room into findings. Seen, not guessed: each finding carries its event."""

from collections.abc import Callable, Iterator

from vetting.findings import Finding
from vetting.stages import room_credentials, room_left, room_network, room_places, room_tampering
from vetting.stages.room_scene import Scene

RULES: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    room_network.canaries,
    room_network.dropped_and_run,
    room_network.shells_for_others,
    room_network.strangers,
    room_credentials.credentials,
    room_places.start_up_places,
    room_places.agent_places,
    room_places.destroyed,
    room_tampering.witness,
    room_tampering.escapes,
    room_tampering.detectors,
    room_tampering.fileless,
    room_tampering.traces_wiped,
    room_tampering.exhausted,
    room_left.left_running,
)
# The same thing seen twenty times is told a few times.
MOST_OF_A_RULE = 5


def judge(scene: Scene) -> list[Finding]:
    """All findings, the gravest first."""
    found: list[Finding] = []
    for rule in RULES:
        seen: set[tuple] = set()
        for finding in rule(scene):
            key = (finding.code, finding.check, finding.evidence)
            if key in seen or len(seen) >= MOST_OF_A_RULE:
                continue
            seen.add(key)
            found.append(finding)
    return sorted(found, key=lambda one: (-one.severity, -one.confidence, one.file, one.line))
