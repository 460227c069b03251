"""The only door: requests to one name are handed to the worker outside, which asks one server and hands back what it
says. Nothing else passes, and without an order to open it there is no door.

Out go lines of JSON of the kind `door` (number, method, path, headers, body); in come lines with that number and a
status with headers, then pieces of the body, then an end.
"""

import asyncio
import base64

# What a request may bring along. Everything else of it stays in the room.
KEPT = ("accept", "content-type", "user-agent")


class Door:
    def __init__(self, order, say):
        self.name, self.port, self.say = order.get("name", ""), order.get("port", 0), say
        self.waiting = {}
        self.number = 0

    def stands_at(self, name, port):
        return bool(self.name) and name == self.name and port == self.port

    async def pass_on(self, method, path, headers, body):
        """Yield (status, bytes of the answer as they go over the connection)."""
        self.number += 1
        number, answers = self.number, asyncio.Queue()
        self.waiting[number] = answers
        asked = {name: value for name, value in headers.items() if name in KEPT}
        self.say(
            {
                "kind": "door",
                "number": number,
                "method": method,
                "path": path,
                "headers": asked,
                "body": base64.b64encode(body).decode(),
            }
        )
        try:
            status = 0
            while not (said := await answers.get()).get("end"):
                if "status" in said:
                    status = said["status"]
                    yield status, head(status, said["type"])
                else:
                    piece = base64.b64decode(said["data"])
                    yield status, b"%x\r\n%b\r\n" % (len(piece), piece)
            yield status, b"0\r\n\r\n"
        finally:
            del self.waiting[number]

    def take(self, said):
        answers = self.waiting.get(said.get("number"))
        if answers is not None:
            answers.put_nowait(said)


def head(status, kind):
    kind = "".join(letter for letter in kind if letter.isprintable())
    lines = [f"HTTP/1.1 {status} Answer", f"Content-Type: {kind}", "Transfer-Encoding: chunked", "Connection: close"]
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
