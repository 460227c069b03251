"""The Docker backend: one job, one hardened container, nothing left behind. Speaks the engine's API only."""

import atexit
import os
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

import docker.errors

from sandbox import makers, runsc, walls
from sandbox.base import Command, Job, Outcome, RoomFile
from sandbox.broom import Broom
from sandbox.engine import connect, translated
from sandbox.errors import RoomError
from sandbox.frames import Frames, Garbled
from sandbox.images.build import image_recipe
from sandbox.images.recipe import IMAGE, recipe_hash
from sandbox.outcome import outcome_of
from sandbox.sink.world import READY_SECONDS, SINK, World, host_config, trust_env, trust_files
from sandbox.sink.worlds import Worlds
from sandbox.tracer.syscalls import ASKED_FOR, REFUSED, TRACED
from sandbox.wire import Wire, packed

GUARD = ["/usr/bin/python3", "-E", "-s", "-S", "-B", "/usr/local/lib/room/guard.pyc"]
TRACE_BYTES = 32_000_000
# How long after its own end of time a room may still say what it saw, before it is killed from outside.
GRACE_SECONDS = 6.0
LINGER_SECONDS = 0.3
FALSE_WORLD, NO_WORLD = "false-world", "room.no-false-world"
# A child of a child reads a file: a witness that misses that, or loses its way in between, is none.
_LOOKED_AT = Job(
    command=["/bin/sh", "-c", "/bin/sh -c '/bin/cat /home/agent/note; :'; :"],
    files=[RoomFile(f"{walls.HOME}/note", b"seen")],
)


class DockerSandbox:
    """Rooms on one Docker engine, local or remote."""

    def __init__(
        self, endpoint: str | None = None, image: str = IMAGE, deployment: str = "default", runtime: str = ""
    ) -> None:
        self.name = f"docker-{runtime or 'default'}"
        self.endpoint, self.image, self.deployment, self.runtime = endpoint, image, deployment, runtime
        self._client: tuple[int, docker.APIClient | None] = (0, None)
        self._crew: tuple[int, Broom, Worlds] | None = None
        self._lock = threading.Lock()
        self._engine: dict | None = None
        self._v6 = True

    @property
    def api(self) -> docker.APIClient:
        """One client a process: a forked worker must not speak on its parent's connections."""
        with self._lock:
            owner, client = self._client
            if owner != os.getpid():
                client = connect(self.endpoint)
                self._client = (os.getpid(), client)
            return client

    @property
    def crew(self) -> tuple[Broom, Worlds]:
        """Who works in the background, threads and all: of each process its own."""
        with self._lock:
            if self._crew is None or self._crew[0] != os.getpid():
                broom = Broom(self._remove)
                self._crew = (os.getpid(), broom, Worlds(self._make_world, broom.sweep))
                atexit.register(self._at_exit, os.getpid())
            return self._crew[1:]

    @property
    def engine(self) -> dict:
        if self._engine is None:
            with translated():
                said = self.api.version()
            self._engine = {"version": said["Version"], "architecture": said["Arch"], "kernel": said["KernelVersion"]}
        return self._engine

    def run(self, job: Job) -> Outcome:
        """Run the job to its end or to its limit. Its room may still be on its way out: `settle` waits for that."""
        broom, _ = self.crew
        broom.complain()
        with ExitStack() as stack:
            if job.network == "none":
                if job.door:
                    raise ValueError("a door needs a false world to stand in")
                container = self._create(job, network="none")
                stack.callback(broom.sweep, [container])
                return self._watch(container, job)
            if job.network != FALSE_WORLD:
                raise ValueError(f"{job.network!r} is no network a room can have")
            try:
                return self._run_in_false_world(job, stack)
            except RoomError as trouble:
                if trouble.code != NO_WORLD:
                    raise
        # A host whose kernel cannot redirect still seals: nothing is answered then, and the posture says so.
        outcome = self.run(replace(job, network="none"))
        return replace(outcome, posture={**outcome.posture, "false_world": False})

    def _run_in_false_world(self, job: Job, stack: ExitStack) -> Outcome:
        """The room is made while its world comes up, and started as soon as there is a network to join."""
        broom, worlds = self.crew
        seconds = job.limits.wall_seconds + 4 * GRACE_SECONDS + READY_SECONDS
        world = worlds.take(job, seconds + 60)
        made = [world.container]
        # What was made is removed last, after the world's stream is closed.
        stack.callback(broom.sweep, made)
        stack.callback(world.close)
        try:
            made.append(self._create(job, network=f"container:{world.container}"))
            world.begin(job, time.monotonic() + seconds)
        except RoomError as trouble:
            self._learn(trouble)
            raise
        return self._watch(made[1], job, world)

    def expect(self, *hostnames: str) -> None:
        """A false world will soon be wanted on machines of these names: make it ready in the background."""
        self.crew[1].expect(*hostnames)

    def settle(self) -> None:
        """Wait until nothing of what ran, and of what was expected and not used, is left."""
        broom, worlds = self.crew
        worlds.discard()
        broom.settle()

    def _at_exit(self, owner: int) -> None:
        """Nothing of ours outlives the process that made it; of a killed one the reaper takes care."""
        if owner == os.getpid():
            try:
                self.settle()
            except RoomError:
                pass

    def check(self) -> Mapping[str, object]:
        """Seal a room for real and look at its walls from both sides."""
        with translated():
            recipe = image_recipe(self.api, self.image)
        if recipe is None:
            raise RoomError(
                "room.image-missing",
                f"The image {self.image} is not on the engine.",
                fix="Run `python -m sandbox.images build`.",
            )
        outcome = self.run(_LOOKED_AT)
        fix = "Run `python manage.py selfcheck` for the whole list of promises."
        if wrong := walls.unsealed(dict(outcome.posture)):
            raise RoomError("room.unsealed", f"This engine does not seal a room: {', '.join(wrong)}.", fix=fix)
        seen = {event.detail.get("path") for event in outcome.events if event.kind == "open"}
        if outcome.exit_code != 0 or not outcome.trace_complete or _LOOKED_AT.files[0].path not in seen:
            raise RoomError("room.no-witness", "The witness of a room does not work on this engine.", fix=fix)
        return {**self.engine, "image_current": recipe == recipe_hash(), "posture": outcome.posture}

    def reap(self, *, everything: bool = False) -> int:
        """Remove this deployment's rooms that nobody uses any more (or all of them) and tell how many."""
        removed = 0
        self.settle()
        with translated():
            wanted = {"label": ["assay.room=1", f"assay.deployment={self.deployment}"]}
            for container in self.api.containers(all=True, filters=wanted):
                if everything or _is_over(container["Labels"]):
                    self._remove(container["Id"])
                    removed += 1
        return removed

    def rooms(self, *, label: str = "") -> int:
        """How many containers of this deployment there are now, of those with this label where one is named."""
        wanted = ["assay.room=1", f"assay.deployment={self.deployment}", *([label] if label else [])]
        self.crew[0].settle()
        with translated():
            return len(self.api.containers(all=True, filters={"label": wanted}))

    def labels(self, seconds: float, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """What marks a container as ours, with the time after which the reaper may take it."""
        deadline = int(time.time() + seconds + GRACE_SECONDS + 60)
        ours = {"assay.room": "1", "assay.deployment": self.deployment, "assay.deadline": str(deadline)}
        return {**(more or {}), **ours, makers.LABEL: makers.mark()}

    def _learn(self, trouble: RoomError) -> None:
        """A kernel without IPv6 refuses the setting that switches it on: the next world does without."""
        if self._v6 and "ipv6" in trouble.message:
            self._v6 = False
            raise RoomError(NO_WORLD, "The kernel has no IPv6.", fix="Nothing to do: the next room goes without it.")

    def _make_world(self, hostname: str, seconds: float) -> World:
        """A world on its way: its container is there, and is being started."""
        with translated():
            made = self.api.create_container_from_config(
                {
                    "Image": self.image,
                    "Cmd": SINK,
                    "User": "0:0",
                    "Hostname": hostname,
                    "Labels": self.labels(seconds),
                    "OpenStdin": True,
                    "StdinOnce": True,
                    "AttachStdin": True,
                    "AttachStdout": True,
                    "AttachStderr": True,
                    "HostConfig": host_config(self.engine["architecture"], v6=self._v6),
                }
            )
        return World(self.api, made["Id"])

    def _create(self, job: Job, *, network: str) -> str:
        config = walls.host_config(job, architecture=self.engine["architecture"], network=network, runtime=self.runtime)
        with translated():
            made = self.api.create_container_from_config(
                {
                    "Image": self.image,
                    "Cmd": GUARD,
                    "User": "0:0",
                    "Hostname": job.hostname if network == "none" else "",
                    "Labels": self.labels(job.limits.wall_seconds, job.labels),
                    "OpenStdin": True,
                    "StdinOnce": True,
                    "AttachStdin": True,
                    "AttachStdout": True,
                    "AttachStderr": True,
                    "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
                    "WorkingDir": "/",
                    "HostConfig": config,
                }
            )
        return made["Id"]

    def _watch(self, container: str, job: Job, world: World | None = None) -> Outcome:
        begun = time.monotonic()
        frames = Frames(job.limits, TRACE_BYTES)
        with translated():
            attached = self.api.attach_socket(
                container, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1, "logs": 0}
            )
            wire = Wire(attached)
            try:
                self._start(container, world)
                killed = self._talk(wire, job, frames, begun + job.limits.wall_seconds + GRACE_SECONDS)
                if killed:
                    self._kill(container)
                if world:
                    world.ask_end()
                # A guard that told its end, and how often memory ran out, need not be waited for.
                counted = (frames.end or {}).get("out_of_memory")
                inspected = self._settled(container) if counted is None else self.api.inspect_container(container)
            finally:
                wire.close()
        if frames.walls is None and not killed:
            said = wire.stderr.decode("utf-8", "replace").strip()[-300:]
            if not inspected["State"].get("OOMKilled"):
                raise RoomError("room.guard", f"The room's guard did not start: {said or 'it said nothing'}")
        inside = frames.walls or {}
        if "error" in inside:
            raise RoomError("room.lay", f"The files could not be laid into the room: {inside['error']}")
        told_all = world.end() if world else True
        return outcome_of(
            job,
            frames,
            killed=killed,
            memory=bool(inspected["State"].get("OOMKilled") or counted),
            posture={**walls.posture(inspected, inside, self.engine), "false_world": bool(world)},
            seconds=time.monotonic() - begun,
            flows=world.ledger.flows if world else [],
            told_all=told_all,
        )

    def _start(self, container: str, world: World | None) -> None:
        """A world that did not come up has no network to join: that is its trouble, not the engine's."""
        try:
            self.api.start(container)
        except docker.errors.APIError:
            if world and world.is_over(seconds=1):
                world.wait()
            raise
        if world:
            world.wait()

    def _talk(self, wire: Wire, job: Job, frames: Frames, deadline: float) -> str:
        """Send the order, read the answer; tells why the room has to be killed, "" when it ended by itself."""
        try:
            files = [*job.files, *(trust_files() if job.network == FALSE_WORLD else ())]
            wire.send(packed(order(job), files, job.stdin), deadline)
            while frames.end is None and wire.receive(deadline, frames.feed):
                pass
        except TimeoutError:
            return "timeout"
        except (Garbled, ValueError, KeyError):
            return "garbled"
        except (BrokenPipeError, ConnectionResetError):
            return ""
        return ""

    def _settled(self, container: str) -> dict:
        """Inspect once the container has ended: only then is OOMKilled the whole truth."""
        until = time.monotonic() + GRACE_SECONDS
        while True:
            inspected = self.api.inspect_container(container)
            if not inspected["State"]["Running"]:
                return inspected
            if time.monotonic() > until:
                self._kill(container)
                until += GRACE_SECONDS
            time.sleep(0.004)

    def _kill(self, container: str) -> None:
        try:
            self.api.kill(container, signal="SIGKILL")
        except docker.errors.APIError as trouble:
            if trouble.status_code not in (404, 409):
                raise

    def _remove(self, container: str) -> None:
        for attempt in range(3):
            try:
                with translated():
                    self.api.remove_container(container, force=True, v=True)
                return self._sweep_up(container)
            except RoomError as trouble:
                if "no such container" in trouble.message.lower():
                    return self._sweep_up(container)
                if attempt == 2:
                    raise RoomError(
                        "room.unkillable",
                        f"The container {container[:12]} cannot be removed.",
                        fix="Restart the engine, then run `python manage.py reap`.",
                    ) from trouble
                time.sleep(0.3)

    def _sweep_up(self, container: str) -> None:
        """runsc can leave processes behind that the engine does not know of; they stand on the engine's machine."""
        if "runsc" in self.runtime and self.api.base_url.startswith("http+docker://"):
            runsc.sweep(container)


def _is_over(labels: Mapping[str, str]) -> bool:
    """Past its deadline, or of a process that is no more."""
    deadline = labels.get("assay.deadline", "0")
    return not deadline.isdigit() or int(deadline) < time.time() or makers.is_gone(labels.get(makers.LABEL, ""))


def order(job: Job) -> dict:
    """What the guard is told."""
    limits = job.limits
    commands = job.commands or [Command(job.command, timeout=limits.wall_seconds)]
    base = {
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
        "HOME": walls.HOME,
        "USER": "agent",
        "LOGNAME": "agent",
        "SHELL": "/bin/bash",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        **(_moved_clock(job.clock) if job.clock else {}),
        **(trust_env() if job.network == FALSE_WORLD else {}),
        **job.env,
    }
    return {
        "user": walls.UID,
        "user_name": "agent",
        "traced": job.traced,
        "syscalls": TRACED,
        "refused": REFUSED,
        "asked_for": ASKED_FOR,
        "linger": LINGER_SECONDS,
        "last_linger": job.linger,
        "warped": bool(job.clock),
        "output_bytes": limits.output_bytes,
        "trace_bytes": TRACE_BYTES,
        "wall_deadline_in": limits.wall_seconds,
        "copy_out": list(job.copy_out),
        "copy_out_bytes": limits.copy_out_bytes,
        "copy_out_files": limits.copy_out_files,
        "commands": [
            {
                "argv": list(command.argv),
                "timeout": command.timeout,
                "workdir": command.workdir or job.workdir,
                "env": {**base, **command.env},
            }
            for command in commands
        ],
    }


def _moved_clock(seconds: int) -> dict[str, str]:
    """For the payload alone: the witness keeps the true time. Sleeps are cut short, and the clock moves on by them."""
    return {
        "LD_PRELOAD": ":".join(f"/usr/local/lib/room-{name}.so" for name in ("warp", "clock", "plain")),
        "FAKETIME": f"{seconds:+d}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_NO_CACHE": "0",
    }
