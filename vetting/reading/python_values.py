"""What may be known of a Python expression: the constant texts in it, where its value comes from, the secrets it names."""

import ast
from collections.abc import Callable

from vetting.reading import programs as p
from vetting.reading.places import is_credential, is_secret_name
from vetting.reading.python_names import (
    is_shell,
    names_a_path,
    origin_of_call,
    origin_of_command,
    origin_of_name,
)
from vetting.reading.python_tree import children
from vetting.reading.sifting import gist

TEXTS, TEXT = 24, 4000  # texts of one value, characters of one text
DEPTH = 60  # of an expression


def _says_little(text: str) -> bool:
    return not any(mark in text for mark in ("://", "/.", "~/", "|", "$(", "`"))


class Value:
    """What may be known of an expression: constant texts, labels, environment names."""

    __slots__ = ("labels", "secrets", "texts")

    def __init__(self, texts: tuple[str, ...] = (), labels: frozenset = frozenset(), secrets: frozenset = frozenset()):
        self.texts, self.labels, self.secrets = texts, labels, secrets

    def plus(self, other: "Value") -> "Value":
        if other is NOTHING or not (other.texts or other.labels or other.secrets):
            return self
        if self is NOTHING:
            return other
        texts = self.texts
        if other.texts:
            texts += tuple([t for t in other.texts if t not in texts])
            if len(texts) > TEXTS:
                # The first is what a call does; of the others those stay that name a place or a deed.
                texts = (texts[0], *sorted(texts[1:], key=_says_little))[:TEXTS]
        return Value(texts, self.labels | other.labels, self.secrets | other.secrets)


NOTHING = Value()


class Values:
    """What is known of names so far, and what follows from it for an expression; memo holds for as long as that does."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}
        self.known: dict[str, Value] = {}
        self.memo: dict[int, Value] = {}
        self.depth = 0

    def of(self, node: ast.AST | None) -> Value:
        if node is None or self.depth > DEPTH:
            return NOTHING
        key = id(node)
        found = self.memo.get(key)
        if found is None:
            self.memo[key] = NOTHING
            self.depth += 1
            try:
                found = self.memo[key] = _KINDS.get(type(node), Values._of_parts)(self, node)
            finally:
                self.depth -= 1
        return found

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
        return ".".join(reversed(parts))[:200]

    def _name_of_result(self, node: ast.Call) -> str:
        inner = self.dotted(node.func)
        if inner in ("__import__", "importlib.import_module") and node.args:
            texts = self.of(node.args[0]).texts
            return "".join(texts)[:60] if texts else inner
        return self.reflected(node) if inner == "getattr" and len(node.args) > 1 else inner

    def reflected(self, node: ast.Call) -> str:
        """getattr(os, "sys" + "tem") is os.system."""
        tail = self.of(node.args[1]).texts
        return f"{self.dotted(node.args[0])}.{''.join(tail) if tail else '?'}"

    def labels(self, name: str, arguments: Value) -> frozenset[str]:
        """Where the value of a call comes from."""
        labels = origin_of_call(name)
        if arguments.texts and names_a_path(name) and any(is_credential(text) for text in arguments.texts):
            labels |= {p.CRED_FILE}
        return labels | origin_of_command(" ".join(arguments.texts)) if is_shell(name) else labels

    def _of_parts(self, node: ast.AST) -> Value:
        out = NOTHING
        for child in children(node):
            out = out.plus(self.of(child))
        return out

    def _of_constant(self, node: ast.Constant) -> Value:
        return Value((gist(node.value, TEXT)[0],)) if isinstance(node.value, str) and node.value else NOTHING

    def _of_name(self, node: ast.Name) -> Value:
        found = self.known.get(node.id, NOTHING)
        return found.plus(_by_name(self.aliases.get(node.id, node.id)))

    def _of_attribute(self, node: ast.Attribute) -> Value:
        name = self.dotted(node)
        return self.known.get(name, NOTHING).plus(_by_name(name)).plus(self.of(node.value))

    def _of_operation(self, node: ast.BinOp) -> Value:
        if not isinstance(node.op, (ast.Add, ast.Div)):
            return self._of_parts(node)
        return _joined(self.of(node.left), self.of(node.right), "/" if isinstance(node.op, ast.Div) else "")

    def _of_format(self, node: ast.JoinedStr) -> Value:
        parts, out = [], NOTHING
        for item in node.values:
            value = self.of(item.value if isinstance(item, ast.FormattedValue) else item)
            parts.append(value.texts[0] if len(value.texts) == 1 else "{}")
            if value.labels or value.secrets:
                out = out.plus(Value((), value.labels, value.secrets))
        return Value((gist("".join(parts), TEXT)[0],), out.labels, out.secrets)

    def _of_item(self, node: ast.Subscript) -> Value:
        if self.dotted(node.value) == "os.environ":
            keys = self.of(node.slice).texts
            return _environment(keys[0]) if keys else Value((), frozenset({p.ENV_SECRET}))
        return self.of(node.value).plus(self.of(node.slice) if not isinstance(node.slice, ast.Slice) else NOTHING)

    def _of_call(self, node: ast.Call) -> Value:
        name = self.dotted(node.func)
        if name in ("os.environ.get", "os.getenv", "os.environ.pop", "environ.get"):
            keys = self.of(node.args[0]).texts if node.args else ()
            default = self.of(node.args[1]) if len(node.args) > 1 else NOTHING
            return (_environment(keys[0]) if keys else NOTHING).plus(default)
        out = self.of_arguments(node.args, node.keywords)
        if isinstance(node.func, ast.Attribute):
            out = _method(node.func.attr, self.of(node.func.value), out)
        elif isinstance(node.func, ast.Call):
            out = out.plus(self.of(node.func))
        out = out.plus(self.known.get(f"{name.rsplit('.', 1)[-1]}()", NOTHING))
        labels = self.labels(name, out)
        return Value(out.texts, out.labels | labels, out.secrets) if labels else out

    def of_arguments(self, arguments: list[ast.expr], keywords: list[ast.keyword], before: Value = NOTHING) -> Value:
        out = before
        for argument in arguments:
            out = out.plus(self.of(argument))
        for keyword in keywords:
            out = out.plus(self.of(keyword.value))
        return out


_KINDS: dict[type, Callable[[Values, ast.AST], Value]] = {
    ast.Constant: Values._of_constant,
    ast.Name: Values._of_name,
    ast.Attribute: Values._of_attribute,
    ast.BinOp: Values._of_operation,
    ast.JoinedStr: Values._of_format,
    ast.Call: Values._of_call,
    ast.Subscript: Values._of_item,
}


def _by_name(name: str) -> Value:
    labels = origin_of_name(name)
    return Value((), labels) if labels else NOTHING


def _environment(name: str) -> Value:
    if is_secret_name(name):
        return Value((), frozenset({p.ENV_SECRET}), frozenset({name}))
    return NOTHING


def _joined(left: Value, right: Value, glue: str) -> Value:
    both = left.plus(right)
    if len(left.texts) == 1 and len(right.texts) == 1:
        return Value((left.texts[0] + glue + right.texts[0],), both.labels, both.secrets)
    return both


def _method(method: str, owner: Value, arguments: Value) -> Value:
    if method == "join" and len(owner.texts) == 1 and arguments.texts and len(owner.texts[0]) < 3:
        return Value((owner.texts[0].join(arguments.texts),), arguments.labels, arguments.secrets)
    if method in ("joinpath", "join") and len(owner.texts) == 1 and len(arguments.texts) >= 1:
        return Value(
            ("/".join([owner.texts[0], *arguments.texts]),), owner.labels | arguments.labels, arguments.secrets
        )
    return owner.plus(arguments)
