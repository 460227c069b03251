"""One regular file of an archive, and the running account of what the archive has cost so far."""

from dataclasses import dataclass

from vetting.archives import limits
from vetting.errors import SkillError


@dataclass(frozen=True, slots=True)
class Member:
    """path is as the archive spells it, not yet judged; executable is the owner's x bit."""

    path: str
    data: bytes
    executable: bool = False


class Budget:
    """Counts entries, files and bytes, and refuses the one that is too many."""

    def __init__(self, upload_size: int) -> None:
        self.upload_size = max(upload_size, 1)
        self.entries = self.files = self.total = 0

    def entry(self) -> None:
        self.entries += 1
        if self.entries > limits.MAX_ENTRIES:
            raise SkillError(
                "archive.too-many-entries",
                f"The archive has more than {limits.MAX_ENTRIES:,} entries.",
                fix="Remove what the skill does not need.",
            )

    def file(self, path: str, size: int) -> None:
        """Account for a file of `size` bytes before any of them is unpacked."""
        self.files += 1
        if self.files > limits.MAX_FILES:
            raise SkillError(
                "archive.too-many-files",
                f"The skill has more than {limits.MAX_FILES:,} files.",
                fix="Remove what the skill does not need (dependencies, caches, data sets) and push again.",
            )
        if size > limits.MAX_FILE:
            raise SkillError(
                "archive.file-too-large",
                f"The file {shown(path)} is {size / limits.MEGABYTE:.1f} MB; at most "
                f"{limits.MAX_FILE // limits.MEGABYTE} MB are allowed.",
                fix="Make the file smaller, or leave it out.",
                file=shown(path),
            )
        self.total += size
        if self.total > limits.MAX_TOTAL:
            raise too_large()
        if self.total > limits.RATIO_FREE and self.total > limits.MAX_RATIO * self.upload_size:
            raise bomb()


def too_large() -> SkillError:
    return SkillError(
        "archive.too-large",
        f"The skill is larger than {limits.MAX_TOTAL // limits.MEGABYTE} MB.",
        fix="Remove what the skill does not need (dependencies, caches, data sets) and push again.",
    )


def bomb() -> SkillError:
    return SkillError(
        "archive.bomb",
        f"The archive unpacks to more than {limits.MAX_RATIO} times its own size.",
        fix="Leave generated filler out of the skill.",
    )


def shown(path: str | bytes) -> str:
    """A hostile name, made fit to be shown: escapes instead of control characters, at most 200 characters."""
    text = path.decode("utf-8", "backslashreplace") if isinstance(path, bytes) else path
    text = "".join(char if char.isprintable() else char.encode("unicode_escape", "replace").decode() for char in text)
    return text if len(text) <= 200 else text[:199] + "…"
