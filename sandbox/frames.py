"""Reads the guard's frames from a hostile stream, with caps, and keeps what each command said and did."""

import json
import struct
from dataclasses import dataclass, field

from sandbox.base import Limits, RoomFile

_HEAD = struct.Struct(">cHI")
_BIGGEST = 64 * 1024 * 1024


class Garbled(Exception):
    """The stream is not what a guard sends."""


@dataclass
class Told:
    """All that came of one command, as it arrived."""

    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    trace: bytearray = field(default_factory=bytearray)
    wall: float = 0.0
    done: dict = field(default_factory=dict)


class Frames:
    """Feed it bytes; read walls, commands, files and the end from it."""

    def __init__(self, limits: Limits, trace_bytes: int) -> None:
        self.limits, self.trace_bytes = limits, trace_bytes
        self.buffer = bytearray()
        self.walls: dict | None = None
        self.commands: dict[int, Told] = {}
        self.files: list[RoomFile] = []
        self.file_bytes = 0
        self.end: dict | None = None
        self.over = False

    def feed(self, data: bytes) -> None:
        self.buffer += data
        at = 0
        while len(self.buffer) - at >= _HEAD.size:
            kind, number, size = _HEAD.unpack_from(self.buffer, at)
            if size > _BIGGEST:
                raise Garbled(f"a frame of {size} bytes")
            if len(self.buffer) - at - _HEAD.size < size:
                break
            start = at + _HEAD.size
            self.take(kind, number, bytes(self.buffer[start : start + size]))
            at = start + size
        del self.buffer[:at]

    def take(self, kind: bytes, number: int, data: bytes) -> None:
        if kind in b"OET":
            told = self.commands.setdefault(number, Told())
            part = {b"O": told.stdout, b"E": told.stderr, b"T": told.trace}[kind]
            room = (self.trace_bytes if kind == b"T" else self.limits.output_bytes) - len(part)
            self.over = self.over or len(data) > room
            part += data[: max(room, 0)]
        elif kind == b"S":
            self.commands.setdefault(number, Told()).wall = float(json.loads(data)["wall"])
        elif kind == b"D":
            self.commands.setdefault(number, Told()).done = json.loads(data)
        elif kind == b"C":
            self.take_file(data)
        elif kind == b"R":
            self.walls = json.loads(data)
        elif kind == b"X":
            self.end = json.loads(data)
        else:
            raise Garbled(f"a frame of kind {kind!r}")

    def take_file(self, data: bytes) -> None:
        (size,) = struct.unpack_from(">I", data)
        head = json.loads(data[4 : 4 + size])
        body = data[4 + size :]
        self.file_bytes += len(body)
        if len(self.files) >= self.limits.copy_out_files or self.file_bytes > self.limits.copy_out_bytes:
            self.over = True
            return
        path = bytes.fromhex(head["path"]).decode("utf-8", "backslashreplace")
        self.files.append(RoomFile(path, body, executable=bool(head["x"])))
