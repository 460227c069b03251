"""CPU time of our static stage beside another scanner's, in turn, on the same skills of this machine.

    python bench/peer_scanner.py SKILLS_DIR --one 'peer scan {}' --many 'peer scan-all {}' [--skills 60]

SKILLS_DIR holds one skill a folder. The peer's commands are whatever the caller has installed; {} becomes the folder.
One line a measure: user and system seconds of the whole process tree.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'manage.py'))} vet {{}} --static-only --json"


def cpu_of(command: str, *folders: Path) -> float:
    """What a command and its children cost."""
    words = [word for part in shlex.split(command) for word in (map(str, folders) if part == "{}" else [part])]
    before = os.times()
    subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("skills_dir", type=Path)
    parser.add_argument("--one", required=True, help="the peer's command for one skill")
    parser.add_argument("--many", required=True, help="the peer's command for a folder of skills")
    parser.add_argument("--skills", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    skills = sorted(file.parent for file in options.skills_dir.glob("*/SKILL.md"))[: options.skills]
    with tempfile.TemporaryDirectory() as folder:
        for skill in skills:
            shutil.copytree(skill, Path(folder) / skill.name)
        copies = sorted(Path(folder).iterdir())
        for name, peer, targets in (
            ("cold, one skill", options.one, copies[:1]),
            (f"warm, {len(copies)} skills", options.many, copies),
        ):
            ours, theirs = [], []
            for _ in range(options.rounds):
                ours.append(cpu_of(OURS, *targets))
                theirs.append(cpu_of(peer, *(targets if len(targets) == 1 else [Path(folder)])))
            a, b = median(ours), median(theirs)
            print(f"{name}: ours {a:.2f} s, peer {b:.2f} s of CPU, ratio {b / max(a, 0.001):.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
