"""Trials: each task is tried without and with the skill, and a verifier the payload never touched says what came of it.

The agent here is the obedient one, which has no model: with the skill it does what SKILL.md says, without it it does
nothing. That shows that a skill runs as documented and that its tasks tell the two apart. It is never called a lift.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from agents import obedient
from sandbox.base import Command, Job, Limits, Outcome, RoomFile, Sandbox
from vetting import policy, tokens
from vetting.bundle import Bundle
from vetting.findings import Finding
from vetting.manifest import Manifest
from vetting.tasks import Task, TaskFile, tasks_in
from vetting.tasks.task import note

AGENT = "obedient"
WORKSPACE, TESTS, SOLUTION, SKILLS, VERDICTS = (
    "/workspace",
    "/tests",
    "/solution",
    "/home/agent/skills",
    "/logs/verifier",
)
OUTPUT_AT_MOST = 2000
ROOMS_AT_ONCE = 2
STEP_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt. outcome is pass, fail, timeout (the agent's), or error (the verifier gave no answer)."""

    task: str
    origin: str
    agent: str
    arm: str
    k: int
    outcome: str
    tokens: int | None
    seconds: float
    reason: str = ""
    output: str = ""
    commands: tuple[dict, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSummary:
    """A task and whether it can tell anything: its solution passes, and doing nothing does not."""

    name: str
    origin: str
    admitted: bool
    reason: str
    needs_judge: int = 0


@dataclass
class Exam:
    tasks: list[TaskSummary] = field(default_factory=list)
    trials: list[Trial] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    needs_judge: int = 0


def run_trials(bundle: Bundle, manifest: Manifest, sandbox: Sandbox) -> Exam:
    """Every task of the bundle, as far as the time for it goes."""
    tasks, notes = tasks_in(bundle)
    exam = Exam(findings=list(notes), needs_judge=sum(len(task.needs_judge) for task in tasks))
    until = time.monotonic() + policy.TRIALS_SECONDS
    for number, task in enumerate(tasks):
        if not task.has_verifier:
            exam.tasks.append(_summary(task, False, "Its expectations are prose: a judge would have to decide."))
        elif number >= policy.TASKS_AT_MOST or time.monotonic() > until:
            exam.tasks.append(_summary(task, False, "Not tried: the time for trials was used up."))
        else:
            _try(task, bundle, manifest, sandbox, exam)
    return exam


def _try(task: Task, bundle: Bundle, manifest: Manifest, sandbox: Sandbox, exam: Exam) -> None:
    """Both arms of one task, and its author's solution where there is one; each in rooms of its own, side by side."""
    with ThreadPoolExecutor(ROOMS_AT_ONCE, thread_name_prefix="trial") as pool:
        waiting = pool.submit(_with, task, bundle, manifest, sandbox), pool.submit(_without, task, sandbox)
        solution = pool.submit(_solved, task, sandbox) if task.has_solution else None
    with_skill, without = (one.result() for one in waiting)
    solved = solution.result() if solution else None
    exam.trials += [without, with_skill]
    admitted, reason = _admission(without, with_skill, solved)
    exam.tasks.append(_summary(task, admitted, reason))
    if not admitted:
        exam.findings.append(note("", f"The task “{task.name}” says nothing: {reason}", "Mend the task's verifier."))


def _admission(without: Trial, with_skill: Trial, solved: Trial | None) -> tuple[bool, str]:
    if "error" in (without.outcome, with_skill.outcome):
        return False, "Its verifier, or the room, gave no answer."
    if without.outcome == "pass":
        return False, "It passes though nothing was done."
    if solved is not None and solved.outcome != "pass":
        return False, "Its own solution does not pass."
    return True, "Nothing done fails" + (", its solution passes." if solved else "; it brings no solution.")


def _without(task: Task, sandbox: Sandbox) -> Trial:
    """Without a skill the obedient agent has nothing to obey: the verifier sees the workspace as it was."""
    begun = time.monotonic()
    outcome, reason, output = _verified(task, _laid(task.environment, WORKSPACE), sandbox)
    return _trial(task, "without", outcome, begun, reason=reason, output=output, read=task.instruction)


def _with(task: Task, bundle: Bundle, manifest: Manifest, sandbox: Sandbox) -> Trial:
    """With the skill it does, in the task's workspace, every step that SKILL.md says."""
    begun = time.monotonic()
    home = f"{SKILLS}/{manifest.name}"
    read = f"{task.instruction}\n{bundle.skill_md.text or ''}"
    paths = [file.path for file in bundle]
    steps = [step for step in obedient.steps(bundle.skill_md.text or "", paths) if step.documented and not step.skipped]
    if not steps:
        outcome, reason, output = _verified(task, _laid(task.environment, WORKSPACE), sandbox)
        reason = f"SKILL.md has no command to run. {reason}"
        return _trial(task, "with", outcome, begun, reason=reason, output=output, read=read)
    skill = [RoomFile(f"{home}/{file.path}", file.data, file.executable) for file in _without_exams(bundle)]
    commands = [
        obedient.command(step, paths, skill_dir=home, seconds=min(STEP_SECONDS, task.agent_seconds)) for step in steps
    ]
    done = _worked(task, commands, skill, sandbox)
    ended = [
        {"command": step.text[:500], "exit_code": result.exit_code}
        for step, result in zip(steps, done.results, strict=False)
    ]
    return replace(_judged(task, "with", done, begun, sandbox, read=read), commands=tuple(ended))


def _solved(task: Task, sandbox: Sandbox) -> Trial:
    begun = time.monotonic()
    command = Command(["bash", f"{SOLUTION}/solve.sh"], timeout=task.agent_seconds)
    done = _worked(task, [command], _laid(task.solution, SOLUTION), sandbox)
    return _judged(task, "solution", done, begun, sandbox, read="")


def _worked(task: Task, commands: Sequence[Command], files: list[RoomFile], sandbox: Sandbox) -> Outcome:
    """Work on the task in a room of its own; neither tests nor solution of the task are in it unless given."""
    return sandbox.run(
        Job(
            command=(),
            commands=commands,
            files=[*_laid(task.environment, WORKSPACE), *files],
            workdir=WORKSPACE,
            limits=Limits(wall_seconds=task.agent_seconds),
            traced=False,
            copy_out=[WORKSPACE],
        )
    )


def _judged(task: Task, arm: str, done: Outcome, begun: float, sandbox: Sandbox, *, read: str) -> Trial:
    """The verifier's word on what was left behind. A step that had to be stopped is no reason not to look at it."""
    if done.ended != "exit" and not done.copied_out:
        outcome = "error" if done.ended == "killed" else "timeout" if done.ended == "timeout" else "fail"
        said = _tail(done.stdout + done.stderr)
        return _trial(task, arm, outcome, begun, reason=f"The room ended it: {done.ended}.", output=said, read=read)
    outcome, reason, output = _verified(task, done.copied_out, sandbox)
    return _trial(task, arm, outcome, begun, reason=reason, output=output, read=read)


def _verified(task: Task, workspace: Sequence[RoomFile], sandbox: Sandbox) -> tuple[str, str, str]:
    """(outcome, reason, output) of test.sh in a fresh room that holds the workspace as it was left."""
    seen = sandbox.run(
        Job(
            command=["bash", f"{TESTS}/test.sh"],
            files=[*workspace, *_laid(task.tests, TESTS)],
            workdir=WORKSPACE,
            limits=Limits(wall_seconds=task.verifier_seconds),
            traced=False,
            copy_out=[VERDICTS],
        )
    )
    output = _tail(seen.stdout + seen.stderr)
    if seen.ended != "exit":
        return "error", f"The verifier did not end by itself: {seen.ended}.", output
    reward = _reward(seen.copied_out)
    if reward is not None:
        return ("pass" if reward >= 1 else "fail"), f"The verifier gave a reward of {reward:g}.", output
    return ("pass" if seen.exit_code == 0 else "fail"), f"The verifier ended with {seen.exit_code}.", output


def _reward(files: Sequence[RoomFile]) -> float | None:
    """What the verifier wrote into reward.txt, None where it left its exit code to speak."""
    for file in files:
        if file.path == f"{VERDICTS}/reward.txt":
            try:
                return float(file.data[:64].decode("ascii"))
            except ValueError:
                return 0.0
    return None


def _without_exams(bundle: Bundle) -> list:
    """The skill as an agent would install it: nobody takes the answers into the exam."""
    return [file for file in bundle if not file.path.startswith(("tasks/", "evals/"))]


def _laid(files: Sequence[TaskFile], folder: str) -> list[RoomFile]:
    return [RoomFile(f"{folder}/{file.path}", file.data, file.executable) for file in files]


def _trial(task: Task, arm: str, outcome: str, begun: float, *, reason: str, read: str, output: str = "") -> Trial:
    return Trial(
        task=task.name,
        origin=task.origin,
        agent=AGENT,
        arm=arm,
        k=1,
        outcome=outcome,
        tokens=tokens.count(read),
        seconds=round(time.monotonic() - begun, 3),
        reason=reason,
        output=output,
    )


def _summary(task: Task, admitted: bool, reason: str) -> TaskSummary:
    return TaskSummary(task.name, task.origin, admitted, reason, len(task.needs_judge))


def _tail(output: bytes) -> str:
    return output[-OUTPUT_AT_MOST:].decode("utf-8", "replace")
