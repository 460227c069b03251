"""The Python environments, each built from a hash-locked list and skipped when that list has not changed."""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.places import PYTHON, ROOT, SKILL, TOOLS, VENV
from scripts.say import run, step
from scripts.system import install

REQUIREMENTS = ROOT / "requirements"
UV = TOOLS / "uv" / "bin" / "uv"


def ensure(*, dev: bool) -> None:
    """The registry's environment with the command line in it (and the test tools), and semgrep in one of its own."""
    _uv()
    _main(dev)
    _command_line()
    _semgrep()


def _uv() -> None:
    locked = REQUIREMENTS / "bootstrap.txt"
    home = TOOLS / "uv"
    if UV.exists() and _is_fresh(home, [locked]):
        return
    step("Python: fetching uv, the installer")
    if subprocess.run([sys.executable, "-c", "import ensurepip"], capture_output=True, check=False).returncode:
        install(["python3-venv", "ca-certificates"], why="Making a virtual environment")
    run([sys.executable, "-m", "venv", "--clear", home], doing="python -m venv")
    run(
        [home / "bin" / "python", "-m", "pip", "install", "-q", "--require-hashes", "-r", locked],
        doing="pip install uv",
    )
    _mark(home, [locked])


def _main(dev: bool) -> None:
    prod, all_of_it = REQUIREMENTS / "prod.txt", REQUIREMENTS / "dev.txt"
    # Once the test tools are in, they stay: taking them out again would only cost time.
    wanted = all_of_it if dev or (VENV / "with-test-tools").exists() else prod
    if PYTHON.exists() and _is_fresh(VENV, [wanted]):
        return
    if not PYTHON.exists():
        run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, VENV], doing="uv venv")
    step(f"Python: installing {_count(wanted)} pinned packages into .venv")
    # Compiled here and now: every process of the registry starts twice as fast, wherever Python may not write.
    run([UV, "pip", "sync", "--compile-bytecode", "--python", PYTHON, "--require-hashes", wanted], doing="uv pip sync")
    if dev:
        (VENV / "with-test-tools").touch()
    _mark(VENV, [wanted])
    (VENV / "cli.stamp").unlink(missing_ok=True)


def _command_line() -> None:
    project = ROOT / "cli" / "pyproject.toml"
    if SKILL.exists() and _is_fresh(VENV, [project], name="cli.stamp"):
        return
    step("Python: installing the `skill` command")
    options = ["--python", PYTHON, "--no-deps", "--no-build-isolation"]
    run([UV, "pip", "install", *options, "-e", ROOT / "cli"], doing="uv pip install")
    _mark(VENV, [project], name="cli.stamp")


def _semgrep() -> None:
    locked = REQUIREMENTS / "semgrep.txt"
    home = TOOLS / "semgrep"
    if (home / "bin" / "semgrep").exists() and _is_fresh(home, [locked]):
        return
    step(f"Python: installing semgrep ({_count(locked)} pinned packages) into .tools/semgrep")
    run([UV, "venv", "--quiet", "--clear", "--python", sys.executable, home], doing="uv venv")
    run([UV, "pip", "sync", "--python", home / "bin" / "python", "--require-hashes", locked], doing="uv pip sync")
    _mark(home, [locked])


def _count(locked: Path) -> int:
    return sum("==" in line for line in locked.read_text(encoding="utf-8").splitlines() if line[:1].isalnum())


def _digest(files: Sequence[Path]) -> str:
    whole = hashlib.sha256(sys.version.encode())
    for file in files:
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _is_fresh(home: Path, files: Sequence[Path], name: str = "assay.stamp") -> bool:
    stamp = home / name
    return stamp.exists() and stamp.read_text(encoding="ascii") == _digest(files)


def _mark(home: Path, files: Sequence[Path], name: str = "assay.stamp") -> None:
    (home / name).write_text(_digest(files), encoding="ascii")
