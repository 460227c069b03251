"""Files go into the room before the payload starts, and regular files alone come out of it afterwards."""

import io
import json
import os
import stat
import struct
import tarfile

from guard_frames import frame

CLOCK = "/dev/shm/lc_time"  # noqa: S108 - inside the room


def lay(files):
    os.umask(0o022)
    with tarfile.open(fileobj=io.BytesIO(files)) as tar:
        for member in tar:
            path = "/" + member.name
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if member.isdir():
                os.makedirs(path, exist_ok=True)
                continue
            with open(path, "wb") as out:
                out.write(tar.extractfile(member).read())
            os.chmod(path, member.mode)
    walls = {}
    with open("/proc/self/status") as status:
        for line in status:
            name, _, value = line.partition(":")
            if name in ("CapEff", "CapBnd", "NoNewPrivs", "Seccomp", "Uid"):
                walls[name] = value.split()[0]
    return walls


def lay_clock():
    """The page in which the payload's programs share how much time they did not wait for."""
    with open(CLOCK, "wb") as page:
        page.truncate(4096)


def copy_out(order):
    """Send regular files below the wanted folders, opened without following a link, within caps of number and bytes."""
    left = {"files": order["copy_out_files"], "bytes": order["copy_out_bytes"], "entries": 20000, "skipped": 0}
    for top in order["copy_out"]:
        walk(top, left, 0)
    return left


def walk(folder, left, depth):
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        left["skipped"] += 1
        return
    for entry in entries:
        left["entries"] -= 1
        if left["entries"] < 0 or left["files"] <= 0:
            return
        try:
            if entry.is_dir(follow_symlinks=False) and depth < 40:
                walk(entry.path, left, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                send_file(entry.path, left)
        except OSError:
            left["skipped"] += 1


def send_file(path, left):
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        info = os.fstat(fd)
        if not stat.S_ISREG(info.st_mode) or info.st_size > left["bytes"]:
            left["skipped"] += 1
            return
        data = b""
        while len(data) < info.st_size and (part := os.read(fd, 1 << 20)):
            data += part
        head = json.dumps({"path": os.fsencode(path).hex(), "x": bool(info.st_mode & 0o100)}).encode()
        frame(b"C", struct.pack(">I", len(head)) + head + data[: left["bytes"]])
        left["bytes"] -= len(data)
        left["files"] -= 1
    finally:
        os.close(fd)
