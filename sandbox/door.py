"""The only way out of a room, opened for one run: requests to one name inside are answered by one server outside.

The payload speaks HTTP to the false world; the world hands the request to this side, which asks the server and sends
back what it says. No socket is shared: what is sent reaches that server alone, as an HTTP request, within bounds.
What the server wants to know besides (a key, say) is added here and never enters the room.
"""

import base64
import http.client
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Door:
    """Where it leads and what may pass. Inside it is http://name:port/; paths are the prefixes that may be asked for.

    host and target_port, or a unix socket's path, are the server's, seen from the worker. bytes bounds both directions
    together.
    """

    host: str = "127.0.0.1"
    target_port: int = 80
    unix_socket: str = ""
    name: str = "gateway.internal"
    port: int = 80
    paths: tuple[str, ...] = ("/",)
    methods: tuple[str, ...] = ("GET", "POST")
    headers: Mapping[str, str] = field(default_factory=dict)
    requests: int = 100
    at_once: int = 4
    bytes: int = 20_000_000
    seconds: float = 60


class Doorkeeper:
    """Answers what comes to the door of one room, until it is shut. answer sends one reply into the room."""

    def __init__(self, door: Door, answer: Callable[[dict], None]) -> None:
        self.door, self.answer = door, answer
        self.asked = self.passed = 0
        self.shut = False
        self._lock = threading.Lock()
        self._places = threading.Semaphore(door.at_once)

    def take(self, told: dict) -> None:
        """A request as the room's world tells it; its answer goes on while this returns."""
        threading.Thread(target=self._serve, args=(told,), daemon=True).start()

    def close(self) -> None:
        self.shut = True

    def _serve(self, told: dict) -> None:
        number = int(told["number"])
        with self._places:
            try:
                body = base64.b64decode(told.get("body", ""))
                refusal = self._refusal(str(told["method"]), str(told["path"]), len(body))
                if refusal:
                    self._say(number, *refusal)
                else:
                    self._ask(number, told, body)
            except (OSError, http.client.HTTPException, ValueError) as trouble:
                self._say(number, 502, f"The gateway gave no answer: {trouble}")
            self._send({"number": number, "end": True})

    def _refusal(self, method: str, path: str, size: int) -> tuple[int, str] | None:
        plain = path.startswith("/") and path.isascii() and path.isprintable() and " " not in path
        climbs = "/../" in unquote(path.split("?")[0]) + "/"
        if not plain or climbs or not path.startswith(self.door.paths):
            return 403, "This door does not lead there."
        if method not in self.door.methods:
            return 405, "This door does not take that method."
        with self._lock:
            self.asked += 1
            if self.shut or self.asked > self.door.requests or not self._passes(size):
                return 429, "This door has let enough pass."
        return None

    def _passes(self, size: int) -> bool:
        self.passed += size
        return self.passed <= self.door.bytes

    def _ask(self, number: int, told: dict, body: bytes) -> None:
        until = time.monotonic() + self.door.seconds
        link = self._link()
        try:
            headers = {str(name): str(value) for name, value in dict(told.get("headers") or {}).items()}
            link.request(str(told["method"]), str(told["path"]), body or None, {**headers, **self.door.headers})
            reply = link.getresponse()
            kind = reply.getheader("Content-Type", "application/octet-stream")
            self._send({"number": number, "status": reply.status, "type": kind})
            while not self.shut and time.monotonic() < until and (piece := reply.read1(_PIECE)):
                with self._lock:
                    if not self._passes(len(piece)):
                        return
                self._send({"number": number, "data": base64.b64encode(piece).decode()})
        finally:
            link.close()

    def _link(self) -> http.client.HTTPConnection:
        link = http.client.HTTPConnection(self.door.host, self.door.target_port, timeout=self.door.seconds)
        if self.door.unix_socket:
            link.sock = socket.socket(socket.AF_UNIX)
            link.sock.settimeout(self.door.seconds)
            link.sock.connect(self.door.unix_socket)
        return link

    def _say(self, number: int, status: int, words: str) -> None:
        self._send({"number": number, "status": status, "type": "text/plain"})
        self._send({"number": number, "data": base64.b64encode(words.encode() + b"\n").decode()})

    def _send(self, said: dict) -> None:
        try:
            self.answer(said)
        except OSError:
            self.shut = True
