"""Detonation: the obedient agent does all that SKILL.md says, in a sealed room full of bait, and what it did is judged.

A room whose trace was lost, or whose steps could not all be tried in time with nothing seen, is not conclusive. Steps
that fail because a tool or a file is missing are no fault and no gap: they make the coverage smaller.
"""

import secrets
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

from agents import obedient
from agents.obedient import Step
from sandbox.bait import Bait, Canary, furnish
from sandbox.base import Command, Event, Job, Limits, Outcome, RoomFile, Sandbox
from sandbox.proofs import names, proofs
from vetting.bundle import Bundle
from vetting.findings import Axis, Finding, Severity
from vetting.manifest import Manifest
from vetting.stages.room_left import LEFT_CHECK, left
from vetting.stages.room_permissions import permissions
from vetting.stages.room_rules import judge
from vetting.stages.room_scene import HOME, WORKSPACE, Scene
from vetting.stages.room_written import rescanned

STEP_SECONDS, ROOM_SECONDS = 10.0, 45.0
# What is left in the background is watched this long: in the second room sleeps take next to no time.
LINGER_SECONDS, OTHER_LINGER_SECONDS = 20.0, 8.0
LIMITS = Limits(wall_seconds=ROOM_SECONDS, memory_mb=768, output_bytes=400_000, pids=160)
# The second room: months later, on another machine, in another place.
OTHER_CLOCK, OTHER_HOST = 200 * 86400, "build-07"
OTHER_ENV = {"USER": "dev", "LOGNAME": "dev", "LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "America/New_York"}
CODE = (".sh", ".bash", ".zsh", ".py", ".js", ".mjs", ".cjs", ".ts", ".pl", ".rb", ".php", ".bin", ".exe", ".so")
MOST_EVENTS = 1500
# What a report can spare first when there is too much to tell.
_SPARE = ("open", "chmod", "link", "write", "delete")
_SAID_CHARS = 400


@dataclass(frozen=True)
class Detonation:
    """What came of it. coverage holds `commands`, what SKILL.md says and how each ended, and `probes`, the rest."""

    findings: list[Finding]
    events: list[Event]
    posture: dict
    coverage: dict
    permissions: dict
    conclusive: bool
    reason: str
    seconds: float
    written: dict[str, bytes] = field(default_factory=dict)


def detonate(bundle: Bundle, manifest: Manifest, sandbox: Sandbox) -> Detonation:
    """Everything in one room, in order, and again in one that differs where the skill brings code; then judged."""
    begun = time.monotonic()
    steps = obedient.steps(bundle.skill_md.text or "", [file.path for file in bundle], _reader(bundle))
    run = [step for step in steps if not step.skipped]
    plan = _Plan(bundle, manifest, run, furnish(HOME), f"release-check-{secrets.token_hex(6)}", sandbox)
    if not run:
        outcome, scene, findings, later = None, plan.scene(None), [], None
    else:
        outcome, later = _rooms(plan)
        scene = plan.scene(outcome)
        findings = [*judge(scene), *rescanned(scene)]
    events = list(scene.events)
    if later is not None:
        seen = plan.scene(later)
        findings = second_thoughts(findings, judge(seen), slept_only=later.trace_complete and not left(seen))
        events += [Event(one.t, one.kind, {**one.detail, "run": 2}, one.pid) for one in seen.events if _grave(one)]
    conclusive, reason = _conclusive(outcome, later, run, findings)
    return Detonation(
        findings=findings,
        events=_told(events),
        posture=dict(outcome.posture) if outcome else {},
        coverage={**_coverage(steps, run, outcome), "runs": _runs(outcome, later)},
        permissions=permissions(scene),
        conclusive=conclusive,
        reason=reason,
        seconds=time.monotonic() - begun,
        written=scene.written,
    )


def machines(bundle: Bundle) -> list[str]:
    """The names of the machines that a detonation of this will stand on; none where nothing is to run."""
    steps = obedient.steps(bundle.skill_md.text or "", [file.path for file in bundle], _reader(bundle))
    if all(step.skipped for step in steps):
        return []
    return [Job().hostname, *([OTHER_HOST] if _brings_code(bundle) else [])]


@dataclass(frozen=True)
class _Plan:
    """What is the same in both rooms."""

    bundle: Bundle
    manifest: Manifest
    run: list[Step]
    bait: Bait
    nonce: str
    sandbox: Sandbox

    @property
    def skill_dir(self) -> str:
        return f"{HOME}/.claude/skills/{self.manifest.name}"

    @cached_property
    def laid(self) -> list[RoomFile]:
        return _laid(self.bundle, self.bait, self.skill_dir)

    def job(self) -> Job:
        paths = [file.path for file in self.bundle]
        metadata = [canary.token for canary in self.bait.canaries if canary.path == "metadata"]
        return Job(
            commands=[_command(step, paths, self.skill_dir) for step in self.run],
            files=self.laid,
            env=dict(self.bait.env),
            workdir=WORKSPACE,
            limits=_limits(self.laid),
            network="false-world",
            copy_out=[HOME, WORKSPACE, "/tmp"],  # noqa: S108 - inside the room
            linger=LINGER_SECONDS,
            nonce=self.nonce,
            metadata=dict(zip(("key", "secret"), metadata, strict=False)),
            labels={"assay.stage": "detonation"},
        )

    def scene(self, outcome: Outcome | None) -> Scene:
        return Scene(
            bundle=self.bundle,
            manifest=self.manifest,
            steps=self.run,
            events=_events(outcome, self.bait) if outcome else [],
            bait=self.bait,
            skill_dir=self.skill_dir,
            laid={file.path: file.data for file in self.laid},
            left=outcome.copied_out if outcome else (),
            nonce=self.nonce,
        )


def _rooms(plan: _Plan) -> tuple[Outcome, Outcome | None]:
    """Both rooms at once: whoever waits for a date, for a while or for another machine shows it in the second. A skill
    without code gets that one only if it leaves something running."""
    job = plan.job()
    env = {**job.env, **OTHER_ENV}
    other = replace(job, clock=OTHER_CLOCK, hostname=OTHER_HOST, env=env, linger=OTHER_LINGER_SECONDS)
    if not _brings_code(plan.bundle):
        outcome = plan.sandbox.run(job)
        return outcome, plan.sandbox.run(other) if left(plan.scene(outcome)) else None
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(plan.sandbox.run, job), pool.submit(plan.sandbox.run, other)
        return first.result(), second.result()


def second_thoughts(first: list[Finding], second: list[Finding], *, slept_only: bool = False) -> list[Finding]:
    """Both runs' findings. What only the differing run shows was held back in the first, and is told as such.

    slept_only tells that what the first run left running came to its end in the second, where nobody sleeps: all that
    it would have done was seen.
    """
    known = {(one.code, one.check) for one in first}
    first = [one for one in first if not (slept_only and one.check == LEFT_CHECK)]
    when = f"Only with the clock {OTHER_CLOCK // 86400} days ahead, sleeps cut short and on another machine"
    held_back = [replace(one, why=f"{when}: {one.why}") for one in second if (one.code, one.check) not in known]
    return [*first, *held_back]


def _brings_code(bundle: Bundle) -> bool:
    return any(file.executable or file.path.endswith(CODE) for file in bundle if file.path != "SKILL.md")


def _grave(event: Event) -> bool:
    return event.kind in ("canary", "http", "dns", "tls", "connect") and "family" not in event.detail


def _runs(*outcomes: Outcome | None) -> list[dict]:
    words = ("as it is", "another clock, machine and locale")
    return [
        {"run": word, "ended": one.ended, "seconds": round(one.seconds, 3), "whole": one.trace_complete}
        for word, one in zip(words, outcomes, strict=True)
        if one is not None
    ]


def _limits(laid: list[RoomFile]) -> Limits:
    """A big bundle gets a room that it fits into, with as much again to work in."""
    megabytes = sum(len(file.data) for file in laid) // 1_000_000
    return replace(
        LIMITS,
        disk_mb=max(LIMITS.disk_mb, 2 * megabytes + 32),
        inodes=max(LIMITS.inodes, 3 * len(laid)),
        memory_mb=LIMITS.memory_mb + 2 * megabytes,
    )


def _command(step: Step, paths: list[str], skill_dir: str) -> Command:
    return obedient.command(step, paths, skill_dir=skill_dir, seconds=STEP_SECONDS)


def _laid(bundle: Bundle, bait: Bait, skill_dir: str) -> list[RoomFile]:
    """The skill where an agent installs it, the bait around it, and a workspace with something in it to work on."""
    skill = [
        RoomFile(f"{skill_dir}/{file.path}", file.data, file.executable)
        for file in bundle
        if not file.path.startswith(("tasks/", "evals/"))
    ]
    work = [
        RoomFile(f"{WORKSPACE}/README.md", b"# Project\n\nA small project.\n\n- one\n- two\n"),
        RoomFile(f"{WORKSPACE}/data.csv", b"id,name,city,total\n1,Ada,Bonn,120.50\n2,Ben,Ulm,80.00\n"),
        RoomFile(f"{WORKSPACE}/notes.md", b"# Notes\n\n- Call the printer.\n- Review on Thursday.\n"),
        RoomFile(f"{WORKSPACE}/app.py", b'def main():\n    print("hello")\n\n\nmain()\n'),
        RoomFile(f"{WORKSPACE}/package.json", b'{"name": "project", "version": "1.0.0", "private": true}\n'),
    ]
    return [*skill, *bait.files, *work]


def _reader(bundle: Bundle):
    return lambda path: bundle[path].text if path in bundle else None


def _events(outcome: Outcome, bait: Bait) -> list[Event]:
    """The room's events, each flow given to the step during which it was sent, and the canaries found in them."""
    events = [_with_step(event, outcome) for event in outcome.events]
    events += [_with_step(event, outcome) for event in _canaries(outcome, bait.canaries)]
    return sorted(events, key=lambda event: event.t)


def _canaries(outcome: Outcome, canaries: Sequence[Canary]) -> list[Event]:
    found: dict[tuple[str, str], Event] = {}
    for flow in outcome.flows:
        for proof in proofs(flow.data, canaries) if flow.data else ():
            if not _is_home(proof.canary, flow.host):
                key = (proof.canary.token, flow.host)
                found.setdefault(key, _canary(outcome, flow, proof, flow.host))
    asked = [flow for flow in outcome.flows if flow.kind == "dns"]
    for proof in names([str(flow.detail.get("name", "")) for flow in asked], canaries):
        parent = proof.dress.removeprefix("names below ").split(" ")[0]
        flow = next(flow for flow in asked if parent in str(flow.detail.get("name", "")))
        found.setdefault((proof.canary.token, parent), _canary(outcome, flow, proof, parent))
    return list(found.values())


def _canary(outcome: Outcome, flow, proof, host: str) -> Event:
    sent = flow.data[:400].decode("utf-8", "backslashreplace") if flow.data else str(flow.detail.get("name", ""))
    detail = {
        "name": proof.canary.name,
        "host": host,
        "over": flow.detail.get("scheme") or flow.kind,
        "dress": proof.dress,
        "sample": proof.sample,
        "sent": sent,
    }
    return Event(t=max(flow.t - outcome.began, 0.0), kind="canary", detail=detail)


def _is_home(canary: Canary, host: str) -> bool:
    host = host.lower()
    own = any(host == home or host.endswith("." + home) for home in canary.homes)
    return own or host in ("localhost", "127.0.0.1", "::1")


def _with_step(event: Event, outcome: Outcome) -> Event:
    """Flows know their time, not their process: the step that ran at that time sent them."""
    if "step" in event.detail:
        return event
    step = 0
    for number, result in enumerate(outcome.results):
        if result.began <= event.t + 0.001:
            step = number
    return Event(event.t, event.kind, {"step": step, **event.detail}, event.pid)


def _conclusive(
    outcome: Outcome | None, later: Outcome | None, run: Sequence[Step], findings: list[Finding]
) -> tuple[bool, str]:
    if outcome is None:
        return True, "SKILL.md tells to run nothing, and no script comes with it."
    if not outcome.trace_complete or (later and not later.trace_complete):
        return False, "The trace was lost or cut short, so not everything the skill did is known."
    if not all(one.posture.get("false_world", True) for one in (outcome, later) if one):
        return False, "This host gave the room no false world, so what the skill would have sent was not seen."
    grave = any(one.axis is Axis.MALICE and one.severity >= Severity.HIGH for one in findings)
    if len(outcome.results) < len(run) and not grave:
        return False, f"Time was up after {len(outcome.results)} of {len(run)} steps, and nothing was seen until then."
    return True, ""


def _coverage(steps: Sequence[Step], run: Sequence[Step], outcome: Outcome | None) -> dict:
    """Which commands ran, which could not and why."""
    results = list(outcome.results) if outcome else []
    commands, probes = [], []
    for step in steps:
        number = next((at for at, one in enumerate(run) if one is step), None)
        result = results[number] if number is not None and number < len(results) else None
        row = {
            "where": step.where,
            "kind": step.kind,
            "command": step.text[:500],
            "ran": result is not None,
            "exit_code": result.exit_code if result else None,
            "ended": result.ended if result else "",
            "seconds": round(result.seconds, 3) if result else 0,
            "why": step.skipped or _why(result),
        }
        (commands if step.documented else probes).append(row)
    ran = sum(row["ran"] for row in (*commands, *probes))
    return {"steps": len(steps), "ran": ran, "commands": commands, "probes": probes}


def _why(result) -> str:
    """Why a step did not end well, in the words of the shell."""
    if result is None:
        return "the room's time was up"
    if result.ended == "timeout":
        return f"it did not end within {STEP_SECONDS:g} s"
    if result.exit_code == 0:
        return ""
    said = (result.stderr or result.stdout).decode("utf-8", "replace").strip().splitlines()
    return said[-1][:_SAID_CHARS] if said else ""


def _told(events: list[Event]) -> list[Event]:
    """At most so many events, in order; those that say least are left out first."""
    if len(events) <= MOST_EVENTS:
        return events
    grave = [event for event in events if event.kind not in _SPARE][:MOST_EVENTS]
    rest = [event for event in events if event.kind in _SPARE][: MOST_EVENTS - len(grave)]
    return sorted([*grave, *rest], key=lambda event: event.t)
