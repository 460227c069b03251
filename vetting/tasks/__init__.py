"""The exams a skill brings along. One file here reads one format; all of them give the same `Task`.

`tasks_in` reads every format it knows. What it cannot read becomes a note for the author, never a reason to reject.
"""

from vetting.bundle import Bundle
from vetting.findings import Finding
from vetting.tasks import evals_json, harbor
from vetting.tasks.task import Task, TaskFile

__all__ = ["Task", "TaskFile", "tasks_in"]

FORMATS = (harbor, evals_json)


def tasks_in(bundle: Bundle) -> tuple[list[Task], list[Finding]]:
    """All tasks of the bundle in a fixed order, and notes on those that could not be read."""
    tasks: list[Task] = []
    notes: list[Finding] = []
    for reader in FORMATS:
        found, remarks = reader.read(bundle)
        tasks += found
        notes += remarks
    return tasks, notes
