"""What an author says of findings, in `assay.toml` beside SKILL.md: this one, in these files, for this reason.

A suppressed finding stays in the report, with the reason, for all to read. On the axes of vulnerability and privilege
it costs no points any more. On the axis of malice the reason is shown and changes nothing: nobody acquits themselves.

    [[suppress]]
    check = "undeclared_permission"     # or code = "SK-OVER"
    file = "scripts/*.sh"
    reason = "The script asks before it writes."
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase

from vetting.bundle import Bundle
from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.taxonomy import KINDS

FILE = "assay.toml"
BYTES_AT_MOST, ENTRIES_AT_MOST = 65_536, 50
REASON_CHARS = (10, 300)
_KEYS = {"check", "code", "file", "reason"}
_TABLE = "suppress"
_MEND = "Name a check or a code, the files and the reason, or take the entry out."
_NAMES = "A finding gives the name of its check in brackets; `skill explain CODE` and the page /checks list them all."


@dataclass(frozen=True)
class Suppression:
    """One entry: a check or a code, a pattern of files, and why."""

    check: str
    code: str
    file: str
    reason: str
    line: int = 1

    def covers(self, finding: Finding) -> bool:
        named = self.check == finding.check if self.check else self.code == finding.code
        return named and fnmatchcase(finding.file, self.file)


def read(bundle: Bundle) -> tuple[list[Suppression], list[Finding]]:
    """The entries that hold, and notes on what is wrong with the others: those suppress nothing."""
    if FILE not in bundle:
        return [], []
    try:
        entries = _entries(bundle[FILE].data)
    except ValueError as error:
        return [], [_note(f"{FILE} cannot be read, so it suppresses nothing: {error}")]
    held, notes, lines = [], _strange_tables(bundle[FILE].data), _lines(bundle[FILE].data)
    for number, entry in enumerate(entries, 1):
        line = lines[number - 1] if number <= len(lines) else 1
        if problem := _problem(entry):
            notes.append(_note(f"Entry {number} of {FILE} suppresses nothing: {problem}", line))
        else:
            named = entry.get("check", ""), entry.get("code", "")
            held.append(Suppression(*named, entry["file"], entry["reason"], line))
    return held, notes


def marked(findings: Iterable[Finding], bundle: Bundle) -> list[Finding]:
    """The same findings, those that are suppressed with the author's reason."""
    held, _ = read(bundle)
    return [_marked(finding, held) for finding in findings] if held else list(findings)


def unused(findings: Iterable[Finding], bundle: Bundle) -> list[Finding]:
    """A note on each entry that met nothing: what was mended needs no excuse any more."""
    found = list(findings)
    return [_idle(one) for one in read(bundle)[0] if not any(one.covers(finding) for finding in found)]


def lifts(finding: Finding) -> bool:
    """Whether the author's reason takes the loss of points away."""
    return bool(finding.suppressed) and finding.axis is not Axis.MALICE


def _marked(finding: Finding, held: list[Suppression]) -> Finding:
    reason = next((one.reason for one in held if one.covers(finding)), "")
    return replace(finding, suppressed=reason) if reason else finding


def _idle(one: Suppression) -> Finding:
    """Why an entry met nothing: what it names does not exist, or was not found there."""
    # The catalogue is loaded only for an entry that met nothing; one that did has a name that is known.
    from vetting import catalogue

    if one.code and one.code not in KINDS:
        near = get_close_matches(one.code.upper(), KINDS, n=3, cutoff=0.6)
        return _note(
            f"{FILE} suppresses {one.code[:40]!r}, but no code is called that.{_meant(near)}", one.line, _NAMES
        )
    if one.check and catalogue.rule(one.check) is None:
        near = catalogue.nearest(one.check)
        why = f"{FILE} suppresses {one.check[:80]!r}, but no check is called that.{_meant(near)}"
        return _note(why, one.line, _NAMES)
    said = f"{FILE} suppresses {one.check or one.code} in {one.file}, where nothing was found."
    return _note(said, one.line, "Take the entry out, or mend its pattern of files.")


def _meant(near: list[str]) -> str:
    return f" Did you mean {' or '.join(near)}?" if near else ""


def _strange_tables(data: bytes) -> list[Finding]:
    """A note on what stands at the top of the file and is read by nobody, such as a slip in `[[suppress]]`."""
    strange = sorted(tomllib.loads(data.decode("utf-8-sig")).keys() - {_TABLE})
    return [
        _note(f"{FILE} has {one[:40]!r}, which nothing reads; entries are written `[[suppress]]`.")
        for one in strange[:3]
    ]


def _entries(data: bytes) -> list[dict]:
    if len(data) > BYTES_AT_MOST:
        raise ValueError(f"it is larger than {BYTES_AT_MOST} bytes.")
    try:
        entries = tomllib.loads(data.decode("utf-8-sig")).get(_TABLE, [])
    except RecursionError:
        raise ValueError("it is nested too deeply.") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("`suppress` is no list of tables; write `[[suppress]]`.")
    if len(entries) > ENTRIES_AT_MOST:
        raise ValueError(f"it has more than {ENTRIES_AT_MOST} entries.")
    return entries


def _problem(entry: dict) -> str:
    """Why an entry does not hold; empty where it does."""
    if unknown := sorted(entry.keys() - _KEYS):
        return f"there is no key {unknown[0][:40]!r}."
    if not all(isinstance(value, str) for value in entry.values()):
        return "every value must be a text."
    if bool(entry.get("check")) == bool(entry.get("code")):
        return "it must name a check or a code, and not both."
    if not entry.get("file"):
        return "it names no file; `*` is any."
    least, most = REASON_CHARS
    if not (length := len(entry.get("reason", "").strip())):
        return f"it gives no reason; one of {least} to {most} characters is shown to all."
    if not least <= length <= most:
        return f"its reason has {length} characters, and must have {least} to {most}."
    return ""


def _lines(data: bytes) -> list[int]:
    """Where each entry begins, as far as that is seen without reading the form."""
    rows = data.decode("utf-8-sig", "replace").split("\n")
    return [number for number, row in enumerate(rows, 1) if row.replace(" ", "").startswith("[[suppress]]")]


def _note(why: str, line: int = 1, fix: str = _MEND) -> Finding:
    return Finding(
        code="manifest.suppress",
        check="suppressions",
        severity=Severity.INFO,
        confidence=Confidence.HIGH,
        axis=Axis.QUALITY,
        file=FILE,
        line=line,
        why=why,
        fix=fix,
        stage="unpack",
    )
