"""Removes what a run left behind while the caller goes on. What could not be removed is said at the next chance."""

import threading
from collections.abc import Callable, Sequence

from sandbox.errors import RoomError

# With more than this under way the caller waits for its own, so that no heap grows.
_AT_ONCE = 4


class Broom:
    """One a process. remove takes one container away or raises RoomError."""

    def __init__(self, remove: Callable[[str], None]) -> None:
        self._remove = remove
        self._changed = threading.Condition()
        self._under_way = 0
        self._trouble: list[RoomError] = []

    def sweep(self, containers: Sequence[str]) -> None:
        """Take all of these away at once, behind the caller's back."""
        with self._changed:
            crowded = self._under_way >= _AT_ONCE
            self._under_way += len(containers)
        for container in containers:
            if crowded:
                self._one(container)
            else:
                threading.Thread(target=self._one, args=(container,), daemon=True).start()

    def settle(self, seconds: float = 30) -> None:
        """Wait until all is away; raises what could not be."""
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, timeout=seconds)
        self.complain()

    def complain(self) -> None:
        """Raise what could not be removed, once."""
        with self._changed:
            trouble, self._trouble = self._trouble, []
        if trouble:
            raise trouble[0]

    def _one(self, container: str) -> None:
        try:
            self._remove(container)
        except RoomError as error:
            with self._changed:
                self._trouble.append(error)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()
