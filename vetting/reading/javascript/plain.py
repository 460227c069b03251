"""JavaScript as if its author had written each text in one piece, as python/plain.py does it for Python. Lines stay."""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter

import tree_sitter_javascript
from tree_sitter import Language, Node

from vetting.reading.pieced import LIMIT, Edit, Plain, PutTogether, rewritten
from vetting.reading.trees import parse

STEPS = 100_000  # expressions of one program that are worked out
DEPTH = 60  # of functions and expressions in one another
_LANGUAGE = Language(tree_sitter_javascript.language())
_PUT = frozenset(
    {"binary_expression", "subscript_expression", "member_expression", "call_expression", "parenthesized_expression"}
)
_CHANGES = frozenset({"assignment_expression", "augmented_assignment_expression", "update_expression"})
_NAMED = frozenset({"function_declaration", "variable_declarator"})
_CUES = re.compile(
    r"""["'`][\s()]*+(?:/[/*]|\+[\s(]*+(?:["'`]|/[/*]))"""  # two texts that follow one another
    r"""|["'`\])}\w]\s*+(?:,\s*+)?[\]})]\s*\[(?!\s*[\])])"""  # one of a list
    r"""|(?:[=,:\[{(+<>]|\breturn)\s*\(\s*["'`]|["'`]\s*\]\s*\.\s*join\("""
    r"""|\\(?:x[2-7]|u00[2-7]|u\{[0-9a-fA-F])"""
    r"""|[=(]\s*\(?\w{1,200}\)?\s*=>\s*\w{1,200}\s*[\n;(]|\)\s*\{\s*return\s+\w{1,200}\s*[(;}\n]"""
)
_ENTRY = re.compile(r"""[\w\]]\[\s*(?:\d+|["'])""")
_TABLE = re.compile(r"""\b(?:const|let|var)\s{1,3}\w{1,200}\s*=\s*[\[{]\s*["'`\w]""")
_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\(?:x[2-7]|u00[2-7]|u\{0{0,4}[2-7][0-9a-fA-F]\})")
_MANY_LETTERS = re.compile(r"(?:\\(?:x[0-9a-fA-F]{2}|u00[0-9a-fA-F]{2}|u\{[0-9a-fA-F]{2}\}|[0-3][0-7]{2})){6}")
_CODE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|(\r\n|[\s\S]))")
_SAID = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


@lru_cache(maxsize=64)
def plain_javascript(text: str) -> Plain:
    """The program in plain words, and was all of it worked out?"""
    if len(text) > LIMIT or not (_CUES.search(text) or (_TABLE.search(text) and _ENTRY.search(text))):
        return Plain(text)
    data = text.encode("utf-8", "replace")
    tree = parse(_LANGUAGE, data)
    if tree is None:
        # That it costs too much to parse is told where the program is read.
        return Plain(text)
    reader = _Plain(data)
    edits = reader.edits(tree.root_node)
    return rewritten(data, edits, reader.whole, b"\n") if edits else Plain(text, reader.whole)


class _Plain(PutTogether[Node]):
    """The expressions of JavaScript: sums, templates, entries of lists, and functions that only give something back."""

    identity = staticmethod(attrgetter("id"))

    def __init__(self, data: bytes) -> None:
        super().__init__(data, STEPS, DEPTH)
        self.functions: dict[str, Node | None] = {}
        self.tables: dict[str, Node | None] = {}
        self.entries: dict[int, dict[str, Node | None]] = {}
        self.returned: dict[int, Node | None] = {}
        self.inner: set[int] = set()  # sums that are the beginning of longer ones

    def edits(self, root: Node) -> list[Edit]:
        """(start, end, text) of the largest expressions that give a text and are not written as one."""
        put, out = [], []
        pending = [root]
        while pending:
            node = pending.pop()
            kind = node.type
            if kind == "string":
                if self._is_coded(node):
                    word = self.text(node, {}) or ""
                    out += [(node.start_byte, node.end_byte, *_as_text(word))] if self._fits(word) else []
                continue
            if kind in _PUT and not (kind == "parenthesized_expression" and self._belongs_to_a_word(node)):
                put.append(node)
            elif kind in _NAMED:
                self._name(node)
            elif kind in _CHANGES and (
                left := node.child_by_field_name("left") or node.child_by_field_name("argument")
            ):
                # What is written into is no text; a list that changes is not known.
                self.tables[self._written(left).partition("[")[0].partition(".")[0]] = None
                pending += [one for one in node.named_children if one != left]
                continue
            pending += reversed(node.named_children)
        for node in put:
            if node.id in self.inner:
                continue
            self.inner.update(_inner(node))
            if (word := self.text(node, {})) is not None:
                out += [(node.start_byte, node.end_byte, *_as_text(word))] if self._fits(word) else []
            elif node.type == "binary_expression":
                runs, _ = self._side_by_side(_parts(node))
                out += [
                    (run[0].start_byte, run[-1].end_byte, *_as_text(word)) for run, word in runs if self._fits(word)
                ]
        return list(_largest(out))

    def _belongs_to_a_word(self, node: Node) -> bool:
        """Brackets that a statement asks for, as behind if and while."""
        before = self.data[max(0, node.start_byte - 12) : node.start_byte].rstrip()
        return before[-1:].isalnum() and not before.endswith(b"return")

    def _is_coded(self, node: Node) -> bool:
        """Is it written with codes for letters that need none? Long runs of codes are read as encodings."""
        written = self._written(node)
        return "\\" in written and bool(_LETTER.search(written)) and not _MANY_LETTERS.search(written)

    def _name(self, node: Node) -> None:
        """Functions and lists by their names; of a name that is given twice nothing is known."""
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or name.type != "identifier":
            return
        word = self._written(name)
        if node.type == "function_declaration":
            self.functions[word] = None if word in self.functions else node
        elif value is not None and value.type in ("arrow_function", "function_expression"):
            self.functions[word] = None if word in self.functions else value
        elif value is not None and value.type in ("array", "object"):
            self.tables[word] = None if word in self.tables else value

    def _written(self, node: Node) -> str:
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _text(self, node: Node, names: dict[str, str]) -> str | None:
        kind = node.type
        if kind == "string":
            return _CODE.sub(_letter, self._written(node)[1:-1])
        if kind == "identifier":
            return names.get(self._written(node)) if names else None
        if kind == "template_string":
            return self._joined(node.named_children, "", names)
        if kind == "string_fragment":
            return self._written(node)
        if kind == "escape_sequence":
            return _CODE.sub(_letter, self._written(node))
        if kind in ("parenthesized_expression", "template_substitution"):
            return self.text(node.named_children[0], names) if node.named_child_count == 1 else None
        if kind == "binary_expression":
            parts = _parts(node)
            return self._joined(parts, "", names) if len(parts) > 1 else None
        if kind in ("subscript_expression", "member_expression"):
            one = self._item(node)
            return None if one is None else self.text(one, names)
        return self._call(node, names) if kind == "call_expression" else None

    def _item(self, node: Node) -> Node | None:
        """The entry that is taken out of a list or an object that is written down."""
        held = node.child_by_field_name("object")
        key = node.child_by_field_name("index") or node.child_by_field_name("property")
        if held is not None and held.type == "identifier":
            held = self.tables.get(self._written(held))
        if held is None or key is None:
            return None
        if held.id not in self.entries:
            self.entries[held.id] = self._entries(held)
        word = self._written(key)
        if held.type == "array":
            return self.entries[held.id].get(str(int(word))) if word.isdecimal() and len(word) < 8 else None
        return self.entries[held.id].get(word.strip("'\"`"))

    def _entries(self, held: Node) -> dict[str, Node | None]:
        """What each number or name takes out of a list or an object; the last of a name counts."""
        if held.type == "array":
            items = [one for one in held.named_children if one.type != "comment"]
            spread = any(one.type == "spread_element" for one in items)
            return {} if spread else {str(at): one for at, one in enumerate(items)}
        pairs = [one for one in held.named_children if one.type == "pair"] if held.type == "object" else []
        return {self._key(one): one.child_by_field_name("value") for one in pairs}

    def _key(self, pair: Node) -> str:
        key = pair.child_by_field_name("key")
        return self._written(key).strip("'\"`") if key is not None else ""

    def _call(self, node: Node, names: dict[str, str]) -> str | None:
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        given = arguments.named_children if arguments is not None else []
        if function is None:
            return None
        if function.type == "member_expression":
            held, deed = function.child_by_field_name("object"), function.child_by_field_name("property")
            if held is None or deed is None or held.type != "array" or len(given) != 1 or self._written(deed) != "join":
                return None
            glue = self.text(given[0], names)
            return None if glue is None else self._joined(held.named_children, glue, names)
        made = self.functions.get(self._written(function)) if function.type == "identifier" else None
        if made is None:
            return None
        if made.id not in self.returned:
            self.returned[made.id] = _returned(made)
        if (gives := self.returned[made.id]) is None:
            return None
        return self._given(made, gives, self._known(zip(self._parameters(made), given, strict=False), names))

    def _parameters(self, function: Node) -> list[str]:
        if (one := function.child_by_field_name("parameter")) is not None:
            return [self._written(one)]
        several = function.child_by_field_name("parameters")
        return [self._written(one) for one in several.named_children] if several is not None else []


def _parts(node: Node) -> list[Node]:
    """A sum of many pieces leans to the left, as deep as it has pieces."""
    out: list[Node] = []
    while node.type == "binary_expression":
        sign, left, right = (node.child_by_field_name(one) for one in ("operator", "left", "right"))
        if sign is None or left is None or right is None or sign.type != "+":
            break
        out.append(right)
        node = left
    return [node, *reversed(out)]


def _inner(node: Node) -> Iterator[int]:
    """The sums with which a sum begins."""
    while (left := node.child_by_field_name("left")) is not None and left.type == node.type == "binary_expression":
        yield left.id
        node = left


def _returned(function: Node) -> Node | None:
    """What a function gives that does nothing else."""
    body = function.child_by_field_name("body")
    if body is None or body.type != "statement_block":
        return body
    inside = [one for one in body.named_children if one.type not in ("comment", "empty_statement")]
    if len(inside) != 1 or inside[0].type != "return_statement":
        return None
    return inside[0].named_children[0] if inside[0].named_child_count == 1 else None


def _largest(edits: list[Edit]) -> Iterator[Edit]:
    """Those that stand in no other."""
    done = 0
    for edit in sorted(edits, key=lambda one: (one[0], -one[1])):
        if edit[0] >= done:
            yield edit
            done = edit[1]


def _as_text(text: str) -> tuple[str, str]:
    """How it is written, and the text itself."""
    written = "'" + json.dumps(text, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return written, text


def _letter(match: re.Match) -> str:
    code = match.group(1) or match.group(2) or match.group(3)
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
    return _SAID.get(match.group(4), match.group(4))
