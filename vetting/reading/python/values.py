"""What a Python expression may hold: its parts, with what is known of the names in it (value.py says within what bounds)."""

import ast
from collections.abc import Callable

from vetting.reading import programs as p
from vetting.reading.again import Again
from vetting.reading.places import is_credential, is_secret_name
from vetting.reading.python.names import (
    is_shell,
    names_a_path,
    origin_of_call,
    origin_of_command,
    origin_of_name,
    runs,
)
from vetting.reading.python.tree import children
from vetting.reading.value import FEW, NOTHING, TEXTS, UNKNOWN, Value, fits, of_text, together

JOINED = 4_000_000  # characters of all texts that are made of others, in one program
DEPTH = 120  # of an expression
NAME = 200  # characters of a dotted name


class Values:
    """What is known of names so far, and what follows from it for an expression; memo holds for as long as that does."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.known: dict[str, Value] = {}
        self.memo: dict[int, Value] = {}
        self.makers: dict[int, int] = {}  # the step in which each of them was worked out
        self.again = Again()
        self.depth = 0
        self.joins = True  # are texts that follow one another made one?
        self.room = JOINED
        self.unnamed = False  # was a name looked up among more than are followed?
        self.fields: frozenset[str] = frozenset()  # names that the body of a class gives a value
        self.holders = frozenset({"self", "cls"})  # whom such a name may be asked of

    def of(self, node: ast.AST | None) -> Value:
        if node is None:
            return NOTHING
        if self.depth > DEPTH:
            return UNKNOWN
        key = id(node)
        found = self.memo.get(key)
        if found is not None:
            self.again.took_over(self.makers[key])
        else:
            self.memo[key], self.makers[key] = NOTHING, self.again.step
            self.depth += 1
            try:
                found = self.memo[key] = _KINDS.get(type(node), Values._of_parts)(self, node)
            finally:
                self.depth -= 1
        return found

    def named(self, name: str) -> Value:
        """What is known of a name so far."""
        self.again.asked(name)
        return self.known.get(name, NOTHING)

    def dotted(self, node: ast.AST) -> str:
        """The name of what a call calls: a.b.c, with aliases undone."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name):
            parts.append(self.aliases.get(node.id, node.id))
        elif isinstance(node, ast.Call):
            parts.append(self._name_of_result(node))
        else:
            parts.append("")
        name = ".".join(reversed(parts))
        # What a call does stands at the end of its name.
        return name if len(name) <= NAME else f"{name[: NAME // 2]}…{name[-NAME // 2 :]}"

    def _name_of_result(self, node: ast.Call) -> str:
        inner = self.dotted(node.func)
        if inner in ("__import__", "importlib.import_module") and node.args:
            texts = self.of(node.args[0]).texts
            return "".join(texts)[:60] if texts else inner
        return self.reflected(node) if inner == "getattr" and len(node.args) > 1 else inner

    def reflected(self, node: ast.Call) -> str:
        """getattr(os, "sys" + "tem") is os.system."""
        value, owner = self.of(node.args[1]), self.dotted(node.args[0])
        tail = value.texts
        self.unnamed = self.unnamed or p.CUT in value.labels
        if len(tail) > 1 and (deed := next((name for text in tail if runs(name := f"{owner}.{text}")), "")):
            return deed
        return f"{owner}.{''.join(tail)[:NAME] if tail else '?'}"

    def labels(self, name: str, arguments: Value) -> frozenset[str]:
        """Where the value of a call comes from."""
        labels = origin_of_call(name)
        if arguments.texts and names_a_path(name) and any(is_credential(text) for text in arguments.texts):
            labels |= {p.CRED_FILE}
        return labels | origin_of_command(" ".join(arguments.texts)) if is_shell(name) else labels

    def _of_parts(self, node: ast.AST) -> Value:
        return together([self.of(child) for child in children(node)])

    def _of_list(self, node: ast.List | ast.Tuple) -> Value:
        """The words of a command stand in a list, and each of them counts."""
        return together([self.of(item) for item in node.elts], TEXTS)

    def _of_constant(self, node: ast.Constant) -> Value:
        return of_text(node.value) if isinstance(node.value, str) and node.value else NOTHING

    def _of_name(self, node: ast.Name) -> Value:
        found = self.named(node.id)
        return found.plus(_by_name(self.aliases.get(node.id, node.id)))

    def _of_attribute(self, node: ast.Attribute) -> Value:
        name = self.dotted(node)
        found = self.named(name).plus(_by_name(name)).plus(self.of(node.value))
        # A field of the class is known by its own name to the class and to its objects.
        own = node.attr in self.fields and isinstance(node.value, ast.Name) and node.value.id in self.holders
        return found.plus(Value(self.named(node.attr).texts)) if own else found

    def _of_operation(self, node: ast.BinOp) -> Value:
        """A sum of many pieces leans to the left, as deep as it has pieces."""
        pieces: list[tuple[ast.expr, str]] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, (ast.Add, ast.Div)):
            pieces.append((left.right, "/" if isinstance(left.op, ast.Div) else ""))
            left = left.left
        if not pieces:
            return self._of_parts(node)
        parts = [(self.of(left), ""), *((self.of(right), glue) for right, glue in reversed(pieces))]
        return self._sum(parts) if self.joins else together([value for value, _ in parts])

    def _of_format(self, node: ast.JoinedStr) -> Value:
        if not self.joins:
            return self._of_parts(node)
        parts, out = [], NOTHING
        for item in node.values:
            value = self.of(item.value if isinstance(item, ast.FormattedValue) else item)
            parts.append(value.texts[0] if len(value.texts) == 1 else "{}")
            if value.labels or value.secrets:
                out = out.plus(Value((), value.labels, value.secrets))
        return self._joined(parts).plus(out)

    def _of_item(self, node: ast.Subscript) -> Value:
        if self.dotted(node.value) == "os.environ":
            keys = self.of(node.slice).texts
            return _environment(keys) if keys else Value((), frozenset({p.ENV_SECRET}))
        return self.of(node.value).plus(self.of(node.slice) if not isinstance(node.slice, ast.Slice) else NOTHING)

    def _of_call(self, node: ast.Call) -> Value:
        name = self.dotted(node.func)
        if name in ("os.environ.get", "os.getenv", "os.environ.pop", "environ.get"):
            keys = self.of(node.args[0]).texts if node.args else ()
            default = self.of(node.args[1]) if len(node.args) > 1 else NOTHING
            return _environment(keys).plus(default)
        out = self.of_arguments(node.args, node.keywords)
        if isinstance(node.func, ast.Attribute):
            owner = self.of(node.func.value)
            if node.func.attr == "join" and getattr(node.func.value, "value", None) == "" and fits(out.texts, 0):
                out = self._joined(["".join(out.texts)]).plus(out) if len(out.texts) > 1 else out
            out = self._method(node.func.attr, owner, out) if self.joins else owner.plus(out)
        elif isinstance(node.func, ast.Call):
            out = out.plus(self.of(node.func))
        out = out.plus(self.named(f"{name.rsplit('.', 1)[-1]}()"))
        labels = self.labels(name, out)
        return Value(out.texts, out.labels | labels, out.secrets) if labels else out

    def of_arguments(
        self, arguments: list[ast.expr], keywords: list[ast.keyword], before: Value = NOTHING, most: int = FEW
    ) -> Value:
        values = [before, *map(self.of, arguments)]
        return together(values + [self.of(keyword.value) for keyword in keywords], most)

    def _sum(self, parts: list[tuple[Value, str]]) -> Value:
        """Pieces with one text each become one text; one of many texts stands apart."""
        out: list[Value] = []
        run: list[str] = []
        for value, glue in parts:
            if len(value.texts) == 1:
                run += (glue, value.texts[0]) if run else value.texts
                value = Value((), value.labels, value.secrets)
            elif value.texts and run:
                out.append(self._joined(run))
                run = []
            out.append(value)
        return together([*out, self._joined(run)] if run else out)

    def _method(self, method: str, owner: Value, arguments: Value) -> Value:
        texts = arguments.texts
        if method in ("join", "joinpath") and len(owner.texts) == 1 and texts:
            glue = owner.texts[0]
            if method == "join" and len(glue) < 3 and fits(texts, len(glue)):
                return self._joined([glue.join(texts)]).plus(Value((), arguments.labels, arguments.secrets))
            if fits((glue, *texts), 1):
                labels, secrets = owner.labels | arguments.labels, arguments.secrets
                return self._joined(["/".join([glue, *texts])]).plus(Value((), labels, secrets))
        if method == "join" and not owner.texts and 1 < len(texts) < 9 and fits(texts, 1):
            # os.path.join: the parts, and what they may be together.
            return owner.plus(arguments).plus(self._joined(["/".join(texts)]))
        return owner.plus(arguments)

    def _joined(self, pieces: list[str]) -> Value:
        """One text made of others; where that has cost too much they stay apart."""
        self.room -= sum(map(len, pieces))
        if self.room < 0:
            return together([*map(of_text, pieces[:TEXTS]), UNKNOWN])
        return of_text("".join(pieces))


_KINDS: dict[type, Callable[[Values, ast.AST], Value]] = {
    ast.Constant: Values._of_constant,
    ast.Name: Values._of_name,
    ast.Attribute: Values._of_attribute,
    ast.BinOp: Values._of_operation,
    ast.JoinedStr: Values._of_format,
    ast.Call: Values._of_call,
    ast.Subscript: Values._of_item,
    ast.List: Values._of_list,
    ast.Tuple: Values._of_list,
}


def _by_name(name: str) -> Value:
    labels = origin_of_name(name)
    return Value((), labels) if labels else NOTHING


def _environment(names: tuple[str, ...]) -> Value:
    """A variable that may have any of these names."""
    secret = frozenset(name for name in names if is_secret_name(name))
    return Value((), frozenset({p.ENV_SECRET}), secret) if secret else NOTHING
