"""A worker that is killed in the middle of a run: its rooms end by themselves, and the next reaping takes them away."""

import signal
import subprocess
import sys
import time

import pytest

from sandbox.docker import DockerSandbox

pytestmark = pytest.mark.docker

WORKER = """
from sandbox.base import Job, Limits
from sandbox.docker import DockerSandbox
sandbox = DockerSandbox(deployment="tests-killed")
sandbox.expect("build-07")
sandbox.run(Job(command=["sh", "-c", "trap '' TERM; sleep 60"], network="false-world", limits=Limits(wall_seconds=6)))
"""


def test_after_kill_9_of_a_worker_its_rooms_end_and_are_reaped(monkeypatch):
    sandbox = DockerSandbox(deployment="tests-killed")
    wanted = {"label": ["assay.deployment=tests-killed"]}
    worker = subprocess.Popen([sys.executable, "-c", WORKER])
    try:
        until = time.monotonic() + 60
        while len(sandbox.api.containers(filters=wanted)) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(sandbox.api.containers(filters=wanted)) == 3
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        until = time.monotonic() + 60
        while sandbox.api.containers(filters=wanted) and time.monotonic() < until:
            time.sleep(0.2)
        assert sandbox.api.containers(filters=wanted) == [], "nothing of it runs on"
        assert sandbox.rooms() == 3 and sandbox.reap() == 0, "their time is not up yet"
        later = time.time() + 600
        monkeypatch.setattr("sandbox.docker.time.time", lambda: later)
        assert sandbox.reap() == 3 and sandbox.rooms() == 0
    finally:
        worker.kill()
        monkeypatch.undo()
        sandbox.reap(everything=True)
