"""Publishing folders by the same door as any author: the `skill` command, with a token, over the API.

What was pushed is noted in var/, so that nothing is pushed twice and a broken-off batch goes on where it stopped.
"""

import hashlib
import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts import registry
from scripts.places import DATA, PYTHON, ROOT, SKILL
from scripts.say import Stop

NOTES = DATA / "publishing"
STATUSES = ("published", "quarantined", "rejected")


@dataclass
class Batch:
    """One publisher's folders. `notes` maps a folder's name to what became of it."""

    publisher: str
    folders: Sequence[Path]
    port: int
    notes: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.file = NOTES / f"{self.publisher}.json"
        if self.file.exists():
            self.notes = json.loads(self.file.read_text(encoding="utf-8"))
        self._token = ""

    @property
    def token(self) -> str:
        """Asked for once, and only when there is something to do."""
        self._token = self._token or token(self.publisher, self.port)
        return self._token

    def to_push(self) -> list[Path]:
        return [folder for folder in self.folders if self.note(folder).get("content") != content_of(folder)]

    def undecided(self) -> list[Path]:
        return [folder for folder in self.folders if self.note(folder).get("status") == "vetting"]

    def note(self, folder: Path) -> dict:
        return self.notes.get(folder.name, {})

    def push(self, folder: Path) -> dict:
        """Upload one folder; the note says `vetting`, or `refused` with the reason when intake turned it away."""
        code, answer = skill(["push", str(folder), "--owner", self.publisher], port=self.port, secret=self.token)
        note = {"content": content_of(folder)}
        if "version" in answer:
            note |= {"skill": answer["skill"], "version": answer["version"], "status": answer["status"]}
        elif code in (1, 5):
            note |= {"status": "refused", "reason": _reason(answer)}
        else:
            raise Stop(f"Publishing {folder.name} as {self.publisher} failed: {_reason(answer)}")
        return self._keep(folder, note)

    def ask(self, folder: Path) -> dict:
        """Look whether the verdict is there."""
        note = self.note(folder)
        path = f"/api/v1/skills/{note['skill']}/releases/{note['version']}/report"
        report = get(path, port=self.port, secret=self.token)
        if report.get("status") in STATUSES:
            safety, quality = report.get("safety") or {}, report.get("quality") or {}
            note = {**note, "status": report["status"]}
            note |= {"verdict": safety.get("verdict"), "safety": safety.get("score"), "quality": quality.get("score")}
            self._keep(folder, note)
        return note

    def _keep(self, folder: Path, note: dict) -> dict:
        self.notes[folder.name] = note
        NOTES.mkdir(parents=True, exist_ok=True)
        draft = self.file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(self.notes, indent=1), encoding="utf-8")
        draft.replace(self.file)
        return note


def token(publisher: str, port: int) -> str:
    """A fresh push token; the user and the publisher are made when they are not there."""
    command = [PYTHON, "manage.py", "token", publisher]
    done = subprocess.run(
        command, cwd=ROOT, env=registry.environment(port), capture_output=True, text=True, check=False
    )
    if done.returncode or not done.stdout.strip():
        raise Stop(f"`manage.py token {publisher}` failed: {(done.stderr.strip().splitlines() or ['no output'])[-1]}")
    return done.stdout.strip().splitlines()[-1]


def skill(words: Sequence[str], *, port: int, secret: str) -> tuple[int, dict]:
    """Run the command line and read its one JSON document."""
    done = subprocess.run(
        [SKILL, *words, "--json"],
        cwd=ROOT,
        env={**registry.environment(port), "ASSAY_URL": f"http://127.0.0.1:{port}", "ASSAY_TOKEN": secret},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    try:
        return done.returncode, json.loads(done.stdout)
    except ValueError:
        return done.returncode, {"message": (done.stderr.strip().splitlines() or ["no answer"])[-1]}


def get(path: str, *, port: int, secret: str) -> dict:
    """One document of the API; an empty one when it is not to be had at this moment."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {secret}"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20) as answer:
            return json.load(answer)
    except (OSError, ValueError, urllib.error.HTTPError):
        return {}


def content_of(folder: Path) -> str:
    """A digest of every name and byte below a folder."""
    whole = hashlib.sha256()
    for file in _files(folder):
        whole.update(f"{file.relative_to(folder)}\0{file.stat().st_mode & 0o111}\0".encode(errors="surrogateescape"))
        whole.update(file.read_bytes())
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())


def _reason(answer: dict) -> str:
    error = answer.get("error", answer)
    return str(error.get("message") or error.get("detail") or error) if isinstance(error, dict) else str(error)
