"""bandit: insecure Python. It stays warm in a worker process of bounded memory, which a hostile file crashes alone."""

import atexit
import json
import os
import selectors
import subprocess
import symtable
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Sequence
from pathlib import Path

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.installed import version_of
from vetting.scanners import bandit_needs
from vetting.scanners.answers import Answer, Answers
from vetting.scanners.cage import ToolFailed, bare_environment, kill_group, limited, python
from vetting.scanners.pieces import Piece, lay_out
from vetting.scanners.result import NOTHING, OK, ScannerResult, capped, cwe_link

NAME = "bandit"
WORKER = Path(__file__).with_name("bandit_worker.py")
MEMORY_MB = 1024
# The worker only reads. A folder of its own would be left behind by a parent that is killed outright.
NOWHERE = "/nonexistent"
SECONDS_EACH, SECONDS_MOST = 20.0, 120.0
# A fresh worker every so often, so that what one skill makes it allocate does not stay for ever.
RUNS_A_WORKER = 200
ANSWERS = Answers()
# The tests of a piece in which no test could find anything.
NONE: list[str] = []
# How bandit says that a file is no Python, which will not change.
LASTING = "syntax error"
SEVERITY = {"LOW": Severity.LOW, "MEDIUM": Severity.MEDIUM, "HIGH": Severity.HIGH}
# Where bandit asks for a look rather than names a weakness: any path below /tmp, any urlopen, the name that the sound
# successor of a weak library bears too, and digests that mostly tell files apart.
LOOKS = {
    "B108": (Severity.LOW, Confidence.LOW),
    "B310": (Severity.LOW, Confidence.LOW),
    "B324": (Severity.LOW, Confidence.MEDIUM),
    "B413": (Severity.LOW, Confidence.LOW),
    "B501": (Severity.MEDIUM, Confidence.HIGH),
}
CONFIDENCE = {"LOW": Confidence.LOW, "MEDIUM": Confidence.MEDIUM, "HIGH": Confidence.HIGH}


def version() -> str:
    return version_of("bandit")


def scan(sources) -> list[ScannerResult]:
    start = time.perf_counter()
    python = [[piece for piece in source.pieces if piece.language == "python"] for source in sources]
    said = ANSWERS.of((piece for pieces in python for piece in pieces), version(), _ask)
    found = [[finding for piece in pieces for finding in _findings(piece, said(piece))] for pieces in python]
    seconds = time.perf_counter() - start
    return [
        ScannerResult(NAME, version(), OK if pieces else NOTHING, capped(ours, NAME), "", seconds if pieces else 0.0)
        for pieces, ours in zip(python, found, strict=True)
    ]


def _ask(pieces: Sequence[Piece]) -> list[Answer]:
    """One question to the worker about all of these pieces, save those in which it could find nothing."""
    tests = _tests_for_each(pieces)
    worth = [piece for piece, numbers in zip(pieces, tests, strict=True) if numbers != NONE]
    said = dict(zip(map(id, worth), _asked(worth, [one for one in tests if one != NONE]), strict=True)) if worth else {}
    return [said.get(id(piece), Answer()) for piece in pieces]


def _tests_for_each(pieces: Sequence[Piece]) -> list[list[str] | None]:
    """Of each piece the tests that could find something; None for all of them, and for what may be no Python."""
    if version() not in bandit_needs.VERSIONS:
        return [None] * len(pieces)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            None if tests == NONE and not _is_python(piece.text) else tests
            for piece in pieces
            for tests in [bandit_needs.numbers_for(piece.text)]
        ]


def _is_python(text: str) -> bool:
    """Whether it parses. What a compiler rejects besides is no concern, and bandit is asked about it."""
    try:
        symtable.symtable(text, "piece", "exec")
        return True
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return False


def _asked(pieces: Sequence[Piece], tests: Sequence[list[str] | None]) -> list[Answer]:
    with tempfile.TemporaryDirectory(prefix="assay-bandit-") as folder:
        paths = list(lay_out(Path(folder), [pieces], {"python"}))
        seconds = min(SECONDS_EACH + 0.5 * len(paths), SECONDS_MOST)
        answer = _worker().ask({"files": dict(zip(paths, tests, strict=True))}, seconds)
    issues: dict[str, list[dict]] = {path: [] for path in paths}
    for issue in answer["issues"]:
        issues[issue["filename"]].append(issue)
    skipped = dict(answer["skipped"])
    return [
        Answer(tuple(issues[path]), skipped.get(path, ""), skipped.get(path, LASTING).startswith(LASTING))
        for path in paths
    ]


def _findings(piece: Piece, answer: Answer) -> list[Finding]:
    found = [_finding(issue, piece) for issue in answer.issues]
    # A fence is often an excerpt that is not complete Python, so only a file is remarked on.
    return [*found, _unparsable(piece, answer.trouble)] if answer.trouble and not piece.is_fence else found


def _finding(issue: dict, piece: Piece) -> Finding:
    cwe = issue.get("issue_cwe") or {}
    links = ([cwe_link(cwe["id"])] if cwe.get("id") else []) + ([issue["more_info"]] if issue.get("more_info") else [])
    severity, confidence = LOOKS.get(issue["test_id"]) or (
        SEVERITY.get(issue["issue_severity"], Severity.LOW),
        CONFIDENCE.get(issue["issue_confidence"], Confidence.LOW),
    )
    return Finding(
        code="SK-VULN",
        check=f"bandit:{issue['test_id']}",
        severity=severity,
        confidence=confidence,
        file=piece.path,
        line=piece.line(issue["line_number"]),
        evidence=piece.excerpt(issue["line_number"]),
        why=issue["issue_text"].strip(),
        fix="Follow the linked advice. Where the input can be trusted, say why in assay.toml.",
        axis=Axis.VULNERABILITY,
        links=tuple(links),
    )


def _unparsable(piece: Piece, reason: str) -> Finding:
    return Finding(
        code="SK-ART",
        check="bandit:unparsable",
        severity=Severity.LOW,
        confidence=Confidence.HIGH,
        file=piece.path,
        why=f"bandit could not parse this file ({reason[:120]}), so it was not scanned for insecure code.",
        fix="Make the file valid Python 3, or give it another ending.",
        axis=Axis.QUALITY,
    )


class _Worker:
    """One warm bandit. Its owner is the process that made it: after a fork the child starts its own."""

    def __init__(self) -> None:
        self.owner, self.runs, self.lock = os.getpid(), 0, threading.Lock()
        self.process: subprocess.Popen | None = None

    def ask(self, question: dict, seconds: float) -> dict:
        with self.lock:
            process = self._running()
            try:
                process.stdin.write(json.dumps(question).encode() + b"\n")
                process.stdin.flush()
                answer = json.loads(_line(process, seconds))
            except (OSError, ValueError, ToolFailed) as error:
                self.stop()
                if isinstance(error, ToolFailed):
                    raise
                raise ToolFailed("it broke while reading the skill's Python") from error
            self.runs += 1
            if self.runs >= RUNS_A_WORKER:
                self.stop()
            return answer

    def _running(self) -> subprocess.Popen:
        if self.process is None or self.process.poll() is not None:
            self.runs = 0
            self.process = subprocess.Popen(
                limited([python(), "-I", "-S", str(WORKER), *_home()], memory_mb=MEMORY_MB),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=bare_environment(NOWHERE),
                start_new_session=True,
            )
        return self.process

    def stop(self) -> None:
        process, self.process = self.process, None
        if process is not None and self.owner == os.getpid():
            kill_group(process)
            process.stdin.close()
            process.stdout.close()


def _home() -> list[str]:
    """The folder that an import of bandit would find it in: the worker looks through no other."""
    return [place for place in sys.path if os.path.isdir(os.path.join(place, "bandit", "core"))][:1]


def _line(process: subprocess.Popen, seconds: float) -> bytes:
    """One line of the worker's answer, however many reads it takes, within the time."""
    deadline, parts = time.monotonic() + seconds, []
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise ToolFailed(f"it did not end within {seconds:g} seconds")
            part = os.read(process.stdout.fileno(), 1 << 20)
            if not part:
                raise ToolFailed("it ended without an answer")
            parts.append(part)
            if part.endswith(b"\n"):
                return b"".join(parts)


_workers: dict[int, _Worker] = {}
_workers_lock = threading.Lock()


def _worker() -> _Worker:
    with _workers_lock:
        worker = _workers.get(os.getpid())
        if worker is None:
            _workers.clear()
            worker = _workers[os.getpid()] = _Worker()
            atexit.register(worker.stop)
        return worker
