"""What a file in a bundle may be called: a relative name that means the same file on Linux, macOS and Windows."""

import re
import unicodedata
from collections.abc import Iterable

from vetting.archives import limits
from vetting.archives.member import shown
from vetting.errors import SkillError

Parts = tuple[str, ...]

# Windows opens a device under these names, whatever the ending.
DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
DRIVE = re.compile(r"[A-Za-z]:")
FORBIDDEN = '<>:"|?*'
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini", ".git", ".hg", ".svn"}


def parts_of(raw: str) -> Parts:
    """The name as path components in NFC, or a SkillError that says what is wrong with it."""
    if raw.startswith("/") or DRIVE.match(raw):
        raise _bad("archive.absolute-path", raw, "is absolute", "Use names relative to the skill's folder.")
    if "\\" in raw:
        raise _bad("archive.bad-name", raw, "has a backslash", "Use forward slashes between folders.")
    parts = tuple(unicodedata.normalize("NFC", raw).split("/"))
    while parts and parts[0] == ".":
        parts = parts[1:]
    if ".." in parts:
        raise _bad("archive.path-traversal", raw, "leads out of the skill", "Remove every `..` from it.")
    if len(parts) > limits.MAX_DEPTH:
        raise _bad("archive.too-deep", raw, f"is more than {limits.MAX_DEPTH} folders deep", "Flatten the folders.")
    if len("/".join(parts).encode("utf-8", "surrogatepass")) > limits.MAX_PATH_BYTES:
        raise _bad("archive.name-too-long", raw, f"is longer than {limits.MAX_PATH_BYTES} bytes", "Shorten it.")
    for part in parts:
        _judge(part, raw)
    return parts


def _judge(part: str, raw: str) -> None:
    if part in ("", "."):
        raise _bad("archive.bad-name", raw, "has an empty part", "Remove the doubled slash or the `.` in the middle.")
    if len(part.encode("utf-8", "surrogatepass")) > limits.MAX_NAME_BYTES:
        raise _bad("archive.name-too-long", raw, f"has a part of over {limits.MAX_NAME_BYTES} bytes", "Shorten it.")
    if any(unicodedata.category(char) in UNSEEN for char in part):
        raise _bad("archive.bad-name", raw, "has a control or invisible character", "Rename the file.")
    if any(char in FORBIDDEN for char in part):
        raise _bad("archive.bad-name", raw, f"has one of the characters {FORBIDDEN}", "Rename the file.")
    if part[-1] in ". ":
        raise _bad("archive.bad-name", raw, "has a part that ends with a dot or a space", "Rename the file.")
    if DEVICES.match(part):
        raise _bad("archive.reserved-name", raw, "is the name of a device on Windows", "Rename the file.")


def is_litter(parts: Parts) -> bool:
    """Left behind by an operating system or a version control tool; never part of a skill."""
    return any(part in LITTER or part.startswith("._") for part in parts)


def refuse_collisions(paths: Iterable[Parts]) -> None:
    """Refuse two names that are one file on some system: equal, equal but for case, or a file and a folder at once."""
    spelled: dict[Parts, Parts] = {}
    files: set[Parts] = set()
    folders: set[Parts] = set()
    for path in paths:
        if path in files:
            raise _bad("archive.duplicate", "/".join(path), "is in the archive twice", "Keep one of the two.")
        files.add(path)
        for length in range(1, len(path) + 1):
            prefix = path[:length]
            if length < len(path):
                folders.add(prefix)
            other = spelled.setdefault(_folded(prefix), prefix)
            if other != prefix:
                raise _bad(
                    "archive.case-collision",
                    "/".join(prefix),
                    f"is the same as {shown('/'.join(other))} on a file system that ignores case",
                    "Rename one of the two.",
                )
    for both in sorted(files & folders):
        raise _bad("archive.duplicate", "/".join(both), "is both a file and a folder", "Rename one of the two.")


def _folded(parts: Parts) -> Parts:
    return tuple(unicodedata.normalize("NFC", unicodedata.normalize("NFKC", part).casefold()) for part in parts)


def _bad(code: str, raw: str, what: str, fix: str) -> SkillError:
    return SkillError(code, f"The name {shown(raw)} {what}.", fix=fix, file=shown(raw))
