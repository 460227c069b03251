"""Trials in real rooms: both arms, the author's solution, and verifiers that lie, hang or say nothing."""

import os

import pytest

from sandbox.docker import DockerSandbox
from tests.vetting.conftest import SKILL_MD, archive, sample
from vetting.intake import unpack
from vetting.stages.trials import Exam, run_trials

pytestmark = pytest.mark.docker

TASK = '[task]\nname = "count"\n[agent]\ntimeout_sec = 20\n[verifier]\ntimeout_sec = 8\n'
HONEST = '[ "$(cat words.txt)" = "3 in.txt" ]'


@pytest.fixture(scope="module")
def room() -> DockerSandbox:
    sandbox = DockerSandbox(deployment=f"test-trials-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def tried(room: DockerSandbox, *, command: str = "wc -w in.txt > words.txt", test: str = HONEST, **more: str) -> Exam:
    files = {
        "SKILL.md": SKILL_MD.format(name="count-words", command=command),
        "tasks/count/task.toml": TASK,
        "tasks/count/instruction.md": "How many words has in.txt? Write the answer of wc to words.txt.",
        "tasks/count/environment/in.txt": "one two three\n",
        "tasks/count/tests/test.sh": test,
        **more,
    }
    skill = unpack(archive({path: text.encode() for path, text in files.items()}))
    return run_trials(skill.bundle, skill.manifest, room)


def outcomes(exam: Exam) -> dict[str, str]:
    return {trial.arm: trial.outcome for trial in exam.trials}


def test_a_skill_that_does_what_it_says_passes_with_it_and_fails_without(room):
    exam = tried(room)
    assert outcomes(exam) == {"without": "fail", "with": "pass"}
    assert exam.tasks[0].admitted
    assert [trial.k for trial in exam.trials] == [1, 1]
    assert exam.trials[1].tokens > exam.trials[0].tokens > 0


def test_a_task_that_passes_though_nothing_was_done_says_nothing(room):
    exam = tried(room, test="exit 0")
    assert not exam.tasks[0].admitted
    assert "nothing was done" in exam.tasks[0].reason
    assert exam.findings


def test_a_task_whose_own_solution_fails_says_nothing(room):
    exam = tried(room, **{"tasks/count/solution/solve.sh": "echo wrong > words.txt"})
    assert not exam.tasks[0].admitted
    assert "solution" in exam.tasks[0].reason


def test_a_reward_decides_where_the_verifier_writes_one(room):
    test = "mkdir -p /logs/verifier; if [ -e words.txt ]; then echo 1 ; else echo 0.4; fi > /logs/verifier/reward.txt"
    assert outcomes(tried(room, test=test)) == {"without": "fail", "with": "pass"}


def test_a_reward_that_is_no_number_is_a_fail(room):
    assert outcomes(tried(room, test="echo gold > /logs/verifier/reward.txt")) == {"without": "fail", "with": "fail"}


def test_a_verifier_that_never_ends_gives_no_answer_and_is_stopped(room):
    exam = tried(room, test="sleep 600")
    assert outcomes(exam) == {"without": "error", "with": "error"}
    assert not exam.tasks[0].admitted


def test_the_payload_finds_neither_the_tests_nor_the_solution(room):
    hunt = "find / -name test.sh -o -name solve.sh 2>/dev/null | grep -v /usr/ > found.txt; wc -w in.txt > words.txt"
    test = "[ -e found.txt ] && ! [ -s found.txt ]"
    exam = tried(room, command=hunt, test=test, **{"tasks/count/solution/solve.sh": "touch found.txt"})
    assert outcomes(exam) == {"without": "fail", "with": "pass"}


def test_what_the_payload_leaves_running_or_planted_does_not_reach_the_verifier(room):
    plant = "\n".join(
        [
            "mkdir -p bin",
            "printf '#!/bin/sh\\nexit 0\\n' > bin/cat",
            "chmod +x bin/cat",
            "ln -s /etc/passwd link",
            "(sleep 60; echo late > words.txt) &",
            "echo wrong > words.txt",
        ]
    )
    test = '[ ! -L link ] && [ "$(cat words.txt)" = wrong ]'
    assert outcomes(tried(room, command=plant, test=test)) == {"without": "fail", "with": "pass"}


def test_a_skill_with_nothing_to_run_changes_nothing(room):
    exam = tried(
        room, **{"SKILL.md": "---\nname: talk\ndescription: Only prose, no command in it at all.\n---\n# Talk\n"}
    )
    assert outcomes(exam) == {"without": "fail", "with": "fail"}
    assert "no command" in exam.trials[1].reason


def test_prose_is_left_to_a_judge_and_counted_nowhere(room):
    skill = unpack(sample("calm/meeting-minutes"))
    exam = run_trials(skill.bundle, skill.manifest, room)
    assert exam.trials == []
    assert exam.needs_judge == 7
    assert not any(task.admitted for task in exam.tasks)


@pytest.mark.parametrize(
    "name", ["csv-totals", "log-triage", "package-json-audit", "rechnung-pruefen", "zh-typography"]
)
def test_our_calm_samples_pass_their_own_tasks_with_the_skill_alone(room, name):
    skill = unpack(sample(f"calm/{name}"))
    exam = run_trials(skill.bundle, skill.manifest, room)
    assert exam.tasks
    assert all(task.admitted for task in exam.tasks)
    assert {(trial.arm, trial.outcome) for trial in exam.trials} == {("without", "fail"), ("with", "pass")}
