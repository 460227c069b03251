"""Finds where in an upload the skill begins: the folder that holds SKILL.md."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vetting.archives.member import shown
from vetting.archives.paths import Parts
from vetting.errors import SkillError
from vetting.findings import Finding
from vetting.manifest import note

SKILL_MD = "SKILL.md"


@dataclass(frozen=True)
class Root:
    """prefix is stripped from every path; rename respells files (skill.md) before that."""

    prefix: Parts
    rename: dict[Parts, Parts] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    @property
    def folder(self) -> str:
        return self.prefix[-1] if self.prefix else ""


def find_root(paths: Sequence[Parts], *, lenient: bool) -> Root:
    """The one place to call the skill's top. lenient also takes `skill.md`, deeper roots and files beside the root."""
    marks = [path for path in paths if path[-1].lower() == "skill.md"]
    exact = [path for path in marks if path[-1] == SKILL_MD]
    if not exact:
        return _respelled(marks, lenient)
    shallowest = min(len(path) for path in exact)
    tops = [path for path in exact if len(path) == shallowest]
    if len(tops) > 1:
        raise SkillError(
            "skill.two-roots",
            f"The upload holds {len(tops)} skills: {_some(tops)}.",
            fix="Push one skill at a time: one folder with one SKILL.md at its top.",
        )
    top = tops[0]
    prefix = top[:-1]
    if not lenient:
        _hold_to_shape(paths, prefix, top)
    notes = _beside_notes(paths, prefix) + [_nested_note(path) for path in exact if path != top]
    return Root(prefix, notes=notes)


def _respelled(marks: list[Parts], lenient: bool) -> Root:
    if not marks:
        raise SkillError(
            "skill.no-skill-md",
            "There is no SKILL.md in the upload.",
            fix="Put a SKILL.md with `name` and `description` at the top of the skill's folder.",
        )
    if not lenient or len(marks) > 1:
        raise SkillError(
            "skill.skill-md-case",
            f"The file {shown('/'.join(marks[0]))} must be spelled SKILL.md.",
            fix="Rename it to SKILL.md.",
            file=shown("/".join(marks[0])),
        )
    mark = marks[0]
    why = f"The file {mark[-1]} was read as SKILL.md; agents on a case-sensitive file system will not find it."
    return Root(
        mark[:-1],
        rename={mark: (*mark[:-1], SKILL_MD)},
        notes=[note("intake:skill-md-case", why, "Rename it to SKILL.md.", file=SKILL_MD)],
    )


def _hold_to_shape(paths: Sequence[Parts], prefix: Parts, top: Parts) -> None:
    if len(prefix) > 1:
        raise SkillError(
            "skill.root-too-deep",
            f"SKILL.md lies too deep in the upload: {shown('/'.join(top))}.",
            fix="Pack the folder that holds SKILL.md, not one of the folders above it.",
            file=shown("/".join(top)),
        )
    outside = [path for path in paths if path[: len(prefix)] != prefix]
    if outside:
        raise SkillError(
            "skill.stray-files",
            f"There are files beside the skill's folder {shown(prefix[0])}: {_some(outside)}.",
            fix="Pack only the folder that holds SKILL.md.",
            file=shown("/".join(outside[0])),
        )


def _beside_notes(paths: Sequence[Parts], prefix: Parts) -> list[Finding]:
    outside = [path for path in paths if path[: len(prefix)] != prefix]
    if not outside and len(prefix) < 2:
        return []
    why = f"The skill was found in {shown('/'.join(prefix))}"
    why += f"; {len(outside)} files beside it were left out: {_some(outside)}." if outside else "."
    return [note("intake:nested-root", why, "Name the folder that holds SKILL.md.")]


def _nested_note(path: Parts) -> Finding:
    return note(
        "intake:nested-skill",
        f"A second SKILL.md lies inside the skill, {shown('/'.join(path))}: an agent that searches folders may load "
        "it as a skill of its own.",
        "Rename it if it is a template or an example.",
        file=shown("/".join(path)),
    )


def _some(paths: Sequence[Parts]) -> str:
    return ", ".join(shown("/".join(path)) for path in sorted(paths)[:5]) + (" …" if len(paths) > 5 else "")
