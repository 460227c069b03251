"""Dockerfiles, Makefiles and justfiles as the shell text that they hand out, each command on its row."""

import re
from collections.abc import Callable

_STEP = re.compile(r"^[ \t]{0,20}(?:ONBUILD[ \t]{1,8})?(RUN|CMD|ENTRYPOINT|HEALTHCHECK)\b[ \t]{0,8}(.*)$", re.I)
_OPTION = re.compile(r"^(?:--[\w-]{1,40}=\S{0,300}[ \t]{1,8})+")
_WORDS = re.compile(r"^\[[ \t]{0,8}((?:\"(?:[^\"\\]|\\.)*+\"[ \t]{0,8},?[ \t]{0,8})+)\][ \t]{0,8}$")
_WORD = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"")
_SHELL = re.compile(r"^(?:\S*/)?(?:ba|z|da|k)?sh$|^(?:cmd|powershell|pwsh)(?:\.exe)?$", re.I)
_AT = re.compile(r"^([ \t]+)[@+-]{1,3}[ \t]{0,8}(?=\S)")
_SHELL_CALL = re.compile(r"\$\((?:shell)[ \t]{1,8}")
_ASSIGNED = re.compile(r"^[ \t]{0,20}[\w.-]{1,80}[ \t]{0,8}(?::{0,2}|[?+])=[ \t]{0,8}(?=[`$])")
_BANG = re.compile(r"^[ \t]{0,20}[\w.-]{1,80}[ \t]{0,8}!=[ \t]{0,8}")


def as_shell(text: str, lang: str) -> str:
    """The same rows as a shell is given them."""
    row_of = _ROWS.get(lang)
    return "\n".join(map(row_of, text.split("\n"))) if row_of else text


def _of_docker(row: str) -> str:
    match = _STEP.match(row)
    if match is None:
        return row
    said = _OPTION.sub("", match.group(2))
    if match.group(1).upper() == "HEALTHCHECK":
        said = re.sub(r"^CMD[ \t]{1,8}", "", said, flags=re.I)
    words = _WORDS.match(said)
    return _of_words(words.group(1)) if words else said


def _of_words(words: str) -> str:
    """["sh", "-c", "…"] is what its last word says; other words stand side by side."""
    said = [word.replace('\\"', '"').replace("\\\\", "\\") for word in _WORD.findall(words)]
    if len(said) > 2 and _SHELL.match(said[0]) and said[1][:1] in "-/":
        return said[2]
    return " ".join(word if re.fullmatch(r"[\w./:=@%+,~$-]+", word) else "'" + word + "'" for word in said)


def _of_make(row: str) -> str:
    """Marks before a command say whether it is shown; what a variable is given by a shell runs first of all."""
    row = _AT.sub(r"\1", row)
    if "$(shell" in row:
        row = _ASSIGNED.sub("", _SHELL_CALL.sub("$(", row))
    return _BANG.sub("", row).replace("$$", "$")


def _of_just(row: str) -> str:
    return _ASSIGNED.sub("", _AT.sub(r"\1", row))


_ROWS: dict[str, Callable[[str], str]] = {"dockerfile": _of_docker, "makefile": _of_make, "justfile": _of_just}
