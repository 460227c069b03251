"""Known vulnerabilities of packages, from an OSV export that an operator loaded; nothing is ever fetched.

One SQLite file under the data folder, replaced as a whole by every load, read-only for the scanners.
"""

import json
import os
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from vetting.errors import PlatformError

ECOSYSTEMS = {"PyPI", "npm"}
SEMVER = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+.*)?")
BEFORE_ALL = (0,)


@dataclass(frozen=True, slots=True)
class Advisory:
    id: str
    summary: str
    severity: str
    fixed: str


def load(sources: Iterable[Path], target: Path) -> int:
    """Read OSV records (JSON files, folders of them, or the export's zip) into a new file; how many entries it has."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with closing(sqlite3.connect(fresh)) as database:
        database.execute("CREATE TABLE affected (ecosystem TEXT, name TEXT, id TEXT, record TEXT)")
        database.executemany("INSERT INTO affected VALUES (?, ?, ?, ?)", _rows(sources))
        database.execute("CREATE INDEX by_name ON affected (ecosystem, name)")
        (count,) = database.execute("SELECT count(*) FROM affected").fetchone()
        database.execute("CREATE TABLE about (edition TEXT)")
        database.execute("INSERT INTO about VALUES (?)", (_digest(database),))
        database.commit()
    os.replace(fresh, target)
    return count


def edition(target: Path) -> str:
    """A short word for what is loaded, the same for the same records; "" where nothing is."""
    try:
        return _edition(target, target.stat().st_mtime_ns)
    except FileNotFoundError:
        return ""


@lru_cache(maxsize=8)
def _edition(target: Path, changed: int) -> str:
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as database:
        try:
            return database.execute("SELECT edition FROM about").fetchone()[0]
        except sqlite3.OperationalError:
            # A file from before editions were written down.
            return f"at-{changed // 10**9}"


def _digest(database: sqlite3.Connection) -> str:
    whole = sha256()
    for row in database.execute("SELECT ecosystem, name, id, record FROM affected ORDER BY 1, 2, 3, 4"):
        whole.update("\0".join(row).encode() + b"\n")
    return whole.hexdigest()[:16]


def affecting(target: Path, ecosystem: str, name: str, version: str) -> list[Advisory]:
    """The advisories that say this version is affected; none where nothing was loaded."""
    if not target.exists():
        return []
    with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "SELECT record FROM affected WHERE ecosystem = ? AND name = ?", (ecosystem, _normal(ecosystem, name))
        ).fetchall()
    found = []
    for (text,) in rows:
        record = json.loads(text)
        fixed = _hit(ecosystem, record, version)
        if fixed is not None:
            found.append(Advisory(record["id"], record["summary"], record["severity"], fixed))
    return sorted(found, key=lambda advisory: advisory.id)


def _rows(sources: Iterable[Path]) -> Iterator[tuple[str, str, str, str]]:
    for text in _texts(sources):
        try:
            record = json.loads(text)
        except ValueError as error:
            raise PlatformError(
                "advisories.not-json", "The export holds a record that is not JSON.", fix="Download the export again."
            ) from error
        if not isinstance(record, dict) or record.get("withdrawn"):
            continue
        for affected in record.get("affected", []):
            package = affected.get("package", {})
            if package.get("ecosystem") in ECOSYSTEMS:
                kept = {
                    "id": record["id"],
                    "summary": (record.get("summary") or record.get("details") or "")[:300],
                    "severity": str((record.get("database_specific") or {}).get("severity", "")).lower(),
                    "ranges": affected.get("ranges", []),
                    "versions": affected.get("versions", []),
                }
                ecosystem = package["ecosystem"]
                yield ecosystem, _normal(ecosystem, package["name"]), record["id"], json.dumps(kept)


def _texts(sources: Iterable[Path]) -> Iterator[bytes]:
    for source in sources:
        if source.is_dir():
            yield from (path.read_bytes() for path in sorted(source.rglob("*.json")))
        elif zipfile.is_zipfile(source):
            with zipfile.ZipFile(source) as export:
                yield from (export.read(name) for name in export.namelist() if name.endswith(".json"))
        elif source.is_file():
            yield source.read_bytes()
        else:
            raise PlatformError("advisories.missing", f"There is no file {source}.", fix="Name an OSV export.")


def _normal(ecosystem: str, name: str) -> str:
    return canonicalize_name(name) if ecosystem == "PyPI" else name


def _hit(ecosystem: str, record: dict, version: str) -> str | None:
    """The version that mends it ("" when none does), or None when `version` is not affected."""
    if version in record["versions"]:
        return _first_fix(record)
    wanted = _key(ecosystem, version)
    if wanted is None:
        return None
    for span in record["ranges"]:
        if span.get("type") in ("ECOSYSTEM", "SEMVER") and _inside(ecosystem, span.get("events", []), wanted):
            return _first_fix(record)
    return None


def _inside(ecosystem: str, events: list[dict], wanted: tuple) -> bool:
    """Walk the events in their order: introduced opens, fixed closes before itself, last_affected after itself."""
    inside = False
    for event in events:
        for kind, text in event.items():
            edge = BEFORE_ALL if text == "0" else _key(ecosystem, text)
            if edge is None:
                continue
            if kind == "introduced" and wanted >= edge:
                inside = True
            elif (kind == "fixed" and wanted >= edge) or (kind == "last_affected" and wanted > edge):
                inside = False
    return inside


def _first_fix(record: dict) -> str:
    fixes = [event["fixed"] for span in record["ranges"] for event in span.get("events", []) if "fixed" in event]
    return fixes[-1] if fixes else ""


def _key(ecosystem: str, version: str) -> tuple | None:
    """Something that sorts as the ecosystem sorts versions; None where the text is no version."""
    if ecosystem == "PyPI":
        try:
            return (1, Version(version))
        except InvalidVersion:
            return None
    match = SEMVER.fullmatch(version.strip())
    if not match:
        return None
    numbers = tuple(int(match[i]) for i in (1, 2, 3))
    before = tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in match[4].split(".")) if match[4] else ()
    return (1, numbers, not match[4], before)
