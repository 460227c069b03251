"""One question to an OpenAI-compatible server: POST /chat/completions, bounded in time and bytes, nothing followed."""

import http.client
import json
import socket
import ssl
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

from vetting.reviewer.prompt import response_format

# Seconds for one answer, bytes of it that are read, and tokens the model may write.
SECONDS = 45.0
BYTES = 1_000_000
TOKENS = 4_000


class Unreachable(Exception):
    """No answer: why, in words for the report. Never the server's own words, which may hold a key."""


class Model:
    def __init__(self, url: str, name: str, key: str) -> None:
        self.parts = urlsplit(url if "://" in url else f"https://{url}")
        self.name, self._key = name, key

    def say(self, messages: list[dict], deadline: float) -> str:
        """The model's words. A server that does not know the strict form is asked once more without it."""
        deadline = min(deadline, time.monotonic() + SECONDS)
        plain = {"model": self.name, "messages": messages}
        strict = plain | {"temperature": 0, "max_tokens": TOKENS, "response_format": response_format()}
        status, body = self._post(strict, deadline)
        if status in (400, 404, 415, 422, 501):
            status, body = self._post(plain, deadline)
        if status != 200:
            raise Unreachable(f"its server answered with status {status}")
        return _words(body)

    def _post(self, question: dict, deadline: float) -> tuple[int, bytes]:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("it did not answer in time")
        if self.parts.scheme not in ("http", "https") or not self.parts.hostname:
            raise Unreachable("REVIEWER_URL is not an http or https address")
        connection, opened = self._connection(left), []
        # A server may send a byte now and then for ever; the watch ends the connection whatever it does.
        watch = threading.Timer(left, _cut, [connection, opened])
        watch.daemon = True
        watch.start()
        try:
            connection.connect()
            # Kept here: the connection lets go of it as soon as the server says that it will close.
            opened.append(connection.sock)
            connection.request("POST", self._path, json.dumps(question).encode(), self._headers)
            response = connection.getresponse()
            body = response.read(BYTES + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            late = isinstance(error, TimeoutError) or time.monotonic() >= deadline
            raise Unreachable("it did not answer in time" if late else "its server could not be reached") from None
        finally:
            watch.cancel()
            connection.close()
        if time.monotonic() >= deadline:
            raise Unreachable("it did not answer in time")
        if len(body) > BYTES:
            raise Unreachable("its answer was too long")
        return response.status, body

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        host, port = self.parts.hostname, self.parts.port
        if self.parts.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=seconds)

    @property
    def _path(self) -> str:
        path = self.parts.path.rstrip("/")
        path = path if path.endswith("/chat/completions") else f"{path}/chat/completions"
        return f"{path}?{self.parts.query}" if self.parts.query else path

    @property
    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        return headers | ({"Authorization": f"Bearer {self._key}"} if self._key else {})


def _cut(connection: http.client.HTTPConnection, opened: list[socket.socket]) -> None:
    for one in (*opened, connection.sock):
        with suppress(OSError, AttributeError):
            one.shutdown(socket.SHUT_RDWR)


def _words(body: bytes) -> str:
    """The message in the server's answer."""
    try:
        choice = json.loads(body)["choices"][0]
        words = choice["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise Unreachable("its server's answer was not of the agreed form") from None
    if isinstance(words, list):
        words = "".join(str(one.get("text", "")) for one in words if isinstance(one, dict))
    if not isinstance(words, str) or not words.strip():
        raise Unreachable("it said nothing")
    return words
