"""`make test`: set everything up, run every test, stop what was started.

The suites run one after another, each spread over two processes: all that needs no outside part on SQLite, the
database tests again on PostgreSQL, then what needs the Docker engine, Chromium or the whole stack of processes.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripts import engine, environments, images, leftovers, pids, postgres, say
from scripts.places import LOG_DIR, PYTHON, ROOT, RUN_DIR, settle_environment
from scripts.say import step
from scripts.system import install
from scripts.up import only_one

# Connections go to this machine and nowhere else; unix sockets are the Docker engine and Redis.
CLOSED_NETWORK = ["--disable-socket", "--allow-unix-socket", "--allow-hosts=127.0.0.1,::1,localhost"]
SUITE_LIMIT = 1500
ON_POSTGRES = ("tests/marketplace", "tests/api", "tests/web", "tests/vetting", "cli/tests")
COUNTS = re.compile(r"(\d+) (passed|failed|error|errors|skipped)")


@dataclass
class Suite:
    name: str
    marks: str
    folders: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)
    processes: int = 2


def test() -> int:
    settle_environment()
    began = time.monotonic()
    with only_one():
        engine.ensure()
        environments.ensure(dev=True)
        images.ensure()
        leftovers.tidy()
        _chromium()
    try:
        with postgres.server() as url:
            return _run_all(_suites(url), began)
    finally:
        leftovers.tidy()
        if not pids.alive(RUN_DIR / "supervisor.pid") and engine.leave():
            step("Docker: stopped the engine that this command had started")


def _suites(postgres_url: str) -> list[Suite]:
    plain = "not docker and not browser and not live"
    asked = [word for word in shlex.split(os.environ.get("ONLY", "")) if word]
    again = [folder for folder in asked or ON_POSTGRES if (ROOT / folder.split("::")[0]).exists()]
    suites = [Suite("on SQLite", plain, asked)]
    if again:
        suites.append(
            Suite("on PostgreSQL", plain, again, {"DATABASE_URL": postgres_url}, ["-p", "tests.only_database"])
        )
    suites.append(Suite("with Docker", "docker and not browser and not live", asked))
    suites.append(Suite("in Chromium and with the whole stack", "browser or live", asked))
    return suites


def _run_all(suites: list[Suite], began: float) -> int:
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    worst = 0
    for suite in suites:
        step(f"Tests {suite.name}")
        code, counts = _run(suite)
        for what, number in counts.items():
            totals[what] += number
        # pytest says 5 when a suite holds no test at all.
        if code not in (0, 5):
            worst = worst or code
            step(f"Tests {suite.name}: FAILED")
    step(f"Tests: all suites done in {time.monotonic() - began:.0f} s")
    if not totals["passed"]:
        print("No test ran.", file=sys.stderr)
        worst = worst or 1
    print(f"{totals['passed']} passed, {totals['failed']} failed, {totals['skipped']} skipped", flush=True)
    return worst


def _run(suite: Suite) -> tuple[int, dict[str, int]]:
    """Run one suite in a data folder of its own, show its output as it comes, and read its closing line."""
    data = Path(tempfile.mkdtemp(prefix="assay-test-"))
    command = [str(PYTHON), "-m", "pytest", *CLOSED_NETWORK, "-m", suite.marks, "-n", str(suite.processes)]
    command += ["--dist", "loadscope", "--durations", "8", *suite.options, *suite.folders]
    env = {**os.environ, **suite.env, "ASSAY_DATA": str(data), "PYTHONDONTWRITEBYTECODE": "1"}
    env.pop("PORT", None)
    log_file = LOG_DIR / f"test-{suite.name.replace(' ', '-').lower()}.txt"
    try:
        code = _streamed(command, env, log_file)
        return code, _counts(log_file)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _streamed(command: list[str], env: dict[str, str], log_file: Path) -> int:
    """Run in a process group of its own, so that a suite past its time is ended with all that it started."""
    with open(log_file, "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            ["timeout", "--kill-after=15", str(SUITE_LIMIT), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=ROOT,
            env=env,
        )
        for line in process.stdout:
            print(line, end="", flush=True)
            log.write(line)
        return process.wait()


def _counts(log_file: Path) -> dict[str, int]:
    lines = [line for line in log_file.read_text(encoding="utf-8").splitlines() if re.search(r" in [\d.]+s", line)]
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for number, what in COUNTS.findall(lines[-1] if lines else ""):
        counts["failed" if what.startswith("error") else what] += int(number)
    return counts


def _chromium() -> None:
    if not shutil.which("chromium"):
        install(["chromium"], why="The browser tests need Chromium")


if __name__ == "__main__":
    say.main(test)
