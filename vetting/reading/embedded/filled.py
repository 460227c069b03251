"""Commands whose words stand elsewhere: in a variable of the script, a file that it sources, or the data of a program.

Whoever reads `$GET "$AT" | $WITH` sees no deed. What the names stand for is looked up where the skill itself sets them,
and a row is read again where a name stood in the place of a program, or where it hid somebody's keys.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from vetting.reading import programs as p
from vetting.reading.embedded.pieces import Placed
from vetting.reading.embedded.settings import LETTERS, is_data, settings_of
from vetting.reading.markdown import Block
from vetting.reading.places import is_credential
from vetting.reading.programs import Program
from vetting.reading.sources import Source

# Names within names, characters of a row, commands of one text, data files that one program names.
ROUNDS, LONGEST, MOST, FILES = 8, 60_000, 4_000, 40
ADDRESSES = 100  # of those that stand in the data of a program that sends
Tell = Callable[[str], None]
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


def filled_in(sources: Sequence[Source], blocks: Sequence, tell: Tell) -> Iterator[Placed]:
    """The rows of shell scripts and fences, with what their names stand for; tell is told what was left out."""
    names = {
        source.path.rsplit("/", 1)[-1]: source for source in sources if is_data(source.path) or source.lang == "shell"
    }
    for source in sources:
        if source.lang in _SHELLS and "$" in source.text:
            known = _set_in(source.text)
            for name in _SOURCED.findall(source.text):
                if (other := names.get(name)) is not None and other is not source:
                    _tell_long([other], tell)
                    known = _set_in(other.text) | {s.key: s.value for s in settings_of(other.text) if s.key} | known
            yield from _again(source.text, known, source.path, 1, None, "file", tell)
    for block in blocks:
        if block.kind == "fence" and block.lang in ("sh", "bash", "shell", "zsh", "console", "") and "$" in block.text:
            yield from _again(block.text, _set_in(block.text), block.file, block.line, block, "fence", tell)


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


def fill(row: str, known: dict[str, str], gaps: bool = False) -> tuple[str, bool]:
    """A row with the names it holds filled in, and those in what they stand for; and whether it was read to its end."""
    room = LONGEST

    def worth(match: re.Match) -> str:
        nonlocal room
        said = known.get(match.group(1) or match.group(2))
        if said is None or room < len(said):
            room = room if said is None else -1
            return match.group()
        room -= len(said)
        return said

    for _ in range(ROUNDS):
        before = row
        row = _NAME.sub(worth, row) if "$" in row else row
        row = _GAP.sub(worth, row) if gaps and "{" in row else row
        if row == before or room < 0:
            break
    return row[:LONGEST], room >= 0 and len(row) <= LONGEST


def _again(
    text: str, known: dict[str, str], file: str, line: int, block: Block | None, origin: str, tell: Tell
) -> Iterator[Placed]:
    if not known:
        return
    told = 0
    for number, row in enumerate(text.split("\n")):
        if "$" not in row or row.lstrip().startswith("#"):
            continue
        placed = bool(_COMMANDS_PLACE.search(row))
        if not placed and not _CARRIES.search(row):
            continue
        filled, whole = fill(row, known)
        if filled == row:
            continue
        if not whole:
            tell(f"{file}: a row whose names stand for more than is read (line {line + number})")
        hides = placed and _DOES.search(filled) and not _same_deeds(row, filled)
        if hides or (is_credential(_LOOP.sub("", filled)) and not is_credential(_LOOP.sub("", row))):
            if told == MOST:
                tell(f"{file}: more rows whose names stand for something than are read again (line {line + number})")
                return
            yield Placed(filled, "shell", line + number, file, "filled", block, origin)
            told += 1


def _same_deeds(row: str, filled: str) -> bool:
    """Did filling it in name no program that the row did not name?"""
    return set(_DOES.findall(filled)) <= set(_DOES.findall(row))


def taken_from_data(programs: Sequence[Program], sources: Sequence[Source], tell: Tell) -> Iterator[Placed]:
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
        own = _own(program, held, tell)
        known = {s.key: s.value for source in own for s in settings_of(source.text) if s.key}
        for source in own:
            rows = _handed(source, known) if runs else iter(())
            rows = chain(rows, _written(source, known)) if scripts else rows
            for told, (command, line, whole) in enumerate(rows):
                if told == MOST or not whole:
                    tell(f"{source.path}: more commands for a program than are looked at (line {line})")
                if told == MOST:
                    break
                yield Placed(command, "shell", line, source.path, "filled", None, "program")


def _handed(source: Source, known: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    """The values of a file that may be commands, each with its line, and whether it is whole."""
    for one in settings_of(source.text):
        filled, whole = fill(one.value, known, gaps=True)
        if " " in filled and _DOES.search(filled):
            yield filled, one.line, whole


def _written(source: Source, known: dict[str, str]) -> Iterator[tuple[str, int, bool]]:
    """The rows of a template that are commands once they are filled, each with its line, and whether it is whole."""
    for number, row in enumerate(source.text.split("\n"), 1):
        filled, whole = fill(row, known, gaps=True)
        if filled != row and _DOES.search(filled):
            yield filled, number, whole


def _own(program: Program, held: dict[str, Source], tell: Tell) -> list[Source]:
    """The data files that a program names."""
    own = [held[name] for name in dict.fromkeys(_names(program)) if name in held]
    if len(own) > FILES:
        tell(f"{program.file}: more data files than are looked up")
    _tell_long(own[:FILES], tell)
    return own[:FILES]


def _tell_long(sources: Sequence[Source], tell: Tell) -> None:
    for source in sources:
        if len(source.text) > LETTERS:
            tell(f"{source.path}: more values than are looked up")


def _names(program: Program) -> list[str]:
    return [text.rsplit("/", 1)[-1] for text, _ in program.strings if 2 < len(text) < 200 and " " not in text]


_SCRIPT_NAME = re.compile(r"\.(?:sh|bash|zsh|command|ps1|bat|cmd)$|(?:^|/)\.?(?:bashrc|zshrc|profile|envrc)$", re.I)


def _is_script(call) -> bool:
    return any(_SCRIPT_NAME.search(text) for text in call.texts if len(text) < 200)


_OPENS_WHAT = frozenset(("add", "write", "open", "read_text", "read_bytes", "copy", "copytree", "upload_file", "put"))


def with_stores(programs: Sequence[Program], sources: Sequence[Source], tell: Tell) -> None:
    """Mark what a program sends where the files that it takes are named in the skill's data, stores of keys among them."""
    held = {source.path.rsplit("/", 1)[-1]: source for source in sources if is_data(source.path)}
    for program in programs if held else ():
        sent = [call for call in program.calls if call.kind == p.SENDS]
        if not sent or not any(_takes(call) for call in program.calls):
            continue
        own = _own(program, held, tell)
        named = [s.value for source in own for s in settings_of(source.text) if len(s.value) < 300]
        if stores := [value for value in named if is_credential(value)]:
            where = list(dict.fromkeys(value for value in named if "://" in value))
            if len(where) > ADDRESSES:
                tell(f"{program.file}: more addresses in its data than are told of")
            named = (*stores[:4], *where[:ADDRESSES])
            # What was read of a file is shared with other skills that hold it: theirs stays as it is.
            program.calls = [
                replace(call, labels=call.labels | {p.CRED_FILE}, texts=(*call.texts, *named)) if call in sent else call
                for call in program.calls
            ]


def _takes(call) -> bool:
    """Does a call take a file whose name came out of a file?"""
    return call.name.rsplit(".", 1)[-1] in _OPENS_WHAT and p.FILE in call.first_labels and len(call.texts) > 0
