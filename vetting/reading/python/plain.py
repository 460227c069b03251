"""Python as if its author had written each text in one piece: what can be worked out without running anything stands as one string.

A text may be cut into letters, laid into a list or handed through functions that only give it back; a program that does so
does the same, and a pattern that looks at what is written would find nothing. Lines stay where they are.
"""

import ast
import re
from functools import lru_cache

from vetting.reading.pieced import LIMIT, Edit, Plain, PutTogether, rewritten
from vetting.reading.python.tree import children
from vetting.reading.python.trees import let_go, tree_of

STEPS = 200_000  # expressions of one program that are worked out
DEPTH = 100  # of functions and expressions in one another
# What a program has that may hold a text in pieces: none of these, and it is not looked at.
_STRING = (
    r"""(?:'''(?:[^'\\]|\\.|'(?!''))*+'''|\"""(?:[^"\\]|\\.|"(?!""))*+\"""|'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+")"""
)
_NEXT = r"""(?:\s|\\\n|[()]|\#[^\n]*\n)*+(?:\+[\s(\\]*)?[rRbBuUfF]{0,2}["']"""
# No two texts follow one another. What cannot be told apart into strings does not match either.
_APART = re.compile(rf"""(?s)\A(?:[^"'#]++|\#[^\n]*+|{_STRING}(?!{_NEXT}))*+\Z""")
_CUES = re.compile(
    r"""["'\])}\w]\s*+(?:,\s*+)?(?:[\])]\s*\[[\s(\\]*(?:-|\d|True|False)|\}\s*\[)"""  # one of a list or of a dictionary
    r"""|(?:[=,:\[{(+<>]|\b(?:return|in|and|or|not|if|elif|else))\s*\(\s*[rRbBuU]{0,2}["']|["']\s*\.\s*join\(\s*[\[(]"""
    r"""|\\(?:x[2-7]|u00[2-7]|U000000|N\{|[01]?[0-7]{2})"""
    r"""|def \w{1,200}\([^)]{0,2000}\)[^:\n]{0,200}:(?:\s|\#[^\n]*\n)*+return\s+(?:\w+\s*\(|\w+\s*$)""",
    re.M,
)
_ENTRY = re.compile(r"""[\w\]]\[\s*(?:-?\d+|["'])""")
_TABLE = re.compile(r"""(?m)^[ \t]*\w{1,200}\s*=\s*[\[({]\s*["']""")
_CHANGING = frozenset(
    ("append", "insert", "pop", "update", "extend", "setdefault", "remove", "sort", "reverse", "clear")
)
NEAR = 400  # bytes between a bracket and what it holds
_OPENED = re.compile(rb"([\w\])}\"']{0,12})\s*(\()(?:\s|\\\n)*\Z")
_BLANK = b" \t\n\r\v\f\\"  # what may stand between a bracket and what it holds
_CLOSED = re.compile(rb"(?:\s|\\\n|#[^\n]*\n)*\)")
_BEFORE_A_VALUE = frozenset(b"return in and or not if elif else while is yield assert del await raise from".split())
_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\(?:x[2-7]|u00[2-7]|U000000[2-7]|N\{|[01]?[0-7]{2})")
_MANY_LETTERS = re.compile(r"(?:\\(?:x[0-9a-fA-F]{2}|u00[0-9a-fA-F]{2}|[0-3][0-7]{2})){6}")
_ONE = re.compile(
    r"""(?s)[rRbBuU]{0,2}(?:'''(?:[^'\\]|\\.|'(?!''))*+'''|\"""(?:[^"\\]|\\.|"(?!""))*+\"""|'(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+")"""
)


@lru_cache(maxsize=64)
def plain_python(text: str) -> Plain:
    """The program in plain words, and was all of it worked out?"""
    if len(text) > LIMIT or not _may_be_in_pieces(text):
        return Plain(text)
    try:
        data = text.encode()
        tree = tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        # What does not parse is told where the program is read.
        return Plain(text)
    reader = _Plain(tree, data)
    if edits := reader.edits():
        let_go(text)
    return _sound(rewritten(data, edits, reader.whole, b"\\\n"), text) if edits else Plain(text, reader.whole)


def _may_be_in_pieces(text: str) -> bool:
    if not _APART.match(text) or _CUES.search(text):
        return True
    return bool(_TABLE.search(text) and _ENTRY.search(text))


def _sound(plain: Plain, text: str) -> Plain:
    """It must still be a program, else what is written stays and that more was not followed is told."""
    try:
        tree_of(plain.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Plain(text, False)
    return plain


class _Plain(PutTogether[ast.AST]):
    """The expressions of Python: sums, formats, entries of lists, and functions that only give something back."""

    identity = staticmethod(id)

    def __init__(self, tree: ast.Module, data: bytes) -> None:
        super().__init__(data, STEPS, DEPTH)
        self.tree = tree
        self.starts = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", data))]
        self.functions: dict[str, ast.FunctionDef | ast.Lambda | None] = {}
        self.tables: dict[str, ast.expr | None] = {}
        self.entries: dict[int, dict[str | int | None, ast.expr]] = {}
        self.returned: dict[int, ast.expr | None] = {}
        self.below: dict[int, list[ast.AST]] = {}

    def edits(self) -> list[Edit]:
        """(start, end, text) of the largest expressions that give a text and are not written as one."""
        out: list[Edit] = []
        self._index()
        pending: list[ast.AST] = [self.tree]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.expr) and (word := self._written_anew(node)) is not None:
                if self._fits(word):
                    out.append((*self._bare(self._span(node)), repr(word), word))
            elif isinstance(node, ast.Constant):
                out += self._in_brackets(node)
            elif isinstance(node, ast.BinOp):
                parts = _parts(node)
                pending += self._runs(parts, out) if len(parts) > 1 else self.below[id(node)]
            elif not isinstance(node, ast.JoinedStr):
                pending += self.below[id(node)]
        return sorted(out)

    def _runs(self, parts: list[ast.expr], out: list[Edit]) -> list[ast.AST]:
        """Writes anew what follows one another in a sum that is not known as a whole; the other parts are given back."""
        runs, left = self._side_by_side(parts)
        for run, word in runs:
            if self._fits(word):
                out += self._one_for([self._span(one) for one in run], word)
        return left

    def _in_brackets(self, node: ast.Constant) -> list[Edit]:
        """A text that stands in brackets of its own, without them."""
        if not isinstance(node.value, str):
            return []
        span = self._span(node)
        if (bare := self._bare(span)) != span:
            return [(*bare, self.data[span[0] : span[1]].decode("utf-8", "replace"), "")]
        return []

    def _bare(self, span: tuple[int, int]) -> tuple[int, int]:
        """The place with the brackets around it that say nothing; those of a call do."""
        start, end = span
        while (after := _CLOSED.match(self.data, end)) and (before := self._opened(start)):
            if (word := before.group(1)) and word not in _BEFORE_A_VALUE:
                break
            start, end = before.start(2), after.end()
        return start, end

    def _opened(self, start: int) -> re.Match | None:
        """The bracket right before a place, with what stands before it; asked only where it is one."""
        near = max(0, start - NEAR)
        if not self.data[near:start].rstrip(_BLANK).endswith(b"("):
            return None
        return _OPENED.search(self.data, near, start)

    def _one_for(self, spans: list[tuple[int, int]], word: str) -> list[Edit]:
        """One text for several; where brackets stand between them, nothing stays of the others, so that these match."""
        between = self.data[spans[0][1] : spans[-1][0]]
        if b"(" not in between and b")" not in between:
            return [(spans[0][0], spans[-1][1], repr(word), word)]
        return [(*spans[0], repr(word), word), *((*span, "''", "") for span in spans[1:])]

    def _span(self, node: ast.expr) -> tuple[int, int]:
        return self._offset(node.lineno, node.col_offset), self._offset(*_end(node))

    def _index(self) -> None:
        """Functions and lists by their names; of a name that is given twice, or of a list that changes, nothing is known."""
        changed: set[str] = set()
        for node in self._all():
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = None if node.name in self.functions or node.decorator_list else node
            elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name, value = node.targets[0].id, node.value
                if isinstance(value, ast.Lambda):
                    self.functions[name] = None if name in self.functions else value
                else:
                    held = value if isinstance(value, (ast.List, ast.Tuple, ast.Dict)) else None
                    self.tables[name] = None if name in self.tables else held
            elif (isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load)) or (
                isinstance(node, ast.Attribute) and node.attr in _CHANGING
            ):
                changed.add(getattr(node.value, "id", ""))
        self.tables |= dict.fromkeys(changed)

    def _all(self) -> list[ast.AST]:
        found: list[ast.AST] = [self.tree]
        for node in found:
            self.below[id(node)] = below = children(node)
            found += below
        return found

    def _offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def _written_anew(self, node: ast.expr) -> str | None:
        """What the expression gives, where that is a text and it is not written like that."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) and self._in_pieces(node) else None
        if isinstance(node, ast.Subscript):
            return self.text(node, {}) if isinstance(node.ctx, ast.Load) else None
        return self.text(node, {}) if isinstance(node, (ast.BinOp, ast.Call, ast.JoinedStr)) else None

    def _in_pieces(self, node: ast.Constant) -> bool:
        """Is a string written as several, or with letters that need no code? Long runs of codes are read as encodings."""
        start, end = self._span(node)
        if end - start == len(node.value) + 2:
            return False
        written = self.data[start:end].decode("utf-8", "replace")
        if written[:1] not in "rRbBuU'\"":
            return False  # within an f-string there are no places
        if not _ONE.fullmatch(written):
            return True
        return "\\" in written and bool(_LETTER.search(written)) and not _MANY_LETTERS.search(written)

    def _text(self, node: ast.expr, names: dict[str, str]) -> str | None:
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        if isinstance(node, ast.Name):
            return names.get(node.id)
        if isinstance(node, ast.BinOp):
            return self._sum(node, names)
        if isinstance(node, ast.JoinedStr):
            return self._format(node, names)
        if isinstance(node, ast.Subscript):
            one = self._item(node)
            return None if one is None else self.text(one, names)
        return self._call(node, names) if isinstance(node, ast.Call) else None

    def _sum(self, node: ast.expr, names: dict[str, str]) -> str | None:
        parts = _parts(node)
        return self._joined(parts, "", names) if len(parts) > 1 else None

    def _format(self, node: ast.JoinedStr, names: dict[str, str]) -> str | None:
        parts = [one.value if isinstance(one, ast.FormattedValue) else one for one in node.values]
        plain = all(one.format_spec is None for one in node.values if isinstance(one, ast.FormattedValue))
        return self._joined(parts, "", names) if plain else None

    def _item(self, node: ast.Subscript) -> ast.expr | None:
        """The entry that is taken out of a list or a dictionary that is written down."""
        held: ast.expr | None = node.value
        if isinstance(held, ast.Name):
            held = self.tables.get(held.id)
        key = _constant(node.slice)
        if key is None or not isinstance(held, (ast.List, ast.Tuple, ast.Dict)):
            return None
        if id(held) not in self.entries:
            self.entries[id(held)] = _entries(held)
        return self.entries[id(held)].get(key)

    def _call(self, node: ast.Call, names: dict[str, str]) -> str | None:
        function = node.func
        if isinstance(function, ast.Attribute):
            glue = function.value
            if function.attr == "join" and isinstance(glue, ast.Constant) and isinstance(glue.value, str):
                items = node.args[0] if len(node.args) == 1 else None
                if isinstance(items, (ast.List, ast.Tuple)):
                    return self._joined(items.elts, glue.value, names)
            return None
        made = function if isinstance(function, ast.Lambda) else None
        if isinstance(function, ast.Name):
            made = self.functions.get(function.id)
        return self._returned_by(made, node, names) if made is not None else None

    def _returned_by(self, function: ast.FunctionDef | ast.Lambda, node: ast.Call, names: dict[str, str]) -> str | None:
        """What a function of this program gives that does nothing but return something."""
        if id(function) not in self.returned:
            self.returned[id(function)] = function.body if isinstance(function, ast.Lambda) else _returned(function)
        gives = self.returned[id(function)]
        if gives is None or len(node.args) > len(function.args.args) or any(not one.arg for one in node.keywords):
            return None
        given = dict(zip([one.arg for one in function.args.args], node.args, strict=False))
        given |= {str(one.arg): one.value for one in node.keywords}
        return self._given(function, gives, self._known(given.items(), names))


def _entries(held: ast.List | ast.Tuple | ast.Dict) -> dict[str | int | None, ast.expr]:
    """What each number or name takes out of a list or a dictionary; the last of a name counts."""
    if isinstance(held, ast.Dict):
        return {_constant(name): value for name, value in zip(held.keys, held.values, strict=True)}
    items = [] if any(isinstance(one, ast.Starred) for one in held.elts) else held.elts
    return {**dict(enumerate(items)), **{at - len(items): one for at, one in enumerate(items)}}


def _parts(node: ast.expr) -> list[ast.expr]:
    """A sum of many pieces leans to the left, as deep as it has pieces."""
    out: list[ast.expr] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        out.append(node.right)
        node = node.left
    return [node, *reversed(out)]


def _returned(function: ast.FunctionDef) -> ast.expr | None:
    body = [one for one in function.body if not _says_nothing(one)]
    return body[0].value if len(body) == 1 and isinstance(body[0], ast.Return) else None


def _says_nothing(node: ast.stmt) -> bool:
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _constant(node: ast.expr | None) -> str | int | None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value if isinstance(node.operand.value, int) else None
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, (str, int)) else None


def _end(node: ast.expr) -> tuple[int, int]:
    return node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
