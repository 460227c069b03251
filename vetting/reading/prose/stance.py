"""What a sentence does with the dangerous words in it: instruct, forbid, discuss, or quote. Mention is not instruction."""

import re
from enum import StrEnum

from vetting.reading.markdown import Block


class Stance(StrEnum):
    INSTRUCTION = "instruction"
    PROHIBITION = "prohibition"
    DISCUSSION = "discussion"
    QUOTATION = "quotation"


_FORBIDS = re.compile(
    r"\b(?:never|do not|don['’]?t|does not|doesn['’]?t|must not|mustn['’]?t|should not|shouldn['’]?t|avoid|refuse"
    r"|reject|forbid\w*|prohibit\w*|cannot|can['’]?t|won['’]?t|will not|not allowed"
    r"|no need to|instead of|rather than|beware of|protects? against|prevents?|block(?:s|ed)?|without your|not to"
    r"|no one should|is not|are not|isn['’]?t)\b(?:[^.;:!?]{0,90}|: ?[^.;:!?]{0,60})$"
)
_DISCUSSES = re.compile(
    r"^\W{0,6}(?:detect|check|look|scan|search|watch|flag|report|alert|warn|identify|monitor|test|audit|grep)(?:s"
    r"|es|ing|ed)? (?:for|if|whether|any|when|on)\b"
    r"|\b(?:attacker|attack(?:s|er['’]s)?|malicious|phishing|adversar\w+"
    r"|injection (?:attempt|attack|pattern|string)s?|red flags?|suspicious|exploit\w*|payloads? (?:like|such as)"
    r"|malware|threats?|vulnerab\w+"
    r"|patterns? (?:like|such as|that)|e\.g\.|for example|such as|examples? of|phrases? like|things like"
    r"|something like|may contain|might (?:say|contain|ask)|could (?:say|contain)|tries to|attempts? to"
    r"|if (?:a|an|any|the) (?:message|page|document|email|file|website|content|text) (?:says?|asks?|tells?"
    r"|contains?))\b[^.!?]{0,200}$"
)
_HEADING = re.compile(
    r"\b(?:avoid|anti-?patterns?|don['’]?ts?|what not to|never|bad|wrong|red flags?|prohibited|forbidden|threats?"
    r"|attack\w*|detect\w*|vulnerab\w*|malicious|suspicious|warning signs|deny|denied|block ?list|blocked"
    r"|injection\w*"
    r"|common mistakes|pitfalls|reject|dangerous|security (?:check|audit|review|scan|consider|notes?|rules?"
    r"|guidelines?|model|best)\w*|safety|limitations|what this (?:skill )?does not|unsafe|not allowed"
    r"|out of scope|guardrails?|hardening|审计|安全)\b"
)
# A list that is introduced as what not to do.
_DONTS = re.compile(
    r"^[\W_]{0,6}(?:don['’]?ts?|do not|never|avoid|must not|should not|what not to do|not allowed|forbidden"
    r"|prohibited|anti-?patterns?)\b(?: do)?[\W_]{0,6}$",
    re.I,
)


def stance(block: Block, at: int, end: int | None = None) -> Stance:
    """What the block does with the words at [at:end] of its plain text."""
    if block.lead and _DONTS.match(block.lead):
        return Stance.PROHIBITION
    before = block.plain[max(0, at - 260) : at]
    sentence = re.split(r"(?<=[.!?])\s|\s-\s", before)[-1]
    if _FORBIDS.search(sentence[-130:]):
        return Stance.PROHIBITION
    if _is_quoted(block.plain, at, end if end is not None else at):
        return Stance.QUOTATION
    if _DISCUSSES.search(sentence) or block.plain[:2] in ("❌ ", "✗ ", "🚫 "):
        return Stance.DISCUSSION
    if _HEADING.search(block.title):
        return Stance.DISCUSSION
    return Stance.INSTRUCTION


def _is_quoted(text: str, at: int, end: int) -> bool:
    """Does the match stand between quotation marks on one line of thought? An apostrophe is no quotation mark."""
    before, after = text[max(0, at - 120) : at], text[end : end + 160]
    for opening, closing in (('"', '"'), ("“", "”"), ("«", "»"), ("「", "」")):
        if opening == closing:
            if before.count(opening) % 2 == 1 and closing in after:
                return True
        elif before.rfind(opening) > before.rfind(closing) and closing in after:
            return True
    return False


_MENTIONS = re.compile(
    r"\b(?:attacker|malicious|phishing|red flags?|suspicious|malware|injection (?:attempt|attack|pattern)s?"
    r"|e\.g\.|for example|such as|patterns? like)\b[^.!?]{0,160}$"
)
_BAD_MARK = re.compile(
    r"(?:^|\s)(?:#|//)\s{0,3}(?:bad|wrong|don['’]?t|never|avoid|❌|unsafe|dangerous|malicious|vulnerable|attack)\b",
    re.I,
)


# A list that is introduced as what is to be kept away, not as what is to be done; and words that turn that around.
_LISTS_BAD = re.compile(
    r"^[\W_]{0,6}(?:(?:do not|don['’]?t|never|avoid|must not|should not)\b[^.!?]{0,60}"
    r"|(?:please )?(?:block|deny|reject|refuse|flag|warn|detect|forbid|quarantine|watch for)\b[^.!?]{0,50}"
    r"\b(?:commands?|scripts?|patterns?|inputs?|prompts?|strings?|lines?|calls?|requests?|these|those|following"
    r"|any)\b[^.!?]{0,40}"
    r"|[^.!?]{0,60}\b(?:dangerous|malicious|forbidden|prohibited|blocked|denied|refused|unsafe|suspicious"
    r"|never allowed|not allowed)\b[^.!?]{0,40}"
    r"|[^.!?]{0,30}\b(?:these|those|following) are (?:attacks|malicious|dangerous)\b[^.!?]{0,30}"
    r"|(?:the )?\w{2,12} (?:refuses|blocks|denies|rejects|stops)\b[^.!?]{0,60}"
    r"|(?:deny|block)[ -]?list\b[^.!?]{0,40})[\W_]{0,6}$",
    re.I,
)
_TURNS_AROUND = re.compile(
    r"\b(?:skip|forget|omit|miss|ignore|fail|hesitate|mind|until|unless|after|before|by|with|using|via|first|then"
    r"|once|(?:permission|access) denied|not (?:block|stop|refuse|deny|reject))\b",
    re.I,
)


def lists_bad(block: Block) -> bool:
    """Is this an item of a list of what is to be kept away?"""
    return bool(block.lead and _LISTS_BAD.match(block.lead) and not _TURNS_AROUND.search(block.lead))


def shown_as_bad(block: Block | None, near: list[Block], line: int) -> bool:
    """Is this code shown as what not to do? By a comment above it, the sentence before it, or its heading."""
    if block is None:
        return False
    if block.kind != "fence":
        if lists_bad(block):
            return True
        at = max(block.plain.find("`"), 0)
        sentence = re.split(r"(?<=[.!?])\s", block.plain[max(0, at - 260) : at])[-1]
        return bool(_FORBIDS.search(sentence[-130:]) or _MENTIONS.search(sentence) or _HEADING.search(block.title))
    rows = block.text.split("\n")[: max(1, line - block.line + 1)]
    if any(_BAD_MARK.search(row) for row in rows[-3:]):
        return True
    before = [b for b in near if b.order < block.order and b.kind != "fence"][-1:]
    if before and re.search(
        r"\b(?:never|do not|don['’]t|avoid|bad|wrong|malicious|attacker|dangerous|instead of|not recommended"
        r"|red flag)\b",
        before[0].plain[-160:],
    ):
        return True
    return bool(_HEADING.search(block.title))
