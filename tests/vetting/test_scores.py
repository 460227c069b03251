"""The quality score: as strong as its evidence, every point explained."""

import pytest

from tests.vetting.conftest import SKILL_MD, archive
from vetting import policy, scores, tokens
from vetting.intake import unpack

RAN = {"where": "SKILL.md:9", "command": "wc -w in.txt", "ran": True, "exit_code": 0}
FAILED = {"where": "SKILL.md:12", "command": "wc -w gone.txt", "ran": True, "exit_code": 1}
SKIPPED = {"where": "SKILL.md:20", "command": "rm -rf /", "ran": False, "exit_code": None}


def room(*commands: dict, conclusive: bool = True) -> dict:
    return {
        "conclusive": conclusive,
        "reason": "" if conclusive else "The trace was lost.",
        "coverage": {"commands": commands},
    }


def exam(*outcomes: tuple[str, str], commands: tuple[dict, ...] = (), needs_judge: int = 0) -> dict:
    trials = []
    for number, (without, with_skill) in enumerate(outcomes):
        trials.append({"task": f"t{number}", "arm": "without", "outcome": without, "commands": ()})
        trials.append({"task": f"t{number}", "arm": "with", "outcome": with_skill, "commands": commands})
    return {"trials": trials, "needs_judge": needs_judge}


def quality(room: dict, exam: dict, skill_md: str = "") -> dict:
    text = skill_md or SKILL_MD.format(name="count-words", command="wc -w in.txt")
    skill = unpack(archive({"SKILL.md": text.encode()}))
    cost = tokens.cost(
        skill.bundle,
        name=skill.manifest.name,
        description=skill.manifest.description,
        body=skill.manifest.body,
    )
    return scores.quality(skill.bundle, skill.manifest, tokens=cost, room=room, exam=exam)


def item(report: dict, name: str) -> dict:
    return next(one for one in report["explanation"] if one["item"] == name)


def test_commands_that_run_and_tasks_that_need_the_skill_reach_the_second_tier_and_no_higher():
    report = quality(room(RAN), exam(("fail", "pass")))
    assert report["tier"] == "runs as documented"
    assert report["score"] <= policy.QUALITY_CEILING["runs as documented"]
    assert report["lift"] is None
    assert "unseen" in report["lift_reason"]


def test_words_alone_stay_documented_however_good_they_are():
    report = quality({"reason": "Only the static stage was asked for."}, {"reason": "Only the static stage."})
    assert report["tier"] == "documented"
    assert report["score"] <= policy.QUALITY_CEILING["documented"]
    assert item(report, "documented commands run")["of"] == 0


def test_a_task_that_passes_without_the_skill_earns_the_skill_nothing():
    report = quality(room(), exam(("pass", "pass"), ("fail", "fail")))
    assert item(report, "author's tasks pass")["points"] == 0
    assert report["tier"] == "documented"


@pytest.mark.parametrize(
    ("commands", "points", "of"),
    [((RAN,), 30, 30), ((RAN, FAILED), 15, 30), ((FAILED,), 0, 30), ((SKIPPED,), 0, 0), ((), 0, 0)],
)
def test_commands_count_by_how_they_ended_and_those_that_were_not_run_count_nowhere(commands, points, of):
    found = item(quality(room(*commands), exam()), "documented commands run")
    assert (found["points"], found["of"]) == (points, of)


def test_a_command_that_fails_for_want_of_input_may_prove_itself_in_a_task():
    done = ({"command": FAILED["command"], "exit_code": 0},)
    found = item(quality(room(RAN, FAILED), exam(("fail", "pass"), commands=done)), "documented commands run")
    assert found["points"] == 30


def test_a_command_that_failed_is_named_with_its_place():
    found = item(quality(room(RAN, FAILED), exam()), "documented commands run")
    assert found["evidence"] == ["SKILL.md:12: exit 1: wc -w gone.txt"]


def test_a_lost_trace_proves_nothing_ran():
    report = quality(room(RAN, conclusive=False), exam())
    found = item(report, "documented commands run")
    assert (found["points"], found["of"], found["reason"]) == (0, 30, "The trace was lost.")


def test_prose_expectations_are_said_to_need_a_judge():
    found = item(quality(room(), exam(needs_judge=4)), "author's tasks pass")
    assert "4 expectations in prose need a judge" in found["reason"]


def test_a_link_to_a_file_that_is_not_there_is_named():
    text = (
        SKILL_MD.format(name="count-words", command="true")
        + "\nSee [more](references/gone.md), [web](https://x.test).\n"
    )
    found = item(quality(room(), exam(), text), "references")
    assert found["points"] < found["of"]
    assert found["evidence"] == ["references/gone.md"]


def test_a_bare_skill_scores_low_and_every_item_says_why():
    report = quality(room(), exam(), "---\nname: bare\ndescription: Bare.\n---\nDo it.\n")
    assert report["score"] < 40
    assert all(one["reason"] for one in report["explanation"])
    assert {one["item"] for one in report["explanation"]} == set(policy.QUALITY_POINTS)


def test_the_points_of_the_policy_sum_to_a_hundred():
    assert sum(policy.QUALITY_POINTS.values()) == 100
