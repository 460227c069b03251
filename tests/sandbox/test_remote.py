"""A remote engine: the same room over TCP alone, with no folder shared and no socket at hand."""

import os
import socket
import threading

import pytest

from sandbox.base import Command, Job
from sandbox.docker import DockerSandbox
from sandbox.door import Door
from sandbox.errors import RoomError
from sandbox.promises import PROMISES, keep

pytestmark = pytest.mark.docker


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        for one, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                one.shutdown(how)
            except OSError:
                pass


@pytest.fixture(scope="module")
def endpoint():
    """The local engine behind a TCP port, as a machine elsewhere would offer it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect("/var/run/docker.sock")
            for pair in ((near, far), (far, near)):
                threading.Thread(target=pump, args=pair, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    listener.close()


@pytest.fixture(scope="module")
def remote(endpoint):
    sandbox = DockerSandbox(endpoint, deployment=f"tests-remote-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def test_a_remote_engine_seals_and_keeps_its_promises(remote):
    assert remote.check()["posture"]["read_only"]
    chosen = [one for one in PROMISES if one.group in ("walls", "copy-out", "world")]
    broken = [(one.promise.name, one.why) for one in keep(remote, chosen) if not one.kept]
    assert broken == []


def test_a_door_needs_nothing_but_the_engines_own_stream(remote):
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        link, _ = listener.accept()
        link.recv(65536)
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
        link.close()

    threading.Thread(target=answer, daemon=True).start()
    door = Door(target_port=listener.getsockname()[1])
    command = Command(["curl", "-s", "-m", "15", "http://gateway.internal/v1"])
    outcome = remote.run(Job(commands=[command], network="false-world", door=door, linger=0))
    listener.close()
    assert outcome.stdout == b"hello"


def test_an_engine_that_goes_away_is_our_trouble_and_never_an_outcome():
    gone = socket.create_server(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    with pytest.raises(RoomError) as trouble:
        DockerSandbox(f"tcp://127.0.0.1:{port}").run(Job(command=["true"]))
    assert trouble.value.code == "room.no-engine"
