"""`make lock`: resolve the dependencies of pyproject.toml into requirements/*.txt.

The lists hold names, versions and hashes, and no address: whoever installs uses the registry they have.
"""

from pathlib import Path

from scripts import environments, say
from scripts.environments import REQUIREMENTS, UV
from scripts.places import ROOT, settle_environment
from scripts.say import run, step

COMPILE = [UV, "pip", "compile", "-q", "--universal", "--generate-hashes", "--python-version", "3.11", "--upgrade"]
ALONE = {"semgrep.txt": "semgrep", "bootstrap.txt": "uv"}


def lock() -> int:
    settle_environment()
    environments.ensure(dev=False)
    project = ROOT / "pyproject.toml"
    prod, dev = REQUIREMENTS / "prod.txt", REQUIREMENTS / "dev.txt"
    step("Locking prod.txt")
    run([*COMPILE, "--group", "cli", project, "-o", prod], doing="uv pip compile")
    step("Locking dev.txt")
    run([*COMPILE, "--group", "cli", "--group", "dev", "-c", prod, project, "-o", dev], doing="uv pip compile")
    for name, package in ALONE.items():
        step(f"Locking {name}")
        _lock_alone(package, REQUIREMENTS / name)
    return 0


def _lock_alone(package: str, target: Path) -> None:
    """A tool with an environment of its own is resolved by itself."""
    wish = target.with_suffix(".in")
    wish.write_text(f"{package}\n", encoding="ascii")
    try:
        run([*COMPILE, wish, "-o", target], doing="uv pip compile")
    finally:
        wish.unlink()


if __name__ == "__main__":
    say.main(lock)
