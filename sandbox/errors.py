"""The platform's own troubles with a room. Never the payload's fault."""


class RoomError(Exception):
    """No room could be had or sealed. code is stable; the message is one sentence; fix says what an operator does."""

    def __init__(self, code: str, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.fix = code, message, fix
