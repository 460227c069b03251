"""Makes false worlds, each for one run. One that is expected is made ahead, while something else is being done."""

import threading
import time
from collections.abc import Callable

from sandbox.base import Job
from sandbox.errors import RoomError
from sandbox.sink.world import World

# How long a world that was made ahead may be waited for and then used, together.
AHEAD_SECONDS = 300


class _Ahead:
    """A world under way. Whoever takes it waits for it to stand."""

    def __init__(self, make: Callable[[], World]) -> None:
        self.made_at = time.monotonic()
        self.world: World | None = None
        self.stands = False
        self._make = make
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.world = self._make()
            self.world.started()
            self.stands = True
        except RoomError:
            pass  # Whoever wants one makes it anew, and hears of the trouble then.

    def wait(self) -> World | None:
        self._thread.join()
        return self.world


class Worlds:
    """At most one world is made ahead for each machine's name; what is not used is swept away."""

    def __init__(self, make: Callable[[str, float], World], sweep: Callable[[list[str]], None]) -> None:
        self._make, self._sweep = make, sweep
        self._ahead: dict[str, _Ahead] = {}
        self._lock = threading.Lock()

    def expect(self, *hostnames: str) -> None:
        with self._lock:
            for name in hostnames:
                if name not in self._ahead:
                    self._ahead[name] = _Ahead(lambda name=name: self._make(name, AHEAD_SECONDS))

    def take(self, job: Job, seconds: float) -> World:
        """A world that lasts this long: the one made ahead, else a new one."""
        with self._lock:
            ahead = self._ahead.pop(job.hostname, None)
        world = ahead.wait() if ahead else None
        late = ahead and time.monotonic() + seconds > ahead.made_at + AHEAD_SECONDS
        if world and (late or not ahead.stands):
            self._away(world)
            world = None
        return world or self._make(job.hostname, seconds)

    def discard(self) -> None:
        """Take away all that was made ahead and never used."""
        with self._lock:
            unused, self._ahead = list(self._ahead.values()), {}
        for ahead in unused:
            world = ahead.wait()
            if world:
                self._away(world)

    def _away(self, world: World) -> None:
        world.close()
        self._sweep([world.container])
