"""What stands where nobody reads prose: the sentences in data files, comments, docstrings and page text, as blocks.

A model reads a JSON value, a comment or a template as readily as SKILL.md, so an instruction may be planted there. The
view this makes has only those sentences as its prose; a check that judges prose can be run on it unchanged.
"""

from __future__ import annotations

import copy
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

from vetting.reading.markdown import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetting.reading.skill import Skill
    from vetting.reading.sources import Source

# Sentences of one skill that are looked at, and characters of one of them.
SENTENCES, CHARS = 3000, 2000
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
_QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.){25,2000})\"|'((?:[^'\\\n]|\\.){25,2000})'|`([^`\n]{25,2000})`")
_DOCSTRING = re.compile(r"(?:\"\"\"|''')((?:[^\"'\\]|\\.|\"(?!\"\")|'(?!'')){25,6000})(?:\"\"\"|''')")
_TAG = re.compile(r"<[^>\n]{1,500}>")
_KEY = re.compile(r"^[\s{\[,-]{0,40}[\"']?[\w .$@/-]{1,60}[\"']?\s{0,4}[:=]\s{0,4}[|>]?\s{0,3}")
_WORDS = re.compile(r"[A-Za-z]{2,}")


def planted(skill: Skill) -> Skill:
    """The same skill with only its planted sentences as prose, and no code."""
    view = copy.copy(skill)
    blocks = _blocks(skill)
    for name in ("_by_file", "_place_of", "ordered"):
        view.__dict__.pop(name, None)
    view.__dict__.update(blocks=blocks, prose=blocks, layers=[], code=SimpleNamespace(commands=[], programs=[]))
    return view


def _blocks(skill: Skill) -> list[Block]:
    out: list[Block] = []
    for source in skill.sources:
        if source.reach == "fixture" or len(out) > SENTENCES:
            continue
        sentences = _of_data(source) if source.lang in _DATA else _of_code(source) if source.lang in _CODE else ()
        for line, text in sentences:
            out.append(Block("prose", text[:CHARS], line, file=source.path, order=len(out)))
            if len(out) > SENTENCES:
                break
    return out


def _is_sentence(text: str) -> bool:
    return text.count(" ") >= 4 and len(_WORDS.findall(text[:400])) >= 5


def _of_data(source: Source) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(source.text.split("\n"), 1):
        if len(row) < 25 or " " not in row:
            continue
        if len(row) > 3 * CHARS:
            for match in _QUOTED.finditer(row[:400_000]):
                text = next(filter(None, match.groups()))
                if _is_sentence(text):
                    yield number, text
            continue
        text = _TAG.sub(" ", row) if source.lang == "html" else row
        text = _KEY.sub("", text, count=1).strip(" \t\"',[]{}")
        if _is_sentence(text):
            yield number, text


def _of_code(source: Source) -> Iterator[tuple[int, str]]:
    """Comments, those on neighbouring lines joined, and the docstrings."""
    held: list[str] = []
    first = 0
    for number, row in enumerate([*source.text.split("\n"), ""], 1):
        match = _COMMENT.search(row[:CHARS])
        if match:
            first = first if held else number
            held.append(match.group(1))
            if len(held) < 12:
                continue
        if held:
            text = " ".join(held)
            held = []
            if _is_sentence(text):
                yield first, text
    if '"""' in source.text or "'''" in source.text:
        for match in _DOCSTRING.finditer(source.text[:300_000]):
            for k, row in enumerate(match.group(1).split("\n")):
                if _is_sentence(row):
                    yield source.text.count("\n", 0, match.start()) + 1 + k, row.strip()
