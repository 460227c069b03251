"""evals/evals.json as Anthropic's skill-creator and agentskills.io write it, and the mechanical checks others add.

An expectation in prose needs a judge and is only counted. What a machine can decide becomes a test.sh: a command with
its exit code and output, a file that must exist, a text or pattern in it, a field of a JSON file.
"""

import json
import shlex
from collections.abc import Callable

from vetting.bundle import Bundle
from vetting.findings import Finding
from vetting.tasks.task import Task, TaskFile, note

PATH = "evals/evals.json"
LISTS = ("expectations", "assertions", "deterministic_assertions", "validators", "checks")
JSON_FIELD = """
import json, sys
value = json.load(open(sys.argv[1]))
for part in filter(None, sys.argv[2].split(".")):
    value = value[int(part)] if isinstance(value, list) else value[part]
sys.exit(value != json.loads(sys.argv[3]))
"""


def read(bundle: Bundle) -> tuple[list[Task], list[Finding]]:
    if PATH not in bundle:
        return [], []
    try:
        document = json.loads(bundle[PATH].text or "")
        entries = document.get("evals", document.get("cases", [])) if isinstance(document, dict) else document
        if not isinstance(entries, list):
            raise ValueError("`evals` is no list")
    except (ValueError, RecursionError) as error:
        return [], [note(PATH, f"The evals cannot be read: {error}.", "Write one JSON object with a list `evals`.")]
    return [_task(bundle, number, entry) for number, entry in enumerate(entries, 1) if isinstance(entry, dict)], []


def _task(bundle: Bundle, number: int, entry: dict) -> Task:
    wanted = [one for name in LISTS if isinstance(entry.get(name), list) for one in entry[name]]
    lines = [line for line in map(_line, wanted) if line]
    return Task(
        name=str(entry.get("name") or entry.get("id") or number)[:80],
        instruction=str(entry.get("prompt") or entry.get("query") or ""),
        environment=tuple(_files(bundle, entry.get("files"))),
        tests=(TaskFile("test.sh", _script(lines), True),) if lines else (),
        needs_judge=tuple(_prose(one) for one in wanted if not _line(one)),
    )


def _files(bundle: Bundle, paths: object) -> list[TaskFile]:
    """The named files, found beside evals.json or from the skill's root; they lie flat in the workspace."""
    found = []
    for path in paths if isinstance(paths, list) else []:
        for place in (str(path), f"evals/{path}"):
            if place in bundle:
                file = bundle[place]
                found.append(TaskFile(place.rpartition("/")[2], file.data, file.executable))
                break
    return found


def _script(lines: list[str]) -> bytes:
    """All checks run, so that the output names every one that failed."""
    head = ["#!/bin/bash", "failed=0"]
    body = [f'{line} || {{ echo "check {n} failed" >&2; failed=1; }}' for n, line in enumerate(lines, 1)]
    return "\n".join([*head, *body, 'exit "$failed"', ""]).encode("utf-8", "replace")


def _prose(expectation: object) -> str:
    if isinstance(expectation, dict):
        expectation = expectation.get("text") or expectation.get("description") or json.dumps(expectation)
    return str(expectation)[:300]


def _line(expectation: object) -> str:
    """One line of bash that decides the expectation, empty where only a judge could."""
    if not isinstance(expectation, dict):
        return ""
    if command := expectation.get("cmd") or expectation.get("command"):
        return _command(str(command), expectation)
    kind = str(expectation.get("type") or expectation.get("check") or "")
    path = expectation.get("path") or expectation.get("file")
    writer = KINDS.get(kind.replace("-", "_"))
    return writer(shlex.quote(str(path)), expectation) if writer and path else ""


def _command(command: str, expectation: dict) -> str:
    code = expectation.get("expect_exit", expectation.get("expect_exit_code", 0))
    code = code if isinstance(code, int) else 0
    line = f"{{ out=$(bash -c {shlex.quote(command)} 2>&1); [ $? -eq {code} ]"
    if part := expectation.get("expect_substring"):
        line += f' && grep -Fq -- {shlex.quote(str(part))} <<< "$out"'
    return line + "; }"


def _contains(path: str, expectation: dict) -> str:
    text = expectation.get("text") or expectation.get("contains") or expectation.get("value")
    return f"grep -Fq -- {shlex.quote(str(text))} {path}" if text else ""


def _regex(path: str, expectation: dict) -> str:
    pattern = expectation.get("pattern") or expectation.get("regex")
    return f"grep -Eq -- {shlex.quote(str(pattern))} {path}" if pattern else ""


def _json_field(path: str, expectation: dict) -> str:
    field, value = expectation.get("field"), expectation.get("equals", expectation.get("value"))
    if not field:
        return ""
    return f"python3 -c {shlex.quote(JSON_FIELD)} {path} {shlex.quote(str(field))} {shlex.quote(json.dumps(value))}"


KINDS: dict[str, Callable[[str, dict], str]] = {
    "file_exists": lambda path, _: f"[ -e {path} ]",
    "file_contains": _contains,
    "regex": _regex,
    "file_matches": _regex,
    "json_field": _json_field,
}
