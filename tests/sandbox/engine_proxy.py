"""A proxy in front of the real Docker engine that passes all on, and gives another answer where a test wants a fault.

It speaks HTTP over a socket of its own, as the engine does; behind it everything is real. Each connection carries one
request, so that none goes past the rules unseen.
"""

import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import contextmanager

ENGINE = "/var/run/docker.sock"
Answer = tuple[int, dict]


class EngineProxy:
    """rules are tried in order: a pattern for "METHOD /path", and what is answered in the engine's place, or a function
    that makes another answer of the engine's own."""

    def __init__(self) -> None:
        self.rules: list[tuple[re.Pattern, Answer | Callable[[dict], dict]]] = []
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def answer(self, pattern: str, what: Answer | Callable[[dict], dict]) -> None:
        self.rules.append((re.compile(pattern), what))

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(near,), daemon=True).start()

    def _one(self, near: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (data := near.recv(65536)):
                return near.close()
            head += data
        words = head.split(b"\r\n", 1)[0].decode().split()
        asked = f"{words[0]} {words[1]}"
        self.asked.append(asked)
        rule = next((what for pattern, what in self.rules if pattern.search(asked)), None)
        if isinstance(rule, tuple):
            return _say(near, *rule)
        far = socket.socket(socket.AF_UNIX)
        far.connect(ENGINE)
        if b"upgrade" not in head.lower():
            head = head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
        far.sendall(head)
        if rule:
            return _say(near, 200, rule(_body(far)))
        back = threading.Thread(target=_pump, args=(far, near), daemon=True)
        back.start()
        _pump(near, far)
        back.join()
        near.close()
        far.close()


@contextmanager
def engine_proxy():
    proxy = EngineProxy()
    try:
        yield proxy
    finally:
        proxy.close()


def _say(near: socket.socket, status: int, what: dict) -> None:
    body = json.dumps(what).encode()
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    near.sendall(head.encode() + b"Connection: close\r\n\r\n" + body)
    near.close()


def _body(far: socket.socket) -> dict:
    said = b""
    while data := far.recv(65536):
        said += data
    far.close()
    return json.loads(re.search(rb"\{.*\}", said.partition(b"\r\n\r\n")[2], re.DOTALL)[0])


def _pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    for one, how in ((target, socket.SHUT_WR), (source, socket.SHUT_RD)):
        try:
            one.shutdown(how)
        except OSError:
            pass
