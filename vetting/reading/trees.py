"""Syntax trees within bounds: error recovery of a grammar can cost the square of a hostile text, so each parse has a limit."""

import time
from collections.abc import Collection

from tree_sitter import Language, Node, Parser, Tree

SECONDS = 1.5


def parse(language: Language, data: bytes, seconds: float = SECONDS) -> Tree | None:
    """The tree, None where the text would cost more than its share of CPU time."""
    if len(data) < 2000:
        return Parser(language).parse(data)
    until = time.thread_time() + seconds
    try:
        return Parser(language).parse(
            lambda offset, _point: data[offset : offset + 65536],
            progress_callback=lambda *_: time.thread_time() > until,
        )
    except ValueError:
        return None


class Flat:
    """A tree as lists in the order of reading, where the nodes inside a node stand right behind it, up to its end.

    A node is spoken of by its place. What is asked often is fetched once: each answer of the tree costs a call. Brackets,
    commas and keywords, which are half of all nodes, are left out.
    """

    def __init__(self, root: Node, loops: Collection[str], limit: int = 2_000_000) -> None:
        self.nodes: list[Node] = []
        self.kinds: list[str] = []
        self.in_loop: list[bool] = []
        self._parents: list[int] = []
        stack = [(root, False, -1)]
        while stack and len(self.nodes) < limit:
            node, loop, parent = stack.pop()
            kind = node.type
            at = len(self.nodes)
            self.nodes.append(node)
            self.kinds.append(kind)
            self.in_loop.append(loop)
            self._parents.append(parent)
            if node.named_child_count:
                loop = loop or kind in loops
                stack.extend([(child, loop, at) for child in reversed(node.named_children)])
        self.spans = [(node.start_byte, node.end_byte) for node in self.nodes]
        self._places = {node.id: at for at, node in enumerate(self.nodes)}
        self.ends = list(range(1, len(self.nodes) + 1))
        for at in range(len(self.nodes) - 1, 0, -1):
            parent = self._parents[at]
            self.ends[parent] = max(self.ends[parent], self.ends[at])

    def place(self, node: Node) -> int:
        return self._places.get(node.id, -1)

    def below(self, at: int) -> list[int]:
        """The children of a node."""
        out, child, end = [], at + 1, self.ends[at]
        while child < end:
            out.append(child)
            child = self.ends[child]
        return out

    def inside(self, at: int, closed: str, limit: int) -> list[int]:
        """The node and those inside it, up to a limit; nodes of the closed kind are not looked into."""
        end, kinds = self.ends[at], self.kinds
        near = min(end, at + limit)  # no more of them are looked at, for expressions stand in expressions
        if closed not in kinds[at + 1 : near]:
            return list(range(at, near))
        out, inner = [at], at + 1
        while inner < end and len(out) < limit:
            out.append(inner)
            inner = self.ends[inner] if kinds[inner] == closed else inner + 1
        return out
