"""The contract of a sealed room: what goes in, what comes out, and what every backend promises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sandbox.door import Door


@dataclass(frozen=True, slots=True)
class Limits:
    """The walls of a room. wall_seconds is enforced from outside by SIGKILL; sizes are bytes unless they say MB."""

    wall_seconds: float = 60
    memory_mb: int = 512
    cpus: float = 1.0
    pids: int = 128
    disk_mb: int = 64
    inodes: int = 8192
    files: int = 512
    output_bytes: int = 1_000_000
    copy_out_bytes: int = 10_000_000
    copy_out_files: int = 1000


@dataclass(frozen=True, slots=True)
class RoomFile:
    """A file that is laid into the room before the payload starts; path is absolute inside the room."""

    path: str
    data: bytes
    executable: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """One of several commands that share a room, run one after the other.

    argv runs in workdir with env on top of the job's, for at most timeout seconds. What it left running in the
    background stays alive for the commands after it.
    """

    argv: Sequence[str]
    timeout: float = 10.0
    workdir: str = ""
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """How one command of a job came out. ended is "exit", "timeout", "output" or "lost"."""

    ended: str
    exit_code: int | None
    stdout: bytes
    stderr: bytes
    seconds: float
    began: float = 0.0
    trace_complete: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to run in a room of its own.

    command is argv, started in workdir as the unprivileged user `agent` (uid 10001, HOME=/home/agent). files are laid
    first. traced asks for the witness; a job whose trace is lost comes back with trace_complete False. copy_out names
    absolute folders whose regular files are wanted afterwards. labels mark the containers for the reaper. With commands
    given, these run in order in the same room in place of command. network is "none" or "false-world", in which every
    address answers and nothing leaves: nonce is what its scripts prove with that they were run, metadata holds the
    planted credentials of its cloud, door is the only way out of it where one is to be open. clock is an offset in
    seconds for a second, differing run, in which sleeps take next to no time; linger is how long what the commands left
    in the background may go on, less where all of it serves others.
    """

    command: Sequence[str] = ()
    files: Sequence[RoomFile] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    workdir: str = "/workspace"
    limits: Limits = field(default_factory=Limits)
    traced: bool = True
    network: str = "none"
    copy_out: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    stdin: bytes = b""
    commands: Sequence[Command] = ()
    clock: int = 0
    hostname: str = "workstation"
    linger: float = 0.3
    nonce: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    door: Door | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something the payload did. t is seconds since the payload's start.

    kind is one of exec, open, write, delete, rename, connect, dns, http, tls, canary, limit and, where a backend sees
    them, chmod, link, signal, ptrace. detail holds what that kind has to say (argv, path, host, port, body ...).
    """

    t: float
    kind: str
    detail: Mapping[str, object] = field(default_factory=dict)
    pid: int = 0

    def as_dict(self) -> dict:
        return {"t": round(self.t, 4), "kind": self.kind, "pid": self.pid, **self.detail}


@dataclass(frozen=True, slots=True)
class Flow:
    """What the false world was sent. t is wall-clock seconds; kind is dns, http, tls, tcp, udp, icmp or ip.

    data are the bytes that wanted to leave, decrypted where they were encrypted, before anything is made of them.
    """

    t: float
    kind: str
    host: str
    port: int
    data: bytes = b""
    detail: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a job. ended is "exit", "timeout", "memory", "output" or "killed".

    exit_code is the payload's, None unless it ended by itself. posture holds what `inspect` says of the walls, not what
    was asked for.
    """

    ended: str
    exit_code: int | None
    stdout: bytes
    stderr: bytes
    seconds: float
    events: Sequence[Event] = ()
    trace_complete: bool = True
    truncated: bool = False
    copied_out: Sequence[RoomFile] = ()
    posture: Mapping[str, object] = field(default_factory=dict)
    results: Sequence[Result] = ()
    flows: Sequence[Flow] = ()
    began: float = 0.0


class Sandbox(Protocol):
    """A backend. Every method may raise sandbox.errors.RoomError: the platform's fault, never the payload's."""

    name: str

    def run(self, job: Job) -> Outcome:
        """Run the job to its end or to its limit. Its room may still be on its way out: `settle` waits for that."""

    def expect(self, *hostnames: str) -> None:
        """A false world will soon be wanted on machines of these names: make it ready in the background."""

    def settle(self) -> None:
        """Wait until nothing of what ran, and of what was expected and not used, is left."""

    def check(self) -> Mapping[str, object]:
        """What the engine is and can do; raises RoomError when no room can be sealed."""

    def reap(self, *, everything: bool = False) -> int:
        """Remove rooms past their deadline (or all of ours) and tell how many."""

    def rooms(self, *, label: str = "") -> int:
        """How many rooms of ours stand now, of those with this label where one is named."""
