"""The supervisor keeps its children running, whatever happens to them, and leaves none behind."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.supervisor import Child, Running, Supervisor, rotate
from scripts import pids

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("first", "second")

# Each child writes a line when it starts and forks a helper, as a web server or a worker does.
CHILD = """
import os, subprocess, sys, time
print("started", sys.argv[1], flush=True)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", "helper-of-" + sys.argv[1], sys.argv[2]])
time.sleep(600)
"""
PROGRAM = """
import sys
from pathlib import Path
from config.supervisor import Child, Supervisor
run, log, code = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
children = [Child(name, [sys.executable, "-c", code, name, sys.argv[1]], grace=2) for name in ("first", "second")]
Supervisor(children, run_dir=run, log_dir=log, facts={"port": 1}).run()
"""


class Stack:
    """A real supervisor with two children, as processes."""

    def __init__(self, folder: Path, code: str = CHILD):
        self.run_dir, self.log_dir, self.code = folder / "run", folder / "log", code
        self.process = self.launch()

    def launch(self) -> subprocess.Popen:
        command = [sys.executable, "-c", PROGRAM, str(self.run_dir), str(self.log_dir), self.code]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def pid(self, name: str) -> int | None:
        return pids.alive(self.run_dir / f"{name}.pid")

    def ready(self) -> bool:
        return (self.run_dir / "ready.json").exists()

    def text(self, name: str) -> str:
        return (self.log_dir / f"{name}.log").read_text()


def until(holds, limit: float = 30):
    """Wait for something to become true; its value, or a failure that says what did not."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.05)
    raise AssertionError(f"not within {limit} s: {holds}")


def helpers_of(name: str, run_dir: Path) -> list[int]:
    """The helpers of this child of this stack; other tests have children of that name too."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if {f"helper-of-{name}".encode(), bytes(run_dir)} <= set(words) and pids.started_at(int(folder.name)):
            found.append(int(folder.name))
    return found


@pytest.fixture
def stack(tmp_path):
    stack = Stack(tmp_path)
    yield stack
    stack.process.kill()
    stack.process.wait()
    for name in NAMES:
        pids.stop(stack.run_dir / f"{name}.pid", grace=2, group=True)
        # Of a child that was killed with its supervisor the helpers live on; here nobody takes over who would end them.
        for helper in helpers_of(name, stack.run_dir):
            os.kill(helper, signal.SIGKILL)


@pytest.mark.parametrize("name", NAMES)
def test_a_child_killed_outright_comes_back_and_its_helpers_do_not_linger(stack, name):
    until(stack.ready)
    before = stack.pid(name)
    old_helpers = until(lambda: [pid for pid in helpers_of(name, stack.run_dir) if os.getpgid(pid) == before])
    os.kill(before, signal.SIGKILL)
    after = until(lambda: stack.pid(name) not in (None, before) and stack.pid(name))
    assert os.getpgid(after) == after, "each child leads a process group of its own"
    until(lambda: not any(pids.started_at(pid) for pid in old_helpers))
    until(lambda: stack.text(name).count("started") == 2)


def test_stopping_the_supervisor_stops_every_child_and_removes_its_notes(stack):
    until(stack.ready)
    children = [stack.pid(name) for name in NAMES]
    stack.process.send_signal(signal.SIGTERM)
    assert stack.process.wait(30) == 0
    assert not any(pids.started_at(pid) for pid in children)
    assert not list(stack.run_dir.glob("*.pid")) and not stack.ready()


def test_children_end_with_a_supervisor_that_is_killed_outright(stack):
    until(stack.ready)
    children = [stack.pid(name) for name in NAMES]
    stack.process.kill()
    stack.process.wait()
    until(lambda: not any(pids.started_at(pid) for pid in children))


def test_a_second_supervisor_on_the_same_folder_is_refused(stack):
    until(stack.ready)
    second = stack.launch()
    assert second.wait(30) != 0
    assert stack.ready() and all(stack.pid(name) for name in NAMES)


def test_a_new_supervisor_takes_over_after_one_that_was_killed(stack):
    until(stack.ready)
    stack.process.kill()
    stack.process.wait()
    stack.process = stack.launch()
    until(lambda: stack.ready() and json.loads((stack.run_dir / "ready.json").read_text())["pid"] == stack.process.pid)
    assert all(stack.pid(name) for name in NAMES)


def test_a_child_that_keeps_dying_is_started_ever_more_slowly(tmp_path):
    stack = Stack(tmp_path, code="import sys; print('started', sys.argv[1], flush=True); sys.exit(3)")
    try:
        until(lambda: (stack.log_dir / "first.log").exists() and stack.text("first").count("started") >= 3)
        assert stack.process.poll() is None, "the supervisor itself stays"
    finally:
        stack.process.terminate()
        assert stack.process.wait(30) == 0


def test_a_log_is_cut_when_it_grows_past_its_limit_and_the_last_text_is_kept(tmp_path):
    log = tmp_path / "web.log"
    with open(log, "ab") as held_open:
        for round_ in range(4):
            held_open.write(b"%d" % round_ * 100)
            held_open.flush()
            rotate(log, limit=50)
        held_open.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "web.log.1").read_bytes() == b"3" * 50
    assert (tmp_path / "web.log.2").read_bytes() == b"2" * 50
    assert not (tmp_path / "web.log.3").exists()


def test_a_note_of_a_process_is_not_believed_about_another_with_the_same_pid(tmp_path):
    file = tmp_path / "x.pid"
    pids.write(file, os.getpid())
    assert pids.alive(file) == os.getpid()
    file.write_text(f"{os.getpid()} 1\n")
    assert pids.alive(file) is None
    assert pids.stop(file, grace=1) is False


def test_a_full_disk_ends_nothing(tmp_path, monkeypatch):
    """No note can be written and no log told to: the child is started all the same, and noted once there is room."""

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    kept = Running(Child("one", [sys.executable, "-c", "import time; time.sleep(600)"], grace=1))
    (tmp_path / "log").mkdir()
    supervisor = Supervisor([], run_dir=tmp_path / "run", log_dir=tmp_path / "log")
    supervisor.kept = [kept]
    try:
        with monkeypatch.context() as context:
            context.setattr(pids, "write", full)
            context.setattr("builtins.print", full)
            supervisor._revive(kept)
            os.killpg(kept.process.pid, signal.SIGKILL)
            kept.process.wait()
            supervisor._revive(kept)
            kept.due = 0
            supervisor._revive(kept)
            assert kept.process.poll() is None and not kept.noted
        supervisor._tidy()
        assert pids.alive(tmp_path / "run" / "one.pid") == kept.process.pid
    finally:
        supervisor._stop_all()


def test_a_child_that_cannot_be_started_is_tried_again(tmp_path, monkeypatch):
    supervisor = Supervisor([Child("one", ["/no/such/program"])], run_dir=tmp_path, log_dir=tmp_path)
    supervisor._revive(supervisor.kept[0])
    assert supervisor.kept[0].process is None and supervisor.kept[0].due > time.monotonic()


def test_a_log_keeps_its_limit_where_there_is_no_room_for_the_old_text(tmp_path, monkeypatch):
    log = tmp_path / "web.log"
    log.write_bytes(b"x" * 3000)

    def full(*args: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    rotate(log, limit=1000)
    assert log.stat().st_size == 0
