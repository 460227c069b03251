"""What wanted to leave the room: planted secrets, strangers, downloads that were run, shells for somebody else."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sandbox.base import Event
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.hosts import Address, Standing, registrable, standing
from vetting.stages.room_scene import Scene, by

_METADATA = ("169.254.169.254", "metadata.google.internal", "100.100.100.200", "fd00:ec2::254")
_SHELLS = {"sh", "bash", "dash", "zsh", "ksh"}
_LOCAL = re.compile(r"^(127\.|::1$|localhost$|0\.0\.0\.0$|::$|workstation$|10\.99\.99\.99$)")


def canaries(scene: Scene) -> Iterator[Finding]:
    """A planted secret that was sent: what it was, where to, in which dress."""
    for event in scene.of("canary"):
        name, host = event.detail.get("name"), event.detail.get("host")
        dress = str(event.detail.get("dress", "plain"))
        worn = "" if dress == "plain" else f", dressed as {dress},"
        yield scene.finding(
            "SK-EXF",
            "canary",
            event,
            Severity.CRITICAL,
            Confidence.HIGH,
            why=f"A planted {name}{worn} was sent to {host} over {event.detail.get('over')}.",
            evidence=str(event.detail.get("sent", ""))[:600],
            decoded=str(event.detail.get("sample", "")),
            fix="Send no credential anywhere but to the service it belongs to.",
        )


def dropped_and_run(scene: Scene) -> Iterator[Finding]:
    """The false world's script proves by what it starts that a download was run."""
    if not scene.nonce:
        return
    for event in scene.of("exec"):
        if scene.nonce not in (event.detail.get("argv") or ()):
            continue
        source = _last_download(scene, event)
        host = str(source.detail.get("host", "")) if source else ""
        yield _drop(scene, event, host)


def _drop(scene: Scene, event: Event, host: str) -> Finding:
    what = stands(scene, host)
    severity, confidence, axis = {
        Standing.SHADY: (Severity.CRITICAL, Confidence.HIGH, Axis.MALICE),
        Standing.STRANGER: (Severity.CRITICAL, Confidence.MEDIUM, Axis.MALICE),
        Standing.KNOWN: (Severity.MEDIUM, Confidence.HIGH, Axis.PRIVILEGE),
        Standing.DECLARED: (Severity.MEDIUM, Confidence.HIGH, Axis.PRIVILEGE),
    }.get(what, (Severity.HIGH, Confidence.MEDIUM, Axis.MALICE))
    return scene.finding(
        "SK-DROP",
        "dropped-and-run",
        event,
        severity,
        confidence,
        axis=axis,
        why=f"It ran what {host or 'the network'} had sent, so whoever holds that host decides what runs.",
        evidence=f"a script fetched from {host or 'the network'} was run: {by(event)}",
        fix="Bundle the script, or pin what is fetched by its hash before it is run.",
    )


def shells_for_others(scene: Scene) -> Iterator[Finding]:
    """A shell that connects by itself, or a connection that ends in a shell."""
    connected: dict[int, Event] = {}
    for event in scene.of("connect", "exec"):
        if event.kind == "connect" and event.pid and event.detail.get("family") in ("inet", "inet6"):
            if not _LOCAL.match(str(event.detail.get("host", ""))) and event.detail.get("port") not in (53, 80, 443):
                connected[event.pid] = event
        elif event.kind == "exec":
            argv = [str(word) for word in event.detail.get("argv") or ()]
            program = argv[0].rsplit("/", 1)[-1].lstrip("-") if argv else ""
            opened = connected.get(event.pid) or connected.get(int(event.detail.get("parent") or 0))
            interactive = len(argv) == 1 or set(argv[1:]) <= {"-i", "-l", "-li", "-il", "-p", "--login"}
            if program in _SHELLS and interactive and opened:
                yield scene.finding(
                    "SK-EXEC",
                    "shell-for-others",
                    event,
                    Severity.CRITICAL,
                    Confidence.HIGH,
                    why=f"It connected to {opened.detail.get('host')} and handed it a shell.",
                    evidence=f"{by(opened)} connected, then started {' '.join(argv)}",
                    fix="Remove it: nobody else may hold a shell on the user's machine.",
                )


def strangers(scene: Scene) -> Iterator[Finding]:
    """Traffic to hosts that the skill speaks of nowhere, the machine's own cloud credentials, and bare addresses."""
    seen: set[str] = set()
    for event in scene.of("http", "tls", "connect"):
        host = str(event.detail.get("host", ""))
        if event.detail.get("seen_by") != "sink" or not host or host in seen or _LOCAL.match(host):
            continue
        seen.add(host)
        if host in _METADATA:
            yield _metadata(scene, event, host)
        elif registrable(host) not in scene.mentioned_hosts:
            yield from _stranger(scene, event, host)


def _stranger(scene: Scene, event: Event, host: str) -> Iterator[Finding]:
    what = stands(scene, host)
    if what not in (Standing.SHADY, Standing.STRANGER):
        return
    sent = int(event.detail.get("bytes", 0))
    raw = event.kind == "connect" and sent > 0
    grave = what is Standing.SHADY or raw
    yield scene.finding(
        "SK-EXF" if event.detail.get("method") in ("POST", "PUT") or raw else "SK-OVER",
        "stranger",
        event,
        Severity.HIGH if grave else Severity.MEDIUM,
        Confidence.MEDIUM if grave else Confidence.LOW,
        axis=Axis.MALICE if grave else Axis.PRIVILEGE,
        why=f"It talked to {host}, of which SKILL.md does not speak.",
        evidence=_told(event),
        fix="Name every host that the skill talks to, and say what it is for.",
    )


def _metadata(scene: Scene, event: Event, host: str) -> Finding:
    openly = scene.mentions(re.escape(host) + r"|instance metadata|imds")
    return scene.finding(
        "SK-CRED",
        "cloud-metadata",
        event,
        Severity.MEDIUM if openly else Severity.CRITICAL,
        Confidence.HIGH,
        axis=Axis.PRIVILEGE if openly else Axis.MALICE,
        why="It asked the cloud's metadata service, which hands out the machine's own credentials.",
        evidence=_told(event),
        fix="Do not ask the metadata service.",
    )


def stands(scene: Scene, host: str) -> Standing:
    return _standing(host, scene.declared)


@lru_cache(maxsize=4096)
def _standing(host: str, declared: object) -> Standing:
    return standing(Address("https", host, "/", 0, f"https://{host}/"), declared)


def _last_download(scene: Scene, event: Event) -> Event | None:
    """The last answer of the false world before this, during the same step or an earlier one."""
    before = [one for one in scene.of("http") if one.t <= event.t + 0.05 and one.detail.get("method") == "GET"]
    return before[-1] if before else None


def _told(event: Event) -> str:
    detail = event.detail
    if event.kind == "http":
        return f"{detail.get('method')} {detail.get('scheme')}://{detail.get('host')}{detail.get('path')}"[:300]
    sample = str(detail.get("sample", ""))[:200]
    return f"{detail.get('protocol', event.kind)} to {detail.get('host')}:{detail.get('port', '')} {sample}".strip()
