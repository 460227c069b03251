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
_UNSEEN = re.compile(r"\\u(20[0-6][0-9a-f]|00ad|feff)")
_NO_VALUE = re.compile(r"(?:require|import|from)\s*\(?\s*$|[\[{,]\s*$")


def _strings(tree: ast.AST) -> list[ast.Constant]:
    """Every string of a program; what is written about a function, an f-string and a name of an entry stay."""
    if isinstance(tree, ast.Constant):
        return [tree] if isinstance(tree.value, str) and tree.value else []
    if isinstance(tree, ast.JoinedStr) or (isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Constant)):
        return []
    inside = tree.values if isinstance(tree, ast.Dict) else ast.iter_child_nodes(tree)
    return [one for node in inside for one in _strings(node)]


def _with_strings(make: Callable[[str], ast.expr]) -> Callable[[str], str]:
    """Each string in its place is made anew; all else is as it was."""

    def widen(text: str) -> str:
        rows = [row.encode() for row in text.split("\n")]
        found = sorted(_strings(ast.parse(text)), key=lambda one: (one.lineno, one.col_offset), reverse=True)
        for one in found:
            first, last = one.lineno - 1, (one.end_lineno or 0) - 1
            rest = rows[last][one.end_col_offset :]
            anew = _UNSEEN.sub(lambda m: chr(int(m.group(1), 16)), ast.unparse(make(one.value)))
            rows[first : last + 1] = [rows[first][: one.col_offset] + f"({anew})".encode() + rest]
        return b"\n".join(rows).decode()

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
    """Comments and empty lines between all statements, those in functions and loops too."""
    note = "# The table column renders every value of this report in its own style and width.\n"
    statements = [one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.stmt)]
    firsts = {min([one.lineno, *(d.lineno for d in getattr(one, "decorator_list", ()))]) for one in statements}
    rows = enumerate(text.split("\n"), 1)
    return "\n".join((note + "\n") * 12 + row if number in firsts - {1} else row for number, row in rows)


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


def _side_by_side(text: str) -> ast.expr:
    return ast.Name(" ".join(repr(letter) for letter in text), ast.Load())


def _by_code(text: str) -> ast.expr:
    """Every second letter by its number; never so many in a row that it would be an encoding."""
    letters = (
        f"\\x{ord(c):02x}" if n % 2 and c.isascii() and c.isalnum() else repr(c)[1:-1] for n, c in enumerate(text)
    )
    return ast.Name("'" + "".join(letters).replace("'", "\\'") + "'", ast.Load())


def _from_a_table(text: str) -> str:
    """All strings in one list at the top, taken out by number."""
    held: list[str] = list(PAGES)

    def make(one: str) -> ast.expr:
        held.append(one)
        return ast.Subscript(ast.Name("TABLE", ast.Load()), ast.Constant(len(held) - 1), ast.Load())

    wide = _with_strings(make)(text)
    table = _UNSEEN.sub(lambda m: chr(int(m.group(1), 16)), repr(held))
    return f"TABLE = {table}\n{wide}" if "__future__" not in wide else wide


def _last_in_script(quoted: str) -> str:
    return "[" + ", ".join(f"'{page}'" for page in PAGES) + f", {quoted}][{NOTES}]"


def _pieces_in_script(quoted: str) -> str:
    inside = quoted[1:-1]
    return quoted if "\\" in inside else "(" + " + ".join(f"'{letter}'" for letter in inside) + ")"


def _coded_in_script(quoted: str) -> str:
    inside = quoted[1:-1]
    if "\\" in inside:
        return quoted
    letters = (f"\\x{ord(c):02x}" if n % 2 and c.isascii() and c.isalnum() else c for n, c in enumerate(inside))
    return "'" + "".join(letters) + "'"


def _far_in_script(text: str) -> str:
    """Comments and empty lines behind all lines that end a statement."""
    note = "\n// The table column renders every value of this report in its own style and width.\n" * 12
    return re.sub(r"(?m)(?<=[;{])$", lambda _: note, text)


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
    "letters side by side": _with_strings(_side_by_side),
    "letters by their codes": _with_strings(_by_code),
    "from a table": _from_a_table,
    "statements far apart": _apart,
    "handed on": _handed_on,
}
SCRIPT: dict[str, Callable[[str], str]] = {
    "the last of many": _in_script(_last_in_script),
    "letter by letter": _in_script(_pieces_in_script),
    "letters by their codes": _in_script(_coded_in_script),
    "statements far apart": _far_in_script,
}
SHELL: dict[str, Callable[[str], str]] = {
    "many blanks": _between_words(BLANKS),
    "a few blanks": _between_words("    "),
    "tabs and blanks": _between_words("\t " * 40),
    "lines that go on": _between_words(" \\\n  "),
}
