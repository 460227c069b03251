"""The Docker engine: find it, else install and start it; and stop it again if it was started here.

An engine that several checkouts use is stopped by the last one that leaves. Each notes itself in a shared folder.
"""

import contextlib
import grp
import hashlib
import http.client
import os
import pwd
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from scripts import pids
from scripts.places import DATA, LOG_DIR, ROOT
from scripts.say import Stop, run, step
from scripts.system import as_root, install, may_be_root

SOCKET = Path("/var/run/docker.sock")
SHARED = Path("/var/run/assay-engine")
ENGINE_PID = SHARED / "dockerd.pid"
START_LIMIT = 60
# What dockerd writes down of itself and of the containerd that it starts.
PID_FILES = {
    "dockerd": Path("/var/run/docker.pid"),
    "containerd": Path("/var/run/docker/containerd/containerd.pid"),
}


class _Local(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path):
        super().__init__("docker", timeout=10)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


def state() -> str:
    """`ok`, `forbidden` (it is there, this user may not talk to it) or `absent`."""
    connection = _Local(SOCKET)
    try:
        connection.request("GET", "/_ping")
        return "ok" if connection.getresponse().status == 200 else "absent"
    except PermissionError:
        return "forbidden"
    except (OSError, http.client.HTTPException):
        return "absent"
    finally:
        connection.close()


def is_elsewhere() -> bool:
    """Whether the operator named engines of their own; then none is looked for or started here."""
    named = os.environ.get("DOCKER_ENDPOINTS") or os.environ.get("DOCKER_HOST") or ""
    return bool(named) and named != f"unix://{SOCKET}"


def ensure() -> None:
    """Return when an engine answers this user; install and start one if need be."""
    if is_elsewhere():
        step("Docker: using the engine named by the environment")
        return
    if state() == "absent":
        if not shutil.which("dockerd"):
            install(["docker.io", "iptables", "ca-certificates"], why="No Docker engine answers")
            _wait(5)  # The package starts its service where there is an init system.
        if state() == "absent":
            _start()
    if state() == "forbidden":
        _join_group()
    join()
    step("Docker: the engine answers")


def _start() -> None:
    if not may_be_root():
        raise Stop("The Docker engine is installed but not running: start it as root, then run this again.")
    _make_shared_folder()
    if Path("/run/systemd/system").is_dir():
        step("Docker: starting its service")
        run(as_root(["systemctl", "start", "docker"]), doing="systemctl start docker")
        _write_as_root(SHARED / "systemd", "started by Assay\n")
    else:
        step("Docker: no init system here, so starting dockerd itself")
        _start_dockerd()
    if not _wait(START_LIMIT):
        raise Stop(f"dockerd did not come up within {START_LIMIT} s; its words are in {LOG_DIR / 'dockerd.log'}.")


def _start_dockerd() -> None:
    """Start dockerd in a session of its own, so that it outlives this command, and note which process it is."""
    if os.geteuid() != 0:
        # Only root can start it; this same module, run by sudo, does.
        run(as_root([sys.executable, "-m", "scripts.engine", "start", str(LOG_DIR)]), doing="dockerd")
        return
    for name, file in PID_FILES.items():
        forget_the_dead(name, file)
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    with open(LOG_DIR / "dockerd.log", "ab") as log:
        process = subprocess.Popen(
            ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
        )
    pids.write(ENGINE_PID, process.pid)


def forget_the_dead(name: str, file: Path) -> None:
    """Remove the pid file of an engine that was killed outright: dockerd refuses to start while anybody has its number.

    The number may be another program's by now, or that of a dead process which nobody has collected.
    """
    try:
        status = Path(f"/proc/{int(file.read_text())}/status").read_text()
    except FileNotFoundError:
        status = ""
    except (OSError, ValueError):
        return
    words = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    if words.get("Name") != name or words.get("State", "Z").startswith("Z"):
        file.unlink(missing_ok=True)


def _wait(seconds: float) -> bool:
    end = time.monotonic() + seconds
    while state() == "absent" and time.monotonic() < end:
        time.sleep(0.3)
    return state() != "absent"


def _join_group() -> None:
    """Let this user talk to the engine, and start over with the new group in force."""
    user = pwd.getpwuid(os.getuid()).pw_name
    group = grp.getgrgid(SOCKET.stat().st_gid).gr_name
    if os.environ.get("ASSAY_IN_GROUP") or not may_be_root() or not shutil.which("sg"):
        raise Stop(f"You may not talk to the Docker engine: run `usermod -aG {group} {user}` as root and log in anew.")
    step(f"Docker: adding {user} to the group {group}, with sudo")
    run(as_root(["usermod", "-aG", group, user]), doing="usermod")
    os.environ["ASSAY_IN_GROUP"] = "1"
    module = sys.modules["__main__"].__spec__.name
    words = [sys.executable, "-m", module, *sys.argv[1:]]
    os.chdir(ROOT)
    os.execvp("sg", ["sg", group, "-c", " ".join(words)])


# --- Sharing and stopping ---------------------------------------------------------------------------------------------
def _note() -> Path:
    return SHARED / f"user-{hashlib.sha256(os.fsencode(DATA.resolve())).hexdigest()[:12]}"


def join() -> None:
    """Note that this checkout uses the engine, if it is one that Assay started."""
    if _started_here() and os.access(SHARED, os.W_OK):
        _note().write_text(f"{DATA.resolve()}\n", encoding="utf-8")


def leave() -> bool:
    """Give the engine up; stop it when Assay started it and no other checkout uses it. True if it was stopped."""
    with contextlib.suppress(OSError):
        _note().unlink()
    if not _started_here() or any(SHARED.glob("user-*")):
        return False
    if (SHARED / "systemd").exists():
        run(as_root(["systemctl", "stop", "docker.socket", "docker.service"]), doing="systemctl stop docker")
        run(as_root(["rm", "-f", str(SHARED / "systemd")]), doing="tidying up")
        return True
    run(as_root([sys.executable, "-m", "scripts.engine", "stop"]), doing="stopping dockerd")
    return True


def _started_here() -> bool:
    return (SHARED / "systemd").exists() or pids.alive(ENGINE_PID) is not None


def _make_shared_folder() -> None:
    run(as_root(["install", "-d", "-m", "1777", str(SHARED)]), doing="making a folder under /var/run")


def _write_as_root(file: Path, text: str) -> None:
    run(as_root(["sh", "-c", f"echo '{text.strip()}' > {file}"]), doing="taking a note")


if __name__ == "__main__":
    if sys.argv[1] == "start":
        LOG_DIR = Path(sys.argv[2])
        _start_dockerd()
    else:
        pids.stop(ENGINE_PID, grace=30)
