"""A release compared with the one before it: new hosts, permissions, programs, install steps, and new hands.

Most of it is news, shown and not judged. One conjunction is a finding: a skill that was text alone brings code together
with a host that it declares nowhere, in a version that says only something was mended. That is how a skill which people
trust is turned.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vetting.bundle import Bundle, BundleFile
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.intake import Intake
from vetting.reading.hosts import UNDECLARED, Standing, addresses, is_example, is_local
from vetting.reading.skill import Place, Skill
from vetting.run import Predecessor
from vetting.stages.room_permissions import declared
from vetting.taxonomy import links_of

MOST = 30
PROGRAMS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe", b"\0asm", b"#!")
CODE_ENDS = (
    *(".sh", ".bash", ".zsh", ".ps1", ".bat", ".cmd", ".py", ".pyc", ".js", ".mjs", ".cjs", ".ts", ".pl", ".rb"),
    *(".php", ".lua", ".go", ".rs", ".jar", ".exe", ".dll", ".so", ".dylib", ".wasm", ".bin", ".scpt"),
)
ASIDE = ("tasks/", "evals/", "tests/")
# Names that belong to nobody. Prose takes them for any name at all; in a program they are what it calls.
RESERVED = (".example", ".example.com", ".example.net", ".example.org")
INSTALL = re.compile(
    r"^(?:sudo\s+)?(?:pip3?|pipx|uv|poetry|conda|npm|pnpm|yarn|bun|brew|apt|apt-get|dnf|yum|apk|pacman|snap|go"
    r"|cargo|gem"
    r"|composer|python3? -m pip)\s+(?:\S+\s+){0,2}?(?:install|add|i|get|ci)\b|^(?:npx|uvx|bunx|pnpm dlx)\s"
)


@dataclass(frozen=True)
class Drift:
    document: dict
    findings: list[Finding]


def compare(before: Predecessor, now: Intake, *, version: str, observed: Mapping, pushed_by: str) -> Drift:
    """What is new since the predecessor, as the report tells it, and the finding where it comes together badly."""
    old, new = _view(before.skill), _view(now)
    known = {place.address.host for place in old.places} | set(before.observed.get("hosts", ()))
    places = _first_places(place for place in new.places if place.address.host not in known)
    seen = sorted(set(observed.get("hosts", ())) - known)
    undeclared = {host: place for host, place in places.items() if new.standing(place.address) in UNDECLARED}
    unseen_before = [host for host in seen if host not in places and _is_undeclared(new, host)]
    document = {
        "from": {"version": before.version, "digest": before.digest},
        "step": step(before.version, version),
        "hosts": _capped(places),
        "undeclared_hosts": _capped([*undeclared, *unseen_before]),
        "observed_hosts": _capped(seen),
        "permissions": words_added(declared(before.skill.manifest), declared(now.manifest)),
        "observed": words_added(before.observed, observed, without=("hosts",)),
        "executables": _capped(sorted(_code(now.bundle) - _code(before.skill.bundle))),
        "installs": _capped(sorted(_installs(new) - _installs(old))),
        "pushed_by": pushed_by if pushed_by and before.pushed_by and pushed_by not in before.pushed_by else "",
        "files": _files(before.skill.bundle, now.bundle),
        "was_text_alone": not _code(before.skill.bundle),
    }
    finding = _turned(document, undeclared, new)
    return Drift(document | {"risky": finding is not None}, [finding] if finding else [])


def step(before: str, after: str) -> str:
    """major, minor or patch: what the two version numbers promise about the change; "" where they promise nothing."""
    old, new = (re.findall(r"\d+", text.partition("-")[0])[:3] for text in (before, after))
    if len(old) < 3 or len(new) < 3:
        return ""
    if old[0] != new[0]:
        return "major"
    return "minor" if old[1] != new[1] else "patch"


def is_news(document: Mapping) -> bool:
    """Whether anything that a reader should know of is new."""
    keys = ("hosts", "observed_hosts", "permissions", "observed", "executables", "installs", "pushed_by")
    return any(document.get(key) for key in keys)


def _view(skill: Intake) -> Skill:
    return Skill(skill.bundle, skill.manifest)


def _first_places(places: Iterable[Place]) -> dict[str, Place]:
    """By host, where each is named first."""
    found: dict[str, Place] = {}
    for place in places:
        if not place.file.startswith(ASIDE) and _is_told(place):
            found.setdefault(place.address.host, place)
    return found


def _is_told(place: Place) -> bool:
    """This machine and placeholders are no hosts to tell of, unless a program names the placeholder."""
    host = place.address.host
    if not host or is_local(host):
        return False
    in_program = place.file.lower().endswith(CODE_ENDS) and f".{host}".endswith(RESERVED)
    return in_program or not is_example(host)


def _is_undeclared(skill: Skill, host: str) -> bool:
    return any(skill.standing(address) in UNDECLARED for address in addresses(f"https://{host}/"))


def _code(bundle: Bundle) -> set[str]:
    """Files that can be run; what belongs to the author's tests is not what a user gets to run."""
    return {file.path for file in bundle if _is_code(file) and not file.path.startswith(ASIDE)}


def _is_code(file: BundleFile) -> bool:
    runs = file.executable and not file.path.endswith((".md", ".txt"))
    return runs or file.path.lower().endswith(CODE_ENDS) or file.data.startswith(PROGRAMS)


def _installs(skill: Skill) -> set[str]:
    raws = (" ".join(command.raw.split()) for command in skill.commands)
    return {raw[:200] for raw in raws if INSTALL.search(raw)}


def words_added(before: Mapping, now: Mapping, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """By kind, the words that were not there before."""
    kinds = (kind for kind in now if kind not in without)
    found = {kind: sorted(set(now[kind]) - set(before.get(kind, ())))[:MOST] for kind in kinds}
    return {kind: words for kind, words in found.items() if words}


def _files(before: Bundle, now: Bundle) -> dict[str, int]:
    old, new = ({file.path: file.sha256 for file in bundle} for bundle in (before, now))
    both = old.keys() & new.keys()
    changed = sum(old[path] != new[path] for path in both)
    return {"added": len(new.keys() - old.keys()), "removed": len(old.keys() - new.keys()), "changed": changed}


def _capped(words: Iterable[str]) -> list[str]:
    return list(words)[:MOST]


def _turned(document: Mapping, undeclared: Mapping[str, Place], skill: Skill) -> Finding | None:
    """The one conjunction that is a finding; new hands or a host made for hiding make it grave."""
    code, hosts = document["executables"], document["undeclared_hosts"]
    if not (document["was_text_alone"] and code and hosts and document["step"] == "patch"):
        return None
    shady = any(skill.standing(place.address) is Standing.SHADY for place in undeclared.values())
    place = undeclared.get(hosts[0])
    since = document["from"]["version"]
    hands = f", pushed by {document['pushed_by']}, who pushed none before" if document["pushed_by"] else ""
    return Finding(
        code="SK-DRIFT",
        check="drift",
        severity=Severity.HIGH if shady or document["pushed_by"] else Severity.MEDIUM,
        confidence=Confidence.MEDIUM,
        axis=Axis.MALICE,
        file=place.file if place else code[0],
        line=place.line if place else 1,
        evidence=place.source.strip()[:300] if place else ", ".join(hosts[:3]),
        why=f"{since} was text alone; this patch of it brings code ({', '.join(code[:3])}) and a host that it declares"
        f" nowhere ({', '.join(hosts[:3])}){hands}.",
        fix="Say in the description what the host is for, or declare it under `metadata.permissions`; give new code a"
        " new minor version.",
        stage="score",
        links=links_of("SK-DRIFT"),
    )
