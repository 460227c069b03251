"""Where values go in a Python program: through assignments, loops, functions and their returns, into calls.

Order is not regarded: what is known grows round by round until nothing is new, or the rounds are used up.
"""

import ast
from collections.abc import Callable

from vetting.reading import programs as p
from vetting.reading.programs import Call, Program, as_written
from vetting.reading.python.names import carries, is_sender, kind_of, runs
from vetting.reading.python.tree import Nodes
from vetting.reading.python.values import Values
from vetting.reading.sifting import gist
from vetting.reading.value import FEW, NOTHING, TEXTS, Value, most_telling

# Rounds that are always gone, those of them in which texts are joined, and the most; between them as many as these steps allow. That there would be more is told.
ROUNDS, JOINING, MOST_ROUNDS, STEPS = 5, 3, 60, 100_000
ROWS = 200  # lines of a call that are looked at as they are written
# Characters of the texts of all deeds of a program that checks are given, where one text counts as so many at least.
ROOM, LEAST = 8_000_000, 40
SHORT = 1000  # characters of a text where there is no more room
MANY = "the values that reach a call are more than are followed"
_RUN = (p.RUNS_SHELL, p.RUNS_CODE)
_FILLING = frozenset(("append", "add", "update", "extend", "write", "insert", "setdefault"))


class Flow:
    def __init__(self, tree: ast.Module, program: Program) -> None:
        self.tree, self.program = tree, program
        self.values = Values()
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.renamed = False  # did a name come to stand for something else?
        self.room = ROOM
        self.shortened: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.rows = program.text.split("\n")

    def read(self) -> None:
        self.nodes = Nodes(self.tree)
        self._index(self.nodes.all)
        self._go_round([(follow, node) for node in self.nodes.all if (follow := _FOLLOWED.get(type(node)))])
        self.values.joins = True
        self.values.memo = {}
        for node in self.nodes.all:
            if isinstance(node, ast.Call):
                self.program.calls.append(self._call(node, id(node) in self.nodes.in_loop))
            elif isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
                if not any(isinstance(n, (ast.Break, ast.Return, ast.Raise)) for n in ast.walk(node)):
                    self.program.forever.append(self.program.line + node.lineno - 1)
        if self.values.unnamed:
            self.program.was_cut("a name is looked up among more than are followed", self.program.line)

    def _go_round(self, steps: list[tuple[Callable, ast.AST]]) -> None:
        """Each step, and round by round those again that asked for what is known better by now."""
        again, order = self.values.again, range(len(steps))
        again.due.update(order)
        for number in range(max(ROUNDS, min(MOST_ROUNDS, STEPS // (len(steps) or 1)))):
            self.values.memo = {}
            if number == JOINING:
                # What a text is joined with may hold that text: from here on no new ones are made.
                self.values.joins = False
                again.due.update(order)
            for place in order:
                if place in again.due:
                    follow, node = steps[place]
                    again.begin(place)
                    follow(self, node)
                    again.end()
            if self.renamed:
                self.renamed = False
                again.due.update(order)
            if not again.due:
                break
            if number:
                # Values may be handed on against the order of the text.
                order = order[::-1]
        if again.due:
            self.program.was_cut("values are handed on more often than is followed", self.program.line)

    def _index(self, nodes: list[ast.AST]) -> None:
        strings, imports, fields = self.program.strings, set(), set()
        for node in nodes:
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str) and len(node.value) > 3:
                    strings.append((node.value, self.program.line + node.lineno - 1))
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self.functions[node.name] = node
            elif isinstance(node, ast.ClassDef):
                fields |= _fields(node)
                self.values.holders |= {node.name}
            elif isinstance(node, ast.Import):
                imports |= {name.name for name in node.names}
                self._import(node)
            elif isinstance(node, ast.ImportFrom) and node.module:
                imports.add(node.module)
                for name in node.names:
                    self.values.aliases[name.asname or name.name] = f"{node.module}.{name.name}"
        self.program.imports = frozenset(imports)
        self.values.fields = frozenset(fields)

    def _import(self, node: ast.Import) -> None:
        for name in node.names:
            first = name.name.split(".")[0]
            self.values.aliases[name.asname or first] = name.name if name.asname else first

    def _put(self, name: str, value: Value) -> None:
        old = self.values.known.get(name, NOTHING)
        new = old.plus(value)
        if new is not old:
            self.values.known[name] = new
            self.values.again.changed(name)

    def _put_all(self, target: ast.AST, value: Value) -> None:
        for name in self._targets(target):
            self._put(name, value)

    def _targets(self, target: ast.AST) -> list[str]:
        if isinstance(target, ast.Name):
            return [target.id]
        if isinstance(target, ast.Attribute):
            return [self.values.dotted(target)]
        if isinstance(target, ast.Subscript):
            return self._targets(target.value)
        if isinstance(target, (ast.Tuple, ast.List)):
            return [name for item in target.elts for name in self._targets(item)]
        return self._targets(target.value) if isinstance(target, ast.Starred) else []

    def _assign(self, node: ast.Assign) -> None:
        value = self.values.of(node.value)
        for target in node.targets:
            self._put_all(target, value)
        self._rename(node)

    def _assign_one(self, node: ast.AnnAssign | ast.AugAssign | ast.NamedExpr) -> None:
        if node.value is not None:
            self._put_all(node.target, self.values.of(node.value))

    def _iterate(self, node: ast.For | ast.AsyncFor | ast.comprehension) -> None:
        self._put_all(node.target, self.values.of(node.iter))

    def _enter(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            if item.optional_vars is not None:
                self._put_all(item.optional_vars, self.values.of(item.context_expr))

    def _return(self, node: ast.Return | ast.Yield | ast.YieldFrom) -> None:
        owner = self.nodes.owners.get(id(node))
        if owner is not None and node.value is not None:
            self._put(f"{owner}()", self.values.of(node.value))

    def _rename(self, node: ast.Assign) -> None:
        """f = getattr(os, "system"), m = import_module("os"), g = os.system: another name for the same thing."""
        target, value, name = node.targets[0], node.value, ""
        if not isinstance(target, ast.Name) or target.id in self.values.aliases:
            return
        if isinstance(value, ast.Attribute):
            name = self.values.dotted(value)
        elif isinstance(value, ast.Subscript):
            key = self.values.of(value.slice).texts
            name = key[0] if len(key) == 1 and key[0] in ("exec", "eval", "compile", "__import__") else ""
        elif isinstance(value, ast.Call):
            called = self.values.dotted(value.func)
            if called.endswith(("HTTPSConnection", "HTTPConnection", "SMTP", "SMTP_SSL")):
                self.values.aliases[target.id] = called
                self.renamed = True
                return
            name = self._made(called, value)
        if name and (runs(name) or "." not in name):
            self.values.aliases[target.id] = name
            self.renamed = True

    def _made(self, called: str, node: ast.Call) -> str:
        """What getattr or an import by name gives."""
        if called == "getattr" and len(node.args) > 1:
            return self.values.reflected(node)
        if called in ("__import__", "importlib.import_module") and node.args:
            name = "".join(self.values.of(node.args[0]).texts)
            return name if name in ("os", "subprocess", "builtins", "socket", "requests", "pty") else ""
        return ""

    def _pass_arguments(self, node: ast.Call) -> None:
        """Into a local function's parameters, and into the list or dictionary a method changes."""
        local = self.functions.get(self.values.dotted(node.func).rsplit(".", 1)[-1]) if self.functions else None
        if local is not None:
            names = [a.arg for a in local.args.posonlyargs + local.args.args]
            if names[:1] in (["self"], ["cls"]):
                names = names[1:]
            for parameter, argument in zip(names, node.args, strict=False):
                self._put(parameter, self.values.of(argument))
            for keyword in node.keywords:
                if keyword.arg:
                    self._put(keyword.arg, self.values.of(keyword.value))
        elif isinstance(node.func, ast.Attribute) and node.func.attr in _FILLING:
            for target in self._targets(node.func.value):
                for argument in node.args:
                    self._put(target, self.values.of(argument))

    def _call(self, node: ast.Call, in_loop: bool) -> Call:
        name = self.values.dotted(node.func)
        if name == "getattr" and len(node.args) > 1:
            name = self.values.reflected(node)
        keywords = tuple(k.arg for k in node.keywords if k.arg)
        first = self.values.of(node.args[0]) if node.args else NOTHING
        kind = kind_of(name, carries(keywords, len(node.args)))
        value = self.values.of_arguments(node.args[1:], node.keywords, first, TEXTS if kind in _RUN else FEW)
        if isinstance(node.func, ast.Attribute) and not is_sender(name):
            value = value.plus(self.values.of(node.func.value))
        if kind and p.CUT in value.labels:
            self.program.was_cut(MANY, self.program.line + node.lineno - 1)
        return Call(
            name,
            self.program.line + node.lineno - 1,
            self._source(node),
            kind,
            self._given(value.texts, self.program.line + node.lineno - 1) if kind else value.texts,
            value.origins | self.values.labels(name, value),
            value.secrets,
            "",
            first.origins,
            in_loop,
            keywords,
        )

    def _given(self, texts: tuple[str, ...], line: int) -> tuple[str, ...]:
        """The texts that reach a call, as far as there is room for what checks look through."""
        self.room -= sum(map(len, texts)) + LEAST * len(texts)
        if self.room >= 0 or not texts:
            return texts
        self.program.was_cut(MANY, line)
        if texts not in self.shortened:
            self.shortened[texts] = tuple([gist(text, SHORT)[0] for text in most_telling(texts)])
        return self.shortened[texts]

    def _source(self, node: ast.Call) -> str:
        rows = self.rows[node.lineno - 1 : node.end_lineno or node.lineno]
        if len(rows) > ROWS:
            rows = [*rows[: ROWS // 2], *rows[-ROWS // 2 :]]
        return as_written(" ".join([row.strip() for row in rows]))


def _fields(node: ast.ClassDef) -> set[str]:
    """The names to which the body of a class gives a value."""
    assigned = [target for part in node.body if isinstance(part, ast.Assign) for target in part.targets]
    assigned += [part.target for part in node.body if isinstance(part, ast.AnnAssign) and part.value is not None]
    return {target.id for target in assigned if isinstance(target, ast.Name)}


_FOLLOWED: dict[type, Callable[[Flow, ast.AST], None]] = {
    ast.Assign: Flow._assign,
    ast.AnnAssign: Flow._assign_one,
    ast.AugAssign: Flow._assign_one,
    ast.NamedExpr: Flow._assign_one,
    ast.For: Flow._iterate,
    ast.AsyncFor: Flow._iterate,
    ast.comprehension: Flow._iterate,
    ast.With: Flow._enter,
    ast.AsyncWith: Flow._enter,
    ast.Return: Flow._return,
    ast.Yield: Flow._return,
    ast.YieldFrom: Flow._return,
    ast.Call: Flow._pass_arguments,
}
