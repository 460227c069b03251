"""Jupyter notebooks: code and text cells, shell lines in them, and the outputs an agent would read."""

import ast
import json
import re
from dataclasses import dataclass
from html import unescape

_SHELL_CELL = re.compile(r"\A\s{0,20}%%(?:bash|sh|zsh|script|!|cmd|powershell)\b[^\n]{0,200}\n?", re.I)
_SCRIPT_CELL = re.compile(r"\A\s{0,20}%%(?:javascript|js|html)\b[^\n]{0,200}\n?", re.I)
# What IPython takes for itself at the start of a cell, before the code or another of its kind.
_AROUND = re.compile(r"\A\s{0,20}%%(?:time|timeit|capture|prun|memit|notify)\b[^\n]{0,200}(?=\n)", re.I)
_NAMED = r"(?:[\w., ]{1,60}=[ \t]{0,4})?"
_OTHER_MAGIC = re.compile(
    rf"(?m)^[ \t]{{0,40}}(?:{_NAMED}[!%]|\?{{1,2}}\w)[^\n]*$|^[ \t]{{0,40}}[\w.]{{1,80}}\?{{1,2}}[ \t]*$"
)
_BANG = re.compile(rf"^[ \t]{{0,40}}{_NAMED}(?:!{{1,2}}|%(?:sx|system|sc)\s)")


@dataclass(frozen=True, slots=True)
class Piece:
    """name is what stands after the notebook's own name, "" where the line numbers are those of the file."""

    lang: str
    text: str
    name: str = ""


def pieces_of(text: str) -> list[Piece] | None:
    """The readable pieces of a notebook, None where it is none."""
    try:
        cells = [cell for cell in json.loads(text)["cells"] if isinstance(cell, dict)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    lines = _Lines(text)
    code, shell, script = _Page(lines, "#"), _Page(lines, "#"), _Page(lines, "//")
    out: list[Piece] = []
    for number, cell in enumerate(cells, 1):
        body, kind = _joined(cell.get("source")), cell.get("cell_type")
        if kind == "code":
            out += _code(body, code, shell, script, number)
            if shown := _outputs(cell.get("outputs")):
                out.append(Piece("markdown", shown, f"output-{number}"))
        elif body.strip():
            lines.skip(body)
            out.append(Piece("markdown", body, f"cell-{number}"))
    pages = ((code, "python"), (shell, "shell"), (script, "javascript"))
    return [Piece(lang, page.text) for page, lang in pages if page.rows] + out


def _code(body: str, code: "_Page", shell: "_Page", script: "_Page", number: int) -> list[Piece]:
    body = _AROUND.sub("", body, count=1)
    if _SHELL_CELL.match(body):
        shell.put(_SHELL_CELL.sub("\n", body, count=1))
    elif _SCRIPT_CELL.match(body):
        script.put(_SCRIPT_CELL.sub("\n", body, count=1))
    else:
        calls = "\n".join(_BANG.sub("", row) if _BANG.match(row) else "" for row in body.split("\n"))
        plain = _OTHER_MAGIC.sub(lambda match: re.match(r"\s*", match.group()).group() + "pass", body)
        # One broken cell must not take the others' meaning away, so it stands by itself.
        if not _parses(plain):
            return [Piece("python", plain, f"cell-{number}"), *([Piece("shell", calls)] if calls.strip() else [])]
        at = code.lines.find(body)
        code.put(plain, at)
        if calls.strip():
            shell.put(calls, at)
    return []


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _joined(source: object) -> str:
    if isinstance(source, str):
        return source
    return "".join(row for row in source if isinstance(row, str)) if isinstance(source, list) else ""


def _outputs(outputs: object) -> str:
    """Text that was printed or shown; pictures are left out."""
    rows: list[str] = []
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        rows.append(_joined(output.get("text")))
        data = output.get("data")
        for kind, value in data.items() if isinstance(data, dict) else ():
            if str(kind).startswith("text/"):
                shown = _joined(value)
                rows.append(unescape(re.sub(r"<[^>]{0,2000}>", " ", shown)) if "html" in str(kind) else shown)
    return "\n".join(row for row in rows if row.strip())


class _Lines:
    """Where a cell's source begins in the file: the line that holds its first row as JSON writes it."""

    def __init__(self, text: str) -> None:
        self.rows = text.split("\n")
        self.at = 0

    def find(self, body: str) -> int:
        first = next((row for row in body.split("\n") if row.strip()), "")
        words = json.dumps(first, ensure_ascii=False)[1:-1]
        for at in range(self.at, len(self.rows)):
            if words and words in self.rows[at]:
                blank = body[: body.find(first)].count("\n")
                self.at = at - blank + body.count("\n") if len(self.rows) > 3 else self.at
                return max(0, at - blank)
        return self.at

    def skip(self, body: str) -> None:
        self.find(body)


class _Page:
    """Cells of one language as one text whose lines stand where they stand in the file, between comment lines."""

    def __init__(self, lines: _Lines, comment: str) -> None:
        self.lines, self.comment = lines, comment
        self.rows: list[str] = []

    def put(self, body: str, at: int | None = None) -> None:
        if not body.strip():
            return
        at = self.lines.find(body) if at is None else at
        self.rows += [self.comment] * (at - len(self.rows))
        self.rows += body.split("\n")

    @property
    def text(self) -> str:
        return "\n".join(self.rows)
