"""The cast and their tools. Alice owns, Bob is on her team, Charlie has no access, Mallory uploads hostile things."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings: Any) -> Iterator[None]:
    """Every test has a blob store and a signing key of its own, an empty cache, and a broker inside its process."""
    from config.celery import app

    settings.BLOB_DIR = tmp_path / "blobs"
    settings.KEY_DIR = tmp_path / "keys"
    app.conf.broker_url = "memory://"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: Any) -> None:
    """SQLite's test database is a file, as in life: in the one in memory, writers do not wait for each other."""
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


# --- The cast -------------------------------------------------------------------------------------------------------
def _person(name: str) -> Any:
    from django.contrib.auth import get_user_model

    return get_user_model().objects.create_user(name, f"{name}@example.com", PASSWORD)


def join(publisher: Any, owner: Any, user: Any, role: str = "member") -> Any:
    """The owner asks, the user says yes."""
    from marketplace.services import invitation_accept, member_invite

    member_invite(actor=owner, publisher=publisher, username=user.get_username(), role=role)
    return invitation_accept(actor=user, publisher=publisher)


PASSWORD = "correct horse battery"


@pytest.fixture
def alice(db: Any) -> Any:
    """Owner of the publisher `alice`."""
    from marketplace.services import publisher_create

    user = _person("alice")
    publisher_create(actor=user, handle="alice")
    return user


@pytest.fixture
def alices(alice: Any) -> Any:
    """The publisher `alice`, of Alice and, once he is there, Bob."""
    from marketplace.models import Publisher

    return Publisher.objects.get(handle="alice")


@pytest.fixture
def bob(alices: Any, alice: Any) -> Any:
    """On Alice's team."""
    user = _person("bob")
    join(alices, alice, user)
    return user


@pytest.fixture
def charlie(db: Any) -> Any:
    """Has no access to anything of Alice's."""
    return _person("charlie")


@pytest.fixture
def mallory(db: Any) -> Any:
    """Uploads hostile things, as the publisher `mallory`."""
    from marketplace.services import publisher_create

    user = _person("mallory")
    publisher_create(actor=user, handle="mallory")
    return user


# --- Their tools ----------------------------------------------------------------------------------------------------
def skill_md(name: str = "pdf-tools", *, description: str = "", body: str = "", **fields: Any) -> str:
    """A SKILL.md; fields go into its front matter as JSON, which is YAML."""
    front = {"name": name, "description": description or f"Does what {name} should do.", **fields}
    lines = "\n".join(f"{key}: {json.dumps(value)}" for key, value in front.items())
    return f"---\n{lines}\n---\n{body or f'# {name}'}\n"


def zip_of(files: dict[str, str | bytes]) -> bytes:
    """An upload of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return out.getvalue()


def skill_zip(name: str = "pdf-tools", *, files: dict[str, str | bytes] | None = None, **manifest: Any) -> bytes:
    """An upload of a skill with this SKILL.md and these further files."""
    return zip_of({"SKILL.md": skill_md(name, **manifest), **(files or {})})


def report_of(release: Any, *, verdict: str = "pass", quality: float | None = 71.5, **more: Any) -> dict:
    """A report as the pipeline would hand it over."""
    from vetting import policy, report

    document = report.document(
        [],
        skill=str(release.skill),
        version=release.version,
        digest=release.digest,
        ruleset="r-test",
        verdict=verdict,
        status=policy.STATUS[verdict],
        concluded_at=None,
    )
    document["safety"] |= {"score": {"pass": 96.0, "warn": 70.0, "block": 5.0}.get(verdict)}
    document["quality"] |= {"score": quality, "tier": "documented"}
    return document | more


@pytest.fixture
def push(alice: Any, alices: Any) -> Callable[..., Any]:
    """push(name="pdf-tools", version="1.0.0", ...) by Alice; publisher=, actor= and data= say otherwise."""
    from marketplace.services import release_push

    def _push(
        name: str = "pdf-tools", *, version: str = "", actor: Any = None, publisher: Any = None, **more: Any
    ) -> Any:
        data = more.pop("data", None) or skill_zip(name, **more)
        return release_push(actor=actor or alice, publisher=publisher or alices, data=data, version=version)[0]

    return _push


@pytest.fixture
def publish(push: Callable[..., Any]) -> Callable[..., Any]:
    """The same, and its run concluded: verdict= (pass) and quality= (71.5) are what it came to."""
    from marketplace.models import Release
    from marketplace.services import release_conclude
    from vetting.models import Run

    def _publish(name: str = "pdf-tools", *, verdict: str = "pass", quality: float | None = 71.5, **more: Any) -> Any:
        release = push(name, **more)
        release_conclude(release=release, report=report_of(release, verdict=verdict, quality=quality))
        Run.objects.filter(release=release).update(state="done", verdict=verdict)
        return Release.objects.select_related("skill__publisher").get(pk=release.pk)

    return _publish


@pytest.fixture
def token_for(db: Any) -> Callable[..., str]:
    """token_for(user, "push", publisher=...) is a fresh token's plain text."""
    from marketplace.services import token_issue

    def _token(user: Any, *scopes: str, **more: Any) -> str:
        return token_issue(
            actor=user, name="a test's token", scopes=scopes or ("read", "push", "rate", "yank"), **more
        )[1]

    return _token


@pytest.fixture
def as_user(token_for: Callable[..., str]) -> Callable[..., Client]:
    """as_user(alice, "push") is an API client with such a token; as_user(None) has none."""

    def _client(user: Any = None, *scopes: str, **more: Any) -> Client:
        headers = {"Authorization": f"Bearer {token_for(user, *scopes, **more)}"} if user else {}
        return Client(headers=headers, raise_request_exception=False)

    return _client


@pytest.fixture
def samples() -> Path:
    """Our own calm and hostile skills."""
    return Path(site.BASE_DIR) / "tests" / "samples"
