"""semgrep: insecure Python, JavaScript, TypeScript and shell, by rules of our own, offline, one run for all bundles.

Where its version is one we know, its engine is asked directly (semgrep_engine.py); any other goes through its command
line, which takes longer and says the same.
"""

import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.scanners import semgrep_engine as engine
from vetting.scanners import semgrep_rules
from vetting.scanners.answers import Answer, Answers
from vetting.scanners.cage import ToolFailed, run
from vetting.scanners.pieces import Piece, lay_out, unread
from vetting.scanners.result import ABSENT, NOTHING, OK, ScannerResult, capped, cwe_link, not_scanned
from vetting.scanners.semgrep_rules import LANGUAGES
from vetting.site import site

NAME = "semgrep"
MEMORY_MB = 6 * 1024
SECONDS_EACH, SECONDS_MOST, SECONDS_A_FILE = 30.0, 180.0, 5
ANSWERS = Answers()
# Troubles that the code itself makes, whenever it is read.
LASTING = {"Syntax error", "Lexical error", "PartialParsing"}
SEVERITY = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}
CONFIDENCE = {confidence.word: confidence for confidence in Confidence}

WayBack = dict[str, tuple[int, Piece]]


def version() -> str:
    return f"{engine.installed(site.SEMGREP) or 'absent'}+{semgrep_rules.version()}"


def scan(sources) -> list[ScannerResult]:
    start = time.perf_counter()
    code = [[piece for piece in source.pieces if piece.language in LANGUAGES] for source in sources]
    if any(code) and not site.SEMGREP.exists():
        return [not_scanned(NAME, version(), ABSENT, "it is not installed on this registry") for _ in sources]
    said = ANSWERS.of((piece for pieces in code for piece in pieces), version(), _ask_about)
    found = [[finding for piece in pieces for finding in _findings(piece, said(piece))] for pieces in code]
    seconds = time.perf_counter() - start
    return [
        ScannerResult(
            NAME,
            version(),
            OK if pieces else NOTHING,
            capped([*ours, *_unread(source)], NAME),
            "",
            seconds if pieces else 0.0,
        )
        for source, pieces, ours in zip(sources, code, found, strict=True)
    ]


def _ask_about(pieces: Sequence[Piece]) -> list[Answer]:
    """One run of the tool over all of these pieces."""
    with tempfile.TemporaryDirectory(prefix="assay-semgrep-") as name:
        folder = Path(name)
        skills = folder / "skills"
        skills.mkdir()
        directly = engine.is_known()
        tried = [engine.rules_for(piece, folder) if directly else [""] for piece in pieces]
        # A file costs more to write than to see that no rule could match in it.
        worth = [(piece, names) for piece, names in zip(pieces, tried, strict=True) if names]
        way_back = lay_out(skills, [[piece for piece, _ in worth]], LANGUAGES)
        rules = {path: names for path, (_, names) in zip(way_back, worth, strict=True)} if directly else None
        document = ask(folder, skills, way_back, rules) if worth else {"results": []}
    results: dict[str, list[dict]] = {path: [] for path in way_back}
    for result in document["results"]:
        results[result["path"]].append(result)
    troubles = _troubles(document, way_back)
    said = {
        id(piece): Answer(
            tuple(results[path]), troubles.get(path, ""), path not in troubles or troubles[path] in LASTING
        )
        for path, (_, piece) in way_back.items()
    }
    return [said.get(id(piece), Answer()) for piece in pieces]


def ask(folder: Path, skills: Path, way_back: WayBack, tried: engine.Tried | None) -> dict:
    """semgrep's JSON about everything below `skills`: from its engine, given the rules for each file, or without them
    from its command line.
    """
    seconds = min(SECONDS_EACH + 0.5 * len(way_back), SECONDS_MOST)
    if tried is None:
        argv, more = _command(skills), {}
    else:
        argv, more = engine.command(folder, way_back, tried, SECONDS_A_FILE), engine.ENVIRONMENT
    answer = run(argv, folder=folder, seconds=seconds, memory_mb=MEMORY_MB, SEMGREP_SEND_METRICS="off", **more)
    try:
        document = json.loads(answer.stdout)
    except ValueError as error:
        raise ToolFailed(f"it gave no answer (exit status {answer.exit_code})") from error
    if answer.exit_code not in (0, 1) or "results" not in document:
        raise ToolFailed(f"it ended with exit status {answer.exit_code}")
    return document


def _command(skills: Path) -> list[str]:
    """One parent folder: a path a skill would cost three times as much."""
    command = [str(site.SEMGREP), "scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"]
    command += ["--disable-nosem", "--no-git-ignore", "--jobs=1", f"--timeout={SECONDS_A_FILE}"]
    command += ["--timeout-threshold=2", "--max-target-bytes=1048576"]
    return [*command, f"--config={semgrep_rules.RULES}", str(skills)]


def _findings(piece: Piece, answer: Answer) -> list[Finding]:
    found = [_finding(result, piece) for result in answer.issues]
    return [*found, _unparsable(piece, answer.trouble)] if answer.trouble and not piece.is_fence else found


def _finding(result: dict, piece: Piece) -> Finding:
    rule = result["check_id"].rpartition(".")[2]
    about = _rule(rule)
    line = result["start"]["line"]
    return Finding(
        code="SK-VULN",
        check=f"semgrep:{rule}",
        severity=SEVERITY[about["severity"]],
        confidence=CONFIDENCE[about["metadata"]["confidence"]],
        file=piece.path,
        line=piece.line(line),
        evidence=piece.excerpt(line),
        why=about["message"].strip(),
        fix=about["metadata"]["fix"],
        axis=Axis.VULNERABILITY,
        links=(cwe_link(about["metadata"]["cwe"]),),
    )


def _unread(source) -> list[Finding]:
    return [
        Finding(
            code="SK-ART",
            check="semgrep:unread",
            severity=Severity.LOW,
            confidence=Confidence.HIGH,
            file=path if path in source.bundle else "",
            evidence=path,
            why="This was not scanned for insecure code: it is too large, or is not text.",
            fix="Split large files, keep data out of code, and save code as UTF-8.",
            axis=Axis.QUALITY,
        )
        for path in unread(source.bundle, source.pieces)[:20]
    ]


def _troubles(answer: dict, way_back: WayBack) -> dict[str, str]:
    """Files that semgrep could not read to the end, with the kind of trouble; parts of a file count too."""
    troubles: dict[str, str] = {}
    for error in answer.get("errors", []):
        path = error.get("path") or (error.get("location") or {}).get("path") or ""
        kind = error.get("type") or error.get("error_type") or "trouble"
        kind = kind[0] if isinstance(kind, list) else kind
        if path in way_back:
            troubles.setdefault(path, str(kind))
    return troubles


def _unparsable(piece: Piece, trouble: str) -> Finding:
    return Finding(
        code="SK-ART",
        check="semgrep:unparsable",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        file=piece.path,
        why=f"semgrep could not read all of this file ({trouble}), so it was not wholly scanned for insecure code.",
        fix="Make the file valid in its language, or give it another ending.",
        axis=Axis.QUALITY,
    )


def _rule(rule_id: str) -> dict:
    return semgrep_rules.rules_by_id()[rule_id]


def rules() -> Sequence[str]:
    return sorted(semgrep_rules.rules_by_id())
