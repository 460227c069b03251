"""Every promise of the sandbox, each a test of its own, against the local engine."""

import os

import pytest

from sandbox.docker import DockerSandbox
from sandbox.promises import PROMISES
from sandbox.promises.probes import Probes

pytestmark = pytest.mark.docker


@pytest.fixture(scope="module")
def probes():
    sandbox = DockerSandbox(deployment=f"tests-promises-{os.getpid()}")
    yield Probes(sandbox)
    sandbox.reap(everything=True)


def test_there_are_enough_promises_and_each_has_a_name_of_its_own():
    assert len({promise.name for promise in PROMISES}) == len(PROMISES) >= 40


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.name)
def test_a_promise_is_kept(promise, probes):
    kept, why = promise.holds(probes)
    assert kept, why


def test_a_broken_promise_is_told(probes):
    from dataclasses import replace

    broken = replace(PROMISES[0], test=lambda probes: probes.walls["uid"] == "0")
    kept, why = broken.holds(probes)
    assert not kept and "10001" in why
