"""CPU time of our static stage beside another scanner's, in turn, on the same skills of this machine.

    python bench/peer_scanner.py SKILLS_DIR --one 'peer scan {}' --many 'peer scan-all {}' [--cold A,B] [--skills 60]

SKILLS_DIR holds one skill a folder. The peer's commands are whatever the caller has installed; {} becomes the folder.
Cold is a process of its own for one skill, with what the operating system and both programs keep between starts in
place; each of the named skills (or the smallest, the middle and the largest) is a line. Warm is one process for all.

A line tells the user and system seconds of the whole process tree, the median of each side, and the ratio pair by pair:
two runs that follow one another meet the same machine, which two medians need not have done. A command that fails is no
measurement, so it ends the comparison.
"""

import argparse
import ctypes
import os
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
OURS = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'manage.py'))} vet {{}} --static-only --json"


@dataclass(frozen=True)
class Cost:
    cpu: float
    wall: float


@dataclass(frozen=True)
class Pair:
    ours: Cost
    theirs: Cost

    @property
    def ratio(self) -> float:
        return self.theirs.cpu / max(self.ours.cpu, 0.001)


def cost_of(command: str, *folders: Path) -> Cost:
    """What a command and its children cost; it has to say something and end well."""
    words = [word for part in shlex.split(command) for word in (map(str, folders) if part == "{}" else [part])]
    _adopt_orphans()
    before, start = _children(), time.monotonic()
    ended = subprocess.run(words, capture_output=True, text=True, check=False)
    wall = time.monotonic() - start
    _wait_for_orphans()
    after = _children()
    if ended.returncode or not ended.stdout.strip():
        raise SystemExit(f"This ended with {ended.returncode}: {shlex.join(words)[:300]}\n{ended.stderr[-2000:]}")
    return Cost(after - before, wall)


def _children() -> float:
    """CPU seconds of all children so far. os.times tells them in hundredths, which is much beside a fifth of one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _adopt_orphans() -> None:
    """A helper that outlives its parent becomes our child, so that it is counted too (PR_SET_CHILD_SUBREAPER)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def _wait_for_orphans() -> None:
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return


def compared(ours: Sequence[Path], peer: str, theirs: Sequence[Path], rounds: int) -> list[Pair]:
    """In turn, and each time the other one first, after one of each that does not count."""
    pairs = []
    for number in range(rounds + 1):
        first = cost_of(OURS, *ours) if number % 2 else None
        other = cost_of(peer, *theirs)
        pairs.append(Pair(first or cost_of(OURS, *ours), other))
    return pairs[1:]


def told(name: str, pairs: Sequence[Pair]) -> str:
    ratios = sorted(pair.ratio for pair in pairs)
    cpu = [median(side) for side in zip(*((p.ours.cpu, p.theirs.cpu) for p in pairs), strict=True)]
    wall = [median(side) for side in zip(*((p.ours.wall, p.theirs.wall) for p in pairs), strict=True)]
    return (
        f"{name}: ours {cpu[0]:.2f} s, peer {cpu[1]:.2f} s of CPU ({wall[0]:.2f} and {wall[1]:.2f} s by the clock); "
        f"ratio {median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})"
    )


def size_of(skill: Path) -> int:
    return sum(file.stat().st_size for file in skill.rglob("*") if file.is_file())


def chosen(skills: Sequence[Path], named: str) -> list[Path]:
    """The skills that are measured cold: those that were named, or a small, a middling and a large one."""
    if named:
        by_name = {skill.name: skill for skill in skills}
        return [by_name[name] for name in named.split(",")]
    by_size = sorted(skills, key=size_of)
    return list(dict.fromkeys([by_size[0], by_size[len(by_size) // 2], by_size[-1]]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skills_dir", type=Path)
    parser.add_argument("--one", required=True, help="the peer's command for one skill")
    parser.add_argument("--many", help="the peer's command for a folder of skills; without it only cold is measured")
    parser.add_argument("--cold", default="", help="names of skills, joined by commas, that are measured one by one")
    parser.add_argument("--skills", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    skills = sorted(file.parent for file in options.skills_dir.glob("*/SKILL.md"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copies = [Path(shutil.copytree(skill, folder / skill.name)) for skill in skills]
        for skill in chosen(copies, options.cold):
            print(told(f"cold, {skill.name}", compared([skill], options.one, [skill], options.rounds)), flush=True)
        if options.many:
            for skill in copies[options.skills :]:
                shutil.rmtree(skill)
            few = copies[: options.skills]
            pairs = compared(few, options.many, [folder], options.rounds)
            print(told(f"warm, {len(few)} skills", pairs), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
