"""What a skill says it needs beside what it was seen to use, in the same words: hosts, commands, files, env, tools."""

import re
from collections.abc import Mapping

from vetting.manifest import Manifest
from vetting.reading.hosts import addresses
from vetting.stages.room_scene import HOME, WORKSPACE, Scene

_BASH_TOOL = re.compile(r"^Bash\(([^:)\s*]+)")
_STARTERS = {"bash", "sh", "env", "choom", "timeout", "true", "dash"}
MOST = 60


def permissions(scene: Scene) -> dict:
    return {"declared": declared(scene.manifest), "observed": observed(scene)}


def declared(manifest: Manifest) -> dict[str, list[str]]:
    """The clear way to declare: `metadata.permissions` with lists named hosts, commands, files and env.

    `allowed-tools` and `metadata.<agent>.requires` are read too, because many skills say it there.
    """
    said: dict[str, set[str]] = {"hosts": set(), "commands": set(), "files": set(), "env": set()}
    own = manifest.metadata.get("permissions")
    for kind in said:
        said[kind] |= _words(own.get(kind)) if isinstance(own, Mapping) else set()
    for agent in manifest.metadata.values():
        requires = agent.get("requires") if isinstance(agent, Mapping) else None
        if isinstance(requires, Mapping):
            said["commands"] |= _words(requires.get("bins")) | _words(requires.get("anyBins"))
            said["env"] |= _words(requires.get("env"))
    for tool in manifest.allowed_tools:
        match = _BASH_TOOL.match(tool)
        if match:
            said["commands"].add(match[1])
        said["hosts"] |= set(re.findall(r"domain:([\w.-]+)", tool))
    said["hosts"] |= {one.host for one in addresses(manifest.compatibility)}
    out = {kind: sorted(words)[:MOST] for kind, words in said.items() if words}
    if manifest.allowed_tools:
        out["tools"] = list(manifest.allowed_tools)[:MOST]
    return out


def observed(scene: Scene) -> dict[str, list[str]]:
    hosts, commands, files = set(), set(), set()
    for event in scene.events:
        if event.kind in ("http", "tls", "dns") or (event.kind == "connect" and event.detail.get("seen_by") == "sink"):
            hosts.add(str(event.detail.get("host") or event.detail.get("name") or ""))
        elif event.kind == "exec":
            program = str((event.detail.get("argv") or [""])[0]).rsplit("/", 1)[-1]
            if program not in _STARTERS and scene.nonce not in (event.detail.get("argv") or ()):
                commands.add(program)
        elif event.kind in ("open", "write", "delete", "rename") and not event.detail.get("error"):
            path = str(event.detail.get("path", ""))
            if path.startswith(HOME + "/") and not path.startswith(
                (scene.skill_dir, f"{HOME}/.cache", f"{HOME}/.local")
            ):
                files.add(("read " if event.kind == "open" else f"{event.kind} ") + path.replace(HOME, "~", 1))
            elif not path.startswith((HOME, WORKSPACE, "/tmp", "/proc", "/dev", "/usr", "/etc", "/var/tmp", "/sys")):  # noqa: S108
                files.add(f"{event.kind} {path}")
    found = {"hosts": hosts - {""}, "commands": commands, "files": files}
    return {kind: sorted(words)[:MOST] for kind, words in found.items() if words}


def _words(value: object) -> set[str]:
    if isinstance(value, str):
        return {word for word in re.split(r"[,\s]+", value) if word}
    if isinstance(value, list | tuple):
        return {str(word) for word in value if isinstance(word, str | int)}
    return set()
