"""Orders that stand in the front matter and in hook files: install recipes and hooks."""

import json
import re
from collections.abc import Callable, Iterator, Sequence

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*\r?$\n?", re.DOTALL | re.MULTILINE)
_MOST_FRONT = 64 * 1024
_HOOK_FILES = ("hooks/hooks.json", ".claude/settings.json", ".claude/settings.local.json", "hooks.json")


def split(skill_md: str) -> tuple[dict, str, int]:
    """Front matter, body, and the line (from 1) on which the body starts. Broken YAML counts as no front matter."""
    match = _FRONT.match(skill_md)
    if match is None:
        return {}, skill_md, 1
    body = skill_md[match.end() :]
    line = skill_md.count("\n", 0, match.end()) + 1
    return _yaml(match[1]), body, line


def install_recipes(front: dict) -> Iterator[str]:
    """metadata.<agent>.install as the commands an agent would run for them."""
    metadata = front.get("metadata")
    if isinstance(metadata, str):
        metadata = _json(metadata)
    for agent in metadata.values() if isinstance(metadata, dict) else ():
        agent = _json(agent) if isinstance(agent, str) else agent
        recipes = agent.get("install") if isinstance(agent, dict) else None
        for recipe in recipes if isinstance(recipes, list) else ():
            if isinstance(recipe, dict):
                yield from _recipe(recipe)


def hooks(front: dict, files: Sequence[str], read: Callable[[str], str | None] | None) -> Iterator[tuple[str, str]]:
    """(command, where) of every hook of type command, in the front matter and in the usual files."""
    for command in _commands(front.get("hooks")):
        yield command, "SKILL.md:1"
    for path in _HOOK_FILES if read else ():
        if path in files:
            for command in _commands(_json(read(path) or "")):
                yield command, path


def _recipe(recipe: dict) -> Iterator[str]:
    kind = str(recipe.get("kind") or recipe.get("type") or "")
    what = next((str(recipe[key]) for key in ("package", "formula", "module", "crate", "name") if recipe.get(key)), "")
    starts = {
        "brew": "brew install",
        "node": "npm install -g",
        "npm": "npm install -g",
        "go": "go install",
        "uv": "uv tool install",
        "pip": "pip install",
        "pipx": "pipx install",
        "apt": "apt-get install -y",
        "cargo": "cargo install",
    }
    url = str(recipe.get("url") or "")
    if kind == "download" and url:
        name = url.rstrip("/").rsplit("/", 1)[-1] or "download"
        yield f"curl -fsSL -o {_quoted(name)} {_quoted(url)}"
    elif kind in ("shell", "script", "command") and recipe.get("command"):
        yield str(recipe["command"])
    elif kind in starts and what:
        yield f"{starts[kind]} {_quoted(what)}"


def _commands(value: object, depth: int = 0) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(value, dict):
        command = value.get("command")
        if isinstance(command, str) and value.get("type", "command") == "command":
            yield command
        for inner in value.values():
            yield from _commands(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _commands(inner, depth + 1)


def _quoted(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9._/@:=+-]+", text) else "'" + text.replace("'", "'\\''") + "'"


def _yaml(text: str) -> dict:
    if len(text) > _MOST_FRONT or re.search(r"(?m)[:\-]\s+[&*]\w", text):
        return {}
    try:
        value = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _json(text: str) -> dict:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
