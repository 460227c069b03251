"""One exam, whatever format it was written in."""

from dataclasses import dataclass

from vetting import policy
from vetting.findings import Axis, Confidence, Finding, Severity


@dataclass(frozen=True, slots=True)
class TaskFile:
    """path is relative: to /workspace for the environment, to /tests for the tests, to /solution for the solution."""

    path: str
    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """tests must hold test.sh. A task without tests has only expectations in prose, which need a judge."""

    name: str
    instruction: str
    environment: tuple[TaskFile, ...] = ()
    tests: tuple[TaskFile, ...] = ()
    solution: tuple[TaskFile, ...] = ()
    agent_seconds: float = policy.AGENT_SECONDS
    verifier_seconds: float = policy.VERIFIER_SECONDS
    origin: str = "author"
    needs_judge: tuple[str, ...] = ()

    @property
    def has_verifier(self) -> bool:
        return any(file.path == "test.sh" for file in self.tests)

    @property
    def has_solution(self) -> bool:
        return any(file.path == "solve.sh" for file in self.solution)


def note(file: str, why: str, fix: str) -> Finding:
    """A remark about a task's form."""
    return Finding(
        code="task.unreadable",
        check="tasks",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        file=file,
        why=why,
        fix=fix,
        stage="trials",
    )
