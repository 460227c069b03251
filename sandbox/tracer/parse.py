"""Turns the witness's lines into ordered events, with the process tree and the bytes that sendto showed."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.base import Event
from sandbox.seccomp import SEEN_AND_REFUSED
from sandbox.tracer.decode import Call, arguments, quoted, resolved, socket_address, split_call, unescape
from sandbox.tracer.syscalls import ASKED_FOR

_LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
_HERE = re.compile(r"AT_FDCWD<([^>]*)>")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$", re.S)
_ENDED = re.compile(r"^\+\+\+ (exited with (\d+)|killed by (\w+).*|superseded by execve in pid (\d+)) \+\+\+$")

# Reads below these folders are the machine at work, not the payload's doing.
_QUIET = ("/usr/", "/lib/", "/lib64/", "/bin/", "/sbin/", "/etc/ld.so", "/dev/", "/sys/devices/system/cpu", "/opt/")
_QUIET_PROC = re.compile(
    r"^/proc/(self|\d+)(/task/\d+)?/(fd|maps|stat|task|cmdline|exe|mounts|mountinfo|statm|comm|auxv|loginuid|oom_\w+)(/|$)|^/proc/self/cgroup$|^/proc/(filesystems|meminfo|stat|cpuinfo|sys/|uptime|loadavg|version)"
)
_QUIET_ETC = {
    "/etc/passwd",
    "/etc/group",
    "/etc/nsswitch.conf",
    "/etc/localtime",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/inputrc",
    "/etc/terminfo",
    "/etc/services",
    "/etc/protocols",
    "/etc/timezone",
    "/etc/locale.alias",
    "/etc/debian_version",
    "/etc/os-release",
    "/etc/mime.types",
    "/etc/magic",
    "/etc/bash.bashrc",
    "/etc/profile",
    "/etc/environment",
    "/etc/gitconfig",
    "/etc/wgetrc",
}
_QUIET_TREES = ("/etc/ssl/", "/etc/python3", "/etc/perl", "/etc/ssh/ssh_config", "/etc/alternatives/")


@dataclass
class Trace:
    """Events of one witness, plus who started whom and who never ended."""

    events: list[Event] = field(default_factory=list)
    parents: dict[int, int] = field(default_factory=dict)
    alive: set[int] = field(default_factory=set)
    root: int = 0
    dropped: int = 0


def parse(text: str, *, began: float, step: int = 0, most: int = 60000) -> Trace:
    """Read a whole trace. began is the wall clock of the job's start; step is written into every event."""
    trace, started = Trace(), {}
    reader = _Reader(trace, step, most)
    for line in text.split("\n"):
        match = _LINE.match(line)
        if match is None:
            continue
        pid, when, rest = int(match[1]), float(match[2]) - began, match[3]
        if not trace.root:
            trace.root = pid
        trace.alive.add(pid)
        if rest.endswith(_UNFINISHED):
            started[pid] = (when, rest[: -len(_UNFINISHED)])
            continue
        resumed = _RESUMED.match(rest)
        if resumed:
            when, head = started.pop(pid, (when, resumed[1] + "("))
            rest = head + resumed[2]
        ended = _ENDED.match(rest)
        if ended:
            trace.alive.discard(pid)
            if ended[3] == "SIGSYS":
                reader.take(
                    pid,
                    when,
                    Call("filter", "ended it for a call of another machine, or one it may never make", -1, ""),
                )
            continue
        call = split_call(rest)
        if call is not None:
            reader.take(pid, when, call)
    # A call that never came back (the payload was killed in it) was still asked for.
    for pid, (when, head) in started.items():
        call = split_call(head + ") = ?")
        if call is not None:
            reader.take(pid, when, call)
    trace.events.sort(key=lambda event: event.t)
    return trace


class _Reader:
    def __init__(self, trace: Trace, step: int, most: int) -> None:
        self.trace, self.step, self.most = trace, step, most
        self.names: dict[int, tuple[str, str]] = {}  # what a process calls itself, and its program
        self.seen: set[tuple] = set()
        self.placeless: dict[int, dict] = {}  # programs just started, whose working folder is not told yet
        self.starter = 0

    def take(self, pid: int, when: float, call: Call) -> None:
        self.place(pid, call)
        for kind, detail in self.read(pid, call):
            if pid == self.starter and kind != "exec":
                continue
            # The same process opening the same file a thousand times is one thing to tell.
            key = (pid, kind, *(str(value) for value in detail.values()))
            if kind in ("open", "write", "connect") and key in self.seen:
                continue
            self.seen.add(key)
            if len(self.trace.events) >= self.most:
                self.trace.dropped += 1
                continue
            told = {"step": self.step, **self.who(pid), **detail}
            if self.placeless.get(pid) is detail:
                self.placeless[pid] = told
            self.trace.events.append(Event(t=max(when, 0.0), kind=kind, detail=told, pid=pid))

    def place(self, pid: int, call: Call) -> None:
        """The first thing a new program does is to open its libraries: that tells the folder it was started in."""
        folder = _HERE.search(call.args) if pid in self.placeless and not call.name.startswith("exec") else None
        if folder:
            self.placeless.pop(pid)["cwd"] = unescape(folder[1])

    def who(self, pid: int) -> dict:
        if pid not in self.names:
            return {}
        by, program = self.names[pid]
        return {"by": by, "program": program}

    def read(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        handler = getattr(self, f"_{_FAMILY.get(call.name, 'other')}")
        yield from handler(pid, call)

    def _child(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        if call.result > 0:
            self.trace.parents[call.result] = pid
            if pid in self.names:
                self.names[call.result] = self.names[pid]
        yield from ()

    def _exec(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        at = 1 if call.name == "execveat" else 0
        if len(args) < at + 2:
            return
        path, argv = resolved(args[at], args[0] if at else ""), quoted(args[at + 1])
        if call.result != 0:
            return
        if argv[:1] == ["/usr/bin/choom"] and not self.names:
            self.starter = pid  # The guard's own last step before the payload.
            return
        self.starter = 0 if pid == self.starter else self.starter
        self.names[pid] = (" ".join(argv)[:200], path.rsplit("/", 1)[-1])
        detail = {"path": path, "argv": argv[:64], "parent": self.trace.parents.get(pid, 0), "cwd": ""}
        self.placeless[pid] = detail
        yield "exec", detail

    def _open(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        if call.name in ("openat", "openat2"):
            folder, args = args[0], args[1:]
        else:
            folder = ""
        if not args:
            return
        named = resolved(args[0], folder)
        # A link leads elsewhere than its name says, but for the one by which a process means itself.
        itself = named.startswith("/proc/") and call.opened.startswith("/proc/")
        path = named if itself else call.opened or named
        through = {"through": named} if path != named and not quiet(path) else {}
        flags = args[1] if len(args) > 1 else ""
        writes = call.name in ("creat", "truncate") or any(word in flags for word in ("O_WRONLY", "O_RDWR", "O_CREAT"))
        if writes:
            ours = path == "/dev/shm/lc_time"  # noqa: S108 - the page of the moved clock
            if ours or path.startswith(("/dev/null", "/dev/tty", "/dev/pts", "/proc/self/oom", "/dev/std", "/dev/fd")):
                return
            yield "write", {"path": path, **through, **_failed(call)}
        elif call.result >= 0 and "O_DIRECTORY" not in flags and not quiet(path):
            yield "open", {"path": path, **through}
        elif call.error in ("EACCES", "EPERM") and not quiet(path):
            yield "open", {"path": path, **_failed(call)}

    def _asked(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        at = 1 if args and args[0].startswith("AT_FDCWD") else 0
        if len(args) > at and re.search(ASKED_FOR, args[at]):
            yield "open", {"path": resolved(args[at]), "only": "asked whether it is there"}

    def _path(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        if call.name.endswith("at") and len(args) > 1:
            path = resolved(args[1], args[0])
        else:
            path = resolved(args[0]) if args else ""
        if call.error == "ENOENT":
            return
        if call.name in ("unlink", "unlinkat", "rmdir"):
            yield "delete", {"path": path, **_failed(call)}
        elif call.name == "fchmod":
            inside = re.search(r"<([^>]*)>", args[0]) if args else None
            yield "chmod", {"path": inside[1] if inside else "", "mode": args[-1]}
        elif call.name in ("mknod", "mknodat"):
            yield "write", {"path": path, "special": True, **_failed(call)}
        else:
            yield (
                "chmod",
                {"path": path, "mode": args[-1] if call.name == "chmod" else args[2] if len(args) > 2 else ""},
            )

    def _two_paths(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        if call.error == "ENOENT":
            return
        if call.name == "symlinkat" and len(args) >= 3:
            new = resolved(args[2], args[1])
            old = _target(args[0], new)
        elif call.name.endswith(("at", "at2")) and len(args) >= 4:
            old, new = resolved(args[1], args[0]), resolved(args[3], args[2])
        elif len(args) >= 2:
            new = resolved(args[1])
            old = _target(args[0], new) if call.name == "symlink" else resolved(args[0])
        else:
            return
        kind = "rename" if call.name.startswith("rename") else "link"
        yield kind, {"path": old, "to": new, **_failed(call)}

    def _net(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        where = socket_address(call.args)
        if where is None or where.get("family") in ("netlink", "unspec") or "nscd" in where.get("path", ""):
            return
        detail = dict(where)
        protocol = re.match(r"\d+<(TCP|UDP)", call.args)
        if protocol:
            detail["protocol"] = protocol[1].lower()
        if call.name.startswith("send"):
            sample = quoted(call.args.partition(",")[2])
            if sample:
                detail["sample"] = sample[0][:400]
        yield ("bind" if call.name == "bind" else "connect"), {**detail, **_failed(call)}

    def _signal(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        args = arguments(call.args)
        target = int(args[0]) if args and re.fullmatch(r"-?\d+", args[0]) else 0
        name = next((word for word in args[1:] if word.startswith("SIG")), args[-1] if args else "")
        if name == "0" or call.name == "tgkill" or target == pid:
            return
        yield "signal", {"target": target, "signal": name, **_failed(call)}

    def _ptrace(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        yield "ptrace", {"call": call.name, "what": call.args.split(",")[0][:80], **_failed(call)}

    def _limit(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        yield "limit", {"call": call.name, "what": call.args[:120], **_failed(call)}

    def _other(self, pid: int, call: Call) -> Iterator[tuple[str, dict]]:
        yield from ()


_FAMILY = {
    **dict.fromkeys(("execve", "execveat"), "exec"),
    **dict.fromkeys(("clone", "clone3", "fork", "vfork"), "child"),
    **dict.fromkeys(("open", "openat", "openat2", "creat", "truncate"), "open"),
    **dict.fromkeys(("unlink", "unlinkat", "rmdir", "chmod", "fchmod", "fchmodat", "mknod", "mknodat"), "path"),
    **dict.fromkeys(("rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat"), "two_paths"),
    **dict.fromkeys(("connect", "bind", "sendto", "sendmsg", "sendmmsg"), "net"),
    **dict.fromkeys(("access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx"), "asked"),
    **dict.fromkeys(("kill", "tkill", "tgkill", "pidfd_send_signal", "rt_sigqueueinfo", "rt_tgsigqueueinfo"), "signal"),
    **dict.fromkeys(("ptrace", "process_vm_readv", "process_vm_writev"), "ptrace"),
    **dict.fromkeys(
        (
            *(name for name in SEEN_AND_REFUSED if not name.startswith("process_vm")),
            "memfd_create",
            "filter",
        ),
        "limit",
    ),
}


def _target(argument: str, link: str) -> str:
    """Where a symbolic link leads: what it says is meant from the folder that it lies in."""
    return resolved(argument, f"<{posixpath.dirname(link)}>")


def quiet(path: str) -> bool:
    """Whether reading this file is what any program does to start up."""
    if path in _QUIET_ETC or path.startswith(_QUIET) or path.startswith(_QUIET_TREES):
        return True
    return bool(_QUIET_PROC.match(path)) or path in ("", ".")


def _failed(call: Call) -> dict:
    return {"error": call.error} if call.error else {}
