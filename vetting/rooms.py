"""Which sealed room to use: one of the Docker endpoints this deployment was given, that answers and seals."""

import logging
import random
import threading
import time
from functools import lru_cache

from django.conf import settings

from sandbox.base import Sandbox
from sandbox.docker import DockerSandbox
from sandbox.errors import RoomError
from vetting import attest
from vetting.bundle import Bundle
from vetting.stages.detonation import machines

log = logging.getLogger(__name__)

# An endpoint that sealed a room this recently need not prove it again before the next one.
TRUSTED_SECONDS = 300
_proven: dict[str, float] = {}


def room() -> Sandbox:
    """A backend that seals; with several endpoints the load is spread by chance and the dead are passed over."""
    trouble = RoomError("room.no-endpoint", "No Docker endpoint is configured.", fix="Set DOCKER_ENDPOINTS.")
    endpoints = random.sample(settings.DOCKER_ENDPOINTS, len(settings.DOCKER_ENDPOINTS))
    for endpoint in endpoints:
        backend = _backend(endpoint)
        try:
            _prove(endpoint, backend)
        except RoomError as error:
            trouble = error
        else:
            return backend
    raise trouble


def preflight() -> str:
    """Why no room may be used at all, "" where none fails to seal. An engine that is merely away may come back."""
    for endpoint in settings.DOCKER_ENDPOINTS:
        try:
            _prove(endpoint, _backend(endpoint))
        except RoomError as trouble:
            if trouble.code == "room.unsealed":
                return f"{trouble.message} {trouble.fix}"
            log.warning("no room at %s yet: %s %s", endpoint, trouble, trouble.fix)
    return ""


def ahead(bundle: Bundle) -> None:
    """Have the first room's surroundings made while the static stage still reads. Trouble is told by who needs one."""

    def expect() -> None:
        try:
            backend = _backend(settings.DOCKER_ENDPOINTS[0])
            if wanted := machines(bundle):
                backend.expect(*wanted)
        except RoomError:
            pass

    if len(settings.DOCKER_ENDPOINTS) == 1:
        threading.Thread(target=expect, daemon=True).start()


def settle() -> None:
    """Wait until nothing of the rooms that this process had is left."""
    for endpoint in settings.DOCKER_ENDPOINTS:
        try:
            _backend(endpoint).settle()
        except RoomError as trouble:
            log.error("a room is left: %s %s", trouble, trouble.fix)


def reap(*, everything: bool = False) -> int:
    """Remove this deployment's orphan rooms on every endpoint that answers, and tell how many."""
    removed = 0
    for endpoint in settings.DOCKER_ENDPOINTS:
        try:
            removed += _backend(endpoint).reap(everything=everything)
        except RoomError:
            continue
    return removed


def deployment() -> str:
    """The name on this deployment's containers: of its signing key, which all its machines share."""
    return attest.public_keys()[0]["keyid"][:12]


def _prove(endpoint: str, backend: Sandbox) -> None:
    if time.monotonic() - _proven.get(endpoint, float("-inf")) > TRUSTED_SECONDS:
        backend.check()
        _proven[endpoint] = time.monotonic()


@lru_cache(maxsize=32)
def _backend(endpoint: str) -> Sandbox:
    return DockerSandbox(endpoint, settings.SANDBOX_IMAGE, deployment(), settings.SANDBOX_RUNTIME)
