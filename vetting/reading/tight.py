"""A program's text without its comments and empty lines, for patterns that ask what stands near something.

What is between two statements and does nothing puts them no further apart.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from vetting.reading.prefilter import Known

_QUOTED = (
    r"""\"""(?:[^"\\]|\\.|"(?!""))*+\"""|'''(?:[^'\\]|\\.|'(?!''))*+'''|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'"""
)
_HASHED = re.compile(rf"(?s)({_QUOTED})|(?:(?<=\s)|(?<![^\n]))#[^\n]*")
_SLASHED = re.compile(
    rf"(?s)({_QUOTED}|`(?:[^`\\]|\\.)*+`)|(?<![:\\])//[^\n]*|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"
    rf"|(?<![^\n])[ \t]*#(?![\[!])[^\n]*"
)
_NO_CODE = frozenset(("markdown", "html", "json", "toml", "data", "other", "notebook", "css"))
_HASH = frozenset(("python", "shell", "ruby", "perl", "powershell", "r", "yaml"))


@dataclass(frozen=True, slots=True)
class Tight:
    text: str
    starts: list[int]  # where each of its rows begins
    rows: list[int]  # and which row of the whole text that is, counted from 0

    def row(self, offset: int) -> int:
        """The row of the whole text in which this place is."""
        return self.rows[max(0, bisect_right(self.starts, offset) - 1)] if self.rows else 0

    def said(self, offset: int) -> str:
        """What stands on the row of this place."""
        end = self.text.find("\n", offset)
        return self.text[self.text.rfind("\n", 0, offset) + 1 : end if end >= 0 else len(self.text)].strip()


@lru_cache(maxsize=256)
def tight(text: str, lang: str) -> Tight:
    whole = text
    comments = _HASHED if lang in _HASH else _SLASHED
    if lang not in _NO_CODE and ("#" in text or "/" in text):
        text = comments.sub(lambda match: match.group(1) or "\n" * match.group().count("\n"), text)
    kept, starts, rows, at = [], [], [], 0
    for number, row in enumerate(text.split("\n")):
        if row and not row.isspace():
            row = row.rstrip()
            kept.append(row)
            starts.append(at)
            rows.append(number)
            at += len(row) + 1
    return Tight(_knowing("\n".join(kept), whole), starts, rows)


def _knowing(text: str, whole: str) -> str:
    """The text with what the whole one knows: what cannot be in that is not in a part of it."""
    if not isinstance(whole, Known):
        return text
    part = Known(text)
    part.impossible = whole.impossible
    return part
