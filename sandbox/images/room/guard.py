"""Pid 1 of a room: lays the files, runs the commands under the witness, and sends all that happens over one pipe.

It starts as root with a handful of capabilities; the payload runs as another user without any, so it can neither
signal the guard and the witness nor read what they write. Everything goes out as frames on stdout: one byte of kind,
two bytes of command number, four bytes of length, then the bytes. Kinds: R ready, S a command started, O its stdout,
E its stderr, T its trace, D it is done, C a file copied out, X the end.

The order comes in on stdin: one line of JSON, then a tar of files, then the payload's own stdin.
"""

import errno
import fcntl
import io
import json
import os
import re
import selectors
import signal
import stat
import struct
import tarfile
import time

PRIVATE = "/run/room"
PATH = "/usr/local/bin:/usr/bin:/bin"
GATHER = 65536


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


def still_there(user):
    """What runs on though the last command is over and its time to linger, too: a few of them, with arguments."""
    found = []
    for pid in processes_of(user)[:20]:
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as words:
                found.append({"pid": pid, "argv": words.read(2000).decode("utf-8", "replace").split("\0")[:-1][:16]})
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


class Command:
    """One command of the payload: its three pipes, its witness and how it ended."""

    def __init__(self, number, order, spec, payload_stdin, selector):
        self.number, self.spec, self.selector = number, spec, selector
        self.sent = {b"O": 0, b"E": 0, b"T": 0}
        self.cap = {b"O": order["output_bytes"], b"E": order["output_bytes"], b"T": order["trace_bytes"]}
        self.over = set()
        self.open_pipes = {}
        self.tail = self.rest = b""
        self.dull = re.compile(
            rb"^\d+ +[\d.]+ (?:access|faccessat2?|l?stat|newfstatat|statx)\((?![^\n]*(?:%s))"
            rb"[^\n]*(?<!<unfinished \.\.\.>)\n" % order["asked_for"].encode(),
            re.MULTILINE,
        )
        self.root_pid = 0
        self.root_ended_at = None
        self.saw_end = False
        self.ended = ""
        self.seconds = 0.0
        self.trace_ended = False
        self.status = None
        self.begun = time.monotonic()
        self.traced = order["traced"]
        self.start(order, payload_stdin)

    def start(self, order, payload_stdin):
        out_r, out_w = os.pipe2(os.O_CLOEXEC)
        err_r, err_w = os.pipe2(os.O_CLOEXEC)
        in_r, in_w = os.pipe2(os.O_CLOEXEC)
        argv, trace = self.argv(order)
        wall = time.time()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                self.exec(order, argv, in_r, out_w, err_w)
            finally:
                os._exit(127)
        for fd in (out_w, err_w, in_r):
            os.close(fd)
        if trace:
            self.trace_fd = os.open(trace, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            fcntl.fcntl(self.trace_fd, fcntl.F_SETPIPE_SZ, 1 << 20)
            self.open_pipes[self.trace_fd] = b"T"
        self.watch(out_r, b"O")
        self.watch(err_r, b"E")
        self.pending_stdin = memoryview(payload_stdin)
        if payload_stdin:
            os.set_blocking(in_w, False)
            self.selector.register(in_w, selectors.EVENT_WRITE, (self, b"I"))
        else:
            os.close(in_w)
        self.deadline = self.begun + self.spec["timeout"]
        frame_json(b"S", {"wall": wall, "pid": self.pid}, self.number)

    def argv(self, order):
        argv = ["/usr/bin/choom", "-n", "900", "--", *self.spec["argv"]]
        if not self.traced:
            return argv, None
        trace = f"{PRIVATE}/trace{self.number}"
        os.mkfifo(trace, 0o600)
        # Opened for both ends first, so that neither open below can wait for the other.
        self.keep = os.open(trace, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        witness = ["/usr/bin/strace", "-f", "--seccomp-bpf", "-ttt", "-s", "400", "-q", "-y"]
        witness += ["-e", "trace=" + order["syscalls"], "-o", trace, "-u", order["user_name"]]
        witness += ["-e", "inject=" + order["refused"] + ":error=EPERM"]
        witness += ["-E", "LD_PRELOAD"]  # The witness's own is not the payload's.
        for name, value in self.spec["env"].items():
            witness += ["-E", name + "=" + value]
        return [*witness, "--", *argv], trace

    def exec(self, order, argv, in_r, out_w, err_w):
        os.dup2(in_r, 0)
        os.dup2(out_w, 1)
        os.dup2(err_w, 2)
        os.setsid()
        os.umask(0o022)
        # Without a time zone of its own the witness would look for the machine's at every line.
        env = {"PATH": PATH, "TZ": "UTC0", "LD_PRELOAD": "/usr/local/lib/room-witness.so"}
        if self.traced:
            # Witness and payload take turns; on one processor a turn costs a quarter of what it does across two.
            processors = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {processors[os.getrandom(1)[0] % len(processors)]})
        else:
            become(order["user"])
            env = self.spec["env"]
        try:
            os.chdir(self.spec["workdir"])
        except OSError:
            os.chdir("/workspace")
        os.execve(argv[0], argv, env)

    def watch(self, fd, kind):
        os.set_blocking(fd, False)
        self.open_pipes[fd] = kind
        self.selector.register(fd, selectors.EVENT_READ, (self, kind))

    def write_stdin(self, fd):
        try:
            self.pending_stdin = self.pending_stdin[os.write(fd, self.pending_stdin[:GATHER]) :]
        except BlockingIOError:
            return
        except OSError:
            self.pending_stdin = memoryview(b"")
        if not self.pending_stdin:
            self.selector.unregister(fd)
            os.close(fd)

    def read(self, fd, kind):
        try:
            data = os.read(fd, GATHER)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            if kind != b"T":
                self.selector.unregister(fd)
            os.close(fd)
            del self.open_pipes[fd]
            self.trace_ended = self.trace_ended or kind == b"T"
            return False
        if kind == b"T":
            self.look_for_end(data)
            data = self.whole_lines(data)
        room = self.cap[kind] - self.sent[kind]
        if len(data) > room:
            self.over.add(kind)
            data = data[:room]
        if data:
            self.sent[kind] += len(data)
            frame(kind, data, self.number)
        return True

    def whole_lines(self, data):
        """Only whole lines go on, without the questions whether a file is there that nobody wants to know of."""
        self.rest += data
        end = self.rest.rfind(b"\n") + 1
        lines, self.rest = self.rest[:end], self.rest[end:]
        return self.dull.sub(b"", lines)

    def read_trace(self):
        """The trace is read every few milliseconds: waking for each of its lines would slow the payload."""
        while self.traced and not self.trace_ended and self.read(self.trace_fd, b"T"):
            pass

    def look_for_end(self, data):
        """The first process of the trace is the command itself; once its `+++ exited` is there, the rest is daemons."""
        if getattr(self, "keep", None) is not None:
            os.close(self.keep)
            self.keep = None
        text = self.tail + data
        if not self.root_pid:
            head = text.split(None, 1)[0]
            if head.isdigit() and len(text) > len(head):
                self.root_pid = int(head)
        if not self.saw_end and self.root_pid:
            for end in (b"+++ exited with ", b"+++ killed by "):
                at = text.find(end)
                while at >= 0:
                    start = text.rfind(b"\n", 0, at) + 1
                    if text[start:at].split()[:1] == [b"%d" % self.root_pid]:
                        self.root_ended_at = time.monotonic()
                        self.saw_end = True
                        break
                    at = text.find(end, at + 1)
        self.tail = text[text.rfind(b"\n") + 1 :][-4096:]

    def reaped(self, status):
        self.status = status
        if self.root_ended_at is None:
            self.root_ended_at = time.monotonic()
        # A witness that died before it wrote a byte leaves the pipe open at our end only.
        if getattr(self, "keep", None) is not None:
            os.close(self.keep)
            self.keep = None

    def stop_clock(self, ended):
        self.ended, self.seconds = ended, time.monotonic() - self.begun

    def result(self):
        """A trace is whole when its pipe was read to the end and the command's own end stands in it."""
        code = os.waitstatus_to_exitcode(self.status) if self.status is not None else None
        whole = b"T" not in self.over and self.trace_ended and self.saw_end
        return {
            "ended": self.ended,
            "code": code,
            "seconds": self.seconds,
            "trace_complete": whole or not self.traced,
            "over": sorted(kind.decode() for kind in self.over),
        }


class Guard:
    def __init__(self):
        self.order, self.files, self.payload_stdin = read_order()
        self.selector = selectors.DefaultSelector()
        self.running = []
        woken, wakes = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        self.selector.register(woken, selectors.EVENT_READ, None)

    def main(self):
        user = self.order["user"]
        os.makedirs(PRIVATE, mode=0o700, exist_ok=True)
        walls = as_user(user, lambda: lay(self.files))
        self.files = b""
        frame_json(b"R", walls)
        if "error" not in walls:
            for number, spec in enumerate(self.order["commands"]):
                if self.run(number, spec) == "deadline":
                    break
        left = still_there(user)
        dead = self.end_all()
        if dead and self.order["copy_out"]:
            as_user(user, lambda: copy_out(self.order))
        frame_json(b"X", {"dead": dead, "out_of_memory": out_of_memory(), "left": left})

    def run(self, number, spec):
        left = self.order["wall_deadline_in"] - (time.monotonic() - BORN)
        if left <= 0:
            return "deadline"
        spec["timeout"] = min(spec["timeout"], left)
        command = Command(number, self.order, spec, self.payload_stdin if number == 0 else b"", self.selector)
        self.running.append(command)
        command.stop_clock(self.wait_for(command))
        if command.ended != "exit" or not spec.get("linger"):
            self.end_all()
        return command.ended

    def wait_for(self, command):
        while True:
            now = time.monotonic()
            if command.status is not None and not self.pipes_wait(command):
                return "exit"
            if command.root_ended_at is not None and now > command.root_ended_at + self.linger(command):
                return "exit"
            if now > command.deadline:
                return "timeout"
            if command.over & {b"O", b"E"}:
                return "output"
            self.turn(0.01)

    def linger(self, command):
        """What a command left in the background is given a moment to show itself, the last one's a longer one."""
        last = command.number == len(self.order["commands"]) - 1
        return self.order["last_linger"] if last else self.order["linger"]

    def pipes_wait(self, command):
        return command.traced and not command.trace_ended

    def end_all(self):
        """Kill what the commands left behind, read their pipes to the end and tell how each came out."""
        dead = kill_all(self.order["user"])
        until = time.monotonic() + 2
        while time.monotonic() < until and any(c.status is None or c.open_pipes for c in self.running):
            self.turn(0.01)
        for command in self.running:
            frame_json(b"D", command.result(), command.number)
        self.running = []
        return dead

    def turn(self, seconds):
        for key, _ in self.selector.select(seconds):
            if key.data is None:
                os.read(key.fd, 4096)
                continue
            command, kind = key.data
            if kind == b"I":
                command.write_stdin(key.fd)
            else:
                command.read(key.fd, kind)
        self.reap()
        for command in self.running:
            command.read_trace()

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for command in self.running:
                if command.pid == pid:
                    command.reaped(status)


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


BORN = time.monotonic()
if __name__ == "__main__":
    try:
        Guard().main()
    except OSError as trouble:
        if trouble.errno != errno.EPIPE:
            raise
    except Exception as trouble:
        frame_json(b"X", {"dead": False, "error": repr(trouble)[:500]})
    os._exit(0)
