"""What is at stake in a sentence: whether anybody is ordered by it, and what somebody could lose.

Some hundred checks read every sentence of a skill, and each is wrong about one skill in a thousand, about another
sentence each time: words that mean something else, a description, a heading. What an attack says has to do something to
somebody. So it orders with force, or speaks of what the agent or the user is to be told or may do, or sets rules aside,
or names what can be lost: an address, a secret, money, mail, a protection, the agent's own files, a place outside the
skill. Place and length play no part, so that no attack weighs less on a reference page or in a long text.
"""

import re

from vetting.reading.markdown import Block

# Letters of the paragraph after the sentence that are looked at, and half as many before it.
_LOOKED_AT = 800
_FOREIGN = re.compile(r"[^\x00-\x7f\u2000-\u2bff\ufe0f\U0001f000-\U0001faff]")
_ABROAD = re.compile(
    r"\b(?:der|die|das|und|nicht|el|los|las|del|una|por|para|que|les|des|une|pour|dans|della|che|uma|dos|com|sin"
    r"|sans|ohne)\b"
)
# A sentence that orders by its own words.
_ORDERS = re.compile(
    r"\b(?:always|never|must|make sure|automatically|important|mandatory|whenever|every time"
    r"|(?:after|before) (?:any|each|every|all|\w+ing)|for (?:any|every|each|all))\b"
)
# Somebody an order is about, and what makes a sentence an order; either alone is in every manual.
_SOMEBODY = re.compile(
    r"\b(?:agents?|assistants?|claude|copilot|gpt|llm|(?:this|the) skill"
    r"|you (?:are|must|should|may|can|will|have)|your (?:instructions|response|reply|output|answer|system)"
    r"|users?['’]?s?|the (?:human|owner|reader|operator)|customers?|readers?|people|requests? to|anyone|anybody"
    r"|somebody|nobody|no one|reviewers?)\b"
)
_WITH_FORCE = re.compile(
    r"\b(?:must|always|never|make sure|ensure|important|critical|mandatory|required|do not|don['’]?t|whenever"
    r"|every time|regardless|without\b[^.!?]{0,40}\b(?:ask|tell|show|display|mention|notify|inform|confirm)\w*"
    r"|without (?:[\w'’]+ ){0,3}(?:confirmation|permission|approval|consent|knowledge|questions?)|unasked"
    r"|unprompted|keep going|leave (?:it|that|this|them) out|(?:answer|reply|respond) \w+ \w+ with"
    r"|same (?:rank|weight|authority)|(?:higher|highest|top) priority|takes? precedence|silently|quietly|covertly"
    r"|in the background|not (?:be |been )?(?:reported|shown|told|mentioned|informed|notified|aware|labell?ed"
    r"|disclosed|deleted)|(?:respond|answer|reply|say) that|(?:before|after) (?:you|any|each|every))\b"
)
_AT_STAKE = re.compile(
    r"https?://|\w@\w|(?<![a-z])(?:tokens?|secrets?|passwords?|credentials?|api keys?|private keys?|ssh|wallets?"
    r"|seed phrases?|environment variables?)(?![a-z])|\.env\b|webhook|\bb?cc\b"
    r"|\b(?:claude|agents|memory|soul|gemini)\.md\b|copilot-instructions"
    r"|\.(?:claude|cursor|bashrc|zshrc|gitconfig)\b|(?<![\w.])(?:~|/(?:root|home|etc|opt|app|var|usr))/"
    r"|\bsudo\b|\badministrator\b|\b(?:antivirus|defender|firewall|certificate verif\w+)\b"
    r"|\b(?:e-?mails?|inbox|messages?|payments?|refunds?|subscriptions?|invoices?|transactions?|money)\b"
)
_SETS_ASIDE = re.compile(
    r"\b(?:ignore|disregard|forget|overrid\w+|bypass\w*|supersede\w*)\b[^.]{0,60}\b(?:instructions?|rules?"
    r"|polic\w+|prompts?|safety|guardrails?|restrictions?|task)\b|unrestricted|jailbreak|developer mode"
    r"|\bsystem (?:prompt|instruction|override)"
    r"|\bno (?:restrictions|limits|rules)\b|\byou are now\b"
)


def something_at_stake(sentence: str, block: Block) -> bool:
    """Could somebody lose something by what is said here, or is somebody ordered to do it?"""
    said = sentence.lower()
    around = f"{block.lead} {said} {_near(said, block.plain)}"
    if _FOREIGN.search(said) or len(_ABROAD.findall(said)) > 1:
        return True
    if _ORDERS.search(said) or _AT_STAKE.search(around) or _SETS_ASIDE.search(around):
        return True
    return bool(_SOMEBODY.search(around) and _WITH_FORCE.search(around))


def _near(sentence: str, text: str) -> str:
    """The part of a paragraph that stands around a sentence; of one whose words are not found, much more."""
    at = text.find(sentence[:40].lstrip("-*#> 0123456789."))
    if at < 0:
        return text[: 8 * _LOOKED_AT]
    return text[max(0, at - _LOOKED_AT // 2) : at + _LOOKED_AT]
