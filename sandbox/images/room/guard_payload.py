"""The payload as the guard sees it: another user, the processes that user has, and the end of them."""

import json
import os
import signal
import time


def become(user):
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def as_user(user, work):
    """Run work in a child that is the payload's user; what it returns (JSON) comes back through a pipe."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(out)
            become(user)
            os.write(into, json.dumps(work()).encode()[:60000])
            code = 0
        except BaseException as trouble:
            os.write(into, json.dumps({"error": repr(trouble)[:500]}).encode())
        finally:
            os._exit(code)
    os.close(into)
    said = b""
    while part := os.read(out, 65536):
        said += part
    os.close(out)
    os.waitpid(child, 0)
    return json.loads(said or b"null")


def processes_of(user):
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if os.stat("/proc/" + name).st_uid == user:
                    with open("/proc/" + name + "/stat") as status:
                        if status.read().rpartition(")")[2].split()[0] != "Z":
                            found.append(int(name))
            except OSError:
                pass
    return found


def kill_all(user, seconds=5.0):
    """SIGKILL every process of the payload, again and again until none is left: a fork bomb takes a few rounds."""
    until = time.monotonic() + seconds
    while left := processes_of(user):
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        if time.monotonic() > until:
            return False
        time.sleep(0.002)
    return True


def out_of_memory():
    """How often the kernel killed for want of memory in this room; None where its count cannot be read."""
    for path in ("/sys/fs/cgroup/memory/memory.oom_control", "/sys/fs/cgroup/memory.events"):
        try:
            with open(path) as counts:
                for line in counts:
                    name, _, number = line.partition(" ")
                    if name == "oom_kill":
                        return int(number)
        except (OSError, ValueError):
            pass
    return None
