"""JavaScript and TypeScript into calls with their flows, through tree-sitter; a broken file gives what can be read."""

import re

import tree_sitter_javascript
from tree_sitter import Language, Node

from vetting.reading import programs as p
from vetting.reading.again import Again
from vetting.reading.javascript.names import (
    asks_a_name,
    is_shell,
    is_talk,
    kind_by_name,
    kind_of,
    opens_a_way,
    origin_of_call,
    told_to,
)
from vetting.reading.javascript.plain import plain_javascript
from vetting.reading.javascript.typescript import without_types
from vetting.reading.pieced import IN_PIECES
from vetting.reading.places import credential_in, is_credential, is_secret_name
from vetting.reading.prefilter import known
from vetting.reading.programs import Call, Program
from vetting.reading.sifting import gist
from vetting.reading.trees import Flat, parse
from vetting.reading.value import FEW, JOINED, TEXT, within

JAVASCRIPT = Language(tree_sitter_javascript.language())
LIMIT = 600_000
# Rounds that are always gone, and the most; between them as many as these steps allow.
ROUNDS, MOST_ROUNDS, STEPS = 4, 40, 100_000
# Nodes of one expression that are looked at, and nodes of all of them from which on it is fewer.
NODES, FEWER, WORK = 6_000, 40, 1_200_000

ENDS = 100  # bytes of either end of a long name
Value = tuple[tuple[str, ...], frozenset[str], frozenset[str]]  # texts, labels, secrets
NOTHING: Value = ((), frozenset(), frozenset())
_CUT = frozenset({p.CUT})
_SUM = frozenset({"string", "string_fragment", "escape_sequence", "comment", "binary_expression", "identifier"})
_KEYS = frozenset({"property_identifier", "shorthand_property_identifier"})
_CALLEES = frozenset({"call_expression", "new_expression"})
_LOOPS = frozenset({"while_statement", "for_statement", "for_in_statement"})
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_FLOWS = frozenset(
    {"variable_declarator", "assignment_expression", "return_statement", "call_expression", "for_in_statement"}
)
_CALM = frozenset({"arrow_function", "function_expression", "class"})
_FOREVER = re.compile(r"while\s{0,3}\(\s{0,3}(?:true|1)\s{0,3}\)")
_PARAMETERS = re.compile(
    r"(?:function\s{1,3}([\w$]{1,200})\s{0,3}|(?:const|let|var)\s{1,3}([\w$]{1,200})\s{0,3}=\s{0,3}"
    r"(?:async\s{0,3})?)\(([^()]{0,5000})\)"
)
_JOINS = frozenset({"path.join", "path.resolve"})
_HOLE = re.compile(r"\$\{([\w.$]{1,80})\}")
_SPACE = re.compile(r"\s+")
_REQUIRED = re.compile(r"^(?:await)?require\(['\"](?:node:)?([\w/-]+)['\"]\)")


def read_javascript(text: str, line: int = 1, file: str = "", origin: str = "file", block: object = None) -> Program:
    program = Program(file, line, "javascript", known(text), origin, block=block)
    if len(text) > LIMIT:
        program.error = "longer than the parser's limit"
        return program
    plain = plain_javascript(text)
    text = program.text = known(plain.text)
    program.made = [(word, line + row) for word, row in plain.made]
    if not plain.whole:
        program.was_cut(IN_PIECES, line)
    data = text.encode("utf-8", "replace")
    tree = parse(JAVASCRIPT, data)
    if tree is not None and tree.root_node.has_error and (plain := without_types(data)) != data:
        data, tree = plain, parse(JAVASCRIPT, plain)
    if tree is None:
        program.error = "costs more to parse than a text of its length may"
        program.was_cut("a program that could not be understood", line)
        return program
    _Flow(data, program, tree.root_node).read()
    if not program.calls and tree.root_node.has_error and len(text) > 200:
        program.error = "does not parse as JavaScript"
    return program


class _Flow:
    """Nodes are spoken of by their place in the flat tree."""

    def __init__(self, data: bytes, program: Program, root: Node) -> None:
        self.data, self.program = data, program
        self.tree = Flat(root, _LOOPS)
        self.texts: dict[str, tuple[str, ...]] = {}
        self.labels: dict[str, frozenset[str]] = {}
        self.secrets: dict[str, frozenset[str]] = {}
        self.ways: set[str] = set()  # names of what leads to the network
        self.given: dict[str, frozenset[str]] = {}  # what a function gives, by its name
        self.memo: dict[int, Value] = {}
        self.makers: dict[int, int] = {}  # the step in which each of them was worked out
        self.again = Again()
        self.names: dict[int, str] = {}
        self.called_names: dict[int, str] = {}
        self.parameters = _parameters(program.text)
        self.spawns = "child_process" in program.text
        self.work = 0

    def text(self, at: int, limit: int = 4000) -> str:
        start, end = self.tree.spans[at]
        return self.data[start : min(end, start + limit)].decode("utf-8", "replace")

    def name(self, at: int) -> str:
        name = self.names.get(at)
        if name is None:
            name = self.names[at] = self.text(at, 200)
        return name

    def line(self, at: int) -> int:
        return self.program.line + self.tree.nodes[at].start_point[0]

    def field(self, at: int, *names: str) -> int:
        """The place of the first of these fields that a node has; -1 for none."""
        node = self.tree.nodes[at]
        for name in names:
            if (found := node.child_by_field_name(name)) is not None:
                return self.tree.place(found)
        return -1

    def read(self) -> None:
        kinds = self.tree.kinds
        self._index()
        self._go_round([at for at, kind in enumerate(kinds) if kind in _FLOWS])
        self.memo = {}
        for at, kind in enumerate(kinds):
            if kind in _CALLEES:
                self.program.calls.append(self.call(at))
            elif kind == "while_statement" and _FOREVER.match(self.text(at, 40)):
                start, end = self.tree.spans[at]
                if not re.search(rb"\b(?:break|return|throw)\b", self.data[start:end]):
                    self.program.forever.append(self.line(at))

    def _go_round(self, flows: list[int]) -> None:
        """Each step, and round by round those again that asked for what is known better by now."""
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

    def _index(self) -> None:
        imports, strings = set(), self.program.strings
        for at, kind in enumerate(self.tree.kinds):
            if kind == "string":
                start, end = self.tree.spans[at]
                if end - start > 5:
                    strings.append((self.literal(at), self.line(at)))
            elif kind == "template_string":
                strings.append((self.whole(at)[1:-1], self.line(at)))
            elif kind == "import_statement" or (kind == "arguments" and self.tree.nodes[at].child_count < 5):
                imports |= {self.literal(below) for below in self.tree.below(at) if self.tree.kinds[below] == "string"}
        self.program.imports = frozenset(imports)

    def literal(self, at: int) -> str:
        return self.whole(at).strip("'\"`")

    def whole(self, at: int) -> str:
        """A text of any length; of one that is longer than any needs to be, what tells the most."""
        start, end = self.tree.spans[at]
        held, whole = gist(self.data[start:end].decode("utf-8", "replace"), TEXT)
        if not whole:
            self.program.was_cut("a text that is longer than is looked through", self.line(at))
        return held

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
        if kinds[left] == "identifier" and kinds[right] in _CALLEES and opens_a_way(self.name_of(right)):
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

    def value(self, at: int) -> Value:
        """(texts, labels, secrets) of all that stands in an expression."""
        if at in self.memo:
            self.again.took_over(self.makers[at])
            return self.memo[at]
        self.makers[at] = self.again.step
        texts: list[str] = []
        labels: set[str] = set()
        secrets: set[str] = set()
        # What an expression may cost shrinks once the whole program has cost a lot: nesting must not square.
        most = NODES if self.work < WORK else FEWER
        inside = self.tree.inside(at, "function_declaration", most)
        if len(inside) >= most:
            labels.add(p.CUT)
        self.work += len(inside)
        kinds = self.tree.kinds
        for inner in inside:
            kind = kinds[inner]
            if kind == "string":
                texts.append(self.literal(inner))
            elif kind in _NAMES:
                self.take(self.name(inner), texts, labels, secrets)
            elif kind in _MEMBERS:
                self.member(inner, texts, labels, secrets)
            elif kind in _CALLEES:
                self.called(inner, labels)
            elif kind == "template_string":
                texts.append(self.template(inner))
        # A longer one would grow with every round in which a name is joined to itself.
        short = sum(map(len, texts)) <= JOINED
        if kinds[at] == "binary_expression" and short and self._is_sum(at):
            texts = ["".join(texts)]
        elif kinds[at] == "call_expression" and short and len(texts) > 1 and self.name_of(at) in _JOINS:
            texts = ["/".join(texts)]
        different = tuple(dict.fromkeys(texts))
        if p.FILE in labels and p.CRED_FILE not in labels and any(map(is_credential, different)):
            labels.add(p.CRED_FILE)
        held, cut = within(different, FEW)
        self.memo[at] = value = (held, labels | cut, frozenset(secrets))
        return value

    def _is_sum(self, at: int) -> bool:
        """Is it a sum of texts and of names of one text each?"""
        kinds, end = self.tree.kinds, self.tree.ends[at]
        return set(kinds[at:end]) <= _SUM and all(
            len(self.texts.get(self.name(n), ())) == 1 for n in range(at, end) if kinds[n] == "identifier"
        )

    def take(self, name: str, texts: list[str], labels: set[str], secrets: set[str]) -> None:
        self.again.asked(name)
        if name in self.texts:
            texts.extend(self.texts[name])
        if name in self.labels:
            labels |= self.labels[name]
        if name in self.secrets:
            secrets |= self.secrets[name]
        if name in self.given:
            # A function that is handed on, as to map or then, will be called.
            labels |= self.given[name]
        if is_talk(name):
            labels.add(p.TALK)

    def member(self, at: int, texts: list[str], labels: set[str], secrets: set[str]) -> None:
        name = self.name(at)
        self.take(name, texts, labels, secrets)
        if name in ("process.env", "Deno.env", "Bun.env", "import.meta.env"):
            outer = self.tree.nodes[at].parent
            if outer is None or outer.type not in _MEMBERS:
                labels.add(p.ENV_ALL)
        elif ".env" in name and (match := re.match(r"(?:process|Bun|import\.meta)\.env(?:\.(\w+)|\[['\"](\w+))", name)):
            variable = match.group(1) or match.group(2)
            if is_secret_name(variable):
                labels.add(p.ENV_SECRET)
                secrets.add(variable)
        elif name == "process.argv":
            labels.add(p.INPUT)

    def called(self, at: int, labels: set[str]) -> None:
        name = self.name_of(at)
        self.again.asked(f"{name}()")
        labels |= self.labels.get(f"{name}()", frozenset())
        labels |= origin_of_call(name)
        if is_shell(name):
            command = self.text(at, TEXT)
            if re.search(r"\b(?:pbpaste|xclip|xsel|screencapture|Get-Clipboard)\b", command):
                labels.add(p.WATCH)
            if credential_in(command):
                labels.add(p.CRED_FILE)
            if re.search(r"['\"`;&|](?:env|printenv)['\"`;&|]", command):
                labels.add(p.ENV_ALL)

    def template(self, at: int) -> str:
        return _HOLE.sub(self.filled, self.whole(at)[1:-1])

    def filled(self, hole: re.Match) -> str:
        self.again.asked(hole.group(1))
        known = self.texts.get(hole.group(1), ())
        return known[0] if len(known) == 1 else hole.group()

    def name_of(self, at: int) -> str:
        name = self.called_names.get(at)
        if name is None:
            function = self.field(at, "function", "constructor")
            name = _SPACE.sub("", self.ends(function)) if function >= 0 else ""
            name = _REQUIRED.sub(r"\1", name) if "require(" in name else name
            name = f"new {name}" if self.tree.kinds[at] == "new_expression" else name
            self.called_names[at] = name
        return name

    def ends(self, at: int) -> str:
        """The beginning and the end of a name: what a call does stands at its end."""
        start, end = self.tree.spans[at]
        if end - start <= 2 * ENDS:
            return self.text(at)
        return f"{self.text(at, ENDS)}…{self.data[end - ENDS : end].decode('utf-8', 'replace')}"

    def keys(self, at: int) -> str:
        """The keys of what is handed to a call."""
        inside = self.tree.inside(at, "function_declaration", NODES) if at >= 0 else []
        return " ".join([self.text(inner, 40) for inner in inside if self.tree.kinds[inner] in _KEYS])

    def call(self, at: int) -> Call:
        name = self.name_of(at)
        arguments = self.field(at, "arguments")
        texts, labels, secrets = self.value(arguments) if arguments >= 0 else NOTHING
        first = next(iter(self.tree.below(arguments)), -1) if arguments >= 0 else -1
        first_texts, first_labels, _ = self.value(first) if first >= 0 else NOTHING
        if len(first_texts) < len(texts) and first_texts:
            texts = tuple(dict.fromkeys((*first_texts, *texts)))
        source = self.text(at, 400)
        timed = first >= 0 and self.tree.kinds[first] == "string"
        kind = kind_of(name, timed, self.spawns, source)
        if kind == p.FETCHES and kind_by_name(name) == p.SENDS:
            kind = kind_of(name, timed, self.spawns, self.keys(arguments))
        owner, _, deed = name.rpartition(".")
        if owner in self.ways and deed in ("write", "send", "end"):
            kind = p.SENDS
            texts += self.texts.get(owner, ())
        elif kind and asks_a_name(name):
            # A name that is put together and ends in somebody's domain carries what stands before it to him.
            tails = tuple(tail for text in texts if (tail := told_to(text)))
            kind, texts = (p.SENDS, texts + tails) if tails else ("", texts)
        if kind and p.CUT in labels:
            self.program.was_cut("the values that reach a call are more than are followed", self.line(at))
        labels, first_labels = labels - _CUT, first_labels - _CUT
        loop = self.tree.in_loop[at]
        return Call(name, self.line(at), source, kind, texts, labels, secrets, "", first_labels, loop)


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
