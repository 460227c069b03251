"""The promises, in the order in which a reader wants them: walls, running, bounds, copy-out, witness, world, after."""

# ruff: noqa: E501 - one promise, one probe a line: a table that reads best when it is not wrapped.

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.base import Job
from sandbox.promises.probes import MANY, ODD_NAMES, Probes


@dataclass(frozen=True, slots=True)
class Promise:
    """name is a sentence. Without a promise that seals, no room may be used at all."""

    name: str
    group: str
    test: Callable[[Probes], bool]
    shows: Callable[[Probes], object]
    seals: bool = False

    def holds(self, probes: Probes) -> tuple[bool, str]:
        kept = bool(self.test(probes))
        return kept, "" if kept else f"seen: {str(self.shows(probes))[:200]}"


def _wall(name: str, key: str, value: str) -> Promise:
    return Promise(name, "walls", lambda p: p.walls[key] == value, lambda p: f"{key}={p.walls.get(key)}", seals=True)


def _room(group: str, name: str, test: Callable[[Probes], bool], shows: Callable[[Probes], object]) -> Promise:
    return Promise(name, group, test, shows)


def _sent(name: str, host: str, wanted: bytes) -> Promise:
    return Promise(name, "world", lambda p: wanted in p.sent(host), lambda p: [f.host for f in p.sends.flows])


_WALLS = (
    _wall("the payload is an unprivileged user", "uid", "10001"),
    _wall("it is in no group but its own", "groups", "10001"),
    _wall("it has no effective capability", "CapEff", "0" * 16),
    _wall("it has no permitted capability", "CapPrm", "0" * 16),
    _wall("it can never gain privileges", "NoNewPrivs", "1"),
    _wall("its system calls are filtered", "Seccomp", "2"),
    _wall("no program is set-user-id", "setuid", "0"),
    _wall("the root file system cannot be written", "write_root", "no"),
    _wall("system folders cannot be written", "write_usr", "no"),
    _wall("configuration cannot be written", "write_etc", "no"),
    _wall("the engine's socket is absent", "docker_sock", "no"),
    _wall("no device can be made", "mknod", "no"),
    _wall("nothing can be mounted", "mount", "no"),
    _wall("no user namespace can be made", "unshare", "no"),
    _wall("no network namespace can be made", "netns", "no"),
    _wall("no other namespace can be entered", "setns", "no"),
    _wall("the root cannot be changed", "chroot", "no"),
    _wall("the kernel's log cannot be read", "dmesg", "no"),
    _wall("the clock cannot be set", "date", "no"),
    _wall("kernel settings cannot be changed", "sysctl", "no"),
    _wall("the core pattern cannot be changed", "core", "no"),
    _wall("control groups cannot be changed", "cgroup", "no"),
    _wall("io_uring is refused", "io_uring", "no"),
    _wall("bpf is refused", "bpf", "no"),
    _wall("userfaultfd is refused", "userfaultfd", "no"),
    _wall("the kernel's key ring is refused", "keyctl", "no"),
    _wall("performance events are refused", "perf", "no"),
    _wall("another kernel cannot be loaded", "kexec", "no"),
    _wall("kernel modules cannot be loaded", "init_module", "no"),
    _wall("no child can hide from the witness", "untraced_child", "no"),
    _wall("a call of another machine ends its process", "other_machine", "no"),
    _wall("no filter can hand calls to a listener", "listener", "no"),
    _wall("raw sockets are refused", "raw_socket", "no"),
    _wall("there is no network interface but loopback", "interfaces", "0"),
    _wall("the internet is out of reach", "reach_1.1.1.1", "no"),
    _wall("the host is out of reach", "reach_172.17.0.1", "no"),
    _wall("the cloud's metadata is out of reach", "reach_169.254.169.254", "no"),
    _wall("the private network is out of reach", "reach_10.0.0.1", "no"),
    _wall("the witness's folder cannot be read", "private", "no"),
    _wall("the guard cannot be killed", "kill_guard", "no"),
    _wall("the guard's environment cannot be read", "guard_env", "no"),
    _wall("the guard's memory cannot be read", "guard_mem", "no"),
    Promise("no folder of the host is in the room", "walls", lambda p: p.walls_room.posture["binds"] == [],
            lambda p: p.walls_room.posture["binds"], seals=True),
    Promise("nothing is written to the engine's log", "walls", lambda p: p.walls_room.posture["log_driver"] == "none",
            lambda p: p.walls_room.posture["log_driver"]),
)  # fmt: skip

_RUNNING = (
    _room("running", "the exit code is told", lambda p: p.talks.exit_code == 7, lambda p: p.talks.exit_code),
    _room("running", "stdin arrives", lambda p: b"from stdin" in p.talks.stdout, lambda p: p.talks.stdout),
    _room("running", "stdout and stderr are kept apart", lambda p: p.talks.stderr == b"err\n", lambda p: p.talks.stderr),
    _room("running", "the environment arrives", lambda p: b"|hello|/home/agent|" in p.talks.stdout, lambda p: p.talks.stdout),
    _room("running", "the work folder is honoured", lambda p: b"/workspace/deep|" in p.talks.stdout, lambda p: p.talks.stdout),
    _room("running", "every byte of output arrives unchanged", lambda p: p.every_byte.stdout == bytes(range(256)) * 16, lambda p: len(p.every_byte.stdout)),
    _room("running", "odd file names survive", lambda p: {f.path for f in p.laid.copied_out} >= {f"/workspace/odd/{n}" for n in ODD_NAMES}, lambda p: [f.path for f in p.laid.copied_out]),
    _room("running", "the executable bit survives", lambda p: b"ran\n" in p.laid.stdout, lambda p: p.laid.stdout + p.laid.stderr),
    _room("running", "big files arrive whole", lambda p: b"5000000" in p.laid.stdout, lambda p: p.laid.stdout),
    _room("running", "commands of one job share a room", lambda p: p.several.results[1].stdout.startswith(b"one"), lambda p: p.several.results[1]),
    _room("running", "what runs in the background lives on for the next command", lambda p: p.several.results[1].stdout.split()[-1] != b"0", lambda p: p.several.results[1]),
    _room("running", "a command's own time ends it", lambda p: p.several.results[2].ended == "timeout", lambda p: p.several.results[2]),
    _room("running", "a command that is missing is told", lambda p: p.several.results[3].exit_code not in (0, None), lambda p: p.several.results[3]),
    _room("running", "the commands after it still run", lambda p: p.several.results[4].stdout == b"last\n", lambda p: p.several.results),
)  # fmt: skip

_BOUNDS = (
    _room("bounds", "time ends a payload that ignores every signal", lambda p: p.stubborn.ended == "timeout", lambda p: p.stubborn.ended),
    _room("bounds", "processes are bounded", lambda p: p.forks.ended in ("exit", "timeout") and p.forks.seconds < 12, lambda p: (p.forks.ended, p.forks.seconds)),
    _room("bounds", "memory is bounded, and told when it runs out", lambda p: p.memory.ended == "memory", lambda p: p.memory.ended),
    _room("bounds", "the size of a folder is bounded", lambda p: 20 <= int(p.fills.stdout.split()[0]) <= 25, lambda p: p.fills.stdout),
    _room("bounds", "the number of files is bounded", lambda p: int(p.fills.stdout.split()[1]) < 513, lambda p: p.fills.stdout),
    _room("bounds", "shared memory is bounded", lambda p: int(p.fills.stdout.split()[2]) <= 8, lambda p: p.fills.stdout),
    _room("bounds", "open files are bounded", lambda p: int(p.fills.stdout.split()[3]) < 200, lambda p: p.fills.stdout),
    _room("bounds", "endless output ends the payload", lambda p: p.floods.ended == "output", lambda p: p.floods.ended),
    _room("bounds", "output is cut at its bound, and says so", lambda p: len(p.floods.stdout) <= 100_000 and p.floods.truncated, lambda p: len(p.floods.stdout)),
)  # fmt: skip

_COPY_OUT = (
    _room("copy-out", "regular files come out", lambda p: ("/workspace/fine.txt", b"fine\n") in [(f.path, f.data) for f in p.askew.copied_out], lambda p: p.askew.copied_out),
    _room("copy-out", "links are not followed", lambda p: not any("link" in f.path for f in p.askew.copied_out), lambda p: [f.path for f in p.askew.copied_out]),
    _room("copy-out", "pipes are left alone", lambda p: not any("pipe" in f.path for f in p.askew.copied_out), lambda p: [f.path for f in p.askew.copied_out]),
    _room("copy-out", "a file beyond the byte cap is left", lambda p: not any("sparse" in f.path for f in p.askew.copied_out), lambda p: [f.path for f in p.askew.copied_out]),
    _room("copy-out", "no more files than asked for come out", lambda p: len(p.crowd.copied_out) == 50 < MANY, lambda p: len(p.crowd.copied_out)),
)  # fmt: skip

_WITNESS = (
    _room("witness", "programs are seen with their arguments", lambda p: any("/home/agent/secret.txt" in e.detail["argv"] for e in p.deed("exec")), lambda p: p.deed("exec")),
    _room("witness", "reads are seen", lambda p: bool(p.deed("open", path="/home/agent/secret.txt")), lambda p: p.deed("open")),
    _room("witness", "what is read through a link is told as what it is", lambda p: bool(p.deed("open", path="/home/agent/deep/far.txt")), lambda p: p.deed("open")),
    _room("witness", "writes are seen", lambda p: bool(p.deed("write", path="/home/agent/made.txt")), lambda p: p.deed("write")),
    _room("witness", "renames are seen", lambda p: bool(p.deed("rename", to="/home/agent/moved.txt")), lambda p: p.deed("rename")),
    _room("witness", "changed modes are seen", lambda p: bool(p.deed("chmod", path="/home/agent/moved.txt")), lambda p: p.deed("chmod")),
    _room("witness", "links are seen", lambda p: bool(p.deed("link", to="/home/agent/link")), lambda p: p.deed("link")),
    _room("witness", "deletions are seen", lambda p: bool(p.deed("delete", path="/home/agent/moved.txt")), lambda p: p.deed("delete")),
    _room("witness", "connections are seen", lambda p: bool(p.deed("connect", host="192.0.2.7", port=8080)), lambda p: p.deed("connect")),
    _room("witness", "signals to others are seen", lambda p: bool(p.deed("signal", target=1)), lambda p: p.deed("signal")),
    _room("witness", "children of children are seen", lambda p: bool(p.deed("open", path="/home/agent/other.txt")), lambda p: p.deed("open")),
    _room("witness", "an attack on the witness fails, and the trace stays whole", lambda p: p.deeds.trace_complete, lambda p: p.deeds.ended),
    _room("witness", "what a payload did before its time was up stays seen", lambda p: any(e.kind == "exec" for e in p.stubborn.events), lambda p: p.stubborn.events),
)  # fmt: skip

_WORLD = (
    Promise("every name resolves and is told", "world", lambda p: any(f.kind == "dns" and f.host == "names.example" for f in p.sends.flows), lambda p: p.sends.stderr),
    _sent("encrypted requests are read", "names.example", b"body=one"),
    _sent("encrypted requests to a bare address are read", "192.0.2.9", b"GET /"),
    _sent("IPv6 is answered and told", "2001:db8::5", b"GET /six"),
    _sent("the metadata address is answered by us", "169.254.169.254", b"GET /latest/meta-data/"),
    _sent("the host's own address is answered by us", "172.17.0.1", b"GET /host"),
    _sent("requests through a proxy are read", "behind.example", b"GET /proxied"),
    _sent("raw bytes are told", "192.0.2.10", b"RAW-BYTES"),
    _sent("datagrams are told", "192.0.2.11", b"UDP-BYTES"),
    Promise("the payload's own servers still work", "world", lambda p: b"own 200" in p.sends.stdout, lambda p: p.sends.stdout + p.sends.stderr),
    Promise("the sink told all it saw", "world", lambda p: p.sends.trace_complete, lambda p: p.sends.stderr),
)  # fmt: skip


def _nothing_left(probes: Probes) -> bool:
    probes.sandbox.run(Job(command=["true"], traced=False, labels={"assay.promise": "nothing-left"}))
    return probes.sandbox.rooms(label="assay.promise=nothing-left") == 0


_AFTER = (Promise("nothing of a room is left", "after", _nothing_left, lambda p: p.sandbox.rooms(label="assay.promise=nothing-left")),)  # fmt: skip

PROMISES: tuple[Promise, ...] = (*_WALLS, *_RUNNING, *_BOUNDS, *_COPY_OUT, *_WITNESS, *_WORLD, *_AFTER)
