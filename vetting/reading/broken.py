"""Files that no version of their language could run as they are, and whether something in the skill runs a piece of one.

Such a file is a text like any other: what can be read of it is read, and its author is told. It is left unclear only
where a command cuts it up, strips it or hands it to another language, a program runs what it read, or a reader is told
to change it first.
"""

import re
from collections.abc import Iterator, Sequence

from vetting.reading import programs as p
from vetting.reading.programs import Program
from vetting.reading.shell import INTERPRETERS, Command
from vetting.reading.texts import Texts

# What takes a part of a text, or makes another text of it.
_CUTTERS = frozenset(
    (
        "tail head sed gsed awk gawk mawk cut tr grep egrep rg dd split csplit perl ruby tac rev fold colrm ed ex "
        "patch iconv sponge tee"
    ).split()
)
_OWN = re.compile(r"(?:python|pypy|ipython)[\d.]{0,6}w?$")
_SKIPS = re.compile(r"-[A-Za-z]{0,6}x[A-Za-z]{0,6}$")  # Python leaves out the first line
_CHANGES = re.compile(
    r"\b(?:remov|strip|delet|replac|substitut|skip|decod|decrypt|repair|fix|mend|extract|cut|drop|trim|unescap"
    r"|complet|close)\w{0,5}\b"
    r"|\b(?:first|last|without|after|below|from) (?:the )?(?:first |last )?(?:\w+ )?lines?\b|删除|去掉|修复"
    r"|entfern|ersetz|elimin|supprim|удал",
    re.I,
)


def unclear(texts: Texts, programs: Sequence[Program], commands: Sequence[Command]) -> Iterator[Program]:
    """Broken programs with lines that were not understood, of which a piece may be run."""
    broken = [one for one in programs if one.broken and one.left_out]
    if not broken:
        return
    damaged = {source.path for source in texts.sources if source.encoding == "damaged" or "\x1a" in source.raw}
    anything = any(map(_runs_a_piece, commands)) or any(map(_runs_what_it_read, programs))
    for program in broken:
        base = program.file.rsplit("/", 1)[-1]
        if program.file in damaged or anything or _handled(base, program, programs, commands) or _changed(base, texts):
            yield program


def _runs_a_piece(command: Command) -> bool:
    """Is what another command gives out run as a program?"""
    if command.name not in INTERPRETERS and not _OWN.match(command.name):
        return False
    fed = any(one.name in _CUTTERS or one.name == "cat" for one in command.before)
    return fed or "<(" in command.raw or (bool(_OWN.match(command.name)) and any(map(_SKIPS.match, command.argv[:3])))


def _runs_what_it_read(program: Program) -> bool:
    return any(call.kind in (p.RUNS_CODE, p.RUNS_SHELL) and call.labels & {p.FILE, p.DECODED} for call in program.calls)


def _handled(base: str, itself: Program, programs: Sequence[Program], commands: Sequence[Command]) -> bool:
    """Does a command cut this file up or give it to another language, or a program that runs things name it?"""
    for command in commands:
        if base in command.rest and (
            command.name in _CUTTERS or (command.name in INTERPRETERS and not _OWN.match(command.name))
        ):
            return True
    return any(
        one is not itself
        and any(base in text for text, _ in one.strings)
        and any(call.kind in (p.RUNS_CODE, p.RUNS_SHELL) for call in one.calls)
        for one in programs
    )


def _changed(base: str, texts: Texts) -> bool:
    """Is a reader told to change this file?"""
    return any(base.lower() in block.plain.lower() and _CHANGES.search(block.plain) for block in texts.prose)
