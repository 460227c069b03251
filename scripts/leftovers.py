"""Rooms that nobody uses any more, because the process that made them is gone: of a test run that was killed, say."""

import subprocess
from pathlib import Path

from scripts.places import PYTHON, ROOT


def tidy() -> None:
    """Remove them where there is an engine; where there is none, nothing is left either."""
    if Path(PYTHON).exists():
        try:
            subprocess.run([str(PYTHON), "-m", "sandbox.tidy"], cwd=ROOT, timeout=90, stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            pass  # The next time will do.
