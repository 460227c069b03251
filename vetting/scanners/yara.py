"""YARA-X: byte patterns of known kinds of malware (miners, web shells, reverse shells, stealers), our own rules."""

import hashlib
import io
import logging
import os
import threading
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import yara_x

from vetting import kept
from vetting.bundle import Bundle
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.installed import version_of
from vetting.scanners.pieces import MARKDOWN, fences_in
from vetting.scanners.result import FAILED, OK, ScannerResult, capped, not_scanned

NAME = "yara"
RULES = Path(__file__).with_name("rules") / "yara"
SECONDS_A_FILE, SECONDS_EACH = 2, 10
SEVERITY = {severity.word: severity for severity in Severity}
CONFIDENCE = {confidence.word: confidence for confidence in Confidence}
_local = threading.local()
log = logging.getLogger(__name__)


def version() -> str:
    return f"{version_of('yara-x')}+{_digest(_rule_files())}"


@cache
def _digest(files: tuple[Path, ...]) -> str:
    return hashlib.sha256("".join(path.read_text() for path in files).encode()).hexdigest()[:8]


def scan(sources) -> list[ScannerResult]:
    return [_scan_bundle(source.bundle) for source in sources]


def _scan_bundle(bundle: Bundle) -> ScannerResult:
    """What was found before the time ran out is kept; what was not scanned then is no pass."""
    start = time.perf_counter()
    found: list[Finding] = []
    slow: list[str] = []
    for file in bundle:
        try:
            if time.perf_counter() - start > SECONDS_EACH:
                raise yara_x.TimeoutError
            found += [_finding(rule, file) for rule in _scanner().scan(file.data).matching_rules]
        except yara_x.TimeoutError:
            slow.append(file.path)
    seconds = time.perf_counter() - start
    if not slow:
        return ScannerResult(NAME, version(), OK, capped(found, NAME), "", seconds)
    reason = "these files took too long: " + ", ".join(slow[:5]) + (" …" if len(slow) > 5 else "")
    failure = not_scanned(NAME, version(), FAILED, reason, seconds)
    return replace(failure, findings=capped([*failure.findings, *found], NAME))


def _finding(rule, file) -> Finding:
    meta = dict(rule.metadata)
    match = min((match for pattern in rule.patterns for match in pattern.matches), key=lambda m: m.offset, default=None)
    offset, length = (match.offset, match.length) if match else (0, 0)
    severity, confidence = SEVERITY[meta["severity"]], CONFIDENCE[meta.get("confidence", "medium")]
    if file.path.lower().endswith(MARKDOWN) and not meta.get("prose"):
        # Text may speak of an attack without making it; the checks that understand Markdown decide there. A fence in
        # SKILL.md is more than talk: it is what an agent is told to run.
        told = file.path == "SKILL.md" and _in_fence(file, offset)
        severity, confidence = Severity(max(severity - 1, 0)), Confidence.MEDIUM if told else Confidence.LOW
    return Finding(
        code=meta["code"],
        check=f"yara:{rule.identifier}",
        severity=severity,
        confidence=confidence,
        file=file.path,
        line=file.data.count(b"\n", 0, offset) + 1 if match else 0,
        evidence=_excerpt(file.data, offset, length),
        why=meta["why"],
        fix=meta.get("fix", "Remove it. If the skill needs it, say openly in SKILL.md what it does and why."),
        axis=Axis.MALICE,
        links=tuple(link for link in (meta.get("link"),) if link),
    )


def _in_fence(file, offset: int) -> bool:
    line = file.data.count(b"\n", 0, offset) + 1
    return any(p.offset < line <= p.offset + p.text.count("\n") for p in fences_in(file.path, file.text or ""))


def _excerpt(data: bytes, offset: int, length: int) -> str:
    start = max(data.rfind(b"\n", 0, offset) + 1, offset - 80)
    end = data.find(b"\n", offset + min(length, 160))
    end = min(end if end != -1 else len(data), offset + 220)
    text = data[start:end].decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() or char == "\n" else "·" for char in text).strip()[:300]


@cache
def _rule_files() -> tuple[Path, ...]:
    return tuple(sorted(RULES.glob("*.yar")))


@cache
def _rules() -> yara_x.Rules:
    """Compiled once for all processes of this machine and taken from the data folder afterwards."""
    sources = {path.name: path.read_text() for path in _rule_files()}
    key = kept.key_of(version_of("yara-x"), os.uname().machine, *sources, *sources.values())
    if (data := kept.read("yara", key)) is not None:
        try:
            return yara_x.Rules.deserialize_from(io.BytesIO(data))
        except Exception as error:
            log.warning("the kept YARA rules cannot be used and are compiled again: %s", error)
    rules = _compiled(sources)
    data = io.BytesIO()
    rules.serialize_into(data)
    kept.write("yara", key, data.getvalue())
    return rules


def _compiled(sources: dict[str, str]) -> yara_x.Rules:
    compiler = yara_x.Compiler()
    for name, text in sources.items():
        compiler.add_source(text, origin=name)
    return compiler.build()


def _scanner() -> yara_x.Scanner:
    """One a thread: a YARA-X scanner must not be shared among threads."""
    if not hasattr(_local, "scanner"):
        _local.scanner = yara_x.Scanner(_rules())
        _local.scanner.set_timeout(SECONDS_A_FILE)
    return _local.scanner
