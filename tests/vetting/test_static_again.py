"""A flow goes again only the steps that would find something new, and finds what it would find by going all of them."""

import pytest

from vetting.reading import programs as p
from vetting.reading.again import Again
from vetting.reading.javascript.calls import read_javascript
from vetting.reading.javascript.flow import Flow
from vetting.reading.python.calls import read_python


def _gone(again: Again, step: int, *, asks: str = "", takes_over: int = -1) -> None:
    again.begin(step)
    if asks:
        again.asked(asks)
    if takes_over >= 0:
        again.took_over(takes_over)
    again.end()


def test_a_step_is_due_again_when_more_is_known_of_what_it_asked_for():
    again = Again()
    _gone(again, 0, asks="name")
    _gone(again, 1, asks="other")
    again.changed("name")
    assert again.due == {0}


def test_a_step_is_due_again_with_the_step_whose_findings_it_took_over():
    again = Again()
    _gone(again, 0, asks="name")
    _gone(again, 1, takes_over=0)
    _gone(again, 2, takes_over=1)
    again.changed("name")
    assert again.due == {0, 1, 2}


def test_what_was_taken_over_from_a_step_that_is_due_is_old_already():
    again = Again()
    _gone(again, 0, asks="name")
    again.changed("name")
    _gone(again, 1, takes_over=0)
    assert again.due == {0, 1}


def test_a_step_that_changes_what_it_asked_for_is_due_again():
    again = Again()
    again.begin(0)
    again.asked("name")
    again.changed("name")
    again.end()
    assert again.due == {0}


@pytest.mark.parametrize("order", [1, -1])
def test_a_value_is_handed_on_along_and_against_the_order_of_the_text(order):
    steps = ["v0 = 'https://example.test/in'", *(f"v{n + 1} = v{n}" for n in range(30))][::order]
    program = read_python("import requests\n" + "\n".join(steps) + "\nrequests.post(v30, data=1)\n")
    assert "https://example.test/in" in program.calls[-1].texts


def test_a_name_that_comes_to_stand_for_a_deed_late_is_followed():
    program = read_python("import os\ndef go(what):\n    run(what)\ngo('curl example.test')\nrun = os.system\n")
    call = next(one for one in program.calls if one.name == "os.system")
    assert "curl example.test" in call.texts


@pytest.mark.parametrize("order", [1, -1])
def test_a_value_of_javascript_is_handed_on_along_and_against_the_order_of_the_text(order):
    steps = ["let v0 = 'https://example.test/in' + process.env.API_TOKEN", *(f"let v{n + 1} = v{n}" for n in range(30))]
    program = read_javascript(";\n".join(steps[::order]) + ";\nfetch(v30);\n")
    call = next(one for one in program.calls if one.name == "fetch")
    assert "https://example.test/in" in call.texts and call.secrets == {"API_TOKEN"} and not program.cut


def test_what_a_function_of_javascript_gives_late_reaches_who_called_it_early():
    program = read_javascript(
        "const a = get();\nfetch('https://example.test', a);\nfunction get() { return b }\nb = process.env;\n"
    )
    call = next(one for one in program.calls if one.name == "fetch")
    assert p.ENV_ALL in call.labels


def test_a_step_of_javascript_that_asked_for_nothing_new_is_gone_once(monkeypatch):
    gone = []
    monkeypatch.setattr(Flow, "follow", lambda self, at, follow=Flow.follow: gone.append(at) or follow(self, at))
    read_javascript("const a = 1;\nconst b = 2;\nconst c = d;\nconst d = 'late';\n")
    assert sorted(map(gone.count, set(gone))) == [1, 1, 1, 2]
