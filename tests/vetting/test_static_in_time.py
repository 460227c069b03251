"""Whatever a skill makes a check do, the time for all of them ends, and what was found until then stays."""

import signal
import threading
import time

import pytest

from tests.vetting.test_static_robustness import HEAD, PIPE, grave, vet
from tests.vetting.test_static_size import verdict
from vetting.checks import checks
from vetting.reading.code import CodeReader
from vetting.stages import static
from vetting.stages.in_time import OutOfTime, in_time

FAR = 30.0  # seconds of CPU after which a loop that nothing stopped ends by itself, and its test fails


def spin(times_swallowed: int = 0) -> None:
    """Works on and on, and takes what stops it for trouble of its own so many times."""
    until = time.process_time() + FAR
    while time.process_time() < until:
        try:
            while time.process_time() < until:
                pass
        except Exception:
            if not times_swallowed:
                raise
            times_swallowed -= 1
    raise AssertionError("nothing stopped it")


def with_find(check, find):
    return type(check)(**{**vars(check), "find": find})


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(static, "SECONDS", 1.0)


@pytest.mark.parametrize("swallowed", [0, 1])
def test_a_check_that_never_ends_is_stopped_and_what_others_found_stays(short, swallowed, monkeypatch):
    known = sorted(checks(), key=lambda one: one.name != "pipe_to_shell")
    endless = with_find(known[1], lambda skill: spin(swallowed) or ())
    monkeypatch.setattr(static, "checks", lambda: (known[0], endless, *known[2:]))
    result = vet({"SKILL.md": HEAD + PIPE})
    assert "pipe_to_shell" in grave(result)
    assert set(result.failed) == {one.name for one in known[1:]}
    assert any(static.OVER in one.why for one in result.findings)
    assert result.coverage["files"] == 1 and result.coverage["commands"]


def test_reading_that_never_ends_is_stopped_and_leaves_no_pass(short, monkeypatch):
    monkeypatch.setattr(static, "TELLING", 0.2)
    monkeypatch.setattr(CodeReader, "programs", property(lambda self: spin()))
    result = vet({"SKILL.md": HEAD + "calm words\n"})
    assert len(result.failed) > 1 and static.WHOLE in result.failed and verdict(result) == "unknown"
    assert result.coverage["cut_short"] == [] and result.coverage["files"] == 1


def test_the_next_skill_is_read_as_if_nothing_had_been_stopped(short, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(static, "checks", lambda: (with_find(checks()[0], lambda skill: spin() or ()),))
        assert vet({"SKILL.md": HEAD + PIPE}).failed == [checks()[0].name]
    result = vet({"SKILL.md": HEAD + PIPE})
    assert "pipe_to_shell" in grave(result) and result.failed == []


def test_the_timer_is_off_when_the_work_is_done():
    before = signal.getsignal(signal.SIGPROF)
    assert in_time(lambda: 7, 5.0) == 7
    with pytest.raises(OutOfTime):
        in_time(spin, 0.05)
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0 and signal.getsignal(signal.SIGPROF) is before


def test_another_thread_does_its_work_without_a_timer():
    given = []
    thread = threading.Thread(target=lambda: given.append(in_time(lambda: 7, 5.0)))
    thread.start()
    thread.join()
    assert given == [7]
