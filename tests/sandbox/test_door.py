"""The only door out of a room: opened for one run, it leads to one server, and to nothing else."""

import http.server
import json
import os
import threading

import pytest

from sandbox.base import Command, Job, Limits
from sandbox.docker import DockerSandbox
from sandbox.door import Door, Doorkeeper

ASK = "import sys, urllib.request as u; print(u.urlopen(u.Request(sys.argv[1], data=b'hello' if len(sys.argv) > 2 else None), timeout=20).read().decode())"  # noqa: E501 - one line to run


class Gateway(http.server.BaseHTTPRequestHandler):
    """A model's gateway, as small as can be: it says who asked for what."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.do_POST()

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.server.asked.append((self.command, self.path, body, self.headers.get("authorization")))
        said = json.dumps({"gateway": self.path, "body": body}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


@pytest.fixture
def gateway():
    server = http.server.ThreadingHTTPServer(("0.0.0.0", 0), Gateway)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def sandbox():
    sandbox = DockerSandbox(deployment=f"tests-door-{os.getpid()}")
    yield sandbox
    sandbox.reap(everything=True)


def ask(sandbox, door, *commands):
    job = Job(
        commands=[Command(["python3", "-c", ASK, *words]) for words in commands],
        network="false-world",
        limits=Limits(wall_seconds=40),
        door=door,
        linger=0,
    )
    return sandbox.run(job)


@pytest.mark.docker
def test_through_the_door_the_payload_speaks_to_the_gateway_and_to_nothing_else(sandbox, gateway):
    port = gateway.server_address[1]
    door = Door(target_port=port, paths=("/v1/",), headers={"Authorization": "Bearer outside"})
    outcome = ask(
        sandbox,
        door,
        ["http://gateway.internal/v1/messages", "post"],
        ["http://gateway.internal/admin"],
        [f"http://127.0.0.1:{port}/v1/own"],
        [f"http://172.17.0.1:{port}/v1/host"],
        ["http://elsewhere.example/v1/messages"],
        ["http://gateway.internal:8080/v1/other-port"],
    )
    said = [one.stdout.decode() for one in outcome.results]
    assert json.loads(said[0]) == {"gateway": "/v1/messages", "body": "hello"}
    assert gateway.asked == [("POST", "/v1/messages", "hello", "Bearer outside")]
    assert "403" in outcome.results[1].stderr.decode()
    assert all("gateway" not in words for words in said[1:]), said
    passed = [flow for flow in outcome.flows if flow.detail.get("door")]
    assert [(flow.host, flow.detail["path"], flow.detail["status"]) for flow in passed] == [
        ("gateway.internal", "/v1/messages", 200),
        ("gateway.internal", "/admin", 403),
    ]
    assert any(event.kind == "http" and event.detail.get("door") for event in outcome.events)
    assert outcome.trace_complete


@pytest.mark.docker
def test_without_a_door_there_is_none(sandbox, gateway):
    outcome = ask(sandbox, None, ["http://gateway.internal/v1/messages", "post"])
    assert gateway.asked == [] and b"gateway" not in outcome.results[0].stdout
    assert not any(flow.detail.get("door") for flow in outcome.flows)


@pytest.mark.docker
def test_a_host_header_does_not_open_the_door_from_another_address(sandbox, gateway):
    door = Door(target_port=gateway.server_address[1])
    job = Job(
        command=["curl", "-s", "-H", "Host: gateway.internal", "http://192.0.2.1/x"], network="false-world", door=door
    )
    sandbox.run(job)
    assert gateway.asked == []


@pytest.mark.docker
def test_a_door_in_a_room_without_a_world_is_refused(sandbox):
    with pytest.raises(ValueError, match="door"):
        sandbox.run(Job(command=["true"], door=Door()))


def keeper(door: Door, *requests: dict) -> list[dict]:
    said: list[dict] = []
    one = Doorkeeper(door, said.append)
    for number, request in enumerate(requests):
        one._serve({"number": number, "method": "GET", "path": "/", **request})
    return said


def statuses(said: list[dict]) -> list[int]:
    return [one["status"] for one in said if "status" in one]


@pytest.mark.parametrize("path", ["/../x", "/v1/%2e%2e/x", "http://other.example/", "/v1/ x", "//v1", "/v1\r\nX: y"])
def test_a_path_that_leads_elsewhere_is_refused(path):
    assert statuses(keeper(Door(paths=("/v1/",)), {"path": path})) == [403]


def test_no_more_passes_than_the_door_lets(gateway):
    port = gateway.server_address[1]
    assert statuses(keeper(Door(target_port=port, requests=2), {}, {}, {})) == [200, 200, 429]
    assert statuses(keeper(Door(target_port=port, methods=("POST",)), {})) == [405]
    cut = keeper(Door(target_port=port, bytes=4), {})
    assert not any("data" in one for one in cut)


def test_a_gateway_that_is_away_is_told_and_ends_the_answer():
    said = keeper(Door(target_port=1, seconds=2), {})
    assert statuses(said) == [502] and said[-1] == {"number": 0, "end": True}
