"""The sentences of a skill's prose with what their words mean, so that one judge reads many wordings and languages.

Every word is looked up in lexicon.txt, whose sections are tags. A sentence holds the tags of its words and where they
stand; a check asks for tags that meet (something is sent × the user's data × an address) instead of for one wording.
One dictionary look-up a word: linear in the text, and made once for all checks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from vetting.reading.prefilter import known
from vetting.reading.prose.planted import planted
from vetting.reading.text import windows_of
from vetting.reading.tongue import ABROAD, ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vetting.reading.markdown import Block
    from vetting.reading.skill import Skill

# Sentences of one skill that are looked at (that there are more is told); characters of one, and how many two pieces of
# a longer one share.
SENTENCES, LENGTH, OVERLAP = 40_000, 1500, 300
# What a word means shows in its first letters; more of them would only fill the memory.
LONGEST_WORD = 64


class Tag(IntEnum):
    """What a word can mean. The names are those of the lexicon's sections."""

    SEND, DATA, SECRET, TELL, USER = 1, 2, 4, 8, 16
    REPLY, NOT, QUIET, ROUTINE, OUTSIDE = 32, 64, 128, 256, 512
    DELETE, PRECIOUS, DISABLE, SECURITY = 1 << 10, 1 << 11, 1 << 12, 1 << 13
    GRANT, ACCESS, INSERT, LINK, PAY = 1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18
    APPROVE, PRAISE, REMEMBER, TRUST, ORDER = 1 << 19, 1 << 20, 1 << 21, 1 << 22, 1 << 23
    FEIGN, WATCH, HALT, RANK, SPREAD = 1 << 24, 1 << 25, 1 << 26, 1 << 27, 1 << 28


_LEGAL = re.compile(r"(?:^|[/_-])(?:licen[cs]e|notice|copying|ofl|third.?party|code.of.conduct)[^/]*$", re.I)
_END = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
# Japanese and Korean deny a word by what follows it; the same letters may hold both.
_DENIED_AFTER = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]|[伝言知話][\u3040-\u309f]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_ENGLISH_NOT = frozenset(
    "not no never nothing none without cannot avoid avoids avoiding refrain neither nor nobody refuse".split()
)


@lru_cache(maxsize=4096)
def _is_legal(path: str) -> bool:
    """Is this a licence or another page of that kind?"""
    return bool(_LEGAL.search(path))


@dataclass(frozen=True, slots=True)
class Sentence:
    """text is lower case and stands at `at` of its block's plain text; marks are (place, tags) of its tagged words."""

    block: Block
    at: int
    text: str
    tags: int
    marks: tuple[tuple[int, int], ...]

    def has(self, tags: int) -> bool:
        """Do words with every one of these tags stand in it?"""
        return self.tags & tags == tags

    def forbidden(self, tag: int, reach: int = 48) -> bool:
        """Is every word with this tag denied: by a word of denial shortly before it, or, abroad, anywhere?"""
        if not self.tags & Tag.NOT:
            return False
        denials = [self._denial(at, reach) for at, tags in self.marks if tags & Tag.NOT]
        places = [at for at, tags in self.marks if tags & tag]
        return bool(places) and all(
            any(no - before < at < no + after for no, before, after in denials) for at in places
        )

    @property
    def abroad(self) -> bool:
        """Is it written in another language than English?"""
        return not ENGLISH.search(self.text) and bool(ABROAD.search(self.text))

    def _denial(self, at: int, reach: int) -> tuple[int, int, int]:
        """Where a word of denial stands, and how far before and after it a word may be that it denies."""
        if _DENIED_AFTER.match(self.text, at):
            return at, 16, 1
        if _CJK.match(self.text, at):
            return at, 0, 16
        match = _WORD.match(self.text, at)
        word = match.group() if match else ""
        english = word in _ENGLISH_NOT or word.endswith(("n't", "n’t"))
        return at, 0 if english else 120, reach if english else 120


def sentences(skill: Skill) -> list[Sentence]:
    """Every sentence of the skill's prose that holds a tagged word or an address; tables are no sentences."""
    prose = skill.prose
    held = skill.__dict__.get("_sentences")
    if held is None or held[0] is not prose:
        held = (prose, list(_read(skill, prose)))
        skill.__dict__["_sentences"] = held
    return held[1]


def everywhere(skill: Skill) -> list[Sentence]:
    """The sentences of the prose, and those that stand in data, comments and page text."""
    if "_everywhere" not in skill.__dict__:
        skill.__dict__["_everywhere"] = sentences(skill) + sentences(planted(skill))
    return skill.__dict__["_everywhere"]


def sentences_of(blocks: Sequence[Block]) -> list[Sentence]:
    """Those of further blocks, tables among them."""
    return [Sentence(block, *part) for block in blocks for part in _parts(block.plain)]


def subject(skill: Skill) -> int:
    """The tags of what the skill says it is for."""
    said = f"{skill.name} {skill.description}".lower()[:4000]
    return tags_of_text(said)[0]


def _read(skill: Skill, prose: list[Block]) -> Iterator[Sentence]:
    count = 0
    for block in prose:
        # A heading as long as a sentence is one.
        title = block.kind == "heading" and len(block.text) < 60
        if title or block.kind == "table" or _is_legal(block.file):
            continue
        for at, part, tags, marks in _parts(block.plain):
            yield Sentence(block, at, part, tags, marks)
            count += 1
        if count >= SENTENCES:
            skill.budget.note(f"{block.file}: more sentences than are looked at one by one")
            return


Part = tuple[int, str, int, tuple[tuple[int, int], ...]]


def _parts(plain: str) -> Sequence[Part]:
    """(place, words, tags, marks) of the sentences of a text that hold a tagged word or an address."""
    return _parts_of_short(str(plain)) if len(plain) < 400 else list(_split(plain))


def _split(plain: str) -> Iterator[Part]:
    at = 0
    for piece in _END.split(plain):
        found = plain.find(piece, at)
        at = found if found >= 0 else at
        for start, end in windows_of(piece, LENGTH):
            part = piece[max(0, start - OVERLAP) : end]
            tags, marks = tags_of_text(part)
            if tags or "//" in piece:
                yield at + max(0, start - OVERLAP), known(part), tags, marks
        at += len(piece)


@lru_cache(maxsize=1 << 14)
def _parts_of_short(plain: str) -> tuple[Part, ...]:
    return tuple(_split(plain))


def forget() -> None:
    """Let the next skill's sentences be split anew."""
    _parts_of_short.cache_clear()


def tags_of_text(text: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """All tags of a text, and each tagged word's place."""
    together, marks = 0, []
    for match in _WORD.finditer(text):
        if tags := _meaning(match.group()[:LONGEST_WORD]):
            together |= tags
            marks.append((match.start(), tags))
    if not text.isascii() and _CJK.search(text):
        for match in _words_without_spaces().finditer(text):
            tags = _lexicon()[0][match.group()]
            together |= tags
            marks.append((match.start(), tags))
    return together, tuple(marks)


@lru_cache(maxsize=1 << 16)
def _meaning(word: str) -> int:
    words, stems, shortest = _lexicon()
    word = word.removesuffix("'s").removesuffix("’s")
    tags = words.get(word, 0)
    for length in range(shortest, len(word) + 1):
        tags |= stems.get(word[:length], 0)
    return tags


@cache
def _lexicon() -> tuple[dict[str, int], dict[str, int], int]:
    """Words, stems, and the length of the shortest stem."""
    words: dict[str, int] = {}
    stems: dict[str, int] = {}
    tag = 0
    for line in (Path(__file__).parent / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            tag = Tag[line.strip("[]").upper()]
        elif not line.startswith("#"):
            for word in line.split():
                if word.endswith("*"):
                    stems[word[:-1]] = stems.get(word[:-1], 0) | tag
                else:
                    for form in _forms(word):
                        words[form] = words.get(form, 0) | tag
    return words, stems, min(map(len, stems))


def _forms(word: str) -> Iterator[str]:
    """A word, or the forms of a regular English verb."""
    if not word.startswith("~"):
        yield word
        return
    base = word[1:]
    yield base
    if base.endswith("e"):
        yield from (base + "s", base + "d", base[:-1] + "ing")
    elif base.endswith("y") and base[-2] not in "aeiou":
        yield from (base[:-1] + "ies", base[:-1] + "ied", base + "ing")
    else:
        yield base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")
        last = base[-1] if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", base) else ""
        for ending in ("ed", "ing"):
            yield base + ending
            yield base + last + ending


@cache
def _words_without_spaces() -> re.Pattern[str]:
    words = sorted((word for word in _lexicon()[0] if _CJK.search(word)), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


_ASKED = re.compile(
    r"\b(?:if|when|once|unless|as|where|after|before|until|whether) (?:the |a |your )?(?:user|users|customer"
    r"|person|human)\b|\b(?:user|customer)s? (?:asks?|asked|wants?|requests?|requested|chooses?|confirms?"
    r"|confirmed|approves?|agrees?|names?|provides?|specifies|opts?|selects?|supplies)\b"
    r"|\b(?:on request|when asked|if asked|ask(?:ing)? (?:the |your )?user"
    r"|ask (?:for|before|first|whether|them|if)|with (?:the user['’]s )?(?:consent|permission|approval"
    r"|confirmation)|opt(?:s|ed)?[ -]in|optional(?:ly)?|explicit(?:ly)? (?:asked|approved|confirmed|consent"
    r"|request\w*|permission|approval))\b"
)


def asked_for(text: str) -> bool:
    """Does the sentence leave the act to the user's wish?"""
    return bool(_ASKED.search(text))
