"""Harbor's task folders: task.toml, instruction.md, environment/, tests/test.sh, solution/solve.sh.

They lie under tasks/ or evals/, one folder a task.
"""

import tomllib

from vetting import policy
from vetting.bundle import Bundle
from vetting.findings import Finding
from vetting.tasks.task import Task, TaskFile, note

HOMES = ("tasks/", "evals/tasks/", "evals/")


def read(bundle: Bundle) -> tuple[list[Task], list[Finding]]:
    tasks, notes = [], []
    for folder in _folders(bundle):
        try:
            tasks.append(_task(bundle, folder))
        except ValueError as error:
            notes.append(note(f"{folder}task.toml", f"This task cannot be used: {error}.", "Mend the task's folder."))
    return tasks, notes


def _folders(bundle: Bundle) -> list[str]:
    """Folders with a task.toml, one below a home of tasks, in the order of their paths."""
    found = []
    for file in bundle:
        folder, _, name = file.path.rpartition("/")
        if name == "task.toml" and folder.rpartition("/")[0] + "/" in HOMES:
            found.append(folder + "/")
    return found


def _task(bundle: Bundle, folder: str) -> Task:
    settings = tomllib.loads(_text(bundle, f"{folder}task.toml"))
    tests = _below(bundle, f"{folder}tests/")
    if not any(file.path == "test.sh" for file in tests):
        raise ValueError("tests/test.sh is missing")
    name = _table(settings, "task").get("name")
    return Task(
        name=name if isinstance(name, str) and name else folder.rstrip("/").rpartition("/")[2],
        instruction=_text(bundle, f"{folder}instruction.md"),
        environment=_below(bundle, f"{folder}environment/"),
        tests=tests,
        solution=_below(bundle, f"{folder}solution/"),
        agent_seconds=_seconds(settings, "agent", policy.AGENT_SECONDS),
        verifier_seconds=_seconds(settings, "verifier", policy.VERIFIER_SECONDS),
    )


def _text(bundle: Bundle, path: str) -> str:
    text = bundle[path].text if path in bundle else None
    if text is None:
        raise ValueError(f"{path.rpartition('/')[2]} is missing or is no text")
    return text


def _below(bundle: Bundle, folder: str) -> tuple[TaskFile, ...]:
    """The files of a folder. How an image is built is not ours to follow: the room has one image."""
    return tuple(
        TaskFile(file.path.removeprefix(folder), file.data, file.executable)
        for file in bundle
        if file.path.startswith(folder) and file.path != f"{folder}Dockerfile"
    )


def _seconds(settings: dict, table: str, most: float) -> float:
    """The task's own limit, never above the policy's."""
    wanted = _table(settings, table).get("timeout_sec", most)
    if isinstance(wanted, bool) or not isinstance(wanted, int | float) or wanted <= 0:
        raise ValueError(f"[{table}] timeout_sec must be a positive number")
    return float(min(wanted, most))


def _table(settings: dict, name: str) -> dict:
    table = settings.get(name, {})
    if not isinstance(table, dict):
        raise ValueError(f"`{name}` must be a table")
    return table
