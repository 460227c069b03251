"""What every backend promises, as small named checks that run for real: `keep(sandbox)` tells which are kept."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sandbox.base import Sandbox
from sandbox.errors import RoomError
from sandbox.promises.probes import Probes
from sandbox.promises.registry import PROMISES, Promise


@dataclass(frozen=True, slots=True)
class Kept:
    """One promise and whether this backend keeps it; why says what was seen when it does not."""

    promise: Promise
    kept: bool
    why: str
    seconds: float


def keep(sandbox: Sandbox, promises: Sequence[Promise] = PROMISES) -> Iterator[Kept]:
    """Try every promise. A promise that cannot be tried is not kept."""
    probes = Probes(sandbox)
    for promise in promises:
        begun = time.monotonic()
        try:
            kept, why = promise.holds(probes)
        except (RoomError, LookupError, ValueError) as trouble:
            kept, why = False, f"it could not be tried: {trouble}"
        yield Kept(promise, kept, "" if kept else why, time.monotonic() - begun)
