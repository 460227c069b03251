"""The command line as a process against a real registry: Django's live server, real services, the real signing key."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SKILL = Path(sys.executable).with_name("skill")
MANIFEST = "---\nname: {name}\ndescription: {description}\nlicense: MIT\n---\n\n# {name}\n\nRead the text and answer.\n"


@dataclass
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        return json.loads(self.out)


@dataclass
class Person:
    """Somebody at a machine of their own: a home, a configuration, and perhaps a token."""

    home: Path
    url: str
    token: str = ""
    more: dict = field(default_factory=dict)

    def run(self, *words: object, input: str = "", **environment: str) -> Ran:
        known = {"PATH": os.environ["PATH"], "HOME": str(self.home), "ASSAY_URL": self.url, **self.more, **environment}
        if self.token:
            known.setdefault("ASSAY_TOKEN", self.token)
        done = subprocess.run(
            [SKILL, *map(str, words)],
            input=input, capture_output=True, text=True, timeout=120, cwd=self.home, env=known, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return Ran(done.returncode, done.stdout, done.stderr)

    def skill(
        self, name: str, description: str = "Answers in one sentence. Use for short answers.", **files: str
    ) -> Path:
        folder = self.home / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_text(MANIFEST.format(name=name, description=description))
        for path, text in files.items():
            (folder / path).write_text(text)
        return folder


@pytest.fixture
def registry(live_server, settings, tmp_path):
    """The address of a registry with a disk and a signing key of its own. No worker runs."""
    from config.celery import app

    settings.BLOB_DIR = tmp_path / "registry" / "blobs"
    settings.KEY_DIR = tmp_path / "registry" / "keys"
    app.conf.broker_url = "memory://"
    settings.SITE_URL = live_server.url
    _empty_search_index()
    return live_server.url


def _empty_search_index() -> None:
    """The index is no model's table, so what an earlier test left in it outlives Django's flush."""
    from django.db import connection

    names = ("",) if connection.vendor == "postgresql" else ("_meta", "_body")
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DELETE FROM marketplace_search{name}")


@pytest.fixture
def enter(registry, tmp_path, django_user_model):
    """enter("alice") gives a Person with a publisher of that handle and a token with every scope."""
    from marketplace import services

    def come_in(name: str, scopes: tuple[str, ...] = ("read", "push", "rate", "yank")) -> Person:
        user = django_user_model.objects.create_user(name)
        services.publisher_create(actor=user, handle=name, kind="person", display_name=name.title())
        _, token = services.token_issue(actor=user, name="cli", scopes=scopes)
        home = tmp_path / name
        home.mkdir()
        return Person(home, registry, token)

    return come_in


@pytest.fixture
def alice(enter):
    return enter("alice")


@pytest.fixture
def stranger(registry, tmp_path):
    """Someone with no account who wants to install."""
    home = tmp_path / "stranger"
    home.mkdir()
    return Person(home, registry)


@pytest.fixture
def conclude(registry):
    """What a worker does at the end of a run, without the run: conclude("alice/x", verdict="pass")."""
    from marketplace import services
    from marketplace.models import Release
    from vetting import policy

    def end(full_name: str, verdict: str = "pass", version: str = "1.0.0", **more: object) -> Release:
        release = Release.objects.get(skill__full_name=full_name, version=version)
        report = {
            "skill": full_name, "version": version, "digest": release.digest, "ruleset": "test",
            "status": policy.STATUS[verdict],
            "safety": {"verdict": verdict, "score": 97.0},
            "quality": {"score": 61.0, "tier": "documented"},
            "stages": [{"name": "static", "state": "done", "seconds": 0.1}],
            "findings": [], "events": [], "trials": [], "permissions": {}, "posture": {}, **more,
        }  # fmt: skip
        services.release_conclude(release=release, report=report)
        release.refresh_from_db()
        return release

    return end


@pytest.fixture
def published(alice, conclude):
    """alice/answers@1.0.0, published."""
    folder = alice.skill("answers", **{"notes.md": "Short is good.\n"})
    assert alice.run("push", folder).code == 0
    return conclude("alice/answers")
