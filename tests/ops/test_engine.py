"""Starting the Docker engine after one that was killed outright."""

import os
import subprocess
import time
from pathlib import Path

from scripts.engine import forget_the_dead


def test_a_pid_file_whose_number_is_another_programs_is_removed(tmp_path):
    file = tmp_path / "docker.pid"
    file.write_text(str(os.getpid()))
    forget_the_dead("dockerd", file)
    assert not file.exists()


def test_a_pid_file_of_nobody_is_removed(tmp_path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    file = tmp_path / "docker.pid"
    file.write_text(f"{gone.pid}\n")
    forget_the_dead("dockerd", file)
    assert not file.exists()


def test_a_pid_file_of_a_dead_process_that_nobody_collected_is_removed(tmp_path):
    dead = subprocess.Popen(["sleep", "0"])
    try:
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        file = tmp_path / "docker.pid"
        file.write_text(str(dead.pid))
        forget_the_dead("sleep", file)
        assert not file.exists()
    finally:
        dead.wait()


def test_a_pid_file_of_a_running_engine_stays(tmp_path):
    running = subprocess.Popen(["sleep", "60"])
    try:
        _until_it_has_its_name(running.pid, "sleep")
        file = tmp_path / "docker.pid"
        file.write_text(str(running.pid))
        forget_the_dead("sleep", file)
        assert file.exists()
    finally:
        running.kill()
        running.wait()


def test_no_pid_file_is_no_trouble(tmp_path):
    forget_the_dead("dockerd", tmp_path / "docker.pid")


def _until_it_has_its_name(pid: int, name: str) -> None:
    """A program just started may bear its parent's name for a moment more."""
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}/comm").read_text().strip() != name and time.monotonic() < end:
        time.sleep(0.01)
