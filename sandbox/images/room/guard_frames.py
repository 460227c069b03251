"""How the guard speaks with its worker: the order that comes in on stdin, the frames that go out on stdout."""

import json
import os
import struct


def frame(kind, data=b"", number=0):
    whole = memoryview(struct.pack(">cHI", kind, number, len(data)) + bytes(data))
    while whole:
        whole = whole[os.write(1, whole) :]


def frame_json(kind, value, number=0):
    frame(kind, json.dumps(value).encode(), number)


def read_order():
    source = os.fdopen(0, "rb", closefd=False)
    order = json.loads(source.readline())
    files = source.read(order["files_bytes"])
    payload_stdin = source.read(order["stdin_bytes"])
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 2)
    os.close(null)
    return order, files, payload_stdin
