"""What still ran when the room was closed: whoever waits for the watching to end is there, and so is a server."""

import re
from collections.abc import Iterator

from sandbox.base import Event
from vetting.findings import Confidence, Finding, Severity
from vetting.stages.room_scene import Scene

LEFT_CHECK = "room:left-running"
# How a text says that a command leaves something running.
_SAID = re.compile(
    r"background|daemon|\bserv(er?|es|ing)\b|\bwatch(es|er|ing)?\b|keeps? (running|watching)|stays? (open|alive)"
)


def left_running(scene: Scene) -> Iterator[Finding]:
    """Something that serves nobody and of which SKILL.md does not speak."""
    started = {one.pid: one for one in scene.of("exec")}
    for event in left(scene):
        if not scene.mentions(_SAID.pattern):
            yield scene.finding(
                "SK-PERS",
                LEFT_CHECK.removeprefix("room:"),
                started.get(event.pid, event),
                Severity.HIGH,
                Confidence.MEDIUM,
                why="It left a program running after its last command, which serves nobody and of which SKILL.md does"
                " not speak: what it waits for was not seen.",
                evidence=" → ".join(_line(event, started)),
                fix="End what you start, or say in SKILL.md what stays and how to stop it.",
            )


def left(scene: Scene) -> list[Event]:
    """What was left and does not serve, nor belongs to something that does."""
    there = {one.pid: one for one in scene.of("limit") if one.detail.get("what") == "still running"}
    serving = {pid for pid, one in there.items() if one.detail.get("serves")}
    serving |= {int(there[pid].detail.get("parent", 0)) for pid in serving}
    return [
        one
        for pid, one in there.items()
        if pid not in serving and int(one.detail.get("parent", 0)) not in serving - {1}
    ]


def _line(event: Event, started: dict[int, Event]) -> list[str]:
    """Who started whom, the first first, as far as the witness saw it."""
    line, pid = [_words(event)], event.pid
    while pid in started and len(line) < 6:
        pid = int(started[pid].detail.get("parent", 0))
        if pid in started:
            line.insert(0, _words(started[pid]))
    return line


def _words(event: Event) -> str:
    return " ".join(str(word) for word in event.detail.get("argv") or ("?",))[:160]
