"""What a sealed room costs: until the payload starts, until it is told, and what being watched costs the payload."""

import os
import time
from concurrent.futures import ThreadPoolExecutor

from bench.rows import Row, timed
from sandbox.base import Command, Job
from sandbox.docker import DockerSandbox

TIMES = 20
PAIRS = 7
# Two thousand files opened and read, two hundred written: far more than a small script does.
BUSY = """
import time
begun = time.perf_counter()
for number in range(200):
    with open(f"/workspace/f{number}", "w") as out:
        out.write("x" * 100)
for number in range(2000):
    with open(f"/workspace/f{number % 200}") as out:
        out.read()
print((time.perf_counter() - begun) * 1000)
"""
THINKING = """
import hashlib, time, zlib
begun = time.perf_counter()
data = bytes(range(256)) * 4000
for number in range(30):
    hashlib.sha256(data).digest()
    zlib.compress(data, 3)
    sum(range(200_000))
print((time.perf_counter() - begun) * 1000)
"""


def rows() -> list[Row]:
    room = DockerSandbox(deployment="bench")
    try:
        return [*_start(room), *_watched(room), _a_minute(room), _plain_container(room)]
    finally:
        room.reap(everything=True)


def _start(room: DockerSandbox) -> list[Row]:
    """Until the payload's first moment, and until all it did is told; the removal goes on behind that."""
    made = []
    for network, limit in (("none", 400), ("false-world", 400)):
        job = Job(command=["/bin/true"], network=network, linger=0)
        ready, told = [], []
        for _ in range(TIMES):
            wall, begun = time.time(), time.perf_counter()
            outcome = room.run(job)
            told.append((time.perf_counter() - begun) * 1000)
            ready.append((outcome.began - wall) * 1000)
            room.settle()
        made.append(Row(f"room ready, network {network}", "ms", ready).at_most(limit))
        made.append(Row(f"room from start to told, network {network}", "ms", told))
    return made


def _watched(room: DockerSandbox) -> list[Row]:
    """Pairs of a run that is watched and one that is not, side by side, so that the machine's mood weighs on both."""
    made = []
    for what, script, most in (("2,000 opens and 200 writes", BUSY, 4.0), ("computing", THINKING, 1.15)):
        times: dict[bool, list[float]] = {False: [], True: []}
        for _ in range(PAIRS):
            for traced, seen in times.items():
                job = Job(commands=[Command(["/usr/bin/python3", "-c", script])] * 2, traced=traced, linger=0)
                seen.append(min(float(one.stdout) for one in room.run(job).results))
        ratios = [watched / free for free, watched in zip(times[False], times[True], strict=True)]
        made.append(Row(f"{what}, unwatched", "ms", times[False]))
        made.append(Row(f"{what}, watched", "ms", times[True]))
        made.append(Row(f"{what}, watched against unwatched", "times", ratios).at_most(most))
    return made


def _a_minute(room: DockerSandbox) -> Row:
    """Rooms in a false world that end within a minute, one for each processor at a time."""
    job = Job(command=["/bin/sh", "-c", "echo hello > f; cat f"], network="false-world", linger=0)
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        begun = time.perf_counter()
        list(pool.map(room.run, [job] * TIMES))
        seconds = time.perf_counter() - begun
    return Row("rooms in a false world, on all processors", "a minute", [60 * TIMES / seconds])


def _plain_container(room: DockerSandbox) -> Row:
    """The engine's own cost with no walls at all, as the measure of ours."""

    def run() -> None:
        made = room.api.create_container(room.image, ["/bin/true"], network_disabled=True, labels={"assay.room": "1"})
        try:
            room.api.start(made["Id"])
            room.api.wait(made["Id"])
        finally:
            room.api.remove_container(made["Id"], force=True)

    return Row("plain container, network none, `true`", "ms", timed(run, TIMES))
