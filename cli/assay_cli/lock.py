"""skills.lock.json: what is installed in a folder of skills, from where, and the digest of every file."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from assay_cli import files
from assay_cli.canonical import digest_of, tar_of
from assay_cli.docs import pick
from assay_cli.errors import CliError
from assay_cli.names import NAME, Ref
from assay_cli.unpack import Files

FILE = "skills.lock.json"
SCHEMA = "assay.lock.v1"


def read(folder: Path) -> dict[str, dict]:
    """name → entry."""
    path = folder / FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CliError(
            f"{path} cannot be read: {error}.", code="lock", hint="Mend it, or remove it and install again."
        ) from error
    entries = pick(document, "skills", default={})
    # A name from a file is used as a path below, so only a real name counts.
    named = entries.items() if isinstance(entries, dict) else ()
    return {name: entry for name, entry in named if NAME.fullmatch(name) and isinstance(entry, dict)}


def entry(ref: Ref, *, digest: str, registry: str, keyid: str, verdict: str, unpacked: Files) -> dict:
    return {
        "skill": ref.skill,
        "version": ref.version,
        "digest": digest,
        "registry": registry,
        "keyid": keyid,
        "verdict": verdict,
        "installed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "executable": sorted(name for name, (_, executable) in unpacked.items() if executable),
        "files": {name: hashlib.sha256(data).hexdigest() for name, (data, _) in sorted(unpacked.items())},
    }


def add(folder: Path, name: str, new: dict) -> None:
    with files.alone(folder):
        entries = {**read(folder), name: new}
        files.replace(folder / FILE, {"schema": SCHEMA, "skills": dict(sorted(entries.items()))}, mode=0o644)


def differences(folder: Path, known: dict) -> list[tuple[str, str]]:
    """(path, "modified" | "missing" | "added" | "link") of an installed skill against its entry."""
    wanted = pick(known, "files", default={})
    found: dict[str, str] = {}
    for root, folders, names in os.walk(folder):
        for name in [*names, *(one for one in folders if (Path(root) / one).is_symlink())]:
            path = Path(root) / name
            found[path.relative_to(folder).as_posix()] = "link" if path.is_symlink() else _hash(path)
    said = []
    for path in sorted(wanted.keys() | found.keys()):
        if path not in found:
            said.append((path, "missing"))
        elif found[path] == "link":
            said.append((path, "link"))
        elif path not in wanted:
            said.append((path, "added"))
        elif found[path] != wanted[path]:
            said.append((path, "modified"))
    return said


def digest_on_disk(folder: Path, known: dict) -> str:
    """The digest of the files as they lie there. Only who may run comes from the entry: not every disk keeps that."""
    executable = set(pick(known, "executable", default=[]))
    names = pick(known, "files", default={})
    return digest_of(
        tar_of((name, folder.joinpath(*name.split("/")).read_bytes(), name in executable) for name in names)
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
