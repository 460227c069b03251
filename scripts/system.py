"""The operating system's packages, and the right to install them."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.say import Stop, run, step

APT_ENV = {"DEBIAN_FRONTEND": "noninteractive", "APT_LISTCHANGES_FRONTEND": "none", "NEEDRESTART_MODE": "l"}
APT_OPTIONS = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]


def as_root(command: Sequence[str]) -> list[str]:
    """The command as this user may run it: plain for root, through sudo where sudo asks no question."""
    if os.geteuid() == 0:
        return list(command)
    return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND,NEEDRESTART_MODE", *command]


def may_be_root() -> bool:
    if os.geteuid() == 0:
        return True
    if not shutil.which("sudo"):
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0 or _ask_sudo()


def _ask_sudo() -> bool:
    """Let sudo ask for the password once, where somebody is there to type it."""
    if not os.isatty(0):
        return False
    step("This needs root: sudo may ask for your password.")
    return subprocess.run(["sudo", "-v"], check=False).returncode == 0


def install(packages: Sequence[str], *, why: str) -> None:
    """Install Debian packages, and say so. Elsewhere, or without root, give up with the list of what is missing."""
    names = " ".join(packages)
    if not Path("/usr/bin/apt-get").exists():
        raise Stop(f"{why} needs {names}, which are Debian's names; install the same here, then run this again.")
    if not may_be_root():
        raise Stop(f"{why} needs root or sudo: run `apt-get install {names}` as root, then run this again.")
    step(f"{why}: installing {names} with apt")
    if _apt_lists_are_missing():
        run(as_root(["apt-get", "update", "-q"]), doing="apt-get update", env=APT_ENV)
    try:
        run(as_root(["apt-get", "install", *APT_OPTIONS, *packages]), doing="apt-get install", env=APT_ENV)
    except Stop:
        # An old package list names files that the mirror no longer has.
        run(as_root(["apt-get", "update", "-q"]), doing="apt-get update", env=APT_ENV)
        run(as_root(["apt-get", "install", *APT_OPTIONS, *packages]), doing="apt-get install", env=APT_ENV)


def _apt_lists_are_missing() -> bool:
    lists = Path("/var/lib/apt/lists")
    return not any(lists.glob("*_Packages*"))
