"""What a doubt about words weighs: a sentence in which nothing is at stake is shown, and does not warn alone.

A grave and unsure finding about words keeps its confidence only where something is at stake in the sentence or beside
it (see reading/stake.py), or where two checks doubt the same passage. What is hidden, what runs, what is critical or
certain, and words in other languages than English keep their weight, wherever they stand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from vetting.findings import Axis, Confidence, Finding, Severity
from vetting.reading.markdown import Block
from vetting.reading.stake import something_at_stake

# Only what is said in words on a page is weighed: not what stands in a fence, in a comment, in data or in a program.
_SAID = ("prose", "item", "table", "heading")
_PAGES = (".md", ".mdx", ".mdc", ".markdown", ".txt", ".rst")


def weighed(findings: Iterable[Finding], said: Mapping[Finding, Block]) -> list[Finding]:
    """The findings, less sure those that are doubts about words with which nothing is at stake.

    said names the block of each finding that was made of its words alone.
    """
    findings = list(findings)
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
