"""Documents and pages with programs among their text: MDX, Astro, R Markdown, Quarto. The programs, on the rows where they stand."""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^[ \t>]{0,40}(`{3,}|~{3,})")
_MODULE = re.compile(r"^(?:import|export)\b")
_BRACES = re.compile(r"[{}]")
LONGEST = 20_000  # characters of one expression


def programs_of(path: str, text: str) -> Iterator[tuple[str, str]]:
    """(language, program) of what runs of it; each row stands where it does in the document."""
    ending = path.rsplit(".", 1)[-1].lower()
    if ending in ("rmd", "qmd"):
        yield from _of_chunks(text).items()
    elif ending in ("mdx", "astro"):
        program = _of_mdx(text) if ending == "mdx" else _of_astro(text)
        if program.strip():
            yield "javascript", program


_CHUNK = re.compile(r"^[ \t>]{0,40}(`{3,})[ \t]{0,4}\{[ \t]{0,4}(\w{1,20})([^}\n]{0,300})\}?")
_ENGINE = re.compile(r"\bengine\s{0,3}=\s{0,3}[\"'](\w{1,20})")
_INLINE = re.compile(r"`(?:\{)?(r|python)\}? ([^`\n]{4,2000})`")
_LANGS = {
    "bash": "shell", "sh": "shell", "zsh": "shell", "python": "python", "r": "r", "js": "javascript", "node": "javascript",
    "ojs": "javascript", "perl": "perl", "ruby": "ruby",
}  # fmt: skip


def _of_chunks(text: str) -> dict[str, str]:
    """R Markdown and Quarto run what stands in fences whose language is in braces, and in inline code that begins so."""
    rows = text.replace("\r\n", "\n").split("\n")
    out: dict[str, list[str]] = {}
    mark = lang = ""
    for at, row in enumerate(rows):
        if mark:
            mark = "" if row.strip() == mark else mark
            if mark and lang:
                out.setdefault(lang, [""] * len(rows))[at] = row
        elif chunk := _CHUNK.match(row):
            engine = _ENGINE.search(chunk.group(3))
            mark, lang = chunk.group(1), _LANGS.get((engine or chunk).group(1 if engine else 2).lower(), "")
        else:
            for inline in _INLINE.finditer(row):
                out.setdefault(inline.group(1), [""] * len(rows))[at] += inline.group(2) + ";"
    return {lang: "\n".join(held) for lang, held in out.items()}


def _of_astro(text: str) -> str:
    """What stands between its first two rows of dashes."""
    parts = re.split(r"(?m)^---[ \t]*$", text.replace("\r\n", "\n"), maxsplit=2)
    return "\n" * parts[0].count("\n") + parts[1] if len(parts) == 3 and not parts[0].strip() else ""


def _of_mdx(text: str) -> str:
    """Modules that stand at the margin up to the next empty row, and what stands in braces among the text."""
    rows = text.replace("\r\n", "\n").split("\n")
    out = [""] * len(rows)
    shown: list[str] = []
    fence, module = "", False
    for at, row in enumerate(rows):
        mark = _FENCE.match(row)
        if mark and (not fence or mark.group(1).startswith(fence)):
            fence = "" if fence else mark.group(1)
        module = not fence and bool(row.strip()) and (module or bool(_MODULE.match(row)))
        if module:
            out[at] = row
        shown.append("" if fence or mark or module else row)
    _put_expressions("\n".join(shown), out)
    return "\n".join(out)


def _put_expressions(text: str, out: list[str]) -> None:
    depth = start = 0
    for match in _BRACES.finditer(text):
        if match.group() == "{":
            start = match.start() if depth == 0 else start
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0 and 3 < match.end() - start < LONGEST:
                _put(text, start + 1, match.start(), out)


def _put(text: str, start: int, end: int, out: list[str]) -> None:
    """One expression, as a statement of its own; a comment in it stays one."""
    first = text.count("\n", 0, start)
    for at, row in enumerate(text[start:end].split("\n"), first):
        out[at] += row
    out[first + text.count("\n", start, end)] += ";"
