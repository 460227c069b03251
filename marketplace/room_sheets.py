"""What happened in the sealed room, as the report page shows it: commands, secrets, attempts, processes, events, walls.

The events are those of vetting/report.py; each kind tells in its own words what was done.
"""

from collections.abc import Callable, Iterable, Mapping

NETWORK = ("connect", "dns", "http", "tls")
TREE_AT_MOST = 300
DEEPEST = 6
EVENTS_SHOWN = 300
IN_BYTES = ("memory", "memory_and_swap", "shm")


def told(report: Mapping) -> dict:
    """All that the page prints about the room."""
    events = [_row(event) for event in report.get("events", ())]
    return {
        "commands": commands(report),
        "canaries": [row for row in events if row["kind"] == "canary"],
        "network": [row for row in events if row["kind"] in NETWORK],
        "events": events[:EVENTS_SHOWN],
        "events_total": report.get("events_total", len(events)),
        "processes": process_tree(report),
        "posture": posture(report),
    }


def _row(event: Mapping) -> dict:
    return {
        "t": event["t"],
        "kind": event["kind"],
        "words": words(event),
        "by": event.get("program", ""),
        "second": event.get("run") == 2,
    }


# --- One event in words ---------------------------------------------------------------------------------------------
def words(event: Mapping) -> str:
    """What was done, in the words that its kind has; for an unknown kind, all that it says."""
    said = _WORDS.get(str(event.get("kind")), _anything)(event)
    return said or _anything(event)


def _exec(event: Mapping) -> str:
    argv = event.get("argv")
    return " ".join(map(str, argv)) if isinstance(argv, list | tuple) else str(event.get("path", ""))


def _path(event: Mapping) -> str:
    refused = f" (refused: {event['error']})" if event.get("error") else ""
    return f"{event.get('path', '')}{refused}" if event.get("path") else ""


def _moved(event: Mapping) -> str:
    return f"{event.get('path', '')} → {event['to']}" if event.get("to") else _path(event)


def _place(event: Mapping) -> str:
    host = event.get("host") or event.get("address") or event.get("path") or ""
    return f"{host}:{event['port']}" if host and event.get("port") else str(host)


def _connect(event: Mapping) -> str:
    return " ".join(str(part) for part in (event.get("protocol"), _place(event)) if part)


def _http(event: Mapping) -> str:
    return " ".join(str(part) for part in (event.get("method"), event.get("url") or _url(event)) if part)


def _url(event: Mapping) -> str:
    scheme = event.get("scheme") or "http"
    return f"{scheme}://{_place(event)}{event.get('path') or event.get('target') or ''}"


def _dns(event: Mapping) -> str:
    return " ".join(str(part) for part in (event.get("type"), event.get("name") or event.get("host")) if part)


def _canary(event: Mapping) -> str:
    dress = f" ({event['dress']})" if event.get("dress") else ""
    return (
        f"{event.get('name', 'a planted secret')} → {event.get('host', '')} over {event.get('over', 'the net')}{dress}"
    )


def _limit(event: Mapping) -> str:
    told = [str(event[key]) for key in ("call", "what") if event.get(key)]
    return " ".join([*told, *(str(word) for word in event.get("argv") or ())])


def _anything(event: Mapping) -> str:
    quiet = ("t", "kind", "pid", "step", "by", "program")
    return ", ".join(f"{key} {value}" for key, value in event.items() if key not in quiet and value not in ("", None))


_WORDS: dict[str, Callable[[Mapping], str]] = {
    "exec": _exec,
    "connect": _connect,
    "bind": _connect,
    "http": _http,
    "tls": _place,
    "dns": _dns,
    "canary": _canary,
    "limit": _limit,
    "rename": _moved,
    "link": _moved,
    **dict.fromkeys(("open", "write", "delete"), _path),
}


# --- The whole room -------------------------------------------------------------------------------------------------
def commands(report: Mapping) -> list[dict]:
    """What SKILL.md says to run, and the scripts that were tried beside, each with how it ended."""
    stage = next((stage for stage in report.get("stages", ()) if stage.get("name") == "detonation"), {})
    coverage = stage.get("coverage") or {}
    rows = []
    for kind in ("commands", "probes"):
        for one in coverage.get(kind) or ():
            good = bool(one.get("ran")) and one.get("exit_code") == 0
            rows.append(
                {
                    "where": one.get("where", ""),
                    "command": one.get("command", ""),
                    "documented": kind == "commands",
                    "tone": "pass" if good else "unknown" if kind == "probes" or not one.get("ran") else "warn",
                    "ended": _ended(one),
                    "seconds": one.get("seconds"),
                    "why": one.get("why", ""),
                }
            )
    return rows


def _ended(one: Mapping) -> str:
    if not one.get("ran"):
        return "not run"
    return f"exit {one['exit_code']}" if one.get("exit_code") is not None else str(one.get("ended") or "no answer")


def process_tree(report: Mapping) -> list[dict]:
    """Who started whom, flattened into rows with a depth. A shell that only becomes its command is that command."""
    nodes: dict[int, dict] = {}
    roots: list[dict] = []
    for event in report.get("events", ()):
        if event.get("kind") != "exec" or len(nodes) >= TREE_AT_MOST:
            continue
        pid, said = event.get("pid", 0), words(event)
        before = nodes.get(pid)
        if before is not None and said and before["words"].endswith(f" -c {said}"):
            before["words"] = said
            continue
        node = {"pid": pid, "words": said, "children": []}
        parent = before or nodes.get(event.get("parent"))
        (parent["children"] if parent else roots).append(node)
        nodes[pid] = node
    return list(_flat(roots))


def _flat(roots: Iterable[Mapping]) -> Iterable[dict]:
    stack = [(node, 0) for node in reversed(list(roots))]
    while stack:
        node, depth = stack.pop()
        yield {"depth": min(depth, DEEPEST), "pid": node["pid"], "words": node["words"]}
        stack.extend((child, depth + 1) for child in reversed(node["children"]))


def posture(report: Mapping) -> list[tuple[str, str]]:
    """The walls of the room as they were inspected, in words; what was seen from inside stands apart."""
    walls = dict(report.get("posture") or {})
    inside = walls.pop("inside", None) or {}
    rows = [(key.replace("_", " "), _wall(key, value)) for key, value in walls.items()]
    return rows + [(f"{key.replace('_', ' ')}, from inside", _wall(key, value)) for key, value in inside.items()]


def _wall(key: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and key in IN_BYTES:
        return f"{value / 1048576:g} MiB"
    if isinstance(value, Mapping):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value) if value not in (None, "") else "none"
