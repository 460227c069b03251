"""What stands where nobody reads prose: the sentences in data files, comments, docstrings and page text, as blocks.

A model reads a JSON value, a comment or a template as readily as SKILL.md, so an instruction may be planted there. The
view this makes has only those sentences as its prose; a check that judges prose can be run on it unchanged.
"""

from __future__ import annotations

import copy
import re
from functools import wraps
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING

from vetting.reading.markdown import Block, in_pieces
from vetting.reading.text import Lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from vetting.reading.skill import Skill
    from vetting.reading.sources import Source

# Sentences of one skill that are looked at; that there are more is told.
SENTENCES = 20_000
BLANKS = 4  # of a sentence, at least
# A line of data longer than this is looked through for its strings, one by one.
LONG = 1000
_DATA = frozenset(("json", "yaml", "toml", "data", "html", "other", "css"))
_CODE = frozenset(
    (
        "python",
        "javascript",
        "shell",
        "powershell",
        "batch",
        "ruby",
        "perl",
        "php",
        "go",
        "rust",
        "makefile",
        "dockerfile",
    )
)
_COMMENT = re.compile(r"(?:^|\s)(?:#|//|\*|--|;|REM\b)\s{0,4}(\S.{12,})$")
_QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.){25,}+)\"|'((?:[^'\\\n]|\\.){25,}+)'|`([^`\n]{25,}+)`")
_DOCSTRING = re.compile(r"(?:\"\"\"|''')((?:[^\"'\\]|\\.|\"(?!\"\")|'(?!'')){25,}+)(?:\"\"\"|''')")
_TAG = re.compile(r"<[^>\n]{1,500}>")
_KEY = re.compile(r"^[\s{\[,-]{0,40}[\"']?[\w .$@/-]{1,60}[\"']?\s{0,4}[:=]\s{0,4}[|>]?\s{0,3}")
_WORDS = re.compile(r"[^\W\d_]{2,}")
# A sentence in a script that puts no blanks between its words.
_UNBROKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af][^\x00-\x7f]{11}")


def planted(skill: Skill) -> Skill:
    """The same skill with only its planted sentences as prose, and no code."""
    view = copy.copy(skill)
    blocks = _blocks(skill)
    for name in ("_by_file", "_place_of", "ordered", "_kept"):
        view.__dict__.pop(name, None)
    view.__dict__.update(blocks=blocks, prose=blocks, layers=[], code=SimpleNamespace(commands=[], programs=[]))
    return view


def _blocks(skill: Skill) -> list[Block]:
    if "_planted" not in skill.__dict__:
        skill.__dict__["_planted"] = _made(skill)
    return skill.__dict__["_planted"]


def _made(skill: Skill) -> list[Block]:
    out: list[Block] = []
    for source in skill.sources:
        if source.reach == "fixture":
            continue
        for line, text in _sentences(source):
            for piece, start in in_pieces(text):
                out.append(Block("prose", piece, line + text.count("\n", 0, start), file=source.path, order=len(out)))
            if len(out) > SENTENCES:
                skill.budget.note(f"{source.path}: more sentences in data and comments than are looked at one by one")
                return out
    return out


def _is_sentence(text: str) -> bool:
    if text.count(" ") >= BLANKS and sum(1 for _ in islice(_WORDS.finditer(text), 5)) >= 5:
        return True
    return is_unbroken(text)


def is_unbroken(text: str) -> bool:
    """Is it, or does it hold, a sentence in a script without blanks?"""
    return not text.isascii() and bool(_UNBROKEN.search(text))


def _sentences(source: Source) -> list[tuple[int, str]]:
    """(line, words) of each."""
    if source.lang in _CODE:
        return source.reading.once(_of_code)
    if source.lang not in _DATA:
        return []
    return source.reading.once(_of_page if source.lang == "html" else _of_data)


def _some(reader: Callable[[str], Iterator[tuple[int, str]]]) -> Callable[[str], list[tuple[int, str]]]:
    return wraps(reader)(lambda text: list(islice(reader(text), SENTENCES + 1)))


@_some
def _of_page(text: str) -> Iterator[tuple[int, str]]:
    return _of_rows(text, _without_tags)


def _without_tags(row: str) -> str:
    if "<" not in row:
        return row
    inner = row.strip()
    # Most rows of a schema are one tag.
    if inner.startswith("<") and inner.find(">") == len(inner) - 1 < 500 and inner.find("<", 1) < 0:
        return ""
    return _TAG.sub(" ", row)


@_some
def _of_data(text: str) -> Iterator[tuple[int, str]]:
    return _of_rows(text, lambda row: row)


def _of_rows(whole: str, shown: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(whole.split("\n"), 1):
        if (len(row) < 25 or " " not in row) and not is_unbroken(row):
            continue
        quoted = list(_quoted(row)) if len(row) > LONG else []
        yield from ((number, text) for text in quoted if _is_sentence(text))
        if sum(map(len, quoted)) * 2 > len(row):
            continue
        text = shown(row)
        if text.count(" ") < BLANKS and text.isascii():
            continue
        key = _KEY.match(text)
        text = (text[key.end() :] if key else text).strip(" \t\"',[]{}")
        if _is_sentence(text):
            yield number, text


def _quoted(row: str) -> Iterator[str]:
    for match in _QUOTED.finditer(row):
        yield next(filter(None, match.groups()))


@_some
def _of_code(text: str) -> Iterator[tuple[int, str]]:
    """Comments, those on neighbouring lines joined, and the docstrings."""
    held: list[str] = []
    first = 0
    for number, row in enumerate([*text.split("\n"), ""], 1):
        match = _COMMENT.search(row)
        if match:
            first = first if held else number
            held.append(match.group(1))
            if len(held) < 12:
                continue
        if held:
            said = " ".join(held)
            held = []
            if _is_sentence(said):
                yield first, said
    if '"""' in text or "'''" in text:
        yield from _docstrings(text)


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    lines = Lines(text)
    for match in _DOCSTRING.finditer(text):
        for k, row in enumerate(match.group(1).split("\n")):
            if _is_sentence(row):
                yield lines.at(match.start()) + k, row.strip()
