"""Commands whose words stand elsewhere: in a variable of the script, a file that it sources, or the data of a program.

Whoever reads `$GET "$AT" | $WITH` sees no deed. What the names stand for is looked up where the skill itself sets them,
and a row is read again where a name stood in the place of a program, or where it hid somebody's keys.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from vetting.reading import programs as p
from vetting.reading.embedded.pieces import Placed
from vetting.reading.embedded.settings import is_data, settings_of
from vetting.reading.places import is_credential
from vetting.reading.programs import Program
from vetting.reading.sources import Source

ROUNDS, LONGEST, ROWS = 4, 4_000, 300  # names within names, characters of a row, rows of one text
_NAME = re.compile(r"\$\{(\w{1,60})(?:\[[@*\d]\])?(?:%%?[^}]{1,9}|##?[^}]{1,9})?\}|\$(\w{1,60})")
_GAP = re.compile(r"\{\{-?\s{0,3}[.$]?(?:Values\.|vars\.)?(\w{1,60})\s{0,3}-?\}\}|(?<![$\w])\{(\w{1,60})\}")
_SET = re.compile(
    r"(?:^|[;&|({]|\b(?:export|local|readonly|declare|set -a|then|do|env)\b)[ \t]{0,8}(?:-\w{1,3}[ \t]{1,3})?(\w{1,60})="
    r"(\"(?:[^\"\\\n]|\\.){0,2000}+\"|'[^'\n]{0,2000}+'|\([^()\n]{1,400}\)|[^\s;&|()`\"']{1,400})",
    re.MULTILINE,
)
_LOOP = re.compile(r"\bfor[ \t]{1,4}(\w{1,60})[ \t]{1,4}in[ \t]{1,4}([^;\n]{1,1000})")
_SOURCED = re.compile(r"(?:^|[;&|\s])(?:\.|source)[ \t]{1,4}[\"']?(?:[^\s\"';|&]{0,100}/)?([\w.-]{1,80})", re.MULTILINE)
# A name in the place of a program: at the start, behind a sign that starts a command, or handed to what runs texts.
_COMMANDS_PLACE = re.compile(
    r"(?:^|[;&|(`]|\b(?:then|do|else|sudo|exec|eval|nohup|xargs))[ \t]{0,6}[\"']?(?:\$\{?\w|\{\{?[.\w])"
    r"|\b(?:ba|z|da)?sh[ \t]{1,3}(?:-\w{0,5}c[ \t]{1,3}|<<<[ \t]{0,3})[\"']?\$\{?\w",
    re.MULTILINE,
)
_DOES = re.compile(
    r"\b(?:curl|wget|nc|ncat|socat|scp|rsync|ssh|iwr|irm|invoke-webrequest|python3?|node|perl|ruby|php|base64|openssl"
    r"|(?:ba|z|da)?sh|powershell|pwsh)\b|/dev/tcp/",
    re.I,
)
_CARRIES = re.compile(r"\b(?:curl|wget|nc|ncat|netcat|socat|scp|rsync|sftp|ftp|mail|ssh|gh|aws)\b")
_SHELLS = frozenset(("shell", "makefile", "justfile"))


def filled_in(sources: Sequence[Source], blocks: Sequence) -> Iterator[Placed]:
    """The rows of shell scripts and fences, with what their names stand for."""
    names = {
        source.path.rsplit("/", 1)[-1]: source for source in sources if is_data(source.path) or source.lang == "shell"
    }
    for source in sources:
        if source.lang in _SHELLS and "$" in source.text:
            known = _set_in(source.text)
            for name in _SOURCED.findall(source.text):
                if (other := names.get(name)) is not None and other is not source:
                    known = _set_in(other.text) | {s.key: s.value for s in settings_of(other.text) if s.key} | known
            yield from _again(source.text, known, source.path, 1, None, "file")
    for block in blocks:
        if block.kind == "fence" and block.lang in ("sh", "bash", "shell", "zsh", "console", "") and "$" in block.text:
            yield from _again(block.text, _set_in(block.text), block.file, block.line, block, "fence")


def _set_in(text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    if "=" in text:
        for name, value in _SET.findall(text):
            out.setdefault(name, _worth(value))
    if "for " in text:
        for name, value in _LOOP.findall(text):
            out.setdefault(name, value.strip())
    return out


def _worth(value: str) -> str:
    if value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value[1:-1].strip() if value[0] == "(" else value


def fill(row: str, known: dict[str, str], gaps: bool = False) -> str:
    """A row with the names it holds filled in, and those in what they stand for."""

    def worth(match: re.Match) -> str:
        return known.get(match.group(1) or match.group(2), match.group())

    for _ in range(ROUNDS):
        before = row
        row = _NAME.sub(worth, row) if "$" in row else row
        row = _GAP.sub(worth, row) if gaps and "{" in row else row
        if row == before or len(row) > LONGEST:
            break
    return row[:LONGEST]


def _again(text: str, known: dict[str, str], file: str, line: int, block, origin: str) -> Iterator[Placed]:
    if not known:
        return
    told = 0
    for number, row in enumerate(text.split("\n")):
        if "$" not in row or len(row) > LONGEST or row.lstrip().startswith("#"):
            continue
        placed = bool(_COMMANDS_PLACE.search(row))
        if not placed and not _CARRIES.search(row):
            continue
        filled = fill(row, known)
        if filled == row:
            continue
        hides = placed and _DOES.search(filled) and not _same_deeds(row, filled)
        if hides or (is_credential(_LOOP.sub("", filled)) and not is_credential(_LOOP.sub("", row))):
            yield Placed(filled, "shell", line + number, file, "filled", block, origin)
            told += 1
            if told == ROWS:
                return


def _same_deeds(row: str, filled: str) -> bool:
    """Did filling it in name no program that the row did not name?"""
    return set(_DOES.findall(filled)) <= set(_DOES.findall(row))


def taken_from_data(programs: Sequence[Program], sources: Sequence[Source]) -> Iterator[Placed]:
    """The commands that a program takes out of the skill's data and hands to a shell, or writes into a script."""
    held = {source.path.rsplit("/", 1)[-1]: source for source in sources if is_data(source.path)}
    if not held:
        return
    for program in programs:
        runs = any(call.kind in (p.RUNS_SHELL, p.RUNS_CODE) and p.FILE in call.first_labels for call in program.calls)
        scripts = [
            call for call in program.calls if call.kind == p.WRITES and p.FILE in call.labels and _is_script(call)
        ]
        if not runs and not scripts:
            continue
        own = [held[name] for name in dict.fromkeys(_names(program)) if name in held][:8]
        known = {s.key: s.value for source in own for s in settings_of(source.text) if s.key}
        for source in own:
            if runs:
                for one in settings_of(source.text):
                    filled = fill(one.value, known, gaps=True)
                    if " " in filled and _DOES.search(filled):
                        yield Placed(filled, "shell", one.line, source.path, "filled", None, "program")
            for number, row in enumerate(source.text.split("\n")[:ROWS] if scripts else (), 1):
                filled = fill(row, known, gaps=True)
                if filled != row and _DOES.search(filled):
                    yield Placed(filled, "shell", number, source.path, "filled", None, "program")


def _names(program: Program) -> list[str]:
    return [text.rsplit("/", 1)[-1] for text, _ in program.strings if 2 < len(text) < 200 and " " not in text]


_SCRIPT_NAME = re.compile(r"\.(?:sh|bash|zsh|command|ps1|bat|cmd)$|(?:^|/)\.?(?:bashrc|zshrc|profile|envrc)$", re.I)


def _is_script(call) -> bool:
    return any(_SCRIPT_NAME.search(text) for text in call.texts if len(text) < 200)


_OPENS_WHAT = frozenset(("add", "write", "open", "read_text", "read_bytes", "copy", "copytree", "upload_file", "put"))


def with_stores(programs: Sequence[Program], sources: Sequence[Source]) -> None:
    """Mark what a program sends where the files that it takes are named in the skill's data, stores of keys among them."""
    held = {source.path.rsplit("/", 1)[-1]: source for source in sources if is_data(source.path)}
    for program in programs if held else ():
        sent = [call for call in program.calls if call.kind == p.SENDS]
        if not sent or not any(_takes(call) for call in program.calls):
            continue
        own = [held[name] for name in dict.fromkeys(_names(program)) if name in held][:8]
        named = [s.value for source in own for s in settings_of(source.text) if len(s.value) < 300]
        if stores := [value for value in named if is_credential(value)]:
            where = [value for value in named if "://" in value]
            named = (*stores[:4], *where[:8])
            # What was read of a file is shared with other skills that hold it: theirs stays as it is.
            program.calls = [
                replace(call, labels=call.labels | {p.CRED_FILE}, texts=(*call.texts, *named)) if call in sent else call
                for call in program.calls
            ]


def _takes(call) -> bool:
    """Does a call take a file whose name came out of a file?"""
    return call.name.rsplit(".", 1)[-1] in _OPENS_WHAT and p.FILE in call.first_labels and len(call.texts) > 0
