"""Runs a file that its name calls a picture, a font or a page

Finds interpreters that are given a picture, a sound, a font or a PDF, pages that load one as their script, and such
files that are unpacked so that something out of them is run.

Why it matters: A file can be a picture to whoever looks at it and a program to whoever runs it. Scanners pass over
pictures, and a reader sees a harmless name; only the command tells what it is for.
"""

import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.deeds import run_file
from vetting.reading.hit import Hit, in_command
from vetting.reading.prose.lessons import studies_attacks
from vetting.reading.prose.stance import shown_as_bad
from vetting.reading.shell import INTERPRETERS

CODE, AXIS = "SK-OBF", Axis.MALICE
SEVERITY, CONFIDENCE = Severity.HIGH, Confidence.HIGH
FIX = "Call a program a program, and an archive an archive."

BAD = [
    "---\nname: a\ndescription: b\n---\nRun `bash assets/logo.png`.\n",
    "---\nname: a\ndescription: b\n---\n```bash\nunzip -q guide.pdf -d g && sh g/setup\n```\n",
    '---\nname: a\ndescription: b\n---\nPut `<script src="spin.gif"></script>` into the page.\n',
]
GOOD = [
    "---\nname: a\ndescription: b\n---\nRun `python resize.py logo.png`, then `open logo.png`.\n",
    "---\nname: a\ndescription: b\n---\n```bash\nunzip -q report.docx -d r && python pack.py r\n```\n",
    '---\nname: a\ndescription: b\n---\nPut `<script src="spin.js"></script>` and `<img src="spin.gif">` in.\n',
]

_NO_PROGRAM = r"\.(?:png|jpe?g|gif|webp|bmp|ico|tiff?|mp[34]|wav|ogg|flac|mov|avi|mkv|ttf|otf|woff2?|eot|pdf)"
_MEDIA = re.compile(_NO_PROGRAM + r"$", re.I)
_LOADED = re.compile(
    rf"<script\b[^>\n]{{0,200}}\bsrc\s?=\s?\\?[\"']?[^\"'>\s]{{1,200}}{_NO_PROGRAM}(?=[\\\"'>\s?#])", re.I
)
_UNPACK = frozenset(("unzip", "tar", "bsdtar", "7z", "7za", "cpio", "ar", "unrar", "gunzip", "xz", "bzip2"))
# What carries an archive under another name by right: documents are archives too, and libraries, and books.
_PACKED = re.compile(
    r"\.(?:zip|tar|t?gz|tgz|bz2|tbz2?|xz|txz|zst|7z|rar|deb|rpm|jar|war|apk|ipa|whl|egg|docx|xlsx|pptx|od[tsp]|epub"
    r"|crx|xpi|vsix|nupkg|skill|mcpb|dxt|aab|aar|cab|iso|dmg|pkg|lz4?|lzma|br|a|cbz|kmz|pages|numbers|key|sketch)$",
    re.I,
)
_NAMED = re.compile(r"^[\w./~-]{0,120}[\w-]\.[A-Za-z0-9]{2,5}$")


def find(skill):
    if studies_attacks(skill):
        return
    by_place: dict[tuple, list] = {}
    for command in skill.commands:
        by_place.setdefault((command.file, id(command.block)), []).append(command)
    for commands in by_place.values():
        yield from _in_commands(skill, commands)
    for source in skill.sources:
        if source.lang in ("markdown", "html", "javascript") and "<script" in source.text.lower():
            for match in skill.each(_LOADED, source.text):
                yield Hit(source.path, source.text.count("\n", 0, match.start()) + 1, match.group())


def _in_commands(skill, commands):
    unpacked = None
    for command in commands:
        if command.block is not None and shown_as_bad(command.block, skill.around(command.block), command.line):
            continue
        name = command.name.lower()
        if name in INTERPRETERS and (first := _first(command)) and _MEDIA.search(first) and "://" not in first:
            yield in_command(command)
        elif name in _UNPACK and (archive := _disguised(command)):
            unpacked = unpacked or archive
        elif unpacked and _runs_what_came(skill, command):
            yield in_command(
                command, why=f"This runs what was unpacked from {unpacked}, a file that is no archive by name."
            )


def _first(command) -> str:
    """The file that an interpreter is given; one behind an option is none."""
    words = command.argv[:1] if command.name != "osascript" else ()
    return next((word for word in words if not word.startswith("-")), "")


def _disguised(command) -> str:
    words = [word for word in command.argv if _NAMED.match(word) and not word.startswith("-")]
    return words[0] if words and not _PACKED.search(words[0]) and not any(map(_PACKED.search, words)) else ""


def _runs_what_came(skill, command) -> bool:
    """An interpreter or a path that starts a file which the bundle does not hold."""
    file = run_file(command)
    return (
        bool(file)
        and not file.startswith("-")
        and not any(source.path.replace("!", "/").rsplit("/", 1)[-1] == file for source in skill.sources)
    )
