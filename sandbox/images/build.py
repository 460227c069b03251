"""Builds the room's image once; a second build with the same recipe is a look at a label."""

import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import docker
import docker.errors

from sandbox.engine import connect, translated
from sandbox.errors import RoomError
from sandbox.images import apt
from sandbox.images.recipe import (
    HOME_LABEL,
    IMAGE,
    PACKAGES,
    PULLED_BASE,
    RECIPE_LABEL,
    ROOM_FILES,
    SUITE,
    base_hash,
    dockerfile,
    home,
    recipe_hash,
)

PULL_SECONDS = 8
# A room's own image is some hundred megabytes; whoever names a registry knows that it answers.
ROOM_PULL_SECONDS = 600
# A worker of the release before may still start rooms from its image for a while.
OLD_SECONDS = 86400


def say(line: str) -> None:
    print(f"assay-room: {line}", file=sys.stderr, flush=True)


def build(endpoint: str | None = None, *, image: str = IMAGE, force: bool = False, tell: Callable = say) -> bool:
    """Make sure that `image` is the recipe's; True when it had to be built."""
    api = connect(endpoint, timeout=900)
    with translated():
        if not force and image_recipe(api, image) == recipe_hash():
            tell("the image is up to date")
            return False
        if not force and names_registry(image) and _pull(endpoint, image, ROOM_PULL_SECONDS):
            if image_recipe(api, image) == recipe_hash():
                tell(f"{image} was pulled")
                return True
            tell(f"{image} is there, but of another recipe")
        base, needs_apt = _base(api, endpoint, tell)
        tell("adding the room's own files")
        _layer(api, image, base, needs_apt)
        tell(f"{image} is ready")
        prune(api, keep={image, base}, tell=tell)
        return True


def prune(
    api: docker.APIClient, *, keep: set[str], tell: Callable = say, of: str = "", age: float = OLD_SECONDS
) -> int:
    """Remove this checkout's images that a newer one took the place of a while ago and that no container uses."""
    removed = 0
    for image in api.images(filters={"label": f"{HOME_LABEL}={of or home()}"}):
        if keep & set(image["RepoTags"] or ()) or image["Created"] > time.time() - age:
            continue
        try:
            for name in image["RepoTags"] or [image["Id"]]:
                if name != "<none>:<none>":
                    api.remove_image(name)
            removed += 1
        except docker.errors.APIError:
            continue  # In use, or the parent of one that is kept.
    if removed:
        tell(f"removed {removed} older images of the room")
    return removed


def image_recipe(api: docker.APIClient, image: str) -> str | None:
    """The recipe hash that an image says it was built from; None when there is no such image."""
    try:
        config = api.inspect_image(image)["Config"] or {}
    except docker.errors.ImageNotFound:
        return None
    return (config.get("Labels") or {}).get(RECIPE_LABEL, "")


def _base(api: docker.APIClient, endpoint: str | None, tell: Callable) -> tuple[str, bool]:
    name = f"assay-base:{base_hash()}"
    if image_recipe(api, name) is not None:
        return name, False
    if _pull(endpoint):
        tell(f"using the public image {PULLED_BASE}")
        return PULLED_BASE, True
    if shutil.which("mmdebstrap") is None:
        raise RoomError(
            "room.no-base",
            f"The base image {PULLED_BASE} cannot be pulled and mmdebstrap is not installed.",
            fix="Install the Debian package mmdebstrap, or let the engine reach an image registry.",
        )
    tell("no image registry answers; making a base from Debian packages (about half a minute)")
    with tempfile.TemporaryDirectory(prefix="assay-base-") as folder:
        tar = Path(folder) / "base.tar"
        _mmdebstrap(tar)
        tell("importing the base image")
        label = [f"LABEL {HOME_LABEL}={home()}"]
        api.import_image_from_file(str(tar), repository="assay-base", tag=base_hash(), changes=label)
    return name, False


def names_registry(image: str) -> bool:
    """Whether the name's first part is a machine: an operator who names one wants the image from there."""
    first, slash, _ = image.partition("/")
    return bool(slash) and ("." in first or ":" in first or first == "localhost")


def _pull(endpoint: str | None, image: str = PULLED_BASE, seconds: float = PULL_SECONDS) -> bool:
    """Try for a while only: where there is no registry, a pull can hang for minutes."""
    done: list[bool] = []

    def attempt() -> None:
        repository, _, tag = image.rpartition(":") if ":" in image.rsplit("/", 1)[-1] else (image, "", "latest")
        try:
            lines = connect(endpoint, timeout=seconds).pull(repository, tag=tag, stream=True, decode=True)
            done.append(not any("error" in line for line in lines))
        except Exception:
            done.append(False)  # Whatever the trouble, the other way to a base is taken.

    puller = threading.Thread(target=attempt, daemon=True)
    puller.start()
    puller.join(seconds)
    return done == [True]


def _mmdebstrap(tar: Path) -> None:
    command = ["mmdebstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}"]
    command += ["--mode=root"] if os.geteuid() == 0 else []
    command += [f"--aptopt={line}" for line in apt.options()]
    command += [f"--dpkgopt=path-exclude=/usr/share/{what}/*" for what in ("doc", "man", "info", "locale")]
    command += [SUITE, str(tar), *apt.sources(SUITE)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, stdin=subprocess.DEVNULL)
    if done.returncode:
        last = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), "no message")
        raise RoomError(
            "room.no-base",
            f"mmdebstrap could not make the base image: {last[:300]}",
            fix="See that `apt-get update` works on this host, then build again.",
        )


def _layer(api: docker.APIClient, image: str, base: str, needs_apt: bool) -> None:
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as tar:
        tar.add(ROOM_FILES, arcname="room", filter=lambda member: None if "__pycache__" in member.name else member)
        text = dockerfile(base=base, apt=needs_apt).encode()
        member = tarfile.TarInfo("Dockerfile")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    context.seek(0)
    lines = api.build(
        fileobj=context,
        custom_context=True,
        tag=image,
        rm=True,
        forcerm=True,
        network_mode="default" if needs_apt else "none",
        labels={RECIPE_LABEL: recipe_hash(), HOME_LABEL: home()},
        decode=True,
    )
    for line in lines:
        if "error" in line:
            raise RoomError("room.build", f"The room's image could not be built: {line['error'][:300]}")
