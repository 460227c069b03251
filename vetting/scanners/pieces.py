"""The parts of a skill that scanners read: its files, and the fenced code in its Markdown, each with the way back.

Pieces are written under names of our own, so that a hostile file name never reaches a tool's command line or its
ignore rules, and a finding in a fence is reported where it stands in the Markdown.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from vetting.bundle import Bundle, BundleFile

# Code that a person writes stays far below these; what lies above is told as unread, never passed over.
MAX_PIECE = 512 * 1024
MAX_MARKDOWN = 2 * 1024 * 1024
MAX_PIECES = 600
MAX_CODE = 8 * 1024 * 1024

LANGUAGES = {
    "python": ("py", {".py", ".pyw"}, {"python", "py", "python3"}),
    "javascript": ("js", {".js", ".mjs", ".cjs", ".jsx"}, {"javascript", "js", "jsx", "node", "mjs"}),
    "typescript": ("ts", {".ts", ".mts", ".cts"}, {"typescript", "ts"}),
    "tsx": ("tsx", {".tsx"}, {"tsx"}),
    "bash": ("sh", {".sh", ".bash", ".zsh", ".ksh"}, {"bash", "sh", "shell", "zsh", "console", "shell-session"}),
}
SUFFIX = {language: suffix for language, (suffix, _, _) in LANGUAGES.items()}
BY_ENDING = {ending: language for language, (_, endings, _) in LANGUAGES.items() for ending in endings}
BY_FENCE = {tag: language for language, (_, _, tags) in LANGUAGES.items() for tag in tags}
SHEBANG = re.compile(r"#!\s*\S*?(?:env\s+(?:-S\s+)?)?(?:\S*/)?(python|node|deno|bun|bash|zsh|ksh|dash|sh)")
SHEBANG_LANGUAGE = {"python": "python", "node": "javascript", "bun": "javascript", "deno": "typescript"}
FENCE = re.compile(r"(?P<indent>[ \t>]*)(?P<mark>`{3,}|~{3,})[ \t]*(?P<tag>[\w+.#-]*)")
MARKDOWN = (".md", ".mdx", ".markdown")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text in one language. Line n of it is line `offset + n` of the file `path`."""

    path: str
    language: str
    text: str
    offset: int = 0
    is_fence: bool = False

    def line(self, number: int) -> int:
        return self.offset + max(number, 1)

    def excerpt(self, number: int) -> str:
        lines = _lines(self.text)
        return lines[number - 1].strip()[:300] if 0 < number <= len(lines) else ""


@lru_cache(maxsize=16)
def _lines(text: str) -> list[str]:
    return text.split("\n")


def pieces_of(bundle: Bundle) -> list[Piece]:
    """Every file and fence in a language that a scanner knows, up to a bound; `unread` tells what was left."""
    found: list[Piece] = []
    size = 0
    for piece in _all_pieces(bundle):
        size += len(piece.text)
        if len(found) == MAX_PIECES or size > MAX_CODE:
            break
        found.append(piece)
    return found


def _all_pieces(bundle: Bundle) -> Iterator[Piece]:
    for file in bundle:
        if _is_too_large(file) or (text := file.text) is None:
            continue
        lower = file.path.lower()
        if lower.endswith(MARKDOWN):
            yield from fences_in(file.path, text)
        elif language := _language(lower, text):
            yield Piece(file.path, language, text.replace("\r\n", "\n"))


def _is_too_large(file: BundleFile) -> bool:
    return len(file.data) > (MAX_MARKDOWN if file.path.lower().endswith(MARKDOWN) else MAX_PIECE)


def unread(bundle: Bundle, pieces: Sequence[Piece]) -> list[str]:
    """What no scanner of code looked into: files too large or not text, and the rest once a bound is reached."""
    code = (*BY_ENDING, *MARKDOWN)
    left = [f.path for f in bundle if f.path.lower().endswith(code) and (_is_too_large(f) or f.text is None)]
    if len(pieces) == MAX_PIECES or sum(len(piece.text) for piece in pieces) > MAX_CODE - MAX_PIECE:
        more = next(itertools.islice(_all_pieces(bundle), len(pieces), None), None)
        if more is not None:
            left.append(f"everything from {more.path} on")
    return left


def _language(lower: str, text: str) -> str:
    ending = "." + lower.rpartition(".")[2] if "." in lower.rpartition("/")[2] else ""
    if ending in BY_ENDING:
        return BY_ENDING[ending]
    if text.startswith("#!") and (match := SHEBANG.match(text[:200])):
        return SHEBANG_LANGUAGE.get(match[1], "bash")
    return ""


def fences_in(path: str, text: str) -> Iterator[Piece]:
    """The fenced code blocks of a Markdown file that name a language we know."""
    lines = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(lines):
        opening = FENCE.match(lines[at])
        at += 1
        if not opening:
            continue
        start, mark = at, opening["mark"]
        while at < len(lines) and not _closes(lines[at], mark):
            at += 1
        language = BY_FENCE.get(opening["tag"].lower(), "")
        if language and at > start:
            indent = opening["indent"]
            block = [line.removeprefix(indent) for line in lines[start:at]]
            if opening["tag"].lower() in ("console", "shell-session"):
                block = [re.sub(r"^\s*[$#%] ", "", line) for line in block]
            yield Piece(path, language, "\n".join(block) + "\n", offset=start, is_fence=True)
        at += 1


def _closes(line: str, mark: str) -> bool:
    bare = line.strip(" \t>")
    return len(bare) >= len(mark) and set(bare) == {mark[0]}


def lay_out(folder: Path, batches: Sequence[Sequence[Piece]], languages: set[str]) -> dict[str, tuple[int, Piece]]:
    """Write the pieces below `folder`, one folder a bundle; the answer leads from a written path back to its piece."""
    way_back: dict[str, tuple[int, Piece]] = {}
    for index, pieces in enumerate(batches):
        home = folder / str(index)
        for number, piece in enumerate(pieces):
            if piece.language not in languages:
                continue
            home.mkdir(exist_ok=True)
            path = home / f"p{number}.{SUFFIX[piece.language]}"
            path.write_text(piece.text, encoding="utf-8")
            way_back[str(path)] = (index, piece)
    return way_back
