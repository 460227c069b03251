"""Which version of a package is installed, read off the name of its metadata's folder.

The standard library opens and parses that metadata, for which it first loads a reader of electronic mail.
"""

import re
import sys
from functools import cache
from pathlib import Path

FOLDER = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")


@cache
def version_of(package: str) -> str:
    """The version that an import would find; "absent" where there is none."""
    wanted = _plain(package)
    for place in sys.path:
        for name, version in _installed_in(place or "."):
            if name == wanted:
                return version
    return "absent"


@cache
def _installed_in(place: str) -> tuple[tuple[str, str], ...]:
    try:
        names = sorted(entry.name for entry in Path(place).iterdir() if entry.name.endswith(".dist-info"))
    except OSError:
        return ()
    matches = [match for name in names if (match := FOLDER.fullmatch(name))]
    return tuple((_plain(match["name"]), match["version"]) for match in matches)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
