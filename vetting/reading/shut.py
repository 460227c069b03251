"""What stayed shut and may hold code: a skill with such a file was not read as a whole, so that nothing of it passes.

Pictures, sounds, fonts, tables and the weights of models are data: what they hold runs only where something reads and
runs it, which is seen in the reader. A compiled program, an archive behind a password or in a form that nobody opens
here, and bytecode without its source are programs whatever they are called.
"""

import re
from collections.abc import Iterable

from vetting.reading.sources import Source, Unread

_SHUT = frozenset(("program", "locked", "archive"))
# Endings of files that something loads and runs, where the bytes themselves did not tell.
_CODE = re.compile(
    r"\.(?:so(?:\.\d{1,4}){0,3}|dll|dylib|exe|com|scr|sys|class|dex|o|obj|a|lib|node|pyd|jsc|luac|elc|beam|nim"
    r"|msi|msix|app|pkg|elf|ko|efi|rom|swf|ocx|cpl|xll|wll|pyz|snap|appimage|ps1xml|chm|hlp|lnk|bin\.js|vbe|jse"
    r"|scpt|rds|rda|rdata)$",
    re.I,
)


def may_hide_code(unread: Iterable[Unread], sources: Iterable[Source]) -> list[str]:
    """Of each file that stayed shut and can carry code, its path and what it is."""
    texts = {source.path for source in sources}
    return [f"{one.path}: {one.what}" for one in unread if _hides(one, texts)]


def _hides(one: Unread, texts: set[str]) -> bool:
    if one.kind in _SHUT:
        return True
    if one.kind == "bytecode":
        return "macro" in one.what or _source_of(one.path) not in texts
    return one.kind == "binary" and bool(_CODE.search(one.path))


def _source_of(path: str) -> str:
    return re.sub(r"__pycache__/|\.cpython-\d+(?:\.opt-\d)?|\.py[co]$", "", path) + ".py"
