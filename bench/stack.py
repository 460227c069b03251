"""A whole registry of its own for measuring: own data folder, own port, stopped and removed afterwards."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import pids

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 90


@dataclass
class Stack:
    data: Path
    port: int

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "ASSAY_DATA": str(self.data), "PORT": str(self.port), "LOG_LEVEL": "WARNING"}

    def manage(self, *words: str) -> str:
        return self.python("manage.py", *words)

    def python(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed: {done.stderr[-2000:]}")
        return done.stdout

    def pid_file(self, name: str) -> Path:
        return self.data / "run" / f"{name}.pid"


@contextmanager
def running(prepare=None) -> Iterator[Stack]:
    """Start everything; prepare(stack) may fill the database before."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    stack = Stack(Path(tempfile.mkdtemp(prefix="assay-bench-")), port)
    process = None
    try:
        # Only the API is asked, which needs no static files.
        stack.manage("prepare", "--no-static")
        if prepare:
            prepare(stack)
        with open(stack.data / "up.log", "wb") as log:
            command = [sys.executable, "manage.py", "up"]
            process = subprocess.Popen(command, cwd=ROOT, env=stack.env, stdout=log, stderr=log)
        _wait_for(stack.data / "run" / "ready.json", process)
        yield stack
    finally:
        if process is not None:
            process.terminate()
            process.wait(90)
        for name in ("web", "beat", "worker", "redis"):
            pids.stop(stack.pid_file(name), grace=2, group=True)
        shutil.rmtree(stack.data, ignore_errors=True)


def _wait_for(file: Path, process: subprocess.Popen) -> None:
    end = time.monotonic() + LIMIT
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError(f"the registry did not start; see {file.parent.parent / 'log'}")
        time.sleep(0.1)
