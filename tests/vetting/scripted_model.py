"""A scripted model behind real HTTP on loopback, in the shape of an OpenAI-compatible server."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Question:
    """One request as the server saw it, and the data in it."""

    body: dict
    headers: dict
    path: str

    @property
    def task(self) -> str:
        return self.body["messages"][0]["content"]

    @property
    def data(self) -> dict:
        return json.loads(self.body["messages"][1]["content"].split("\n")[1])

    def lines(self) -> Iterator[tuple[str, int, str]]:
        for file in self.data["files"]:
            for number, text in file["lines"]:
                yield file["file"], number, text


@dataclass
class Scripted:
    """answer(question) gives the model's words, or (status, bytes) for the raw answer."""

    answer: Callable
    url: str = ""
    questions: list[Question] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)


def remark(file: str, line: int, quote: str, **more) -> dict:
    return {
        "code": "SK-EXF",
        "slug": "sends-notes-away",
        "severity": "high",
        "confidence": "medium",
        "file": file,
        "line": line,
        "quote": quote,
        "why": "The notes of the user leave the machine.",
    } | more


def planted(question: Question) -> list[dict]:
    """What a model that does its work says of the planted attack."""
    return [
        remark(file, number, text, code="SK-EXF", slug="planted")
        for file, number, text in question.lines()
        if (file.endswith(".sh") and ".invalid" in text) or ("nc " in text and ".invalid" in text)
    ]


def words(*remarks: dict, **beside) -> str:
    return json.dumps({"findings": list(remarks), **beside})


@contextmanager
def serving(answer: Callable) -> Iterator[Scripted]:
    scripted = Scripted(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            question = Question(body, dict(self.headers), self.path)
            scripted.questions.append(question)
            said = scripted.answer(question)
            if said in ("drip", "drip and close"):
                return self.drip(closing=said != "drip")
            status, data = said if isinstance(said, tuple) else (200, message(said))
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except OSError:
                pass

        def drip(self, *, closing: bool) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            if closing:
                self.send_header("Connection", "close")
            self.end_headers()
            try:
                while not scripted.stop.is_set():
                    self.wfile.write(b" ")
                    time.sleep(0.05)
            except OSError:
                pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    scripted.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        scripted.stop.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def message(content: object) -> bytes:
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
