"""Orders inside prose: `!` blocks, and commands in backquotes that a sentence tells to run."""

import re
from collections.abc import Iterator, Sequence

from agents.shells import looks_typed

_BANG = re.compile(r"!`([^`\n]+)`")
_SPAN = re.compile(r"(?<!!)(`+)([^`\n]+)\1")
_TOLD = re.compile(
    r"\b(run|running|execute|executing|invoke|call|start|type|enter|paste|issue|use|using|try|launch|install|via|with"
    r"|send it)\b|运行|执行|使用|輸入|实行|実行|ausführen|ausgeführt|starte|exécut|lance[rz]?|ejecut|esegui|execut"
    r"|запуст|выполн",
    re.IGNORECASE,
)
_TOLD_NOT = re.compile(
    r"\b(never|do not|don't|don’t|avoid|instead of|rather than|without|must not|should not|not)\b[^.!?`]{0,40}$"
    r"|不要|别|禁止|nicht\s[^.]{0,20}$",
    re.IGNORECASE,
)


def orders(text: str, files: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """(kind, command, why it is not run) for every order in a stretch of prose."""
    for match in _BANG.finditer(text):
        yield "bang", match[1], ""
    for match in _SPAN.finditer(text):
        command = match[2].strip()
        if not _is_command(command, files):
            continue
        before = text[max(0, match.start() - 160) : match.start()]
        sentence = re.split(r"(?<=[.!?。])\s", before)[-1]
        if _TOLD_NOT.search(sentence):
            yield "inline", command, "the text says not to run it"
        elif _TOLD.search(sentence) or _is_whole_line(text, match):
            yield "inline", command, ""


def _is_command(command: str, files: Sequence[str]) -> bool:
    if command.split()[0] in files and command.split()[0].endswith((".sh", ".py", ".js", ".mjs")):
        return " " in command
    return looks_typed(command, files)


def _is_whole_line(text: str, match: re.Match) -> bool:
    """A command that stands alone on its line (a list item, say) is meant to be run."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    rest = text[start : match.start()] + text[match.end() : end if end >= 0 else len(text)]
    return not re.search(r"\w", rest)
