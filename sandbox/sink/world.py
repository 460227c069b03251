"""One false world: a container of its own whose network namespace a room joins. Made for one run, gone with it."""

import json
import threading
import time
from collections.abc import Callable, Mapping

import docker
import docker.errors

from sandbox import seccomp
from sandbox.base import Job, RoomFile
from sandbox.door import Doorkeeper
from sandbox.engine import translated
from sandbox.errors import RoomError
from sandbox.sink.authority import authority
from sandbox.sink.flows import Ledger
from sandbox.wire import Wire

SINK = ["/usr/bin/python3", "-B", "-s", "-E", "/usr/local/lib/room/sink.pyc"]
CAPABILITIES = ("NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW")
CERTIFICATES = "/etc/ssl/certs"
BUNDLE = f"{CERTIFICATES}/ca-certificates.crt"
READY_SECONDS = 20
END_SECONDS = 6


class World:
    """Start it, join it, end it: then its ledger holds what wanted to leave."""

    def __init__(self, api: docker.APIClient, container: str) -> None:
        self.api, self.container, self.deadline = api, container, time.monotonic() + READY_SECONDS
        self.ledger = Ledger()
        self.doorkeeper: Doorkeeper | None = None
        self._writing = threading.Lock()
        self._trouble: RoomError | None = None
        self._starting = threading.Thread(target=self._start, daemon=True)
        self._changed = threading.Condition()
        self._wire: Wire | None = None
        self._reader: threading.Thread | None = None
        self._over = False
        self._starting.start()

    def _start(self) -> None:
        try:
            with translated():
                streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1, "logs": 0}
                self._wire = Wire(self.api.attach_socket(self.container, params=streams))
                self.api.start(self.container)
        except RoomError as trouble:
            self._trouble = trouble

    def started(self) -> None:
        """Wait until its network namespace is there to be joined; its programs may still be loading."""
        self._starting.join()
        if self._trouble:
            raise self._trouble

    def begin(self, job: Job, deadline: float) -> None:
        """Hand over the order; `wait` then waits for the world to stand."""
        self.started()
        self.deadline = deadline
        if job.door:
            self.doorkeeper = Doorkeeper(job.door, self._send)
            self.ledger.at_door = self.doorkeeper.take
        try:
            self._send(order(job))
        except OSError as trouble:
            raise RoomError(
                "room.no-false-world",
                "The false world ended before it was told what to do.",
                fix="See `python manage.py selfcheck`.",
            ) from trouble
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait(self) -> None:
        if not self._until(lambda: self.ledger.ready, READY_SECONDS):
            said = self._wire.stderr.decode("utf-8", "replace").strip()[-300:] if self._wire else ""
            raise RoomError(
                "room.no-false-world",
                f"The false world did not come up: {said or 'it said nothing'}",
                fix="The host's kernel needs the nat table of iptables; see `python manage.py selfcheck`.",
            )

    def is_over(self, seconds: float) -> bool:
        """Whether it has ended, or does so within these seconds."""
        return self._until(lambda: self._over, seconds)

    def ask_end(self) -> None:
        """Ask for what is still open."""
        if self.doorkeeper:
            self.doorkeeper.close()
        try:
            with self._writing:
                self._wire.send(b"end\n", time.monotonic() + 2)
        except OSError:
            pass

    def end(self) -> bool:
        """Wait for the last of it; True when the world told all it saw."""
        self._until(lambda: self.ledger.ended, END_SECONDS)
        return self.ledger.ended and not self.ledger.dropped

    def close(self) -> None:
        if self.doorkeeper:
            self.doorkeeper.close()
        self._starting.join()
        if self._wire:
            self._wire.close()

    def _send(self, said: Mapping) -> None:
        with self._writing:
            self._wire.send(json.dumps(said).encode() + b"\n", time.monotonic() + READY_SECONDS)

    def _read(self) -> None:
        try:
            while self._wire.receive(self.deadline, self._take):
                if self.ledger.ended:
                    break
        except (OSError, ValueError):
            pass
        with self._changed:
            self._over = True
            self._changed.notify_all()

    def _take(self, data: bytes) -> None:
        with self._changed:
            self.ledger.feed(data)
            self._changed.notify_all()

    def _until(self, true: Callable[[], bool], seconds: float) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: true() or self._over, timeout=seconds)
            return true()


def order(job: Job) -> dict:
    trusted = authority()
    return {
        "ca_key": trusted.key,
        "ca_certificate": trusted.certificate,
        "nonce": job.nonce or "room-proof",
        "metadata_key": job.metadata.get("key", ""),
        "metadata_secret": job.metadata.get("secret", ""),
        "door": {"name": job.door.name, "port": job.door.port} if job.door else None,
    }


def host_config(architecture: str, *, v6: bool = True) -> dict:
    """Flags of the sink. Containers without a network have IPv6 switched off unless it is asked for."""
    memory = 192 * 1024 * 1024
    return {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "CapAdd": list(CAPABILITIES),
        "SecurityOpt": ["no-new-privileges:true", f"seccomp={seccomp.profile(architecture)}"],
        "PidsLimit": 64,
        "Sysctls": {"net.ipv6.conf.all.disable_ipv6": "0"} if v6 else {},
        "Memory": memory,
        "MemorySwap": memory,
        "Tmpfs": {
            "/run": "rw,nosuid,nodev,noexec,size=4m,nr_inodes=1024,mode=0755",
            "/run/room": "rw,nosuid,nodev,noexec,size=4m,mode=0700",
        },
        "Dns": ["10.99.99.99"],
        "DnsOptions": ["timeout:2", "attempts:1"],
        "DnsSearch": ["."],
        "LogConfig": {"Type": "none", "Config": {}},
        "RestartPolicy": {"Name": "no"},
        "Ulimits": [{"Name": "nofile", "Soft": 4096, "Hard": 4096}, {"Name": "core", "Soft": 0, "Hard": 0}],
    }


def trust_files() -> list[RoomFile]:
    """The authority's certificate where every program of the room looks for it."""
    trusted = authority()
    pem = trusted.certificate.encode()
    return [RoomFile(BUNDLE, pem), RoomFile(f"{CERTIFICATES}/{trusted.hashed_name}", pem)]


def trust_env() -> Mapping[str, str]:
    """For the programs that bring certificates of their own."""
    return dict.fromkeys(("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "PIP_CERT", "SSL_CERT_FILE"), BUNDLE)
