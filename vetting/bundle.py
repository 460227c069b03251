"""A bundle: the files of a release, and the deterministic bytes that its digest is taken of."""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class BundleFile:
    """path is relative, NFC, with forward slashes; data are the bytes; executable is the owner's x bit."""

    path: str
    data: bytes
    executable: bool = False

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def text(self) -> str | None:
        """The file as UTF-8 text (a BOM is dropped), None where it is not text."""
        if b"\0" in self.data[:8192]:
            return None
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None


@dataclass(frozen=True)
class Bundle:
    """Files sorted by path. Made by vetting.intake, which alone decides what may be in one."""

    files: tuple[BundleFile, ...]

    def __iter__(self) -> Iterator[BundleFile]:
        return iter(self.files)

    def __getitem__(self, path: str) -> BundleFile:
        return self._by_path[path]

    def __contains__(self, path: object) -> bool:
        return path in self._by_path

    @cached_property
    def _by_path(self) -> dict[str, BundleFile]:
        return {file.path: file for file in self.files}

    @property
    def skill_md(self) -> BundleFile:
        return self["SKILL.md"]

    @cached_property
    def tar(self) -> bytes:
        """The bundle as one tar: sorted paths, no times, no owners, modes 644 and 755, PAX only where a name needs it.

        The same files always give the same bytes; the digest is taken of these.
        """
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for file in sorted(self.files, key=lambda file: file.path):
                member = tarfile.TarInfo(file.path)
                member.size = len(file.data)
                member.mode = 0o755 if file.executable else 0o644
                tar.addfile(member, io.BytesIO(file.data))
        return out.getvalue()

    @cached_property
    def digest(self) -> str:
        """`sha256:` and 64 hex digits."""
        return "sha256:" + hashlib.sha256(self.tar).hexdigest()

    def listing(self) -> list[dict]:
        """[{path, size, sha256, executable}], for the page and the API."""
        return [
            {"path": f.path, "size": len(f.data), "sha256": f.sha256, "executable": f.executable} for f in self.files
        ]
