"""The sandbox image: built once, then only checked. The room's own builder decides what is missing."""

import shutil
from pathlib import Path

from scripts.places import PYTHON
from scripts.say import Stop, run, step
from scripts.system import install

BUILD = [PYTHON, "-m", "sandbox.images", "build"]


def ensure() -> None:
    """Build the image from a public base when one can be pulled, else from Debian's packages."""
    step("Sandbox: checking the image (the first build takes a minute or two)")
    may_install = shutil.which("mmdebstrap") is None and Path("/usr/bin/apt-get").exists()
    try:
        run(BUILD, doing="building the sandbox image", loud=not may_install)
    except Stop:
        if not may_install:
            raise
        install(["mmdebstrap"], why="No public base image can be pulled; making one from Debian's packages")
        run(BUILD, doing="building the sandbox image")
    step("Sandbox: the image is ready")
