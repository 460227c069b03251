"""semgrep: insecure Python, JavaScript, TypeScript and shell, by rules of our own, offline, one run for all bundles.

Its command line takes over a second to start, its engine a tenth of that. The engine's arguments are not documented,
so it is used directly only in the version this file was written for; any other version goes through the command line.
"""

import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from vetting import kept
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.scanners.answers import Answer, Answers
from vetting.scanners.cage import ToolFailed, run
from vetting.scanners.pieces import Piece, lay_out, unread
from vetting.scanners.result import ABSENT, NOTHING, OK, ScannerResult, capped, cwe_link, not_scanned
from vetting.scanners.semgrep_needs import Needs, needs_of
from vetting.site import site

NAME = "semgrep"
RULES = Path(__file__).with_name("rules") / "semgrep"
ENGINE_VERSIONS = {"1.182.0"}
# The languages that are read, each with the file that holds its rules.
RULES_OF = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "javascript",
    "tsx": "javascript",
    "bash": "shell",
}
LANGUAGES = set(RULES_OF)
MEMORY_MB = 6 * 1024
# The engine's collector, told to spend memory rather than time: it saves a tenth of a batch, and costs a few files
# more than it saves. Room is set aside for every thread there could be, so a larger measure meets the limit above.
ROOMY, ROOMY_FROM = "s=1M,o=200", 20
SECONDS_EACH, SECONDS_MOST, SECONDS_A_FILE = 30.0, 180.0, 5
ANSWERS = Answers()
# Troubles that the code itself makes, whenever it is read.
LASTING = {"Syntax error", "Lexical error", "PartialParsing"}
SEVERITY = {"ERROR": Severity.HIGH, "WARNING": Severity.MEDIUM, "INFO": Severity.LOW}
CONFIDENCE = {confidence.word: confidence for confidence in Confidence}

WayBack = dict[str, tuple[int, Piece]]


def version() -> str:
    rules = hashlib.sha256("".join(path.read_text() for path in _rule_files()).encode()).hexdigest()
    return f"{_installed(site.SEMGREP) or 'absent'}+{rules[:8]}"


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
        # A file costs more to write than to see that no rule could match in it.
        worth = _worth_writing(pieces, folder)
        way_back = lay_out(skills, [worth], LANGUAGES)
        document = ask(folder, skills, way_back) if worth else {"results": []}
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


def ask(folder: Path, skills: Path, way_back: WayBack, *, directly: bool | None = None) -> dict:
    """semgrep's JSON about everything below `skills`, from its engine where we know how to ask it."""
    engine = _engine(site.SEMGREP)
    if directly is None:
        directly = _is_asked_directly()
    seconds = min(SECONDS_EACH + 0.5 * len(way_back), SECONDS_MOST)
    if directly:
        way_back = _worth_reading(engine, folder, way_back)
        if not way_back:
            return {"results": []}
    argv = _engine_command(engine, folder, way_back) if directly else _command(skills)
    env = {"OCAMLRUNPARAM": ROOMY} if len(way_back) >= ROOMY_FROM else {}
    answer = run(argv, folder=folder, seconds=seconds, memory_mb=MEMORY_MB, SEMGREP_SEND_METRICS="off", **env)
    try:
        document = json.loads(answer.stdout)
    except ValueError as error:
        raise ToolFailed(f"it gave no answer (exit status {answer.exit_code})") from error
    if answer.exit_code not in (0, 1) or "results" not in document:
        raise ToolFailed(f"it ended with exit status {answer.exit_code}")
    return document


def _worth_reading(engine: Path, folder: Path, way_back: WayBack) -> WayBack:
    """The pieces in which a rule could match. The engine would not so much as parse the others."""
    needs = needs_of(engine, _installed(site.SEMGREP), _rule_files(), folder)
    return {path: found for path, found in way_back.items() if _may_match(needs, found[1])}


def _worth_writing(pieces: Sequence[Piece], folder: Path) -> list[Piece]:
    """The pieces in which a rule could match, as far as is known before the tool is asked."""
    if not _is_asked_directly():
        return list(pieces)
    needs = needs_of(_engine(site.SEMGREP), _installed(site.SEMGREP), _rule_files(), folder)
    return [piece for piece in pieces if _may_match(needs, piece)]


def _may_match(needs: Needs, piece: Piece) -> bool:
    return any(needs.may_match(file.name, piece.text) for file in _rule_files_for(piece.language))


def _is_asked_directly() -> bool:
    return _engine(site.SEMGREP) is not None and _installed(site.SEMGREP) in ENGINE_VERSIONS


def _rule_files_for(language: str) -> list[Path]:
    """The file of the language's rules, and any that belongs to no language we know."""
    return [file for file in _rule_files() if file.stem == RULES_OF[language] or file.stem not in RULES_OF.values()]


def _command(skills: Path) -> list[str]:
    """One parent folder: a path a skill would cost three times as much."""
    command = [str(site.SEMGREP), "scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"]
    command += ["--disable-nosem", "--no-git-ignore", "--jobs=1", f"--timeout={SECONDS_A_FILE}"]
    command += ["--timeout-threshold=2", "--max-target-bytes=1048576"]
    return [*command, f"--config={RULES}", str(skills)]


def _engine_command(engine: Path | None, folder: Path, way_back: WayBack) -> list[str]:
    targets = [
        [
            "CodeTarget",
            {"path": {"fpath": path, "ppath": "/" + Path(path).name}, "analyzer": language, "products": ["sast"]},
        ]
        for path, (_, piece) in way_back.items()
        for language in [_analyzer(piece)]
    ]
    (folder / "targets.json").write_text(json.dumps(["Targets", targets]))
    command = [str(engine), "-json_nodots", "-j", "1", "-fast"]
    languages = {piece.language for _, piece in way_back.values()}
    rule_files = sorted({file for language in languages for file in _rule_files_for(language)})
    command += [part for path in rule_files for part in ("-rules", str(path))]
    command += ["-targets", str(folder / "targets.json")]
    return [
        *command,
        "-timeout",
        str(SECONDS_A_FILE),
        "-timeout_threshold",
        "2",
        "-max_memory",
        "2000",
        "-max_match_per_file",
        "1000",
    ]


def _analyzer(piece: Piece) -> str:
    return "typescript" if piece.language == "tsx" else piece.language


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


@cache
def _rule_files() -> tuple[Path, ...]:
    return tuple(sorted(RULES.glob("*.yaml")))


@cache
def _rules_by_id() -> dict[str, dict]:
    """Read from YAML once for all processes; the data folder keeps it in a form that is read in no time."""
    key = kept.key_of(*(path.read_bytes() for path in _rule_files()))
    if (data := kept.read("semgrep-rules", key)) is not None:
        return json.loads(data)
    rules = _rules_in_yaml()
    kept.write("semgrep-rules", key, json.dumps(rules).encode())
    return rules


def _rules_in_yaml() -> dict[str, dict]:
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    rules = [rule for path in _rule_files() for rule in yaml.load(path.read_text())["rules"]]
    doubled = [rule_id for rule_id, count in Counter(rule["id"] for rule in rules).items() if count > 1]
    if doubled:
        raise ValueError(f"these semgrep rules have the same name: {doubled}")
    return {rule["id"]: rule for rule in rules}


def _rule(rule_id: str) -> dict:
    return _rules_by_id()[rule_id]


def rules() -> Sequence[str]:
    return sorted(_rules_by_id())


@cache
def _installed(program: Path) -> str:
    """The version in the tool environment's metadata: asking the program itself takes a second."""
    places = (program.resolve().parent.parent, program.parent.parent)
    for place in places:
        for metadata in place.glob("lib/python3*/site-packages/semgrep-*.dist-info"):
            return metadata.name.removeprefix("semgrep-").removesuffix(".dist-info")
    return ""


@cache
def _engine(program: Path) -> Path | None:
    for place in (program.resolve().parent.parent, program.parent.parent):
        for engine in place.glob("lib/python3*/site-packages/semgrep/bin/semgrep-core"):
            return engine
    return None
