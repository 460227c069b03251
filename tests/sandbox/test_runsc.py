"""What runsc leaves behind is ended by the number of our own removed container, and no other's is touched."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import runsc

needs_runsc = pytest.mark.skipif(
    not shutil.which("runsc") or os.geteuid() != 0, reason="runsc is not installed, or there is no right to start it"
)


def of(container: str) -> list[int]:
    return list(runsc._of(container))


def until(true) -> bool:
    end = time.monotonic() + 30
    while not true() and time.monotonic() < end:
        time.sleep(0.1)
    return bool(true())


@pytest.fixture
def orphan(tmp_path: Path):
    """Makes a real sandbox of runsc under a number, and leaves it to itself, as a start does that fails half way."""
    started: list[str] = []

    def start() -> str:
        number = secrets.token_hex(32)
        bundle = tmp_path / number
        (bundle / "rootfs").mkdir(parents=True)
        spec = {
            "ociVersion": "1.0.0",
            "process": {"user": {"uid": 65534, "gid": 65534}, "args": ["/bin/sleep", "120"], "cwd": "/", "env": []},
            "root": {"path": "/", "readonly": True},
            "linux": {"namespaces": [{"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount")]},
        }
        (bundle / "config.json").write_text(json.dumps(spec))
        command = ["runsc", "--root", str(tmp_path / "root"), "--network=none", "--platform=ptrace", "--ignore-cgroups"]
        with open(bundle / "log", "wb") as log:
            done = subprocess.run(
                [*command, "create", "--bundle", str(bundle), number],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=60,
            )
        assert done.returncode == 0, (bundle / "log").read_text()[-500:]
        started.append(number)
        assert until(lambda: len(of(number)) >= 2)
        return number

    yield start
    for number in started:
        runsc.sweep(number)


@needs_runsc
def test_what_a_failed_start_left_is_ended_and_what_others_left_is_not(orphan):
    ours, theirs = orphan(), orphan()
    assert of(ours) and of(theirs), "they live on though nobody looks after them"
    assert runsc.sweep(ours) >= 2
    assert until(lambda: not of(ours)) and of(theirs)


def test_another_program_that_names_the_container_is_left_alone():
    number = secrets.token_hex(32)
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", number])
    try:
        assert runsc.sweep(number) == 0 and other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("number", ["", "a", "/", "..", "*", "0" * 63])
def test_what_is_no_containers_number_names_nothing(number):
    assert runsc.sweep(number) == 0
