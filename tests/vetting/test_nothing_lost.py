"""Nothing lost: worker, Redis and Docker are killed, flushed and cut off for real, and each release concludes once.

A real Redis, a Celery worker and beat as processes of their own, with a database and a folder of this test alone.
Docker is reached through a socket of ours, so that it can be taken away without stopping anybody else's engine.
"""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from config.processes import redis_program
from tests.vetting.conftest import sample, small_skill

pytestmark = [pytest.mark.live, pytest.mark.docker, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
ENGINE = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")
PATIENCE = 240
PUSH = """
import django, json, sys
django.setup()
from pathlib import Path
from django.contrib.auth import get_user_model
from marketplace.models import Membership, Publisher
from marketplace.services import release_push
for line in json.load(sys.stdin):
    actor, _ = get_user_model().objects.get_or_create(username=line["who"])
    publisher, _ = Publisher.objects.get_or_create(handle=line["who"])
    Membership.objects.get_or_create(publisher=publisher, user=actor, defaults={"role": "owner"})
    release_push(actor=actor, publisher=publisher, data=Path(line["file"]).read_bytes())
"""


class Cut:
    """A socket in front of Docker's that can be cut and mended."""

    def __init__(self, path: Path) -> None:
        self.path, self.wires, self.listener = path, set(), None
        self.mend()

    def mend(self) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(64)
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        # Closing alone would not wake the thread that waits in accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.path.unlink(missing_ok=True)
        for wire in list(self.wires):
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inner, _ = listener.accept()
                outer = socket.socket(socket.AF_UNIX)
                outer.connect(ENGINE)
                self.wires |= {inner, outer}
                for pair in ((inner, outer), (outer, inner)):
                    threading.Thread(target=self._carry, args=pair, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        self.wires.discard(source)


class Stack:
    """The processes and the folder of one small registry."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.docker = Cut(folder / "docker.sock")
        self.env = {
            **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")},
            "ASSAY_DATA": str(folder),
            "REDIS_URL": f"unix://{folder}/redis.sock",
            "DOCKER_ENDPOINTS": f"unix://{self.docker.path}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "VETTING_LEASE_SECONDS": "8",
            "LOG_LEVEL": "INFO",
        }
        self.started: dict[str, subprocess.Popen] = {}
        self.python("manage.py", "migrate", "-v0")

    def python(self, *arguments: str, given: str = "") -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, input=given, text=True, check=True, timeout=120
        )

    def start(self, name: str) -> None:
        commands = {
            "redis": [redis_program(), "--port", "0", "--unixsocket", f"{self.folder}/redis.sock", "--save", ""],
            "worker": [*self._celery("worker"), "-c", "2", "--without-mingle", "--without-gossip"],
            "beat": [*self._celery("beat"), "--pidfile=", "-s", f"{self.folder}/beat"],
        }
        log = (self.folder / f"{name}.log").open("ab")
        self.started[name] = subprocess.Popen(
            commands[name],
            cwd=self.folder if name == "redis" else ROOT,
            env=self.env,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def kill(self, name: str) -> None:
        process = self.started.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)

    def stop(self) -> None:
        for name in list(self.started):
            self.kill(name)
        # A killed worker leaves its rooms to the reaper.
        with suppress(subprocess.SubprocessError):
            self.python("-c", "import django; django.setup(); from vetting import rooms; rooms.reap(everything=True)")
        self.docker.cut()

    def push(self, who: str, **skills: bytes) -> None:
        lines = []
        for name, data in skills.items():
            file = self.folder / f"{who}-{name}.tar"
            file.write_bytes(data)
            lines.append({"who": who, "file": str(file)})
        self.python("-c", PUSH, given=json.dumps(lines))

    def rows(self, query: str, *values: object) -> list[tuple]:
        with sqlite3.connect(f"file:{self.folder}/assay.sqlite3?mode=ro", uri=True, timeout=20) as connection:
            return connection.execute(query, values).fetchall()

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not done():
            self.supervise()
            if time.monotonic() > until:
                tail = (self.folder / "worker.log").read_text(errors="replace")[-6000:]
                pytest.fail(f"{what} did not happen; runs: {self.rows('select * from vetting_run')}\n{tail}")
            time.sleep(0.2)

    def supervise(self) -> None:
        """Start again what died by itself, as the registry's supervisor does."""
        for name in [name for name, process in self.started.items() if process.poll() is not None]:
            self.start(name)

    def running(self, skill: str, stage: str) -> bool:
        query = (
            "select 1 from vetting_stage s join vetting_run r on r.id = s.run_id"
            " join marketplace_release v on v.id = r.release_id join marketplace_skill k on k.id = v.skill_id"
            " where k.full_name = ? and s.name = ? and s.state = 'running'"
        )
        return bool(self.rows(query, skill, stage))

    def static_stages(self) -> dict[int, str]:
        """When the static stage of each run began, of those that are done."""
        return dict(self.rows("select run_id, started_at from vetting_stage where name = 'static' and state = 'done'"))

    def all_concluded(self) -> bool:
        open_releases = self.rows("select 1 from marketplace_release where status = 'vetting'")
        return not open_releases

    def verdicts(self) -> dict[str, tuple[str, str]]:
        query = (
            "select k.full_name, v.status, v.verdict"
            " from marketplace_release v join marketplace_skill k on k.id = v.skill_id"
        )
        return {name: (status, verdict) for name, status, verdict in self.rows(query)}

    def conclusions(self) -> dict[str, int]:
        query = "select subject, count(*) from marketplace_auditevent where verb = 'release.conclude' group by subject"
        return dict(self.rows(query))

    def _celery(self, verb: str) -> list[str]:
        return [sys.executable, "-m", "celery", "-A", "config.celery", verb, "--loglevel", "INFO"]


@pytest.fixture
def stack(tmp_path_factory) -> Iterator[Stack]:
    # A unix socket's path has little room: pytest's own folder names may be too long for it.
    stack = Stack(tmp_path_factory.mktemp("s"))
    try:
        for name in ("redis", "worker", "beat"):
            stack.start(name)
        yield stack
    finally:
        stack.stop()


def assert_each_concluded_once(stack: Stack, releases: int) -> None:
    told = stack.conclusions()
    assert len(told) == releases
    assert set(told.values()) == {1}
    assert stack.rows("select count(*) from vetting_run where state != 'done'") == [(0,)]


def slow_skill(name: str) -> bytes:
    return small_skill(name, "echo begun > begun.txt; sleep 6; echo done > done.txt")


def test_a_worker_killed_in_the_middle_of_a_run_loses_nothing(stack):
    stack.push("alice", slow=slow_skill("slow"), quick=small_skill("quick"), totals=sample("calm/csv-totals"))
    stack.push("mallory", alerts=sample("hostile/pdf-tidy"))
    stack.wait("the detonation of the slow skill", lambda: stack.running("alice/slow", "detonation"))
    stack.kill("worker")
    before = stack.static_stages()
    fence = stack.rows("select max(fence) from vetting_run")[0][0]
    stack.start("worker")
    stack.wait("every verdict", stack.all_concluded)
    verdicts = stack.verdicts()
    assert verdicts["alice/slow"] == verdicts["alice/quick"] == verdicts["alice/csv-totals"] == ("published", "pass")
    assert verdicts["mallory/pdf-tidy"] == ("rejected", "block")
    assert_each_concluded_once(stack, 4)
    assert stack.rows("select max(fence) from vetting_run")[0][0] > fence
    assert before.items() <= stack.static_stages().items(), "what the first worker had finished was not done again"
    assert before


def test_a_flushed_and_restarted_redis_loses_nothing(stack):
    stack.kill("worker")
    stack.push("alice", one=small_skill("one"), two=small_skill("two"), three=small_skill("three"))
    redis.Redis(unix_socket_path=f"{stack.folder}/redis.sock").flushall()
    stack.kill("redis")
    stack.push("bob", four=small_skill("four"))
    assert set(stack.verdicts().values()) == {("vetting", "unknown")}
    stack.start("redis")
    stack.start("worker")
    stack.wait("every verdict", stack.all_concluded)
    assert set(stack.verdicts().values()) == {("published", "pass")}
    assert_each_concluded_once(stack, 4)


def test_redis_that_restarts_under_a_working_worker_loses_nothing(stack):
    stack.push("alice", slow=slow_skill("slow"))
    stack.wait("the detonation of the slow skill", lambda: stack.running("alice/slow", "detonation"))
    stack.kill("redis")
    stack.push("bob", late=small_skill("late"))
    stack.start("redis")
    stack.wait("every verdict", stack.all_concluded)
    assert set(stack.verdicts().values()) == {("published", "pass")}
    assert_each_concluded_once(stack, 2)


def test_an_engine_that_goes_away_and_comes_back_loses_nothing_and_accuses_nobody(stack):
    stack.push("alice", slow=slow_skill("slow"), quick=small_skill("quick"))
    stack.wait("the detonation of the slow skill", lambda: stack.running("alice/slow", "detonation"))
    stack.docker.cut()
    stack.wait(
        "the slow run's trouble",
        lambda: bool(stack.rows("select 1 from vetting_run where state = 'queued' and trouble like '%Docker%'")),
    )
    stack.push("bob", late=small_skill("late"))
    stack.docker.mend()
    stack.wait("every verdict", stack.all_concluded)
    assert set(stack.verdicts().values()) == {("published", "pass")}
    assert_each_concluded_once(stack, 3)
    assert stack.rows("select max(crashes) from vetting_run where trouble != ''") in ([(None,)], [(0,)])
