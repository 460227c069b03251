"""What an author may put between the halves of an attack without changing what it does: filler of every kind.

Each way takes a text of one language and gives the same program, wider. None of it is run.
"""

import ast
import re
from collections.abc import Callable

NOTES = 40
PAGES = [f"https://docs.python.org/3/{number}.html" for number in range(NOTES)]
BLANKS = " " * 60
_QUOTED = re.compile(r"(?<![\w`\\])'((?:[^'\\\n]|\\.)+)'")
_NO_VALUE = re.compile(r"(?:require|import|from)\s*\(?\s*$|[\[{,]\s*$")


class _Strings(ast.NodeTransformer):
    """Every string of a program made anew; what is written about a function and what an f-string holds stay."""

    def __init__(self, make: Callable[[str], ast.expr]) -> None:
        self.make = make

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self.make(node.value) if isinstance(node.value, str) and node.value else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return node if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        return ast.Dict(node.keys, [self.visit(value) for value in node.values])


def _with_strings(make: Callable[[str], ast.expr]) -> Callable[[str], str]:
    def widen(text: str) -> str:
        tree = _Strings(make).visit(ast.parse(text))
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"

    return widen


def _last_of_many(text: str) -> ast.expr:
    items = [ast.Constant(page) for page in [*PAGES, text]]
    return ast.Subscript(ast.List(items, ast.Load()), ast.Constant(-1), ast.Load())


def _entry(text: str) -> ast.expr:
    keys = [ast.Constant(f"k{number}") for number in range(NOTES + 1)]
    values = [ast.Constant(page) for page in PAGES] + [ast.Constant(text)]
    return ast.Subscript(ast.Dict(keys, values), keys[-1], ast.Load())


def _letters(text: str) -> ast.expr:
    out: ast.expr = ast.Constant(text[0])
    for letter in text[1:]:
        out = ast.BinOp(out, ast.Add(), ast.Constant(letter))
    return out


def _nothing_added(text: str) -> ast.expr:
    out: ast.expr = ast.Constant(text)
    for _ in range(150):
        out = ast.BinOp(out, ast.Add(), ast.Constant(""))
    return out


def _apart(text: str) -> str:
    """Comments and empty lines between all statements."""
    note = "# The table column renders every value of this report in its own style and width.\n"
    return "\n".join(ast.unparse(one) + "\n" + (note + "\n") * 12 for one in ast.parse(text).body)


def _handed_on(text: str) -> str:
    """Each string goes through a chain of functions that stand in the wrong order."""
    chain = "".join(f"def step_{n}(value):\n    return step_{n + 1}(value)\n\n" for n in range(20))
    called = _with_strings(lambda one: ast.Call(ast.Name("step_0", ast.Load()), [ast.Constant(one)], []))(text)
    return chain + "def step_20(value):\n    return value\n\n" + called


def _in_script(make: Callable[[str], str]) -> Callable[[str], str]:
    def one(match: re.Match) -> str:
        before = match.string[: match.start()]
        after = match.string[match.end() : match.end() + 1]
        return match.group() if _NO_VALUE.search(before) or after == ":" else make(match.group())

    return lambda text: _QUOTED.sub(one, text)


def _last_in_script(quoted: str) -> str:
    return "[" + ", ".join(f"'{page}'" for page in PAGES) + f", {quoted}][{NOTES}]"


def _pieces_in_script(quoted: str) -> str:
    inside = quoted[1:-1]
    return quoted if "\\" in inside else "(" + " + ".join(f"'{letter}'" for letter in inside) + ")"


def _between_words(filler: str) -> Callable[[str], str]:
    return lambda text: "\n".join(
        row if row.lstrip().startswith("#") else re.sub(r"(?<=\S) (?=\S)", lambda _: filler, row)
        for row in text.split("\n")
    )


PYTHON: dict[str, Callable[[str], str]] = {
    "the last of many": _with_strings(_last_of_many),
    "an entry of a dictionary": _with_strings(_entry),
    "letter by letter": _with_strings(_letters),
    "with nothing added": _with_strings(_nothing_added),
    "statements far apart": _apart,
    "handed on": _handed_on,
}
SCRIPT: dict[str, Callable[[str], str]] = {
    "the last of many": _in_script(_last_in_script),
    "letter by letter": _in_script(_pieces_in_script),
}
SHELL: dict[str, Callable[[str], str]] = {
    "many blanks": _between_words(BLANKS),
    "tabs and blanks": _between_words("\t " * 40),
    "lines that go on": _between_words(" \\\n  "),
}
