"""The nodes of a JavaScript program by their place in the flat tree: what is written there, and what is called."""

import re

from tree_sitter import Node

from vetting.reading.programs import WRITTEN, Program, as_written
from vetting.reading.sifting import gist
from vetting.reading.trees import Flat
from vetting.reading.value import TEXT

# Nodes of one expression that are looked at.
NODES = 6_000
ENDS = 100  # bytes of either end of a long name
TEMPLATES = 2_400_000  # characters of all templates of one program, each with those in it
CALLEES = frozenset({"call_expression", "new_expression"})
_LOOPS = frozenset({"while_statement", "for_statement", "for_in_statement"})
_KEYS = frozenset({"property_identifier", "shorthand_property_identifier"})
_SPACE = re.compile(r"\s+")
# Calls of more letters than are held of one (in a program of which so many stand in one another), and of those beyond.
LONG_CALLS, SHORT = 4000, 200
_REQUIRED = re.compile(r"^(?:await)?require\(['\"](?:node:)?([\w/-]+)['\"]\)")


class Nodes:
    """Nodes are spoken of by their place in the flat tree."""

    def __init__(self, data: bytes, program: Program, root: Node) -> None:
        self.data, self.program = data, program
        self.tree = Flat(root, _LOOPS)
        self.names: dict[int, str] = {}
        self.called_names: dict[int, str] = {}
        self.templates: dict[int, str] = {}
        self.room = TEMPLATES
        self.long_calls = LONG_CALLS

    def text(self, at: int, limit: int = 4000) -> str:
        start, end = self.tree.spans[at]
        return self.data[start : min(end, start + limit)].decode("utf-8", "replace")

    def written(self, at: int) -> str:
        start, end = self.tree.spans[at]
        if end - start <= WRITTEN:
            return self.text(at)
        if self.long_calls <= 0:
            # Calls that stand in one another by the thousand would each be held.
            self.program.was_cut("more long calls within one another than are held", self.line(at))
            return self.text(at, SHORT)
        self.long_calls -= 1
        return as_written(
            (self.data[start : start + WRITTEN] + self.data[end - WRITTEN : end]).decode("utf-8", "replace")
        )

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

    def literal(self, at: int) -> str:
        return self.whole(at).strip("'\"`")

    def whole(self, at: int) -> str:
        """A text of any length; of one that is longer than any needs to be, what tells the most."""
        start, end = self.tree.spans[at]
        held, whole = gist(self.data[start:end].decode("utf-8", "replace"), TEXT)
        if not whole:
            self.program.was_cut("a text that is longer than is looked through", self.line(at))
        return held

    def said(self, at: int) -> str:
        """A template without its marks. Each holds those that stand in it, so that all together are bounded."""
        if at not in self.templates:
            start, end = self.tree.spans[at]
            fits = end - start <= self.room
            if not fits:
                self.program.was_cut("templates within templates, more than are looked through", self.line(at))
            self.room -= end - start if fits else 0
            self.templates[at] = self.whole(at)[1:-1] if fits else ""
        return self.templates[at]

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
