"""`make lint`: formatting, lint rules, and the direction of imports. With --fix, what can be put right is."""

import subprocess
import sys

from scripts import environments, say
from scripts.places import ROOT, VENV, settle_environment


def lint() -> int:
    settle_environment()
    environments.ensure(dev=True)
    fix = "--fix" in sys.argv
    bin_dir = VENV / "bin"
    commands = [
        [bin_dir / "ruff", "check", *(["--fix"] if fix else []), "."],
        [bin_dir / "ruff", "format", *([] if fix else ["--check"]), "."],
        [bin_dir / "lint-imports"],
    ]
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)


if __name__ == "__main__":
    say.main(lint)
