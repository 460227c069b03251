"""The encoding that a Python file says it is in: some make code of what stands in a comment, or hide all of it."""

import codecs
import re

_COOKIE = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t\f]*(?:#[^\n\r]*)?(?:\r\n|\r|\n))?[ \t\f]*#[^\n\r]*?coding[:=][ \t]*([-\w.]+)"
)
# Encodings in which a program is what its letters are.
_PLAIN = re.compile(r"(?:utf-8(?:-sig)?|ascii|iso8859-\d{1,2}|cp(?:125\d|437|85\d|86\d)|koi8-[ru]|mac-roman)$")
# Of Python 2, where an encoding might be any change of bytes.
_ONCE = frozenset(("hex", "base64", "bz2", "zlib", "uu", "quopri"))


def recoded(data: bytes) -> tuple[str | None, str]:
    """(text, encoding) where the encoding that a Python file names makes another text of it.

    No text where that is not read, and no encoding either where the file is what its letters are.
    """
    match = _COOKIE.match(data[:4000])
    if match is None:
        return None, ""
    said = match.group(1).decode("ascii", "replace").lower().replace("_", "-")
    try:
        name = codecs.lookup("unicode-escape" if said == "string-escape" else said).name.replace("_", "-")
    except (LookupError, ValueError):
        return None, ""  # no Python knows it, and none runs the file
    if _PLAIN.match(name):
        return None, ""
    try:
        text = codecs.decode(data.decode("latin-1"), "rot13") if name == "rot-13" else data.decode(name, "replace")
    except (LookupError, ValueError):
        return None, said if name in _ONCE else ""
    return text, name
