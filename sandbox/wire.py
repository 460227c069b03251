"""The attached stream of a container: sends the order in, reads the frames out, under one deadline."""

import io
import json
import struct
import tarfile
import time
from collections.abc import Callable, Mapping, Sequence

from sandbox.base import RoomFile

_CHUNK = 1 << 18


class Wire:
    """A thin cover over the client library's attach socket, whatever the transport."""

    def __init__(self, attached: object) -> None:
        self._attached = attached
        self._socket = getattr(attached, "_sock", attached)
        self._pending = bytearray()
        self.stderr = bytearray()

    def send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._socket.settimeout(max(deadline - time.monotonic(), 0.01))
            view = view[self._socket.send(view[:_CHUNK]) :]

    def receive(self, deadline: float, take: Callable[[bytes], None]) -> bool:
        """Hand the next bytes of stdout to take; False at the end of the stream. TimeoutError past the deadline."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(_CHUNK)
        except (ConnectionResetError, BrokenPipeError):
            return False
        if not data:
            return False
        self._pending += data
        self._demultiplex(take)
        return True

    def _demultiplex(self, take: Callable[[bytes], None]) -> None:
        at = 0
        while len(self._pending) - at >= 8:
            stream, size = struct.unpack_from(">BxxxI", self._pending, at)
            if len(self._pending) - at - 8 < size:
                break
            body = bytes(self._pending[at + 8 : at + 8 + size])
            if stream == 2:
                self.stderr += body[: max(4096 - len(self.stderr), 0)]
            else:
                take(body)
            at += 8 + size
        del self._pending[:at]

    def close(self) -> None:
        for thing in (self._socket, self._attached):
            try:
                thing.close()
            except OSError:
                pass


def packed(order: Mapping, files: Sequence[RoomFile], stdin: bytes) -> bytes:
    """The order as the guard reads it: one line of JSON, the files as a tar, the payload's stdin."""
    tar = _tar(files)
    head = {**order, "files_bytes": len(tar), "stdin_bytes": len(stdin)}
    return json.dumps(head).encode() + b"\n" + tar + stdin


def _tar(files: Sequence[RoomFile]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in files:
            member = tarfile.TarInfo(file.path.lstrip("/"))
            member.size = len(file.data)
            member.mode = 0o755 if file.executable else 0o644
            tar.addfile(member, io.BytesIO(file.data))
    return out.getvalue()
