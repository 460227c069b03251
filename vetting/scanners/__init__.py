"""The outside tools of the static stage, one file each. All bundles of a call share one run of each tool.

A tool's file has NAME, version() and scan(sources): one ScannerResult for each source, in order.
"""

import importlib
import logging
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType

from vetting.bundle import Bundle
from vetting.scanners.cage import ToolFailed
from vetting.scanners.pieces import Piece, pieces_of
from vetting.scanners.result import FAILED, ScannerResult, not_scanned

__all__ = ["SCANNERS", "ScannerResult", "Source", "scan", "version", "versions"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Unloadable:
    """Stands for a tool whose file cannot be loaded: it fails at every skill, and the others go on."""

    NAME: str
    reason: str

    def version(self) -> str:
        return "unloadable"

    def scan(self, sources: Sequence) -> list[ScannerResult]:
        raise ToolFailed(f"it cannot be loaded ({self.reason})")


def load(name: str) -> ModuleType | Unloadable:
    """The tool's file, or what stands for it."""
    try:
        tool = importlib.import_module(f"{__name__}.{name}")
        _ = tool.NAME, tool.version, tool.scan
        return tool
    except (Exception, SystemExit) as error:
        log.exception("scanner %s cannot be loaded", name)
        return Unloadable(name, f"{type(error).__name__}: {error}"[:200])


SCANNERS: tuple[ModuleType | Unloadable, ...] = tuple(map(load, ("bandit", "semgrep", "yara", "dependencies")))


@dataclass(frozen=True, slots=True)
class Source:
    """A bundle and the code that was found in it, taken apart once for all tools."""

    bundle: Bundle
    pieces: list[Piece]


def scan(bundles: Sequence[Bundle], *, without: Collection[str] = ()) -> list[list[ScannerResult]]:
    """What every tool says of every bundle: the outer list is in the order of `bundles`, the inner of SCANNERS.

    without names tools to leave out; whoever leaves one out must not report the bundle as fully scanned.
    """
    tools = [tool for tool in SCANNERS if tool.NAME not in without]
    if not bundles or not tools:
        return [[] for _ in bundles]
    sources = [Source(bundle, pieces_of(bundle)) for bundle in bundles]
    with ThreadPoolExecutor(max_workers=len(tools), thread_name_prefix="scanner") as pool:
        by_tool = list(pool.map(lambda tool: _scan_with(tool, sources), tools))
    return [list(results) for results in zip(*by_tool, strict=True)]


def versions() -> dict[str, str]:
    """Tool and rules together, for the ruleset's version."""
    return {tool.NAME: version(tool.NAME) for tool in SCANNERS}


def version(name: str) -> str:
    """One tool's; a tool that cannot even tell it is not the one that results were made with."""
    tool = next(tool for tool in SCANNERS if name == tool.NAME)
    try:
        return tool.version()
    except Exception:
        log.exception("scanner %s does not tell its version", name)
        return "unknown"


def _scan_with(tool: ModuleType | Unloadable, sources: Sequence[Source]) -> list[ScannerResult]:
    """One run for all; where that breaks, one run each, so that a hostile skill only loses its own scan."""
    start = time.perf_counter()
    try:
        return tool.scan(sources)
    except Exception as error:
        if len(sources) > 1:
            return [result for source in sources for result in _scan_with(tool, [source])]
        reason = str(error) if isinstance(error, ToolFailed) else f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - start
        return [not_scanned(tool.NAME, version(tool.NAME), FAILED, " ".join(reason.split())[:300], seconds)]
