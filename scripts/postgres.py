"""A PostgreSQL server of its own for the tests: private data folder, private port, and gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.say import Stop, step
from scripts.system import as_root, install

HOMES = Path("/usr/lib/postgresql")
CLUSTERS = Path("/etc/postgresql")


def programs() -> Path:
    """The newest server's bin folder; installed by apt when there is none."""
    if not _found():
        install(["postgresql", "postgresql-contrib"], why="The database tests need PostgreSQL")
        _drop_cluster_that_came_along()
    found = _found()
    if not found:
        raise Stop("PostgreSQL was installed but its programs are not under /usr/lib/postgresql.")
    return found[-1]


def _found() -> list[Path]:
    homes = sorted(HOMES.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return [file.parent for file in homes]


def _drop_cluster_that_came_along() -> None:
    """Debian's package starts an empty server on the usual port; the tests want none of it."""
    for folder in CLUSTERS.glob("*/main"):
        command = as_root(["pg_dropcluster", "--stop", folder.parent.name, "main"])
        subprocess.run(command, capture_output=True, check=False)


@contextmanager
def server() -> Iterator[str]:
    """Yield a DATABASE_URL; the server stops and its folder goes when the block ends."""
    bin_dir = programs()
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-"))
    user = _owner(folder)
    port = _free_port()
    data = folder / "data"
    control = [str(bin_dir / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
    step(f"PostgreSQL: starting a private server on port {port}")
    try:
        _run(user, [str(bin_dir / "initdb"), "-D", str(data), "-U", "assay", "-A", "trust", "-E", "UTF8", "--no-sync"])
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories={folder}"
        # The data is thrown away, so nothing has to reach the disk.
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
        _run(user, [*control, "-l", str(folder / "log"), "-o", options, "start"])
        yield f"postgres://assay@127.0.0.1:{port}/postgres"
    finally:
        if data.exists():
            subprocess.run(_as(user, [*control, "-m", "immediate", "stop"]), capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _owner(folder: Path) -> str:
    """PostgreSQL refuses to run as root, so root lends the folder to another user."""
    if os.geteuid() != 0:
        return ""
    user = "postgres" if _exists("postgres") else "nobody"
    shutil.chown(folder, user)
    return user


def _exists(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _as(user: str, command: list[str]) -> list[str]:
    return ["runuser", "-u", user, "--", *command] if user else command


def _run(user: str, command: list[str]) -> None:
    # pg_ctl's server would keep a pipe open for ever, so its words go to a file.
    with tempfile.TemporaryFile() as words:
        done = subprocess.run(
            _as(user, command), stdin=subprocess.DEVNULL, stdout=words, stderr=words, cwd="/", timeout=120, check=False
        )
        if done.returncode:
            words.seek(0)
            raise Stop(f"{Path(command[0]).name} failed: {words.read().decode(errors='replace').strip()[-600:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
