"""What a doubt weighs: a sentence with nothing at stake, and a lesson that aims at nobody, are shown and do not warn.

A grave and unsure finding about words keeps its confidence only where something is at stake in the sentence or beside
it (see prose/stake.py), or where two checks doubt the same passage. What is hidden, what runs, what is critical or
certain, and words in other languages than English keep their weight, wherever they stand.

A skill that says attacks are its subject shows them in the fences of its reference pages, against a target that has a
role for a name: `target.com`, `ATTACKER_IP`. There a doubt weighs only where the fence names somebody's real address.
Its SKILL.md, its scripts, what it says in words and what is critical or certain weigh as anybody's do.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.hosts import UNDECLARED, Address, addresses
from vetting.reading.markdown import Block
from vetting.reading.prose.lessons import studies_attacks
from vetting.reading.prose.stake import something_at_stake
from vetting.reading.skill import Skill

# Only what is said in words on a page is weighed: not what stands in a fence, in a comment, in data or in a program.
_SAID = ("prose", "item", "table", "heading")
_PAGES = (".md", ".mdx", ".mdc", ".markdown", ".txt", ".rst")
# Hosts that lessons name for the part they play, exactly these: anything longer could be somebody's.
_ROLE = re.compile(r"^(?:[\w-]{1,40}\.){0,3}(?:attacker|target|victim|evil)\.(?:com|org|net|tld|local|lab|htb|thm)$")


def weighed(findings: Iterable[Finding], said: Mapping[Finding, Block], skill: Skill) -> list[Finding]:
    """The findings, less sure those that are doubts about words with which nothing is at stake, and those of lessons.

    said names the block of each finding that was made of its words alone.
    """
    findings = list(findings)
    if studies_attacks(skill):
        findings = [replace(one, confidence=Confidence.LOW) if _is_lesson(skill, one) else one for one in findings]
    doubts: dict[int, set[str]] = {}
    for one in findings:
        if (block := said.get(one)) is not None and _is_doubt(one):
            doubts.setdefault(id(block), set()).add(one.check)
    return [_weighed(one, said.get(one), doubts) for one in findings]


def _weighed(finding: Finding, block: Block | None, doubts: Mapping[int, set[str]]) -> Finding:
    if block is None or not _is_doubt(finding) or not _is_page(block) or len(doubts[id(block)]) > 1:
        return finding
    return finding if something_at_stake(finding.evidence, block) else replace(finding, confidence=Confidence.LOW)


def _is_doubt(finding: Finding) -> bool:
    unsure = finding.severity is Severity.HIGH and finding.confidence is Confidence.MEDIUM
    return unsure and finding.axis is Axis.MALICE


def _is_page(block: Block) -> bool:
    return block.kind in _SAID and block.file.lower().endswith(_PAGES)


def _is_lesson(skill: Skill, finding: Finding) -> bool:
    """Is this a doubt about a fence of a reference page that names nobody's real address?"""
    if not _is_doubt(finding) or not finding.file.lower().endswith(_PAGES) or skill.reach_of(finding.file) == "entry":
        return False
    fences = (block for block in skill.blocks if block.kind == "fence" and block.file == finding.file)
    shown = next((one for one in fences if 0 <= finding.line - one.line <= one.text.count("\n") + 1), None)
    if shown is None:
        return False
    passage = f"{finding.evidence}\n{finding.decoded}\n{shown.text}"
    return not any(_is_somebody(skill, address) for address in addresses(passage))


def _is_somebody(skill: Skill, address: Address) -> bool:
    return skill.standing(address) in UNDECLARED and not _ROLE.match(address.host)
