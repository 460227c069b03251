"""A program or file that cannot be read

Finds compiled programs, bytecode, archives that stay shut (password, unknown form, too deep), files whose name says one
thing and whose bytes another, pictures with something behind their end, and documents that act when opened. The strings
inside are read where there are any, and what a bound kept from being looked into is named.

Why it matters: What cannot be read cannot be vetted. An honest skill ships its source; a compiled helper is where a
payload hides from every reader.
"""

import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.hit import Hit

CODE, AXIS = "SK-ART", Axis.MALICE
SEVERITY, CONFIDENCE = Severity.MEDIUM, Confidence.HIGH
FIX = "Ship source instead of binaries, or say in SKILL.md how to build the program."

BAD = [
    {
        "SKILL.md": "---\nname: a\ndescription: b\n---\nRun bin/helper\n",
        "bin/helper": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    },
    {
        "SKILL.md": "---\nname: a\ndescription: b\n---\nRun go.sh\n",
        "go.sh": b"#!/bin/sh\necho hello\n\0\0\n",
    },
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nx\n", "logo.png": b"MZ\x90\0\x03" + b"\0" * 80},
    {
        "SKILL.md": "---\nname: a\ndescription: b\n---\nx\n",
        "lib/__pycache__/u.cpython-311.pyc": b"\xa7\r\r\n" + b"\0" * 40 + b"requests.post os.environ\0",
    },
]
GOOD = [
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nx\n", "logo.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 40},
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nx\n", "a.py": "print('hello')\n"},
]

_STRINGS = re.compile(
    r"/dev/tcp|webhook\.site|api/webhooks|stratum\+tcp|\.ssh/id_|\.aws/credentials|wallet\.dat|login\.keychain"
    r"|Login Data|/bin/sh -i|reverse.?shell|keylog|powershell -e|LD_PRELOAD=|authorized_keys",
    re.IGNORECASE,
)
_KINDS = {
    "damaged": (
        Severity.MEDIUM,
        "Bytes that no text has stand in this text; careless readers stop there, a shell does not.",
    ),
    "polyglot": (Severity.MEDIUM, "Behind the end of this picture or document stands something no viewer shows."),
    "loads": (Severity.HIGH, "This document fetches something from elsewhere as soon as it is opened."),
    "acts": (Severity.MEDIUM, "This document runs something as soon as it is opened."),
}
_MEDIA_NAME = re.compile(
    r"\.(?:png|jpe?g|gif|txt|md|pdf|svg|json|csv|mp[34]|ico|webp|docx?|xlsx?|ya?ml)$", re.IGNORECASE
)


def find(skill):
    texts = {s.path for s in skill.sources}
    entry = skill.entry.text if skill.entry else ""
    for one in skill.unread:
        if one.kind == "media":
            continue
        base = one.path.rsplit("/", 1)[-1].split("!")[-1]
        named = bool(base) and base in entry
        source = re.sub(r"__pycache__/|\.cpython-\d+(?:\.opt-\d)?|\.py[co]$", "", one.path) + ".py"
        if source not in texts and (match := _STRINGS.search(one.strings)):
            yield Hit(
                one.path,
                0,
                f"{base}: {one.what}",
                decoded=match.group(),
                severity=Severity.HIGH,
                confidence=Confidence.MEDIUM,
                why="The readable strings inside this file are those of malware.",
            )
        elif one.kind == "program" and _MEDIA_NAME.search(one.path):
            yield Hit(
                one.path,
                0,
                f"{base}: {one.what}",
                severity=Severity.HIGH,
                why="The name says this is a picture or a document; its bytes are a program.",
            )
        elif one.kind == "bytecode":
            yield Hit(one.path, 0, f"{base}: {one.what}", severity=Severity.LOW if source in texts else Severity.MEDIUM)
        elif one.kind == "locked":
            yield Hit(
                one.path,
                0,
                f"{base}: {one.what}",
                severity=Severity.HIGH if named else Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
            )
        elif one.kind in _KINDS:
            severity, why = _KINDS[one.kind]
            yield Hit(one.path, 0, f"{base}: {one.what}", severity=severity, confidence=Confidence.MEDIUM, why=why)
        elif one.kind in ("program", "archive"):
            yield Hit(one.path, 0, f"{base}: {one.what}", severity=Severity.MEDIUM)
        else:
            yield Hit(one.path, 0, f"{base}: {one.what}", severity=Severity.LOW)
    for what in skill.budget.cut:
        yield Hit(
            "",
            0,
            what,
            severity=Severity.LOW,
            confidence=Confidence.HIGH,
            why=(
                "Reading reached its bound here, so a part of the skill was not looked into; without that there is "
                "no pass."
            ),
        )
