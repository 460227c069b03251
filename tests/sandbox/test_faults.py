"""Our own troubles for real: a real engine that is too old, full, stuck, or gives no false world. Each is told in one
sentence with what to do, and none is taken for the payload's doing."""

import io
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from sandbox.base import Command, Job
from sandbox.docker import DockerSandbox
from sandbox.engine import connect
from sandbox.errors import RoomError
from sandbox.images.recipe import IMAGE
from tests.sandbox.engine_proxy import engine_proxy

pytestmark = pytest.mark.docker
STUCK = {
    "message": "cannot remove container: could not kill: tried to kill container, but did not receive an exit event"
}


@pytest.fixture
def proxy():
    with engine_proxy() as proxy:
        yield proxy


@pytest.fixture
def sandbox(proxy):
    """Rooms by way of the proxy; what the fault left is removed by the engine itself."""
    sandbox = DockerSandbox(proxy.endpoint, deployment=f"tests-faults-{os.getpid()}")
    yield sandbox
    proxy.rules.clear()
    sandbox.reap(everything=True)


def trouble_of(work) -> RoomError:
    with pytest.raises(RoomError) as trouble:
        work()
    assert trouble.value.fix and "\n" not in trouble.value.message
    return trouble.value


def test_behind_a_proxy_that_changes_nothing_a_room_is_what_it_is(sandbox):
    outcome = sandbox.run(Job(command=["echo", "hello"], network="false-world"))
    assert outcome.stdout == b"hello\n" and outcome.trace_complete and outcome.posture["false_world"]


def test_an_engine_that_speaks_an_older_api_is_told(proxy, sandbox):
    proxy.answer(r"GET /version", lambda said: {**said, "ApiVersion": "1.40", "MinAPIVersion": "1.12"})
    assert trouble_of(lambda: sandbox.run(Job(command=["true"]))).code == "room.engine-old"


def test_a_container_that_cannot_be_killed_is_told_once_and_reaped_when_it_can(proxy, sandbox):
    proxy.answer(r"DELETE .*/containers/", (500, STUCK))
    outcome = sandbox.run(Job(command=["echo", "ran"]))
    assert outcome.stdout == b"ran\n", "what it did was seen before it got stuck"
    trouble = trouble_of(sandbox.settle)
    assert trouble.code == "room.unkillable" and "manage.py reap" in trouble.fix
    proxy.rules.clear()
    assert sandbox.rooms() == 1 and sandbox.reap(everything=True) == 1


def test_a_disk_that_is_full_when_a_room_starts_is_told(proxy, sandbox):
    proxy.answer(r"POST .*/containers/\w+/start", (500, {"message": "write /run/x: no space left on device: unknown"}))
    assert trouble_of(lambda: sandbox.run(Job(command=["true"]))).code == "room.disk-full"


def test_an_engine_that_goes_away_in_the_middle_is_our_trouble(proxy, sandbox):
    proxy.answer(r"POST .*/containers/\w+/start", (503, {"message": "the engine is shutting down"}))
    assert trouble_of(lambda: sandbox.run(Job(command=["true"]))).code == "room.engine"


@pytest.fixture
def without_redirection():
    """The room's image as it would be on a host whose kernel cannot redirect: the program that asks for it fails."""
    api, tag = connect(), f"assay-room-test:no-world-{os.getpid()}"
    text = f"FROM {IMAGE}\nRUN rm -f /usr/sbin/*tables*\n"
    lines = api.build(fileobj=io.BytesIO(text.encode()), tag=tag, rm=True, network_mode="none", decode=True)
    assert not [line for line in lines if "error" in line]
    yield tag
    api.remove_image(tag, force=True)


def test_without_a_false_world_a_room_still_seals_and_says_what_it_lacks(without_redirection):
    sandbox = DockerSandbox(image=without_redirection, deployment=f"tests-faults-world-{os.getpid()}")
    try:
        command = Command(["bash", "-c", "curl -s -m 3 http://203.0.113.9/x; echo ended"])
        outcome = sandbox.run(Job(commands=[command], network="false-world", linger=0))
        assert outcome.stdout == b"ended\n" and outcome.posture["network"] == "none"
        assert outcome.posture["false_world"] is False and outcome.flows == []
        assert any(one.kind == "connect" and one.detail.get("host") == "203.0.113.9" for one in outcome.events)
    finally:
        sandbox.reap(everything=True)


@pytest.fixture
def full_engine():
    """An engine of its own whose disk is a few megabytes of memory; yields its endpoint and its root."""
    if os.geteuid() != 0 or not shutil.which("dockerd") or not shutil.which("mount"):
        pytest.skip("a second engine needs root and dockerd")
    # The address of a socket has room for 107 letters, and the engine's own sockets lie deep below this folder.
    home = Path(tempfile.mkdtemp(prefix="assay-engine-", dir="/tmp"))
    root, socket = home / "root", home / "engine.sock"
    root.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", root], check=True)
    command = ["dockerd", "--data-root", root, "--exec-root", home / "exec", "--pidfile", home / "pid"]
    command += ["-H", f"unix://{socket}", "--bridge", "none", "--iptables=false", "--storage-driver", "vfs"]
    with open(home / "log", "wb") as log:
        engine = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        if not _answers(f"unix://{socket}", engine):
            pytest.fail(f"the second engine did not come up: {(home / 'log').read_text()[-500:]}")
        yield f"unix://{socket}", root
    finally:
        engine.terminate()
        engine.wait(30)
        subprocess.run(["umount", "-l", root], check=False)
        shutil.rmtree(home, ignore_errors=True)


def _answers(endpoint: str, engine: subprocess.Popen) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and engine.poll() is None:
        try:
            connect(endpoint, timeout=5).ping()
            return True
        except RoomError:
            time.sleep(0.2)
    return False


def test_a_disk_that_is_really_full_is_told_and_freed_again_it_works(full_engine):
    endpoint, root = full_engine
    api = connect(endpoint)
    api.import_image_from_data(_tiny_tar(), repository="tiny", tag="1")
    sandbox = DockerSandbox(endpoint, image="tiny:1", deployment="tests-faults-full")
    container = sandbox._create(Job(command=["true"]), network="none")
    api.remove_container(container)
    filler = root / "filler"
    try:
        with open(filler, "wb") as out:
            while True:
                out.write(bytes(1 << 16))
    except OSError:
        pass
    trouble = trouble_of(lambda: sandbox._create(Job(command=["true"]), network="none"))
    assert trouble.code == "room.disk-full" and "data root" in trouble.fix
    filler.unlink()
    api.remove_container(sandbox._create(Job(command=["true"]), network="none"))


def _tiny_tar() -> bytes:
    import tarfile

    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        member = tarfile.TarInfo("bin/true")
        member.size, member.mode = 100_000, 0o755
        tar.addfile(member, io.BytesIO(bytes(100_000)))
    return out.getvalue()
