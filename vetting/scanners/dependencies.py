"""Dependencies: the packages a skill has installed, judged by their names, their pins and where they come from."""

import hashlib
import ipaddress
import re
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from vetting.bundle import Bundle
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.names import looks_like
from vetting.scanners.named import NPM, PYPI, Named, line_of, named_in, parsed_json
from vetting.scanners.pieces import pieces_of
from vetting.scanners.result import NOTHING, OK, ScannerResult, capped, cwe_link
from vetting.site import site

NAME = "dependencies"
POPULAR = Path(__file__).with_name("rules") / "popular"
LIFECYCLE = ("preinstall", "install", "postinstall", "prepare")
REACHES_OUT = re.compile(
    r"\b(curl|wget|https?:|base64|eval|powershell|iwr|nc|ncat)\b|\bnode\s+-e\b|/dev/tcp/|\bpython3?\s+-c\b"
)
ORDINARY_HOOK = re.compile(
    r"\s*(npx\s+)?(husky( install)?|patch-package|node-gyp rebuild|node-gyp-build|prisma generate|"
    r"playwright install( [\w-]+)?|(npm|pnpm|yarn|bun) run [\w:-]+|tsc( -p [\w./-]+)?|is-ci \|\| husky install)\s*"
)
ADVISORY_SEVERITY = {
    "low": Severity.LOW,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "high": Severity.HIGH,
    "critical": Severity.HIGH,
}
ADVISORY_ID = re.compile(r"[A-Za-z]{2,12}-[A-Za-z0-9-]{1,60}")
# What an exam lays out for its candidate is not what a user of the skill installs.
EXAMS = ("tasks/", "evals/")
# Second-level and top-level label of the indexes that need no remark.
USUAL_INDEXES = {("pypi", "org"), ("npmjs", "org"), ("npmjs", "com"), ("yarnpkg", "com"), ("pytorch", "org")}


def version() -> str:
    loaded = _advisories().edition(advisory_file()) if advisory_file().exists() else ""
    return f"1+{_digest()}" + (f"+osv-{loaded}" if loaded else "")


@cache
def _digest() -> str:
    return hashlib.sha256("".join(path.read_text() for path in _lists()).encode()).hexdigest()[:8]


def _advisories() -> ModuleType:
    """What knows them, which takes long to load: without any, nobody waits for it."""
    from vetting import advisories

    return advisories


def advisory_file() -> Path:
    """Where `manage.py advisories` puts what an operator loads."""
    return site.DATA_DIR / "advisories.sqlite3"


def scan(sources) -> list[ScannerResult]:
    results = []
    for source in sources:
        start = time.perf_counter()
        named = named_in(source.bundle, source.pieces)
        hooks = list(_hooks(source.bundle))
        findings = [*_unpinned(named), *_look_alikes(named, bool(hooks)), *_other_places(named), *hooks]
        findings += _known_vulnerable(named)
        state = OK if named or hooks else NOTHING
        results.append(ScannerResult(NAME, version(), state, capped(findings, NAME), "", time.perf_counter() - start))
    return results


def known_vulnerable(bundle: Bundle) -> list[Finding]:
    """What the loaded advisories alone say of a bundle."""
    return list(_known_vulnerable(named_in(bundle, pieces_of(bundle))))


def _unpinned(named: list[Named]) -> Iterator[Finding]:
    """One finding a file: the list of what may be another version tomorrow."""
    loose: dict[tuple[str, str], list[Named]] = {}
    for package in named:
        if package.name and not package.pinned and not package.url:
            loose.setdefault((package.path, package.ecosystem), []).append(package)
    for (_, ecosystem), packages in loose.items():
        names = list(dict.fromkeys(package.text for package in packages))
        yield _finding(
            "unpinned",
            Severity.LOW,
            packages[0],
            ", ".join(names[:8]) + (" …" if len(names) > 8 else ""),
            f"{len(names)} {ecosystem} package{'s' if len(names) > 1 else ''} without an exact version: "
            "what is installed later may not be what was vetted.",
            "Give every package its exact version (name==1.2.3, name@1.2.3), or ship a lock file.",
            cwe=1357,
        )


def _look_alikes(named: list[Named], hooked: bool) -> Iterator[Finding]:
    elsewhere = {package.path for package in named if package.index and not _is_usual(package.index)}
    seen: set[tuple[str, str]] = set()
    for package in named:
        if not package.name or package.name.startswith("@") or (package.ecosystem, package.name) in seen:
            continue
        seen.add((package.ecosystem, package.name))
        name = _plain(package.name) if package.ecosystem == PYPI else package.name.lower()
        popular = looks_like(name, _popular(package.ecosystem))
        if popular is None:
            continue
        grave = hooked or package.path in elsewhere
        yield _finding(
            "look-alike",
            Severity.HIGH if grave else Severity.MEDIUM,
            package,
            package.text,
            f"The {package.ecosystem} package {package.name!r} could be mistaken for the well-known {popular!r}"
            + (", and the skill also installs from elsewhere or runs scripts at installation." if grave else "."),
            f"If {popular!r} is meant, correct the name; if not, say in SKILL.md what the package is.",
            cwe=1357,
            axis=Axis.MALICE if grave else Axis.VULNERABILITY,
            confidence=Confidence.MEDIUM,
        )


def _plain(name: str) -> str:
    """The name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _other_places(named: list[Named]) -> Iterator[Finding]:
    for package in named:
        if package.index and not _is_usual(package.index) and "$" not in package.index:
            exposed = _is_exposed(package.index)
            yield _finding(
                "other-index",
                Severity.HIGH if exposed else Severity.MEDIUM,
                package,
                package.text,
                "Packages are fetched from another index than the public one"
                + (", over a connection or from an address that anyone can fake." if exposed else "."),
                "Use the public index, or say in SKILL.md whose index this is and why it is needed.",
                cwe=427,
            )
        elif package.url and not package.pinned:
            exposed = _is_exposed(package.url)
            yield _finding(
                "from-address",
                Severity.HIGH if exposed else Severity.LOW,
                package,
                package.text,
                "A package is installed from an address whose contents can change after vetting.",
                "Name the full commit or a checksum, or use a release from the public index.",
                cwe=494,
            )


def _known_vulnerable(named: list[Named]) -> Iterator[Finding]:
    """Exact versions that a loaded advisory names. A loose one is not judged: what it will be is not known."""
    if not advisory_file().exists():
        return
    seen: set[tuple[str, str, str]] = set()
    for package in named:
        key = (package.ecosystem, package.name, package.version)
        if not package.version or key in seen:
            continue
        seen.add(key)
        for advisory in _advisories().affecting(advisory_file(), *key):
            malicious = advisory.id.startswith("MAL-")
            yield _finding(
                "malicious-package" if malicious else "advisory",
                Severity.CRITICAL if malicious else ADVISORY_SEVERITY.get(advisory.severity, Severity.MEDIUM),
                package,
                package.text,
                f"{package.name} {package.version} is affected by {advisory.id}: {advisory.summary or 'no summary'}",
                f"Use {package.name} {advisory.fixed} or later." if advisory.fixed else "Use another package.",
                cwe=506 if malicious else 1395,
                axis=Axis.MALICE if malicious else Axis.VULNERABILITY,
                page=f"https://osv.dev/vulnerability/{advisory.id}" if ADVISORY_ID.fullmatch(advisory.id) else "",
            )


def _hooks(bundle: Bundle) -> Iterator[Finding]:
    """Scripts that npm runs by itself when the skill's packages are installed."""
    for file in bundle:
        if file.path.rpartition("/")[2].lower() != "package.json" or (text := file.text) is None:
            continue
        scripts = parsed_json(text).get("scripts")
        for hook in LIFECYCLE if isinstance(scripts, dict) else ():
            command = scripts.get(hook)
            if not isinstance(command, str) or not command.strip() or ORDINARY_HOOK.fullmatch(command[:500]):
                continue
            reaches = bool(REACHES_OUT.search(command[:5000]))
            place = Named(NPM, "", file.path, line_of(text, f'"{hook}"'), f"{hook}: {command}")
            yield _finding(
                "lifecycle-script",
                Severity.HIGH if reaches else Severity.MEDIUM,
                place,
                place.text,
                f"`npm install` runs this {hook} script without asking"
                + (", and it fetches or decodes what it runs." if reaches else "."),
                "Let SKILL.md name the command, so that whoever installs the skill sees it.",
                cwe=506 if reaches else 829,
                axis=Axis.MALICE if reaches else Axis.VULNERABILITY,
                confidence=Confidence.MEDIUM,
            )


def _is_usual(address: str) -> bool:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
    except ValueError:  # not an address at all: `https://[REDACTED]/simple`
        return False
    return parts.scheme == "https" and tuple((parts.hostname or "").split(".")[-2:]) in USUAL_INDEXES


def _is_exposed(address: str) -> bool:
    try:
        parts = urlsplit(address.removeprefix("git+"))
        host = parts.hostname or ""
    except ValueError:
        return True
    try:
        return not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return parts.scheme == "http" and host != "localhost"


def _finding(
    rule: str,
    severity: Severity,
    place: Named,
    evidence: str,
    why: str,
    fix: str,
    *,
    cwe: int,
    axis: Axis = Axis.VULNERABILITY,
    confidence: Confidence = Confidence.HIGH,
    page: str = "",
) -> Finding:
    if place.path.startswith(EXAMS):
        severity, confidence = Severity(max(severity - 1, 0)), Confidence.LOW
    return Finding(
        code="SK-DEP",
        check=f"dependencies:{rule}",
        severity=severity,
        confidence=confidence,
        file=place.path,
        line=place.line,
        evidence=evidence[:300],
        why=why,
        fix=fix,
        axis=axis,
        links=(cwe_link(cwe), *((page,) if page else ())),
    )


@cache
def _lists() -> tuple[Path, ...]:
    return tuple(sorted(POPULAR.glob("*.txt")))


@cache
def _popular(ecosystem: str) -> tuple[str, ...]:
    text = (POPULAR / f"{ecosystem.lower()}.txt").read_text()
    return tuple(name for line in text.splitlines() if not line.startswith("#") for name in line.split())
