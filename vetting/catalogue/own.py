"""Our own checks as the catalogue shows them, read off their files without running them."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from vetting.catalogue.rule import Rule

FOLDER = Path(__file__).resolve().parent.parent / "checks"
EXAMPLE_CHARS = 1500
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def rules() -> list[Rule]:
    names = sorted(file.stem for file in FOLDER.glob("*.py") if not file.stem.startswith("_"))
    return [found for name in names if (found := _rule(name))]


@lru_cache(maxsize=256)
def title_of(check: str) -> str:
    """The first line of the file, which is where a check's docstring begins."""
    file = FOLDER / f"{check}.py"
    if not _NAME.fullmatch(check) or not file.is_file():
        return ""
    with file.open(encoding="utf-8", errors="replace") as text:
        return text.readline().strip().removeprefix('"""').removesuffix('"""').rstrip(".")


def about(check: str) -> str:
    """What a check says of itself, as its file has it."""
    tree = _tree(check)
    return (ast.get_docstring(tree) or "") if tree else ""


def paragraphs(text: str) -> str:
    """Lines joined to paragraphs."""
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip()) if part.strip())


def _tree(check: str) -> ast.Module | None:
    """Nothing for a name that is no check, and for a file that cannot be read: the report tells of those elsewhere."""
    file = FOLDER / f"{check}.py"
    if not _NAME.fullmatch(check) or not file.is_file():
        return None
    try:
        return ast.parse(file.read_text(encoding="utf-8"))
    except (SyntaxError, ValueError):
        return None


def _rule(name: str) -> Rule | None:
    tree = _tree(name)
    if tree is None:
        return None
    said = dict(_constants(tree))
    title, _, rest = (ast.get_docstring(tree) or name).partition("\n")
    finds, _, why = rest.partition("Why it matters:")
    return Rule(
        name=name,
        family="check",
        codes=(said.get("CODE", ""),),
        title=title.rstrip("."),
        axis=said.get("AXIS", "").lower(),
        severity=said.get("SEVERITY", "").lower(),
        confidence=said.get("CONFIDENCE", "").lower(),
        finds=paragraphs(finds),
        why=paragraphs(why),
        fix=said.get("FIX", ""),
        bad=_example(said.get("BAD")),
        good=_example(said.get("GOOD")),
    )


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """The module's own names in capitals with the values that can be read off."""
    for node in tree.body:
        if not isinstance(node, ast.Assign) or len(node.targets) != 1:
            continue
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            pairs = zip(target.elts, value.elts, strict=False)
        else:
            pairs = iter([(target, value)])
        yield from ((name.id, _value(one)) for name, one in pairs if isinstance(name, ast.Name) and name.id.isupper())


def _value(node: ast.expr) -> object:
    """A literal, or the last name of `Axis.MALICE`. Of a list whatever can be read."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.List):
        return [value for value in map(_value, node.elts) if value]
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError):
        return ""


def _example(examples: object) -> str:
    """The first that is short enough to show."""
    for one in examples if isinstance(examples, list) else ():
        text = "\n".join(f"# {path}\n{body}" for path, body in one.items()) if isinstance(one, dict) else str(one)
        if len(text) <= EXAMPLE_CHARS:
            return text.strip("\n")
    return ""
