"""Publishes, in the background, the skills that two well-known agents ship inside their own packages.

The packages come from the registries' ordinary clients, are unpacked as data, and nothing of them is run here.
"""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scripts import pids, registry
from scripts.environments import TOOLS
from scripts.places import DATA, LOG_DIR, ROOT, RUN_DIR, settle_environment
from scripts.publishing import NOTES, Batch
from scripts.say import Stop, step

PID = RUN_DIR / "real-skills.pid"
STATE = NOTES / "real-skills.state"
KEPT = DATA / "real-skills"
SKILL_BYTES = 20 * 1024 * 1024
DOWNLOAD_LIMIT = 600
PATIENCE = 3 * 3600


@dataclass(frozen=True)
class Source:
    """A package and the folder inside it whose subfolders are skills."""

    publisher: str
    package: str
    version: str
    inside: str
    fetch: Callable[["Source", Path], Path]


def _npm(source: Source, folder: Path) -> Path:
    npm = shutil.which("npm")
    if not npm:
        raise Stop(f"npm is not installed here, so {source.package} cannot be fetched")
    wanted = f"{source.package}@{source.version}"
    _client([npm, "pack", wanted, "--ignore-scripts", "--silent", "--pack-destination", str(folder)], wanted)
    return next(folder.glob("*.tgz"))


def _pip(source: Source, folder: Path) -> Path:
    wanted = f"{source.package}=={source.version}"
    python = str(TOOLS / "uv" / "bin" / "python")
    options = ["--no-deps", "--only-binary", ":all:", "--quiet"]
    _client([python, "-m", "pip", "download", *options, "--dest", str(folder), wanted], wanted)
    return next(folder.glob("*.whl"))


SOURCES = (
    Source("openclaw", "openclaw", "2026.9.6", "package/skills", _npm),
    Source("nanobot", "nanobot-ai", "0.3.5", "nanobot/skills", _pip),
)


def _client(command: list[str], wanted: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        raise Stop(f"downloading {wanted} took longer than {DOWNLOAD_LIMIT} s") from None
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise Stop(f"{wanted} could not be downloaded ({words})")


# --- Unpacking --------------------------------------------------------------------------------------------------------
def skills_of(source: Source) -> list[Path]:
    """The skill folders of a package, downloaded and unpacked once."""
    home = KEPT / f"{source.publisher}-{source.version}"
    if not home.exists():
        draft = KEPT / f".{home.name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        (draft / "download").mkdir(parents=True)
        archive = source.fetch(source, draft / "download")
        _unpack(archive, PurePosixPath(source.inside), draft / "skills")
        (draft / "skills").rename(home)
        shutil.rmtree(draft)
    return sorted(file.parent for file in home.glob("*/SKILL.md"))


def _unpack(archive: Path, inside: PurePosixPath, target: Path) -> None:
    """Write out the regular files below one folder of the archive, and nothing that would land elsewhere."""
    target.mkdir()
    for name, data, executable in _regular_files(archive, inside):
        parts = PurePosixPath(name).relative_to(inside).parts
        if not parts or any(part in {"", ".", ".."} for part in parts):
            continue
        file = target.joinpath(*parts)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        file.chmod(0o755 if executable else 0o644)


def _regular_files(archive: Path, inside: PurePosixPath):
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as whole:
            for member in whole.infolist():
                if not member.is_dir() and _is_below(member.filename, inside) and member.file_size <= SKILL_BYTES:
                    yield member.filename, whole.read(member), bool((member.external_attr >> 16) & 0o111)
        return
    with tarfile.open(archive) as whole:
        for member in whole:
            if member.isfile() and _is_below(member.name, inside) and member.size <= SKILL_BYTES:
                yield member.name, whole.extractfile(member).read(), bool(member.mode & 0o111)


def _is_below(name: str, inside: PurePosixPath) -> bool:
    return PurePosixPath(name).is_relative_to(inside)


# --- In the background ------------------------------------------------------------------------------------------------
def start_in_background(port: int) -> None:
    """Start this module as a process of its own, unless it runs or has nothing left to do."""
    if pids.alive(PID) or _is_done():
        return
    LOG_DIR.mkdir(parents=True, exist_ok=True)
    _say_state("Real skills: downloading")
    with open(LOG_DIR / "real-skills.log", "ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.publish_real"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=registry.environment(port),
            start_new_session=True,
        )
    pids.write(PID, process.pid)


def how_it_goes() -> str:
    """One line on the real skills."""
    return STATE.read_text(encoding="utf-8").strip() if STATE.exists() else "Real skills: not asked for yet"


def say_how_it_goes(patience: float = 20) -> None:
    """Tell what the background process has come to; the download gets a few seconds to finish."""
    end = time.monotonic() + patience
    while pids.alive(PID) and how_it_goes().endswith("downloading") and time.monotonic() < end:
        time.sleep(0.5)
    step(how_it_goes() + ("; this goes on in the background (make status)" if pids.alive(PID) else ""))


def _is_done() -> bool:
    for source in SOURCES:
        file = NOTES / f"{source.publisher}.json"
        home = KEPT / f"{source.publisher}-{source.version}"
        if not file.exists() or not home.exists():
            return False
        notes = json.loads(file.read_text(encoding="utf-8"))
        folders = {skill.parent.name for skill in home.glob("*/SKILL.md")}
        if folders - set(notes) or any(note["status"] == "vetting" for note in notes.values()):
            return False
    return True


def _say_state(line: str) -> None:
    NOTES.mkdir(parents=True, exist_ok=True)
    STATE.write_text(line + "\n", encoding="utf-8")


def main() -> None:
    settle_environment()
    port = registry.port()
    batches, troubles = [], []
    for source in SOURCES:
        try:
            batches.append(Batch(source.publisher, skills_of(source), port))
        except (Stop, OSError, StopIteration, tarfile.TarError, zipfile.BadZipFile) as trouble:
            troubles.append(str(trouble))
    for trouble in troubles:
        print(f"Real skills: {trouble}", flush=True)
    _push_and_wait(batches, troubles)


def _push_and_wait(batches: list[Batch], troubles: list[str]) -> None:
    end = time.monotonic() + PATIENCE
    _say_state(_summary(batches, troubles))
    for batch in batches:
        for folder in batch.to_push():
            try:
                batch.push(folder)
            except Stop as trouble:
                print(f"Real skills: {trouble}", flush=True)
            _say_state(_summary(batches, troubles))
    while any(batch.undecided() for batch in batches) and registry.running() and time.monotonic() < end:
        for batch in batches:
            for folder in batch.undecided():
                batch.ask(folder)
        _say_state(_summary(batches, troubles))
        time.sleep(3)


def _summary(batches: list[Batch], troubles: list[str]) -> str:
    counts: dict[str, int] = {}
    for batch in batches:
        for folder in batch.folders:
            status = batch.note(folder).get("status", "to be pushed")
            counts[status] = counts.get(status, 0) + 1
    parts = [f"{number} {status}" for status, number in sorted(counts.items())]
    return "Real skills: " + "; ".join([", ".join(parts) or "none", *troubles])


if __name__ == "__main__":
    main()
