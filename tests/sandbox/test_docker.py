"""The Docker backend: its troubles have names, and it leaves nothing behind."""

import os
import time
from dataclasses import replace

import pytest

from sandbox import walls
from sandbox.base import Command, Job, Limits, RoomFile
from sandbox.docker import DockerSandbox
from sandbox.errors import RoomError

docker = pytest.mark.docker


@pytest.fixture
def sandbox():
    sandbox = DockerSandbox(deployment=f"tests-docker-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def test_no_engine_is_told_in_one_sentence_with_what_to_do():
    with pytest.raises(RoomError) as trouble:
        DockerSandbox("unix:///nonexistent/docker.sock").check()
    assert trouble.value.code == "room.no-engine" and trouble.value.fix


@docker
def test_a_missing_image_is_told(sandbox):
    with pytest.raises(RoomError) as trouble:
        DockerSandbox(image="assay-no-such-image:1").run(Job(command=["true"]))
    assert trouble.value.code == "room.image-missing" and "sandbox.images build" in trouble.value.fix


@docker
def test_check_seals_a_room_and_tells_its_walls(sandbox):
    told = sandbox.check()
    assert walls.unsealed(told["posture"]) == []
    assert told["posture"]["inside"] == {
        "uid": "10001",
        "capabilities": "0000000000000000",
        "no_new_privileges": True,
        "seccomp": True,
    }


@docker
def test_a_wall_that_is_missing_is_seen():
    posture = DockerSandbox(deployment=f"tests-docker-{os.getpid()}").check()["posture"]
    for change in (
        {"read_only": False},
        {"privileged": True},
        {"network": "bridge"},
        {"binds": ["/:/host"]},
        {"pids": -1},
    ):
        assert walls.unsealed({**posture, **change}) != []


@docker
def test_nothing_is_left_after_many_rooms(sandbox):
    for network in ("none", "false-world"):
        for command in (["true"], ["false"], ["bash", "-c", "sleep 9 & yes"], ["no-such-program"]):
            sandbox.run(Job(command=command, network=network, limits=Limits(wall_seconds=2)))
    assert sandbox.rooms() == 0


@docker
def test_reap_removes_what_is_past_its_deadline_and_only_of_its_own_deployment(sandbox):
    api, other = sandbox.api, DockerSandbox(deployment=f"tests-docker-other-{os.getpid()}")
    job = Job(command=["true"])
    orphan, fresh, theirs = (
        one._create(replace(job, limits=Limits(wall_seconds=seconds)), network="none")
        for one, seconds in ((sandbox, -1000), (sandbox, 1000), (other, -1000))
    )
    try:
        assert sandbox.reap() == 1
        left = {container["Id"] for container in api.containers(all=True)}
        assert orphan not in left and {fresh, theirs} <= left
        assert sandbox.reap(everything=True) == 1
    finally:
        other.reap(everything=True)


@docker
def test_a_room_whose_worker_was_killed_ends_by_itself(sandbox):
    """The guard has a clock of its own: when nobody listens any more, the payload still ends."""
    container = sandbox._create(Job(command=["true"]), network="none")
    sandbox.api.start(container)
    # Nobody hands over an order, and the stream closes: pid 1 has nothing to do and goes.
    until = time.monotonic() + 20
    while sandbox.api.inspect_container(container)["State"]["Running"] and time.monotonic() < until:
        time.sleep(0.1)
    running = sandbox.api.inspect_container(container)["State"]["Running"]
    assert not running or sandbox.reap(everything=True) == 1


@docker
def test_a_network_that_does_not_exist_is_refused(sandbox):
    with pytest.raises(ValueError, match="bridge"):
        sandbox.run(Job(command=["true"], network="bridge"))


@pytest.mark.parametrize("path", ["/etc/passwd", "/usr/bin/x", "relative/x", "/workspace/../etc/x", "/x"])
def test_a_file_outside_the_rooms_own_folders_is_refused(path):
    with pytest.raises(ValueError, match="folder"):
        walls.folders(Job(command=["true"], files=[RoomFile(path, b"")]))


@docker
def test_a_second_run_has_another_clock_and_machine(sandbox):
    commands = [
        Command(["date", "+%Y"]),
        Command(["hostname"]),
        Command(["bash", "-c", "[ -e /.dockerenv ] || echo plain"]),
    ]
    job = Job(commands=commands, network="false-world", clock=400 * 86400, hostname="build-07")
    year, host, plain = (result.stdout.decode().strip() for result in sandbox.run(job).results)
    assert int(year) > time.gmtime().tm_year and host == "build-07"
    assert plain == "" or plain == "plain"


@docker
def test_what_the_payload_leaves_in_the_background_ends_with_the_room(sandbox):
    began = time.monotonic()
    outcome = sandbox.run(Job(command=["bash", "-c", "setsid sleep 60 & echo started"]))
    assert outcome.stdout == b"started\n" and outcome.trace_complete
    assert time.monotonic() - began < 40


@docker
def test_what_sleeps_past_the_last_command_is_told_and_ends(sandbox):
    commands = [Command(["bash", "-c", "setsid sleep 61 >/dev/null 2>&1 & echo one"]), Command(["echo", "two"])]
    outcome = sandbox.run(Job(commands=commands, linger=0.5))
    left = [event.detail["argv"] for event in outcome.events if event.detail.get("what") == "still running"]
    assert left == [["sleep", "61"]] and outcome.trace_complete and outcome.ended == "exit"
    assert sandbox.rooms() == 0


@docker
def test_a_server_that_is_left_is_told_as_one_and_not_waited_for(sandbox):
    serve = "python3 -m http.server 8099 --bind 127.0.0.1 >/dev/null 2>&1 & sleep 1"
    outcome = sandbox.run(Job(commands=[Command(["bash", "-c", serve])], linger=30))
    left = [event.detail for event in outcome.events if event.detail.get("what") == "still running"]
    assert [one["serves"] for one in left] == ["tcp port 8099"] and outcome.trace_complete
    assert outcome.seconds < 25


@docker
def test_in_the_differing_run_nobody_sleeps_and_the_clock_moves_on(sandbox):
    script = "a=$(date +%s); sleep 5000; b=$(date +%s); echo $((b - a))"
    python = (
        "import threading, time; a = time.time(); threading.Event().wait(900); time.sleep(70); print(time.time() - a)"
    )
    node = "const a = Date.now(); setTimeout(() => console.log(Date.now() - a), 600000)"
    commands = [Command(["bash", "-c", script]), Command(["python3", "-c", python]), Command(["node", "-e", node])]
    outcome = sandbox.run(Job(commands=commands, clock=86400))
    slept = [float(result.stdout) for result in outcome.results]
    assert slept[0] >= 5000 and slept[1] >= 970 and slept[2] >= 600_000
    assert outcome.ended == "exit" and outcome.seconds < 60


@docker
def test_what_goes_on_after_the_last_command_is_seen_until_it_ends(sandbox):
    later = "setsid sh -c 'sleep 1.5; cat /home/agent/note' >/dev/null 2>&1 & echo one"
    commands = [Command(["bash", "-c", later]), Command(["echo", "two"])]
    outcome = sandbox.run(Job(commands=commands, files=[RoomFile("/home/agent/note", b"x")], linger=20))
    assert "/home/agent/note" in [event.detail.get("path") for event in outcome.events if event.kind == "open"]
    assert outcome.seconds < 15 and not any(event.kind == "limit" for event in outcome.events)


@docker
def test_a_world_that_was_expected_is_used_and_an_unused_one_goes(sandbox):
    sandbox.expect("workstation", "build-07")
    outcome = sandbox.run(Job(command=["hostname"], network="false-world"))
    assert outcome.stdout == b"workstation\n" and outcome.posture["false_world"]
    assert sandbox.rooms() == 1
    sandbox.settle()
    assert sandbox.rooms() == 0
