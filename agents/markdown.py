"""Cuts a Markdown text into what an agent reads: prose, and code with its language and what was said before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark")
# Said right before a block or in its first line: this is how not to do it.
_FORBIDS = re.compile(
    r"\b(never|do not|don't|don’t|avoid)\b[^.!?]{0,60}\b(run|use|do|execute|write|call|type|commit|this)\b"
    r"|^\W*(bad|wrong|incorrect|anti-?pattern|vulnerable|insecure|dangerous|unsafe|not this)\b[^.!?]{0,40}$"
    r"|❌|不要(运行|执行|使用)|禁止",
    re.IGNORECASE | re.MULTILINE,
)
_OUTPUT = re.compile(r"\b(output|prints?|response|returns?|result|looks like|example output)\b[^.!?]{0,30}:\s*$", re.I)


@dataclass(frozen=True, slots=True)
class Block:
    """kind is prose or code. line counts from 0 within the text. forbidden: the words before it say not to do it."""

    kind: str
    text: str
    line: int
    language: str = ""
    forbidden: bool = False


def blocks(text: str) -> Iterator[Block]:
    before = ""
    for token in _PARSER.parse(text):
        line = token.map[0] if token.map else 0
        if token.type == "fence":
            yield _code(token.content, line, token.info.strip(), before)
            before = ""
        elif token.type == "code_block":
            yield _code(token.content, line, "", before)
            before = ""
        elif token.type == "inline":
            before = token.content
            yield Block("prose", token.content, line)
        elif token.type == "html_block":
            # An agent reads the source, so a comment speaks to it as any other line does.
            inner = re.sub(r"<!--|-->", "", token.content)
            for part in _PARSER.parse(inner):
                if part.type in ("inline", "fence", "code_block"):
                    at = line + (part.map[0] if part.map else 0)
                    kind = "prose" if part.type == "inline" else "code"
                    yield Block(kind, part.content, at, part.info.strip() if kind == "code" else "")


def _code(content: str, line: int, info: str, before: str) -> Block:
    last = before.strip().splitlines()[-1] if before.strip() else ""
    first = content.strip().splitlines()[0] if content.strip() else ""
    comment = first if first.startswith(("#", "//")) else ""
    language = info.split()[0].strip("{}.").lower() if info else ""
    if not language and _OUTPUT.search(last):
        language = "output"
    return Block("code", content, line, language, forbidden=bool(_FORBIDS.search(last) or _FORBIDS.search(comment)))
