"""Where values go in a JavaScript program: through assignments, arguments and returns, until nothing is new.

Order is not regarded: what is known grows round by round, and only the steps that asked for it are gone again.
"""

import re

from tree_sitter import Node

from vetting.reading.javascript.names import opens_a_way
from vetting.reading.javascript.nodes import CALLEES
from vetting.reading.javascript.values import Value, Values
from vetting.reading.programs import Program
from vetting.reading.value import FEW, within

# Rounds that are always gone, and the most; between them as many as these steps allow.
ROUNDS, MOST_ROUNDS, STEPS = 4, 40, 100_000
_FLOWS = frozenset(
    {"variable_declarator", "assignment_expression", "return_statement", "call_expression", "for_in_statement"}
)
_CALM = frozenset({"arrow_function", "function_expression", "class"})
_PARAMETERS = re.compile(
    r"(?:function\s{1,3}([\w$]{1,200})\s{0,3}|(?:const|let|var)\s{1,3}([\w$]{1,200})\s{0,3}=\s{0,3}"
    r"(?:async\s{0,3})?)\(([^()]{0,5000})\)"
)


class Flow(Values):
    """Follows every value to the names that may hold it."""

    def __init__(self, data: bytes, program: Program, root: Node) -> None:
        super().__init__(data, program, root)
        self.ways: set[str] = set()  # names of what leads to the network
        self.parameters = _parameters(program.text)

    def go_round(self) -> None:
        """Each step, and round by round those again that asked for what is known better by now."""
        flows = [at for at, kind in enumerate(self.tree.kinds) if kind in _FLOWS]
        again, order = self.again, range(len(flows))
        again.due.update(order)
        for number in range(max(ROUNDS, min(MOST_ROUNDS, STEPS // (len(flows) or 1)))):
            self.memo = {}
            for place in order:
                if place in again.due:
                    again.begin(place)
                    self.follow(flows[place])
                    again.end()
            if not again.due:
                return
            if number == 1:
                order = order[::-1]
        self.program.was_cut("values are handed on more often than is followed", self.program.line)

    def put(self, name: str, value: Value) -> None:
        texts, labels, secrets = value
        if labels and name.endswith("()"):
            self._add(self.given, name[:-2], labels)
        if texts:
            old = self.texts.get(name, ())
            known = set(old)
            held, cut = within(old + tuple([t for t in texts if t not in known]), FEW)
            if held != old:
                self.texts[name] = held
                self.again.changed(name)
            labels |= cut
        if labels:
            self._add(self.labels, name, labels)
        if secrets:
            self._add(self.secrets, name, secrets)

    def _add(self, kept: dict[str, frozenset[str]], name: str, more: frozenset[str]) -> None:
        old = kept.get(name, frozenset())
        if not more <= old:
            kept[name] = old | more
            self.again.changed(name)

    def follow(self, at: int) -> None:
        kind = self.tree.kinds[at]
        if kind == "call_expression":
            self.pass_arguments(at)
        elif kind == "return_statement":
            owner, named = _function_name(self.tree.nodes[at]), self.tree.below(at)
            if owner is not None and named:
                self.put(self.text(self.tree.place(owner), 200) + "()", self.value(named[0]))
        else:
            self.assign(at)

    def assign(self, at: int) -> None:
        left, right = self.field(at, "name", "left"), self.field(at, "value", "right")
        kinds = self.tree.kinds
        if left < 0 or right < 0:
            return
        if kinds[right] in _CALM:
            self.returned(left, right)
            return
        value = self.value(right)
        if kinds[left] == "identifier" and kinds[right] in CALLEES and opens_a_way(self.name_of(right)):
            self.ways.add(self.text(left, 200))
        if kinds[left] in ("identifier", "member_expression"):
            names = [left]
        else:
            inside = range(left, self.tree.ends[left])
            names = [n for n in inside if kinds[n] in ("identifier", "shorthand_property_identifier_pattern")]
        for target in names:
            self.put(self.text(target, 200), value)

    def returned(self, name: int, function: int) -> None:
        """What a function without a return statement gives: const f = x => read(x)."""
        body = self.field(function, "body") if self.tree.kinds[function] == "arrow_function" else -1
        if body >= 0 and self.tree.kinds[body] != "statement_block":
            self.put(self.text(name, 200) + "()", self.value(body))

    def pass_arguments(self, at: int) -> None:
        """Into a local function's parameters: matched by the function's name, wherever it is defined."""
        function, arguments = self.field(at, "function"), self.field(at, "arguments")
        if function < 0 or arguments < 0:
            return
        name = self.text(function, 200)
        if self.tree.kinds[function] == "member_expression" and name.endswith(
            (".push", ".append", ".set", ".concat", ".unshift")
        ):
            self.put(name.rsplit(".", 1)[0], self.value(arguments))
        if parameters := self.parameters.get(name):
            for parameter, argument in zip(parameters, self.tree.below(arguments), strict=False):
                self.put(parameter, self.value(argument))


def _parameters(text: str) -> dict[str, list[str]]:
    """The parameters of functions that have a name."""
    return {
        match.group(1) or match.group(2): [part.split("=")[0].strip(" {}.") for part in match.group(3).split(",")]
        for match in _PARAMETERS.finditer(text)
    }


def _function_name(node: Node) -> Node | None:
    """The name of the function that a return statement leaves."""
    for _ in range(400):
        if node.parent is None:
            return None
        node = node.parent
        if node.type in ("function_declaration", "method_definition"):
            return node.child_by_field_name("name")
        if node.type in ("arrow_function", "function_expression"):
            holder = node.parent
            return (
                holder.child_by_field_name("name")
                if holder is not None and holder.type == "variable_declarator"
                else None
            )
    return None
