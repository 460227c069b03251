"""From a verified bundle to files on disk. Every member is judged before one byte is written."""

import io
import os
import re
import shutil
import tarfile
import tempfile
import unicodedata
from pathlib import Path

from assay_cli import clean
from assay_cli.errors import ODD_ANSWER, CliError, Tampered

MAX_FILES = 10_000
MAX_BYTES = 60 * 1024 * 1024
MAX_DEPTH = 32
FORBIDDEN = re.compile(r'[<>:"|?*\\]')
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

Files = dict[str, tuple[bytes, bool]]


def members(bundle: bytes) -> Files:
    """path → (bytes, executable) of every file; raises Tampered for anything but plain files with plain names."""
    found: Files = {}
    spelled: dict[str, str] = {}
    total = 0
    try:
        with tarfile.open(fileobj=io.BytesIO(bundle), mode="r:") as tar:
            for member in tar:
                if not member.isreg() or member.issparse() or member.size < 0:
                    raise _bad(member.name, "is no plain file")
                total += member.size
                if len(found) >= MAX_FILES or total > MAX_BYTES:
                    raise Tampered(
                        "The bundle is larger than any that a registry may publish.",
                        code="integrity.too-large",
                        hint=ODD_ANSWER,
                    )
                _judge(member.name, spelled)
                source = tar.extractfile(member)
                found[member.name] = (source.read() if source else b"", bool(member.mode & 0o100))
    except (tarfile.TarError, ValueError, OSError, EOFError, RecursionError) as error:
        raise Tampered(
            f"The bundle is no readable tar: {clean.line(error)}.", code="integrity.archive", hint=ODD_ANSWER
        ) from error
    if "SKILL.md" not in found:
        raise Tampered("The bundle has no SKILL.md.", code="integrity.archive", hint=ODD_ANSWER)
    return found


def _judge(name: str, spelled: dict[str, str]) -> None:
    parts = name.split("/")
    if name.startswith("/") or ".." in parts or len(parts) > MAX_DEPTH or len(name.encode("utf-8", "replace")) > 1024:
        raise _bad(name, "leads out of the skill or is too deep")
    for part in parts:
        if part in ("", ".") or part[-1:] in (".", " ") or FORBIDDEN.search(part) or DEVICES.match(part):
            raise _bad(name, "is not a name on every system")
        if any(unicodedata.category(sign) in UNSEEN for sign in part):
            raise _bad(name, "has an invisible character")
    for length in range(1, len(parts) + 1):
        prefix, kind = "/".join(parts[:length]), "file" if length == len(parts) else "folder"
        key = unicodedata.normalize("NFC", prefix).casefold()
        known = spelled.get(key)
        # A folder may come again in the same spelling; a file may not, and nothing may be both.
        if known is not None and (kind == "file" or known != f"folder {prefix}"):
            raise _bad(name, "stands for the same file as another member")
        spelled[key] = f"{kind} {prefix}"


def _bad(name: str, why: str) -> Tampered:
    hint = "Nothing was written. Tell the registry's operator."
    return Tampered(f"The bundle's member {clean.line(name, 120)!r} {why}.", code="integrity.member", hint=hint)


def place(files: Files, target: Path, *, force: bool) -> None:
    """Write the files beside the target and move them there in one step: a reader sees all of it or none."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise CliError(
            f"{target} is no folder.", code="target.not-a-folder", hint="Remove it, or choose another --dir."
        )
    if target.exists() and not force:
        raise CliError(f"{target} is there already.", code="target.exists", hint="Add --force to replace it.")
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
    try:
        new, old = draft / "new", draft / "old"
        _write(files, new)
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _write(files: Files, folder: Path) -> None:
    folder.mkdir(mode=0o755)
    for name, (data, executable) in files.items():
        path = folder.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        # O_EXCL: the folder is ours and new, so a file that is there already means two names are one here.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(path, flags, 0o755 if executable else 0o644), "wb") as file:
            file.write(data)
