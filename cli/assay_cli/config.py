"""What is kept on disk between runs: tokens (readable by their owner alone) and the keys of known registries."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from assay_cli import files
from assay_cli.errors import CliError, UsageProblem

CREDENTIALS = "credentials.json"
KNOWN = "known_registries.json"


def folder() -> Path:
    from platformdirs import user_config_path

    return user_config_path("assay", appauthor=False)


def tidy_url(url: str) -> str:
    """scheme://host[:port][/path], without a slash at the end, so that one registry has one spelling."""
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  a bad port is found only when it is read
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise UsageProblem(
            f"{url!r} is no address of a registry.", hint="Give ASSAY_URL or --url as https://host[:port]."
        )
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def read(name: str) -> dict:
    path = folder() / name
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CliError(f"{path} cannot be read: {error}.", code="config", hint="Mend or remove the file.") from error
    if not isinstance(document, dict):
        raise CliError(f"{path} holds no JSON object.", code="config", hint="Mend or remove the file.")
    return document


@contextmanager
def changing(name: str) -> Iterator[dict]:
    """The document, written when the block ends; for the owner's eyes alone."""
    home = folder()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with files.alone(home):
        document = read(name)
        yield document
        files.replace(home / name, document)


def last_registry() -> str:
    url = read(CREDENTIALS).get("default", "")
    return url if isinstance(url, str) else ""


def token_for(url: str) -> str:
    """The token kept for this very registry; a token never goes to another one."""
    kept = read(CREDENTIALS).get("registries", {})
    entry = kept.get(url, {}) if isinstance(kept, dict) else {}
    token = entry.get("token", "") if isinstance(entry, dict) else ""
    return token if isinstance(token, str) else ""


def keep_token(url: str, token: str, user: str) -> Path:
    with changing(CREDENTIALS) as document:
        document.setdefault("registries", {})[url] = {"token": token, "user": user}
        document["default"] = url
    return folder() / CREDENTIALS


def forget_token(url: str) -> bool:
    with changing(CREDENTIALS) as document:
        return document.get("registries", {}).pop(url, None) is not None
