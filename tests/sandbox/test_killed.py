"""A worker that is killed in the middle of a run: its rooms end by themselves, and the next reaping takes them away."""

import signal
import subprocess
import sys
import time

import pytest

from sandbox import makers
from sandbox.base import Job
from sandbox.docker import DockerSandbox
from sandbox.tidy import tidy

pytestmark = pytest.mark.docker

WORKER = """
from sandbox.base import Job, Limits
from sandbox.docker import DockerSandbox
sandbox = DockerSandbox(deployment="tests-killed")
sandbox.expect("build-07")
sandbox.run(Job(command=["sh", "-c", "trap '' TERM; sleep 60"], network="false-world", limits=Limits(wall_seconds=6)))
"""


@pytest.fixture
def sandbox():
    sandbox = DockerSandbox(deployment="tests-killed")
    yield sandbox
    sandbox.reap(everything=True)


@pytest.fixture
def orphans(sandbox):
    """The rooms of a worker that was killed in the middle of its run, once they have ended by themselves."""
    wanted = {"label": ["assay.deployment=tests-killed"]}
    worker = subprocess.Popen([sys.executable, "-c", WORKER])
    try:
        until = time.monotonic() + 60
        while len(sandbox.api.containers(filters=wanted)) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(sandbox.api.containers(filters=wanted)) == 3
        assert sandbox.reap() == 0, "their maker lives, and their time is not up"
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        until = time.monotonic() + 60
        while sandbox.api.containers(filters=wanted) and time.monotonic() < until:
            time.sleep(0.2)
        assert sandbox.api.containers(filters=wanted) == [], "nothing of it runs on"
        assert sandbox.rooms() == 3
    finally:
        worker.kill()


def test_after_kill_9_of_a_worker_its_rooms_end_and_are_reaped(sandbox, orphans):
    assert sandbox.reap() == 3 and sandbox.rooms() == 0


def test_rooms_of_a_deployment_that_never_comes_back_are_tidied_away_and_those_of_the_living_stay(sandbox, orphans):
    living = DockerSandbox(deployment="tests-killed-living")
    try:
        kept = living._create(Job(command=["true"]), network="none")
        assert tidy(sandbox.api) >= 3 and sandbox.rooms() == 0
        assert kept in [one["Id"] for one in sandbox.api.containers(all=True)]
    finally:
        living.reap(everything=True)


def test_a_process_is_known_for_gone_only_on_this_machine_and_in_this_namespace():
    process = subprocess.Popen([sys.executable, "-c", "from sandbox import makers; print(makers.mark())"], stdout=-1)
    gone = process.communicate()[0].decode().strip()
    place, pid, began = gone.split(":")
    assert makers.is_gone(gone) and not makers.is_gone(makers.mark())
    own = makers.mark().split(":")
    assert makers.is_gone(f"{own[0]}:{own[1]}:{int(own[2]) + 1}"), "another process has its number now"
    for other in ("", "x", f"elsewhere/1:{pid}:{began}", f"{place}::", f"{place}:{pid}:x"):
        assert not makers.is_gone(other)
