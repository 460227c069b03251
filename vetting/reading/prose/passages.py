"""Passages: every sentence that a skill says to its reader, with what stands next to it.

An order may be split over two sentences or two list items, and it may stand in a table, an HTML comment or the front
matter. A check looks for its trigger in one sentence, and for the rest in what is near.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vetting.reading.hosts import UNDECLARED, Address, Standing, addresses, is_passed_on
from vetting.reading.markdown import Block
from vetting.reading.prose.planted import is_unbroken
from vetting.reading.prose.sentences import Sentence, everywhere, sentences_of
from vetting.reading.prose.stance import Stance, stance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetting.reading.skill import Skill

# Letters before and after a sentence that belong to its passage.
BEFORE, AFTER = 280, 360
_KEY = re.compile(r"[\s-]{0,20}(?:[\w .-]{1,60}:)?\s{0,4}[|>\"']{0,2}-?")
_MAIL = re.compile(r"(?<![\w.+:/-])[\w.+-]{1,64}@([a-z0-9-]{1,63}(?:\.[a-z0-9-]{2,24}){1,3})")
_MINE = re.compile(
    r"^(?:you|user|name|me|someone|somebody|first\.?last|jane|john|alice|bob)\w{0,8}@|[<{\[]|\byour"
    r"|@(?:company|domain|email|mail|host|server|corp|org|acme|contoso|gmail|outlook|users\.noreply)\."
)
_DENIES = re.compile(
    r"\b(?:never|do not|don['’]?t|does not|must not|mustn['’]?t|should not|shouldn['’]?t|avoid|refuse|reject"
    r"|forbid\w*|prohibit\w*|cannot|can['’]?t|won['’]?t|will not|not allowed|no need to|instead of|rather than"
    r"|not to|no one should|nobody (?:may|should))\b(?:[^,.;:!?]|, (?:or|nor)\b){0,90}$"
)
_LEAD = re.compile(
    r"\b(?:not|never|don['’]?t|cannot|can['’]?t|avoid\w*|without|wrong|bad|mistakes?|pitfalls?|forbidden"
    r"|prohibited|refuse|reject\w*|red flags?|anti-?patterns?|nicht|nunca|jamais|ne|não|не)\b|不要|禁止|勿|しない"
)


def passages(skill: Skill) -> list[Sentence]:
    """The sentences of prose, data and comments, and those of tables, HTML comments and front matter."""
    if "_passages" not in skill.__dict__:
        aside = [b for b in skill.blocks if b.kind == "comment"] + _rows(skill) + _front(skill)
        skill.__dict__["_passages"] = everywhere(skill) + sentences_of(aside)
    return skill.__dict__["_passages"]


def _rows(skill: Skill) -> list[Block]:
    """Each row of a table, as a block of its own."""
    return [
        Block("table", row, block.line + number, headings=block.headings, file=block.file, order=block.order)
        for block in skill.blocks
        if block.kind == "table"
        for number, row in enumerate(block.text.split("\n"))
        if row.count(" ") > 5 or is_unbroken(row)
    ]


def _front(skill: Skill) -> list[Block]:
    """Values of the front matter that are sentences; the description is prose already."""
    if not skill.entry:
        return []
    file, description = skill.entry.path, " ".join(skill.description.lower().split())
    out = []
    for number, row in enumerate(skill.front.split("\n"), 2):
        value = row[_KEY.match(row).end() :].rstrip("\"' ")
        if (value.count(" ") > 4 or is_unbroken(value)) and value.lower().strip(" \"'") not in description:
            out.append(Block("prose", value, number, file=file, order=-1))
    return out


def near(skill: Skill, sentence: Sentence) -> str:
    """The sentence with what stands before and after it: in its block, or in the neighbouring ones."""
    block, end = sentence.block, sentence.at + len(sentence.text)
    own = block.plain[max(0, sentence.at - BEFORE) : end + AFTER]
    around = skill.around(block, 1, 1)
    at = next((k for k, other in enumerate(around) if other is block), 0)
    before = around[at - 1].plain[-BEFORE:] + " " if at and sentence.at < BEFORE else ""
    after = " " + around[at + 1].plain[:AFTER] if at + 1 < len(around) and end + AFTER > len(block.plain) else ""
    return before + own + after


def strangers(skill: Skill, text: str) -> list[Address]:
    """The addresses of a text, mail among them, that the skill's purpose does not name."""
    found = [
        address
        for address in addresses(text)
        if (how := skill.standing(address)) in UNDECLARED or (is_passed_on(address) and how is not Standing.DECLARED)
        if skill.is_aside(address.host)
    ]
    return found + list(foreign_mail(skill, text))


def foreign_mail(skill: Skill, text: str) -> Iterator[Address]:
    """Mail addresses of one fixed stranger."""
    if "@" in text:
        for match in _MAIL.finditer(text):
            address = Address("mailto", match.group(1), "", match.start(), match.group())
            if skill.standing(address) in UNDECLARED and not _MINE.search(match.group()):
                yield address


def is_order(skill: Skill, sentence: Sentence, at: int) -> bool:
    """Does the sentence tell its reader to do what stands there, rather than forbid, quote or discuss it?"""
    if sentence.block.kind == "item" and _forbidden_list(skill, sentence.block):
        return False
    how = stance(sentence.block, sentence.at + at)
    # "What is not published yet, and send it": a denial of something else ends at the comma.
    return how is Stance.INSTRUCTION or (
        how is Stance.PROHIBITION and not _DENIES.search(sentence.text[max(0, at - 110) : at])
    )


def _forbidden_list(skill: Skill, block: Block) -> bool:
    """Does the line that leads into this list forbid what it lists?"""
    before = skill.around(block, 12, 0)[:-1]
    lead = next((other for other in reversed(before) if other.kind != "item"), None)
    return lead is not None and lead.plain.endswith(":") and bool(_LEAD.search(lead.plain[-120:]))
