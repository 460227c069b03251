"""Writes to places from which something starts by itself or steers an agent, and files of the user that are gone."""

import re
from collections.abc import Iterator

from sandbox.base import Event
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.stages.room_scene import HOME, Scene, by

_SHELL_RC = re.compile(
    r"/\.(bashrc|bash_profile|bash_login|bash_logout|bash_aliases|profile|zshrc|zprofile|zshenv|zlogin)$"
    r"|/fish/config\.fish$"
)
_AUTOSTART = re.compile(
    r"/\.ssh/(authorized_keys2?|rc)$|/\.ssh/config$|/cron(tabs)?/|/\.config/autostart/|/systemd/user/"
    r"|/LaunchAgents/|/\.config/cron"
    r"|/\.xinitrc$|/\.xprofile$|/\.pam_environment$|/\.local/state/room/crontab"
)
_GIT_CONFIG = re.compile(r"/\.gitconfig$|/\.config/git/config$")
_INSTRUCTIONS = re.compile(
    r"/(CLAUDE|AGENTS|GEMINI|SOUL|IDENTITY|TOOLS|HEARTBEAT|USER|MEMORY|COPILOT-INSTRUCTIONS)(\.local)?\.md$"
    r"|/\.cursorrules$|/memory/[^/]+\.md$",
    re.I,
)
_SETTINGS = re.compile(
    r"/\.claude/settings(\.local)?\.json$|/\.claude\.json$|/\.codex/config\.toml$|/\.openclaw/[^/]*\.json$"
    r"|/\.mcp\.json$"
    r"|/mcp\.json$|/\.gemini/settings\.json$|/\.config/opencode/|/\.cursor/mcp\.json$"
    r"|/\.claude/(hooks|commands|agents)/|/\.openclaw/(hooks|cron)/"
)
_AGENT_HOMES = re.compile(
    r"^/home/agent/\.(claude|codex|openclaw|gemini|cursor|nanobot|kimi|config/opencode|agents)/"
    r"|^/home/agent/\.claude\.json$"
)
# Lines that any installer adds to a shell's start: a path, an alias, a tool's own hook, a setting.
_HARMLESS_RC = re.compile(
    r"^\s*(#.*|(export\s+)?PATH=[\"']?[$\w/.:{}~-]+[\"']?|export\s+[A-Z_][A-Z0-9_]*=[\"']?[\w./:$~{}@-]*[\"']?"
    r"|alias\s+[\w.-]+=(\"[^\"`$;|&]*\"|'[^'`$;|&]*'|[\w./-]+)|eval\s+\"\$\([\w.-]+\s+(init|hook|env"
    r"|activate)[\w\s-]*\)\""
    r"|source\s+[\"']?[\w./$~{}-]+[\"']?|\.\s+[\"']?[\w./$~{}-]+[\"']?"
    r"|\[\s+-[sf]\s+\S+\s+\]\s+&&\s+(\.|source)\s+\S+|setopt\s+\w+)?\s*$"
)
_STEERING_GIT = re.compile(
    r"hookspath|sshcommand|\[credential|helper\s*=|insteadof|\[url|fsmonitor|\[alias|pager\s*=|editor\s*=", re.I
)
_WIPED_AT = 4


def start_up_places(scene: Scene) -> Iterator[Finding]:
    for path, event in _changed(scene):
        if _SHELL_RC.search(path):
            yield from _shell_rc(scene, event, path)
        elif _AUTOSTART.search(path):
            grave = "authorized_keys" in path or "cron" in path or path.endswith("/.ssh/rc")
            yield _place(
                scene,
                event,
                path,
                "SK-PERS",
                "start-up",
                Severity.CRITICAL if grave else Severity.HIGH,
                Confidence.HIGH,
                f"It wrote {_short(path)}, from which something starts by itself or somebody may log in.",
            )
        elif _GIT_CONFIG.search(path) and _STEERING_GIT.search(_added(scene, path)):
            yield _place(
                scene,
                event,
                path,
                "SK-PERS",
                "git-config",
                Severity.HIGH,
                Confidence.MEDIUM,
                "It changed git's global configuration so that git runs or reaches something else from now on.",
            )


def agent_places(scene: Scene) -> Iterator[Finding]:
    """Agent settings and the files that an agent reads at every start, outside the skill's own workspace."""
    for path, event in _changed(scene):
        if path.startswith(scene.skill_dir + "/") or not _AGENT_HOMES.search(path):
            continue
        openly = _short(path).lower() in scene.words or path.rsplit("/", 1)[-1].lower() in scene.words
        if _SETTINGS.search(path):
            yield _place(
                scene,
                event,
                path,
                "SK-TOOL",
                "agent-settings",
                Severity.CRITICAL,
                Confidence.MEDIUM if openly else Confidence.HIGH,
                f"It changed {_short(path)}, which decides what the agent may do and what runs beside it.",
            )
        elif _INSTRUCTIONS.search(path):
            yield _place(
                scene,
                event,
                path,
                "SK-MEM",
                "agent-memory",
                Severity.HIGH if openly else Severity.CRITICAL,
                Confidence.MEDIUM if openly else Confidence.HIGH,
                f"It wrote {_short(path)}, which an agent obeys at every start.",
            )


def destroyed(scene: Scene) -> Iterator[Finding]:
    """Files of the user that are gone, or whose content became noise."""
    kept = {path for path in scene.laid if path.startswith(f"{HOME}/") and not path.startswith(scene.skill_dir)}
    gone: dict[int, list[Event]] = {}
    for event in scene.of("delete", "rename"):
        if event.detail.get("path") in kept and not event.detail.get("error"):
            gone.setdefault(int(event.detail.get("step", 0)), []).append(event)
    for events in gone.values():
        paths = sorted({_short(str(event.detail["path"])) for event in events})
        if len(paths) >= _WIPED_AT:
            yield scene.finding(
                "SK-DEST",
                "destroyed",
                events[0],
                Severity.CRITICAL,
                Confidence.HIGH,
                why=f"One command removed {len(paths)} of the user's own files.",
                evidence=f"{by(events[0])} removed {', '.join(paths[:8])}",
                fix="Touch only files that the skill made or the user named.",
            )


def _changed(scene: Scene) -> Iterator[tuple[str, Event]]:
    """(path, event) once for each path that was written, linked or renamed onto, and is not as it was laid."""
    seen: set[str] = set()
    for event in scene.of("write", "rename", "link"):
        path = str(event.detail.get("to" if event.kind != "write" else "path", ""))
        if event.detail.get("error") or path in seen:
            continue
        if path in scene.laid and path not in scene.written and any(file.path == path for file in scene.left):
            continue
        seen.add(path)
        yield path, event


def _shell_rc(scene: Scene, event: Event, path: str) -> Iterator[Finding]:
    added = [line for line in _added(scene, path).splitlines() if line.strip()]
    bad = [line for line in added if not _HARMLESS_RC.match(line)]
    openly = path.rsplit("/", 1)[-1].lower() in scene.words
    if added and not bad:
        yield scene.finding(
            "SK-PERS",
            "shell-start",
            event,
            Severity.LOW if openly else Severity.MEDIUM,
            Confidence.HIGH,
            axis=Axis.PRIVILEGE,
            why=f"It adds a setting to {_short(path)}" + ("." if openly else ", of which SKILL.md does not speak."),
            evidence="\n".join(added[:5]),
        )
        return
    yield scene.finding(
        "SK-PERS",
        "shell-start",
        event,
        Severity.CRITICAL,
        Confidence.HIGH if bad else Confidence.MEDIUM,
        why=f"It makes every new shell run a command of its own, by {_short(path)}.",
        evidence="\n".join(bad[:5]) or f"{by(event)} wrote {_short(path)}",
        fix="Do not write to the shell's start-up files; tell the user the line to add, if there is one.",
    )


def _place(
    scene: Scene, event: Event, path: str, code: str, rule: str, severity: Severity, confidence: Confidence, why: str
) -> Finding:
    added = _added(scene, path).strip()
    return scene.finding(
        code,
        rule,
        event,
        severity,
        confidence,
        why=why,
        evidence=f"{by(event)} wrote {_short(path)}" + (f":\n{added[:300]}" if added else ""),
    )


def _added(scene: Scene, path: str) -> str:
    """The lines of the file that were not there before."""
    now = scene.written.get(path, b"").decode("utf-8", "replace").splitlines()
    before = set(scene.laid.get(path, b"").decode("utf-8", "replace").splitlines())
    return "\n".join(line for line in now if line not in before)


def _short(path: str) -> str:
    return path.replace(HOME, "~", 1)
