"""The running registry, seen from outside: start it, stop it, ask how it is."""

import hashlib
import http.client
import json
import os
import socket
import subprocess
import time
from pathlib import Path

from scripts import pids
from scripts.places import DATA, LOG_DIR, PYTHON, ROOT, RUN_DIR
from scripts.say import Stop, tail

SUPERVISOR = RUN_DIR / "supervisor.pid"
READY = RUN_DIR / "ready.json"
CHILDREN = ("web", "beat", "worker", "redis")
DEFAULT_PORT = 8000
START_LIMIT = 90
STOP_LIMIT = 60
CODE = ("config", "marketplace", "vetting", "agents", "sandbox", "suites", "templates", "static", "requirements")
SKIPPED = {"__pycache__"}


def running() -> dict | None:
    """What the running registry says of itself (url, port, mark), None when it is down or not ready."""
    if pids.alive(SUPERVISOR) is None:
        return None
    try:
        return json.loads(READY.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def port() -> int:
    """PORT, else the port of the registry that runs here, else the default."""
    word = os.environ.get("PORT", "").strip()
    if not word:
        return (running() or {}).get("port", DEFAULT_PORT)
    if not word.isdigit() or not 0 < int(word) < 65536:
        raise Stop(f"PORT must be a number from 1 to 65535; it is {word!r}.")
    return int(word)


def check_port(wanted: int) -> None:
    """Give up when another program holds the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((os.environ.get("HOST", "127.0.0.1"), wanted))
        except PermissionError:
            raise Stop(f"Port {wanted} may only be opened by root; choose another: make up PORT=8001") from None
        except OSError:
            raise Stop(
                f"Port {wanted} is in use by another program; choose another: make up PORT={wanted + 1}"
            ) from None


def fingerprint(folders: tuple[str, ...] = CODE) -> str:
    """Changes whenever a file of the code changes, so that old code is not left running."""
    whole = hashlib.sha256()
    for name in folders:
        for folder, subfolders, files in os.walk(ROOT / name):
            subfolders[:] = sorted(set(subfolders) - SKIPPED)
            for file in sorted(files):
                seen = os.stat(os.path.join(folder, file))
                whole.update(f"{folder}/{file} {seen.st_mtime_ns} {seen.st_size}\n".encode())
    return whole.hexdigest()[:16]


def environment(wanted: int) -> dict[str, str]:
    return {**os.environ, "PORT": str(wanted), "ASSAY_DATA": str(DATA)}


def start(wanted: int, mark: str) -> None:
    """Start the supervisor in the background and wait until the registry answers."""
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    log_file = LOG_DIR / "supervisor.log"
    began = log_file.stat().st_size if log_file.exists() else 0
    with open(log_file, "ab") as log:
        process = subprocess.Popen(
            [PYTHON, "manage.py", "up", "--mark", mark],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=environment(wanted),
            start_new_session=True,
        )
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Stop(f"The registry ended while starting:\n{tail(log_file, began, 8)}")
        if running() and answers(wanted):
            return
        time.sleep(0.2)
    stop()
    words = "".join(f"\n--- {name} ---\n{tail(LOG_DIR / f'{name}.log', 0, 6)}" for name in CHILDREN if has_log(name))
    raise Stop(f"The registry did not answer within {START_LIMIT} s. Its last words:{words}")


def has_log(name: str) -> bool:
    return (LOG_DIR / f"{name}.log").exists()


def answers(wanted: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", wanted, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop() -> bool:
    """Stop the supervisor and its children; True when something was running."""
    ended = pids.stop(SUPERVISOR, grace=STOP_LIMIT)
    for name in CHILDREN:
        ended |= pids.stop(RUN_DIR / f"{name}.pid", grace=5, group=True)
    READY.unlink(missing_ok=True)
    return ended


def memory_of(file: Path) -> int:
    """Bytes of a process group, by its leader's pid file: shared pages are split among those who share them."""
    leader = pids.alive(file)
    total = 0
    for folder in Path("/proc").glob("[0-9]*") if leader else ():
        try:
            if os.getpgid(int(folder.name)) == leader:
                total += _share(folder)
        except OSError:
            continue
    return total


def _share(folder: Path) -> int:
    """Proportional set size, or the resident size where the kernel does not tell this user the former."""
    try:
        lines = (folder / "smaps_rollup").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    except (PermissionError, StopIteration):
        return int((folder / "statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGESIZE")
