"""The host's own apt configuration, read at run time so that no mirror is written down anywhere."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

APT = Path("/etc/apt")
_OPTIONS = re.compile(r"^Acquire::(https?|ftp|ForceIPv|Retries|Check-Valid|Check-Date|tor|.*Proxy)", re.I)


def sources(suite: str, apt: Path = APT) -> list[str]:
    """One-line `deb` entries of the host that serve this suite's main component; empty when there are none."""
    wanted = {suite, f"{suite}-updates", f"{suite}-security"}
    found = []
    for options, uri, entry_suite, components in _entries(apt):
        if entry_suite in wanted and "main" in components:
            signed = f"[signed-by={options}] " if options else ""
            found.append(f"deb {signed}{uri} {entry_suite} main")
    return list(dict.fromkeys(found))


def options() -> list[str]:
    """Apt options on how to reach a mirror (a proxy, say) as `Key "value"` lines."""
    try:
        dump = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, timeout=20).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = (line.rstrip(";") for line in dump.splitlines())
    return [line for line in lines if _OPTIONS.match(line) and not line.endswith('""')]


def _entries(apt: Path) -> Iterator[tuple[str, str, str, set[str]]]:
    paths = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*"))]
    for path in paths:
        if not path.is_file():
            continue
        text = path.read_text(errors="replace")
        if path.suffix == ".sources":
            yield from _deb822(text)
        elif path.suffix == ".list":
            yield from _one_line(text)


def _deb822(text: str) -> Iterator[tuple[str, str, str, set[str]]]:
    for stanza in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", stanza, re.M))
        if "deb" not in fields.get("Types", "").split() or fields.get("Enabled", "yes").lower() == "no":
            continue
        signed = fields.get("Signed-By", "")
        for uri in fields.get("URIs", "").split():
            for suite in fields.get("Suites", "").split():
                yield signed if signed.startswith("/") else "", uri, suite, set(fields.get("Components", "").split())


def _one_line(text: str) -> Iterator[tuple[str, str, str, set[str]]]:
    for line in text.splitlines():
        match = re.match(r"^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$", line.strip())
        if match:
            signed = re.search(r"signed-by=(/\S+)", match[1] or "")
            yield signed[1] if signed else "", match[2], match[3], set(match[4].split("#")[0].split())
