"""One command of the payload: its three pipes, its witness, and how it ended."""

import fcntl
import os
import re
import selectors
import time

from guard_frames import frame, frame_json
from guard_payload import become

PRIVATE = "/run/room"
PATH = "/usr/local/bin:/usr/bin:/bin"
GATHER = 65536


class Command:
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
