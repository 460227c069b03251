"""The one way to a Docker engine: connect, and tell its troubles as ours."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import docker
import docker.errors
import requests

from sandbox.errors import RoomError

DEFAULT = "unix:///var/run/docker.sock"
OLDEST_API = (1, 41)


def connect(endpoint: str | None = None, *, timeout: float = 60) -> docker.APIClient:
    """A client of an engine that is new enough, or a RoomError that says what is missing."""
    url = endpoint or os.environ.get("DOCKER_HOST") or DEFAULT
    with translated():
        api = docker.APIClient(base_url=url, version="auto", timeout=timeout)
        if tuple(int(part) for part in api.api_version.split(".")) < OLDEST_API:
            raise RoomError(
                "room.engine-old",
                f"The Docker engine at {url} speaks API {api.api_version}, older than 1.41.",
                fix="Install Docker Engine 20.10 or newer.",
            )
        return api


@contextmanager
def translated() -> Iterator[None]:
    """Turn the client library's exceptions into RoomErrors with a stable code."""
    try:
        yield
    except docker.errors.ImageNotFound as trouble:
        raise RoomError(
            "room.image-missing",
            "The image of the room is not on the engine.",
            fix="Run `python -m sandbox.images build`.",
        ) from trouble
    except docker.errors.APIError as trouble:
        raise _api_trouble(trouble) from trouble
    except (docker.errors.DockerException, requests.RequestException, OSError) as trouble:
        raise RoomError(
            "room.no-engine",
            f"No Docker engine answers ({type(trouble).__name__}).",
            fix="Start the Docker engine, or set DOCKER_HOST to one that runs.",
        ) from trouble


def _api_trouble(trouble: docker.errors.APIError) -> RoomError:
    said = str(trouble.explanation or trouble)[:300]
    low = said.lower()
    if "no space left" in low:
        return RoomError("room.disk-full", "The engine's disk is full.", fix="Free space under the engine's data root.")
    if "no such image" in low:
        return RoomError(
            "room.image-missing",
            "The image of the room is not on the engine.",
            fix="Run `python -m sandbox.images build`.",
        )
    return RoomError("room.engine", f"The Docker engine refused: {said}", fix="See the engine's own log.")


def runtimes(api: docker.APIClient) -> list[str]:
    """The names of the runtimes that this engine could start a room with."""
    with translated():
        return sorted(api.info().get("Runtimes") or {})
