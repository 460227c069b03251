"""TypeScript as JavaScript: its types blanked out by a grammar that knows them, so that rows stay where they are.

The grammar that reads JavaScript stumbles over a type and loses what stands behind it; what is between a name and its
value says nothing about what a program does. A type in which this grammar stumbles too stays as it is.
"""

import re
from functools import cache

from tree_sitter import Language, Node

from vetting.reading.trees import parse

# What is gone when the program runs.
_TYPES = frozenset(
    (
        "type_annotation type_parameters type_arguments interface_declaration type_alias_declaration "
        "accessibility_modifier override_modifier implements_clause asserts_annotation type_predicate_annotation "
        "opting_type_annotation omitting_type_annotation adding_type_annotation function_signature method_signature "
        "abstract_method_signature index_signature ambient_declaration abstract declare readonly override"
    ).split()
)
_TAKEN_FOR = frozenset(("as_expression", "satisfies_expression", "non_null_expression"))
_MAY_BE_LEFT_OUT = frozenset(
    ("optional_parameter", "required_parameter", "public_field_definition", "method_definition", "variable_declarator")
)
_PASSED_ON = frozenset(("import_statement", "export_statement", "import_specifier", "export_specifier"))
# The memory of a parse grows with the square of the signs whose meaning is open: 2,000 take 120 MB, 8,000 take 1.1 GB.
UNCLEAR, SECONDS = 1_500, 0.5
_ASIDE = re.compile(
    rb"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`(?:[^`\\]|\\.)*+`|//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/|=>", re.DOTALL
)
_UNTIL_NEXT = re.compile(rb"<([^<>;]*+)(?=<)")
Edit = tuple[int, int, bytes]


@cache
def _grammar(marked_up: bool) -> Language:
    import tree_sitter_typescript as typescript  # Most skills have no such program.

    return Language(typescript.language_tsx() if marked_up else typescript.language_typescript())


def without_types(data: bytes) -> bytes:
    """The same rows without types; the text as it is where it costs more to parse than a text of its length may."""
    if is_unclear(data):
        return data
    tree = parse(_grammar(False), data, SECONDS)
    if tree is not None and tree.root_node.has_error and (b"/>" in data or b"</" in data):
        tree = parse(_grammar(True), data, SECONDS) or tree
    return _edited(data, _edits(tree.root_node)) if tree is not None else data


def is_unclear(data: bytes) -> bool:
    """Is it too often unknown whether a `<` compares or opens a type when the next one comes, as in `a<b, c<d`?"""
    bare = _ASIDE.sub(b" ", data)
    return sum(b"," in match.group(1) or b"|" in match.group(1) for match in _UNTIL_NEXT.finditer(bare)) > UNCLEAR


def _edited(data: bytes, edits: list[Edit]) -> bytes:
    out, at = [], 0
    for start, end, word in sorted(edits):
        if start >= at:
            out += [data[at:start], word.ljust(len(_blank(data[start:end]))) if word else _blank(data[start:end])]
            at = end
    return b"".join([*out, data[at:]])


def _blank(piece: bytes) -> bytes:
    return b"\n".join(b" " * len(row) for row in piece.split(b"\n"))


def _edits(root: Node) -> list[Edit]:
    edits: list[Edit] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if (node.type in _TYPES and not node.has_error) or (node.type in _PASSED_ON and _is_of_types(node)):
            edits.append((node.start_byte, node.end_byte, b""))
        else:
            edits += _changed(node)
            waiting += node.children
    return edits


def _is_of_types(node: Node) -> bool:
    """`import type`, `export type`, `export interface`: nothing of it is left."""
    return node.type.endswith("statement") and any(
        (child.type in ("type", "typeof") and child.child_count == 0) or (child.type in _TYPES and not child.has_error)
        for child in node.children[:3]
    )


def _changed(node: Node) -> list[Edit]:
    """What JavaScript writes in another way."""
    kind, children = node.type, node.children
    if kind in _TAKEN_FOR and children and not any(child.has_error for child in children[1:]):
        return [(children[0].end_byte, node.end_byte, b"")]
    if kind in _MAY_BE_LEFT_OUT:
        return [(c.start_byte, c.end_byte, b"") for c in children if c.type in ("?", "!")] + [
            (c.start_byte, c.end_byte, b"self") for c in children if c.type == "this"
        ]
    if kind.endswith("_specifier"):
        return [(c.start_byte, c.end_byte, b"") for c in children[:-1] if c.type in ("type", "typeof")]
    if kind == "enum_declaration":
        return [edit for child in children for edit in _of_enum(child)]
    if kind == "internal_module":
        return [(node.start_byte, body.start_byte, b"") for body in children if body.type == "statement_block"]
    if kind == "import_statement" and any(child.type == "import_require_clause" for child in children):
        return [(children[0].start_byte, children[0].end_byte, b"var")]
    if kind == "export_statement" and len(children) > 1 and children[1].type == "=":
        return [(children[0].start_byte, children[0].end_byte, b"module")]
    return []


def _of_enum(child: Node) -> list[Edit]:
    """A table of names and values."""
    if child.type == "const":
        return [(child.start_byte, child.end_byte, b"")]
    if child.type == "enum":
        return [(child.start_byte, child.end_byte, b"var")]
    if child.type != "enum_body":
        return []
    signs = [sign for row in child.children if row.type == "enum_assignment" for sign in row.children]
    return [
        (child.start_byte, child.start_byte + 1, b"={"),
        *((sign.start_byte, sign.end_byte, b":") for sign in signs if sign.type == "="),
    ]
