"""`python -m bench.soak N`: detonate N times in a row, then show that nothing is left and that memory stayed flat.

What it counts: containers, networks and volumes of the engine, processes of this one, files and open descriptors. It
counts only what is its own, so other work on the same engine does not disturb it.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
DEPLOYMENT = "soak"
# Memory is compared from here on: before, everything is loaded for the first time.
WARM = 25
GROWTH = 1.10
SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "samples" / "calm"


@dataclass(frozen=True)
class Left:
    """What there is of ours at one moment."""

    containers: int
    networks: frozenset[str]
    volumes: frozenset[str]
    children: int
    descriptors: int
    files: int

    def more_than(self, before: "Left") -> list[str]:
        wrong = []
        if self.containers:
            wrong.append(f"{self.containers} containers")
        if self.networks - before.networks:
            wrong.append(f"networks {sorted(self.networks - before.networks)}")
        if self.volumes - before.volumes:
            wrong.append(f"volumes {sorted(self.volumes - before.volumes)[:3]}")
        for name in ("children", "files"):
            if getattr(self, name) > getattr(before, name):
                wrong.append(f"{getattr(self, name) - getattr(before, name)} {name}")
        # Idle connections to the engine are kept for the next room, ten at most.
        if self.descriptors > before.descriptors + 16:
            wrong.append(f"{self.descriptors - before.descriptors} descriptors")
        return wrong


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(prefix="assay-soak-") as own:
        tempfile.tempdir = own  # What lands in here is left behind by us and nobody else.
        return _run(times)


def _run(times: int) -> int:
    django.setup()
    from sandbox.docker import DockerSandbox
    from vetting.intake import read_folder

    room = DockerSandbox(deployment=DEPLOYMENT)
    skills = [read_folder(file.parent) for file in sorted(SAMPLES.glob("*/SKILL.md"))]
    room.reap(everything=True)
    return _report(*_soak(room, skills, times))


def _soak(room, skills: list, times: int) -> tuple:
    from vetting.stages.detonation import detonate, machines

    me, sizes, spoilt, begun = psutil.Process(), [], 0, time.monotonic()
    detonate(skills[0].bundle, skills[0].manifest, room)
    before = _now(room)
    for number in range(times):
        skill = skills[number % len(skills)]
        if number % 2:
            room.expect(*machines(skill.bundle))
        spoilt += not detonate(skill.bundle, skill.manifest, room).conclusive
        sizes.append(me.memory_info().rss)
        if (number + 1) % 50 == 0:
            each = (time.monotonic() - begun) / (number + 1)
            print(f"{number + 1} done, {each:.2f} s each, {sizes[-1] / 2**20:.0f} MB", flush=True)
    room.settle()
    return before, _now(room), sizes, spoilt, time.monotonic() - begun


def _now(room) -> Left:
    me = psutil.Process()
    return Left(
        containers=room.rooms(),
        networks=frozenset(one["Id"] for one in room.api.networks()),
        volumes=frozenset(one["Name"] for one in room.api.volumes()["Volumes"] or ()),
        children=len(me.children(recursive=True)),
        descriptors=me.num_fds(),
        files=sum(1 for _ in Path(tempfile.gettempdir()).rglob("*")),
    )


def _report(before: Left, after: Left, sizes: list[int], spoilt: int, seconds: float) -> int:
    times, wrong = len(sizes), after.more_than(before)
    first, last = sizes[min(WARM, times - 1)], max(sizes[-10:])
    grown = last / first
    print(f"{times} detonations in {seconds:.0f} s, {60 * times / seconds:.1f} a minute; {spoilt} were not conclusive")
    print(f"memory {first / 2**20:.1f} MB after {min(WARM, times - 1)}, {last / 2**20:.1f} MB at the end: {grown:.3f}")
    if grown > GROWTH:
        wrong.append(f"memory grew to {grown:.2f} times")
    print("left behind: " + (", ".join(wrong) or "nothing"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
