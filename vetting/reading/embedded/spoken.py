"""Commands that a sentence says without marking them as code: "then run wget http://… -O /tmp/x && sh /tmp/x".

A program's name is a word like others, so what follows it must look like a shell's: an option, an address, a path, a
file, a sign between commands. What a sentence forbids or talks about is no command.
"""

import re
from collections.abc import Iterator

from vetting.reading.markdown import Block
from vetting.reading.prefilter import guarded
from vetting.reading.prose.stance import Stance, lists_bad, stance

LONGEST = 600  # characters of one such command
_PROGRAMS = (
    r"curl|wget|bash|sh|zsh|python3?|node|npx|uvx|pipx?|pip3|npm|pnpm|yarn|bunx?|deno|brew|sudo|rm|chmod|chown"
    r"|tar|unzip|scp|sftp|rsync|ssh|nc|ncat|socat|openssl|base64|docker|kubectl|crontab"
    r"|systemctl|launchctl|powershell|pwsh|osascript|iwr|irm|Invoke-WebRequest|Invoke-RestMethod|dd|apt-get|apt"
    r"|yum|dnf|certutil|schtasks|xattr|eval|nohup|gpg|pkill|killall|shred|mkfs\S{0,8}|iptables|ufw|setfacl"
)
# Names that are common words: only behind a word that says to run them.
_WORDS = (
    r"cat|echo|find|cp|mv|git|gh|kill|export|source|env|zip|history|security|make|go|cargo|gem|aws|gcloud|dig"
    r"|nslookup|tee|sed|php|perl|ruby|code|claude"
)
_RUN = (
    r"(?i:\b(?:run|runs|running|execute|executing|exec|type|enter|paste|issue|invoke|launch|call|use|using|with"
    r"|via|then|ausführen|führe|tippe|gib|starte|ejecuta\w{0,3}|escribe|executez?|exécute[rz]?|lance[rz]?|tapez"
    r"|digite|rode|esegui|digita)"
    r"|выполни\w{0,3}|запусти\w{0,3}|введи\w{0,3}|执行|运行|输入|実行|실행)[^`.!?|<>&\n]{0,40}?[\s:：\"'“«（(]{1,3}"
)
# What stands behind a program's name where it is meant as a command.
_ARGUMENT = (
    r"(?:--?[A-Za-z]|(?:https?|ftp)://|[~$]|\.{0,2}/[\w.$*]|<\(|[\"'][^\s\"']{2}|@[\w-]+/"
    r"|\w[\w./-]{0,80}\.(?:sh|py|m?js|ts|ps1|rb|pl|zip|tgz|gz|json|env|pem|txt|html?)\b|[\w.-]{1,60}@[\w-]{1,60}[.:]"
    r"|[ug]?\+[rwxs]|[0-7]{3,4}\s|[\w.-]{1,60}\.[a-z]{2,12}\s+\d{2,5}\b|[cxtzjvfpJ]{2,6}\s)"
)
_DOES = (
    r"(?:install|add|exec|run|clone|push|pull|config|remote|commit|checkout|get|apply|delete|enable|start|stop|rm"
    r"|create|build|update|mcp|i)"
)
_SPOKEN = guarded(
    re.compile(
        rf"(?<![\w./`@-])((?:sudo\s)?(?:{_PROGRAMS})\s(?:{_DOES}\s{{1,2}}(?:{_ARGUMENT}"
        rf"|[\w@/.:-]{{2,80}}(?=[\s.,;&|]))|{_ARGUMENT})[^`]{{0,{LONGEST}}})"
        rf"|{_RUN}((?:{_WORDS})\s(?:{_DOES}\s{{1,2}}(?:{_ARGUMENT})|{_ARGUMENT})[^`]{{0,{LONGEST}}})"
    )
)
# What stands in every such command, and is far quicker looked for: most sentences hold nothing of the kind.
_NAMED = re.compile(rf"(?<![\w./`@-])(?:{_PROGRAMS}|{_WORDS})\s(?:{_DOES}\s|{_ARGUMENT})")
_SHELL_LIKE = re.compile(
    r"(?:^|\s)--?[A-Za-z]|://|(?:^|[\s=\"'@])(?:~|\.{0,2})/[\w.$*]|[|>]\s?[\w/~.&]|&&|\$[({\w]|\b\w+=\S"
    r"|[\w-]\.(?:sh|py|mjs|ps1|rb|pl)\b|(?:\.[a-z]{2,12}|\.\d{1,3})\s\d{2,5}$"
)
# Where the sentence goes on in words.
_GOES_ON = re.compile(
    r"[.!?,:](?=\s|$)|[;(—–](?=\s)|\s(?=\()|[。，；）、！]|\s(?:when|once|if|before|after|so|to|for|in|on|from|as"
    r"|at|which|that|then|or|and|until|unless|while|with|wenn|sobald|und|um|para|cuando|y|pour|et|quand|per"
    r"|quando|e|и|чтобы|когда)(?=\s|$)"
)


_TOLD = re.compile(_RUN + r"$")
_QUOTES = "'\"“«"


def spoken(block: Block) -> Iterator[tuple[str, int]]:
    """(command, line) of each that a paragraph or an item says in plain words."""
    if block.kind not in ("prose", "item"):
        return
    if not _NAMED.search(block.text) and not _NAMED.search(block.plain):
        return
    text, at = block.shown, 0
    while (match := _SPOKEN.search(text, at)) is not None:
        group = 1 if match.group(1) else 2
        start = match.start(group)
        said = _ended(match.group(group), text[max(0, start - 1) : start])
        at = start + max(len(said), 1)
        if _SHELL_LIKE.search(said) and _is_meant(block, text[:start]):
            yield said, block.line + text.count("\n", 0, start)


def _ended(text: str, before: str) -> str:
    """A command to where the sentence goes on; what stands between quotation marks is one word."""
    if before in _QUOTES and before and (end := text.find({"“": "”", "«": "»"}.get(before, before))) > 0:
        return text[:end]
    for match in _GOES_ON.finditer(text):
        held = text[: match.start()]
        if held.count('"') % 2 == 0 and held.count("'") % 2 == 0:
            return held.replace("\n", " ")
    return text.replace("\n", " ").rstrip(" .\"'")


def _is_meant(block: Block, before: str) -> bool:
    if before[-1:] in _QUOTES and before:
        if not _TOLD.search(before[-120:]):
            return False
        before = before[:-1]
    at = len(" ".join(before.lower().split()))
    return not lists_bad(block) and stance(block, min(at + 1, len(block.plain))) is Stance.INSTRUCTION
