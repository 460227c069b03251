"""Write docs/reference/errors.md from the sentences that the code says, or tell with --check that it is out of date."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from marketplace import errors
from marketplace.api import problems
from vetting.management.reference import ReferenceCommand

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("config", "marketplace", "vetting", "sandbox")
CODE = re.compile(r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*")
SENTENCE = re.compile(r"(?s)(?=.*[a-z]{2} )(?:[A-Z`…].*[.?…]|.*: …)")
# Helpers that are handed the end of a sentence.
BEGUN = {"_bad": "The name … {}.", "_at": "The front matter {} (line …, column …)."}
REFUSALS = {name for name, made in vars(errors).items() if isinstance(made, type)}
OPEN = "It names what is wrong."
HEAD = """# Errors

Every error that the registry answers with a code. A code stays; its sentence may be worded better. Over the API the
answer is `application/problem+json` with `code`, `detail` (the sentence), `fix` (what to do) and, for what is wrong
in a skill, `file` and `line`. What begins with `archive`, `manifest`, `skill` or `version` is the author's to mend;
`room`, `blob` and `platform` are the operator's, and never held against a skill. This page is written from the code by
`python manage.py errors_reference`; `…` stands for what differs from case to case.

"""


def said() -> dict[str, list[str]]:
    """Every code with the sentences that are said under it."""
    found: dict[str, set[str]] = defaultdict(set)
    for status, code in problems.CODES.items():
        found[code].add(f"{HTTPStatus(status).phrase}, in the words of what refused it.")
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for code, sentence in _in_file(ast.parse(path.read_text(encoding="utf-8"))):
                found[code].add(sentence)
    return {code: sorted(found[code] - {OPEN}) or [OPEN] for code in sorted(found)}


def _in_file(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            names = _given_once(function)
            for node in ast.walk(function):
                yield from _pairs(node, names)


def _given_once(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """The names of a function that are given one value, each with it."""
    given = [node for node in ast.walk(function) if isinstance(node, ast.Assign)]
    pairs = [(node.targets[0].id, node.value) for node in given if isinstance(node.targets[0], ast.Name)]
    often = Counter(name for name, _ in pairs)
    return {name: value for name, value in pairs if often[name] == 1}


def _pairs(node: ast.AST, names: dict[str, ast.expr]) -> Iterator[tuple[str, str]]:
    """Codes that a sentence follows: in a call that makes an error, or in a row of a table."""
    parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    texts = [_texts(names.get(part.id, part) if isinstance(part, ast.Name) else part) for part in parts]
    for at, codes in enumerate(texts[:-1]):
        sentence = texts[at + 1][0]
        for code in filter(CODE.fullmatch, codes):
            if SENTENCE.fullmatch(sentence):
                yield code, sentence
            elif called in BEGUN:
                yield code, BEGUN[called].format(texts[at + 2 if called == "_bad" else at + 1][0])
            elif called.endswith("Error") or called in REFUSALS:
                yield code, OPEN


def _texts(node: ast.expr) -> list[str]:
    """What may be said here, with … for what is put into it."""
    if isinstance(node, ast.IfExp):
        return _texts(node.body) + _texts(node.orelse)
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)]
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "…"]


def page() -> str:
    """The whole reference page: a table for each family of codes."""
    parts, family = [HEAD.rstrip() + "\n"], ""
    for code, sentences in said().items():
        if (now := code.partition(".")[0]) != family:
            family = now
            parts.append(f"\n## {family}\n\n| code | what it says |\n|---|---|\n")
        rows = "<br>".join(sentence.replace("|", "\\|").replace("\n", " ") for sentence in sentences)
        parts.append(f"| `{code}` | {rows} |\n")
    return "".join(parts)


class Command(ReferenceCommand):
    help = __doc__
    name = "errors"

    def page(self) -> str:
        return page()
