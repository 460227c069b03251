"""JavaScript and TypeScript into calls with their flows, through tree-sitter; a broken file gives what can be read.

nodes.py says what is written where, values.py what an expression may hold, flow.py follows that through the program, and
names.py knows what names stand for.
"""

import re
from bisect import bisect_left

import tree_sitter_javascript
from tree_sitter import Language, Node

from vetting.reading import programs as p
from vetting.reading.javascript.flow import Flow
from vetting.reading.javascript.names import asks_a_name, kind_by_name, kind_of, told_to
from vetting.reading.javascript.nodes import CALLEES
from vetting.reading.javascript.plain import plain_javascript
from vetting.reading.javascript.typescript import is_unclear, without_types
from vetting.reading.javascript.values import NOTHING
from vetting.reading.pieced import IN_PIECES
from vetting.reading.prefilter import known
from vetting.reading.programs import Call, Program
from vetting.reading.trees import parse

JAVASCRIPT = Language(tree_sitter_javascript.language())
LIMIT = 600_000
_CUT = frozenset({p.CUT})
_LEAVES = re.compile(rb"\b(?:break|return|throw)\b")
_FOREVER = re.compile(r"while\s{0,3}\(\s{0,3}(?:true|1)\s{0,3}\)")

_TEMPLATE = re.compile(r"\{\{|\{%|<%")  # what a program is made from, not one yet


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
    if tree is not None and tree.root_node.has_error:
        if is_unclear(data):
            program.was_cut("a program of more types that are left open than are parsed at once", line)
        elif (plain := without_types(data)) != data:
            data, tree = plain, parse(JAVASCRIPT, plain)
    if tree is None:
        program.error = "costs more to parse than a text of its length may"
        program.was_cut("a program that could not be understood", line)
        return program
    _Calls(data, program, tree.root_node).read()
    if tree.root_node.has_error and ((not program.calls and len(text) > 200) or not _TEMPLATE.search(text)):
        program.broken_at = line + _first_error(tree.root_node)
        program.error = f"does not parse as JavaScript or TypeScript in line {program.broken_at}"
    return program


def _first_error(node: Node) -> int:
    """The row, counted from 0, from which on the grammar does not understand what stands there."""
    while not (node.is_error or node.is_missing) and (
        inner := next((child for child in node.children if child.has_error or child.is_missing), None)
    ):
        node = inner
    return node.start_point[0]


class _Calls(Flow):
    """Every call of a program, with what reaches it."""

    def __init__(self, data: bytes, program: Program, root: Node) -> None:
        super().__init__(data, program, root)
        self.spawns = "child_process" in program.text

    def read(self) -> None:
        kinds = self.tree.kinds
        self._index()
        self.go_round()
        self.memo = {}
        leaves = [match.start() for match in _LEAVES.finditer(self.data)]
        for at, kind in enumerate(kinds):
            if kind in CALLEES:
                self.program.calls.append(self.call(at))
            elif kind == "while_statement" and _FOREVER.match(self.text(at, 40)):
                start, end = self.tree.spans[at]
                place = bisect_left(leaves, start)
                if place == len(leaves) or leaves[place] >= end:
                    self.program.forever.append(self.line(at))

    def _index(self) -> None:
        imports, strings = set(), self.program.strings
        for at, kind in enumerate(self.tree.kinds):
            if kind == "string":
                start, end = self.tree.spans[at]
                if end - start > 5:
                    strings.append((self.literal(at), self.line(at)))
            elif kind == "template_string":
                strings.append((self.said(at), self.line(at)))
            elif kind == "import_statement" or (kind == "arguments" and self.tree.nodes[at].child_count < 5):
                imports |= {self.literal(below) for below in self.tree.below(at) if self.tree.kinds[below] == "string"}
        self.program.imports = frozenset(imports)

    def call(self, at: int) -> Call:
        name = self.name_of(at)
        arguments = self.field(at, "arguments")
        texts, labels, secrets = self.value(arguments) if arguments >= 0 else NOTHING
        first = next(iter(self.tree.below(arguments)), -1) if arguments >= 0 else -1
        first_texts, first_labels, _ = self.value(first) if first >= 0 else NOTHING
        if len(first_texts) < len(texts) and first_texts:
            texts = tuple(dict.fromkeys((*first_texts, *texts)))
        source = self.written(at)
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
