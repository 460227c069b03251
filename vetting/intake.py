"""Intake: from what an author sends to a bundle and its manifest, or to one clear sentence on why not.

Everything is judged in memory and nothing is written; what is refused leaves nothing behind.
"""

from dataclasses import dataclass, field
from pathlib import Path

from vetting.archives import limits, members_in
from vetting.archives.folder import members_below
from vetting.archives.member import Member, shown, too_large
from vetting.archives.paths import Parts, is_litter, parts_of, refuse_collisions
from vetting.archives.root import Root, find_root
from vetting.bundle import Bundle, BundleFile
from vetting.errors import SkillError
from vetting.findings import Finding
from vetting.manifest import Manifest, note, read_manifest


@dataclass(frozen=True)
class Intake:
    """notes are findings about form, for the author; none of them is a ground to refuse."""

    bundle: Bundle
    manifest: Manifest
    notes: list[Finding] = field(default_factory=list)


def unpack(data: bytes, *, filename: str = "") -> Intake:
    """Open an upload: a zip, a tar (plain, gzip, bzip2 or xz), or a SKILL.md alone."""
    if not data:
        raise SkillError("archive.empty", "The upload is empty.", fix="Send a zip or a tar.gz of the skill's folder.")
    members = members_in(data)
    if members is None:
        members = [Member("SKILL.md", _bare_skill_md(data, filename))]
    return _take_in(members, [], folder="", lenient=False)


def read_folder(path: Path, *, lenient: bool = True) -> Intake:
    """Read a skill from a folder (or an archive) on this machine. Links are never followed.

    lenient takes third-party skills as they are and notes their faults; pass False to hold them to a push's rules.
    """
    if path.is_file():
        if path.stat().st_size > limits.MAX_UPLOAD:
            raise too_large()
        return unpack(path.read_bytes(), filename=path.name)
    members, notes = members_below(path)
    return _take_in(members, notes, folder=path.resolve().name, lenient=lenient)


def _bare_skill_md(data: bytes, filename: str) -> bytes:
    if data.removeprefix(b"\xef\xbb\xbf").startswith(b"---") or filename.lower().endswith(".md"):
        return data
    raise SkillError(
        "archive.unknown-format",
        "The upload is neither a zip or tar archive nor a SKILL.md.",
        fix="Send a zip or a tar.gz of the skill's folder.",
    )


def _take_in(members: list[Member], notes: list[Finding], *, folder: str, lenient: bool) -> Intake:
    named: list[tuple[Parts, Member]] = []
    litter: list[str] = []
    for member in members:
        parts = parts_of(member.path)
        if is_litter(parts):
            litter.append("/".join(parts))
        else:
            named.append((parts, member))
    refuse_collisions(parts for parts, _ in named)
    root = find_root([parts for parts, _ in named], lenient=lenient)
    bundle = Bundle(tuple(_files(named, root)))
    manifest, remarks = read_manifest(bundle.skill_md.data, folder=root.folder or folder, lenient=lenient)
    return Intake(bundle, manifest, [*notes, *_litter_note(litter), *root.notes, *remarks])


def _files(named: list[tuple[Parts, Member]], root: Root) -> list[BundleFile]:
    depth = len(root.prefix)
    files = [
        BundleFile("/".join(root.rename.get(parts, parts)[depth:]), member.data, _executable(member))
        for parts, member in named
        if parts[:depth] == root.prefix
    ]
    return sorted(files, key=lambda file: file.path)


def _executable(member: Member) -> bool:
    return member.executable and member.path.rpartition("/")[2].lower() != "skill.md"


def _litter_note(litter: list[str]) -> list[Finding]:
    if not litter:
        return []
    some = ", ".join(shown(path) for path in litter[:5]) + (" …" if len(litter) > 5 else "")
    return [note("intake:litter", f"Left out, as no part of a skill: {some}", "Leave these files out of the archive.")]
