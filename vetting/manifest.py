"""The manifest: what a SKILL.md says about its skill, every value as it was written."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from vetting import frontmatter
from vetting.errors import SkillError
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.names import skill_name_problem, slug

FILE = frontmatter.FILE
# The format allows 1,024 characters. Skills in wide use exceed that a little, so it is remarked on before refused.
GOOD_DESCRIPTION = 1024
MAX_DESCRIPTION = 2048
MAX_COMPATIBILITY = 500


@dataclass(frozen=True)
class Manifest:
    """raw is the whole front matter, JSON-safe. body is the Markdown below it, which starts on line body_line."""

    name: str
    description: str
    license: str = ""
    compatibility: str = ""
    allowed_tools: tuple[str, ...] = ()
    metadata: dict = field(default_factory=dict)
    version: str = ""
    keywords: tuple[str, ...] = ()
    raw: dict = field(default_factory=dict)
    body: str = ""
    body_line: int = 1


def read_manifest(data: bytes, *, folder: str = "", lenient: bool = False) -> tuple[Manifest, list[Finding]]:
    """The manifest of a SKILL.md, and notes on what an author should mend though nothing is refused for it.

    lenient reads skills that were never meant for this registry: a fault of the manifest becomes a note, so that the
    rest of the skill is still vetted. A push is never read leniently.
    """
    faults: list[SkillError] = []
    text = _text(data)
    try:
        front = frontmatter.read(text)
    except SkillError as error:
        faults.append(error)
        front = _without_front_matter(text)
    manifest = _manifest(front)
    if not faults:
        faults += _faults(manifest)
    if faults and not lenient:
        raise faults[0]
    if lenient and skill_name_problem(manifest.name):
        manifest = _renamed(manifest, slug(manifest.name) or slug(folder) or "unnamed")
    notes = [_fault_note(fault) for fault in faults]
    return manifest, notes + _notes(manifest, front, folder)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SkillError(
            "manifest.not-utf8",
            f"SKILL.md is not UTF-8 text (line {line}).",
            fix="Save the file as UTF-8.",
            file=FILE,
            line=line,
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SkillError(
            "manifest.nul", f"SKILL.md holds a NUL byte (line {line}).", fix="Remove it.", file=FILE, line=line
        )
    return text


def _without_front_matter(text: str) -> frontmatter.FrontMatter:
    """The best that can be said of a SKILL.md whose front matter cannot be read."""
    try:
        yaml, body, line = frontmatter.split(text)
    except SkillError:
        return frontmatter.FrontMatter({}, text, 1)
    simple = re.findall(r"^(name|description|license|version):[ \t]*(\S.*)$", yaml[:20_000], re.MULTILINE)
    return frontmatter.FrontMatter({key: value.strip().strip("\"'") for key, value in simple}, body, line)


def _manifest(front: frontmatter.FrontMatter) -> Manifest:
    fields = front.fields
    nested = fields.get("metadata")
    metadata = nested if isinstance(nested, dict) else {}
    return Manifest(
        name=_string(fields.get("name")),
        description=_string(fields.get("description")),
        license=_string(fields.get("license")),
        compatibility=_string(fields.get("compatibility")),
        allowed_tools=_tools(fields.get("allowed-tools") or fields.get("allowed_tools")),
        metadata=metadata,
        version=_string(fields.get("version")) or _string(metadata.get("version")),
        keywords=_keywords(fields, metadata),
        raw=fields,
        body=front.body,
        body_line=front.body_line,
    )


def _string(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _tools(value: object) -> tuple[str, ...]:
    """`Read, Bash(git add:*)` and a YAML list both name tools; spaces and commas inside parentheses are kept."""
    texts = value if isinstance(value, list) else [value]
    found: list[str] = []
    for text in texts:
        if isinstance(text, str):
            found += re.findall(r"[^\s,()]+(?:\([^)]*\))?", text)
    return tuple(found)


def _keywords(fields: dict, metadata: dict) -> tuple[str, ...]:
    for source in (fields, metadata):
        for key in ("keywords", "tags"):
            value = source.get(key)
            words = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
            clean = [_string(word)[:50] for word in words]
            if any(clean):
                return tuple(dict.fromkeys(word for word in clean if word))[:20]
    return ()


def _renamed(manifest: Manifest, name: str) -> Manifest:
    return Manifest(**{**manifest.__dict__, "name": name})


def _faults(manifest: Manifest) -> list[SkillError]:
    return [
        SkillError(code, message, fix=fix, file=FILE, line=2)
        for code, message, fix in (*_name_faults(manifest), *_description_faults(manifest))
    ]


def _name_faults(manifest: Manifest) -> Iterable[tuple[str, str, str]]:
    name = manifest.name
    if not name:
        yield "manifest.no-name", "The front matter of SKILL.md has no `name`.", "Add a line `name: my-skill`."
        return
    problem = skill_name_problem(name)
    if problem:
        better = slug(name)
        fix = f"Call it `{better}`." if better and not skill_name_problem(better) else "Choose another name."
        code = "manifest.reserved-name" if "reserved" in problem else "manifest.bad-name"
        yield code, f"The skill cannot be called {name[:80]!r}: {problem}.", fix


def _description_faults(manifest: Manifest) -> Iterable[tuple[str, str, str]]:
    if not manifest.description:
        yield (
            "manifest.no-description",
            "The front matter of SKILL.md has no `description`.",
            "Add a line `description:` that says what the skill does and when to use it.",
        )
    elif len(manifest.description) > MAX_DESCRIPTION:
        yield (
            "manifest.description-too-long",
            f"The description has {len(manifest.description):,} characters; at most {MAX_DESCRIPTION:,} are allowed.",
            "Shorten the description, and move the details below the front matter.",
        )


def _notes(manifest: Manifest, front: frontmatter.FrontMatter, folder: str) -> list[Finding]:
    notes = [
        note(
            "intake:unquoted-value",
            "This value is only valid YAML in quotes. It was read as if quoted; some agents will not load the skill.",
            "Put the value in quotes.",
            file=FILE,
            line=line,
            severity=Severity.LOW,
        )
        for line in front.mended
    ]
    if folder and folder != manifest.name:
        notes.append(
            note(
                "intake:folder-name",
                f"The folder is called {folder[:80]!r}, the skill {manifest.name!r}. It is published under its name.",
                "Give the folder the skill's name: some agents expect them to be equal.",
                file=FILE,
            )
        )
    if len(manifest.description) > GOOD_DESCRIPTION:
        notes.append(
            note(
                "intake:description-long",
                f"The description has {len(manifest.description):,} characters; the format allows {GOOD_DESCRIPTION}.",
                "Shorten it: some agents cut it off or do not load the skill.",
                file=FILE,
                severity=Severity.LOW,
            )
        )
    if len(manifest.compatibility) > MAX_COMPATIBILITY:
        notes.append(
            note(
                "intake:compatibility-too-long",
                f"The compatibility field is longer than {MAX_COMPATIBILITY} characters.",
                "Shorten it.",
                file=FILE,
            )
        )
    return notes


def _fault_note(fault: SkillError) -> Finding:
    return note(
        f"intake:{fault.code}", fault.message, fault.fix, file=fault.file, line=fault.line, severity=Severity.MEDIUM
    )


def note(
    check: str, why: str, fix: str, *, file: str = "", line: int = 0, severity: Severity = Severity.INFO
) -> Finding:
    """Something intake noticed that is no ground to refuse."""
    return Finding(
        code="SK-META",
        check=check,
        severity=severity,
        confidence=Confidence.HIGH,
        file=file,
        line=line,
        why=why,
        fix=fix,
        axis=Axis.QUALITY,
        stage="intake",
    )
