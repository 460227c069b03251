"""The exams in a bundle: two formats, read leniently, with a note on what cannot be used."""

import json
import subprocess

import pytest

from vetting import policy
from vetting.bundle import Bundle, BundleFile
from vetting.tasks import tasks_in


def bundle(**files: bytes | str) -> Bundle:
    all_files = {"SKILL.md": "---\nname: x\ndescription: y\n---\n", **files}
    made = [BundleFile(path, data.encode() if isinstance(data, str) else data) for path, data in all_files.items()]
    return Bundle(tuple(sorted(made, key=lambda file: file.path)))


def harbor(folder: str = "tasks/count/", toml: str = '[task]\nname = "count"\n') -> dict[str, str]:
    return {
        f"{folder}task.toml": toml,
        f"{folder}instruction.md": "Count the words.",
        f"{folder}environment/in/a.txt": "one two",
        f"{folder}environment/Dockerfile": "FROM scratch",
        f"{folder}tests/test.sh": "exit 0",
        f"{folder}solution/solve.sh": "true",
    }


@pytest.mark.parametrize("folder", ["tasks/count/", "evals/count/", "evals/tasks/count/"])
def test_a_harbor_task_is_read_wherever_it_may_lie(folder):
    tasks, notes = tasks_in(bundle(**harbor(folder)))
    assert notes == []
    (task,) = tasks
    assert (task.name, task.instruction, task.origin) == ("count", "Count the words.", "author")
    assert [file.path for file in task.environment] == ["in/a.txt"]
    assert task.has_verifier
    assert task.has_solution


def test_a_tasks_own_limits_count_up_to_the_policys():
    toml = "[task]\nname='x'\n[agent]\ntimeout_sec = 5\n[verifier]\ntimeout_sec = 90000\n"
    (task,) = tasks_in(bundle(**harbor(toml=toml)))[0]
    assert (task.agent_seconds, task.verifier_seconds) == (5, policy.VERIFIER_SECONDS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tasks/count/task.toml": "not = [toml"}, "cannot be used"),
        ({"tasks/count/task.toml": "[agent]\ntimeout_sec = -1\n"}, "positive number"),
        ({"tasks/count/task.toml": "[agent]\ntimeout_sec = 'long'\n"}, "positive number"),
        ({"tasks/count/task.toml": "agent = 3\n"}, "cannot be used"),
        ({"tasks/count/instruction.md": b"\xff\0"}, "instruction.md is missing or is no text"),
    ],
)
def test_a_broken_task_is_noted_and_nothing_else_is_lost(change, said):
    files = {**harbor(), **harbor("tasks/good/"), **change}
    tasks, notes = tasks_in(bundle(**files))
    assert len(tasks) == 1
    assert said in notes[0].why
    assert notes[0].axis == "quality"


def test_a_task_without_a_verifier_is_noted():
    files = harbor()
    del files["tasks/count/tests/test.sh"]
    tasks, notes = tasks_in(bundle(**files))
    assert tasks == []
    assert "tests/test.sh is missing" in notes[0].why


def evals(*entries: dict, key: str = "evals") -> Bundle:
    return bundle(**{"evals/evals.json": json.dumps({"skill_name": "x", key: list(entries)}), "evals/in.txt": "a b"})


@pytest.mark.parametrize("key", ["expectations", "assertions"])
def test_expectations_in_prose_need_a_judge_under_either_official_name(key):
    (task,) = tasks_in(evals({"id": 1, "prompt": "p", key: ["is polite", "is short"]}))[0]
    assert task.needs_judge == ("is polite", "is short")
    assert not task.has_verifier


def test_a_file_named_by_an_eval_lies_in_the_workspace():
    (task,) = tasks_in(evals({"id": "x", "prompt": "p", "files": ["in.txt", "missing.txt"]}))[0]
    assert [file.path for file in task.environment] == ["in.txt"]


@pytest.mark.parametrize(
    ("check", "holds"),
    [
        ({"cmd": "cat out.txt", "expect_substring": "it's 42"}, True),
        ({"cmd": "cat out.txt", "expect_substring": "43"}, False),
        ({"cmd": "exit 3", "expect_exit": 3}, True),
        ({"label": "x", "cmd": "exit 3", "expect_exit_code": 0}, False),
        ({"type": "file_exists", "path": "out.txt"}, True),
        ({"type": "file-exists", "path": "no.txt"}, False),
        ({"type": "file_contains", "path": "out.txt", "text": "it's 42"}, True),
        ({"type": "regex", "path": "out.txt", "pattern": "[0-9]{2}$"}, True),
        ({"type": "regex", "path": "out.txt", "pattern": "^[0-9]"}, False),
        ({"type": "json_field", "path": "out.json", "field": "a.0.b", "equals": 7}, True),
        ({"type": "json_field", "path": "out.json", "field": "a.0.b", "equals": "7"}, False),
        ({"type": "json_field", "path": "out.json", "field": "a.5", "equals": 7}, False),
    ],
)
def test_a_mechanical_check_becomes_a_verifier_that_decides(check, holds, tmp_path):
    (task,) = tasks_in(evals({"id": 1, "prompt": "p", "checks": [check]}))[0]
    assert task.needs_judge == ()
    (tmp_path / "out.txt").write_text("it's 42\n")
    (tmp_path / "out.json").write_text('{"a": [{"b": 7}]}')
    ended = subprocess.run(["bash", "-c", task.tests[0].data.decode()], cwd=tmp_path, capture_output=True, timeout=30)
    assert (ended.returncode == 0) is holds
    assert holds or b"check 1 failed" in ended.stderr


def test_a_check_that_no_machine_knows_needs_a_judge():
    entry = {
        "id": 1,
        "prompt": "p",
        "checks": [{"type": "vibe", "text": "feels right"}, {"type": "regex", "path": "x"}],
    }
    (task,) = tasks_in(evals(entry))[0]
    assert len(task.needs_judge) == 2


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"evals": 3}', "\xff"])
def test_unreadable_evals_are_noted(text):
    tasks, notes = tasks_in(bundle(**{"evals/evals.json": text.encode("latin-1")}))
    assert tasks == []
    assert len(notes) == 1


def test_odd_evals_do_not_break_the_reader():
    odd = [
        3,
        None,
        {"id": None, "prompt": None, "files": "x", "checks": {"a": 1}},
        {"checks": ["\ud800", {"cmd": "\ud800"}]},
    ]
    tasks, notes = tasks_in(bundle(**{"evals/evals.json": json.dumps(odd)}))
    assert len(tasks) == 2
    assert notes == []
