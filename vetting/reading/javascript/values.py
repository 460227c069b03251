"""What a JavaScript expression may hold: its parts, with what is known of the names in it, within the bounds of value.py."""

import re

from tree_sitter import Node

from vetting.reading import programs as p
from vetting.reading.again import Again
from vetting.reading.javascript.names import is_shell, is_talk, origin_of_call
from vetting.reading.javascript.nodes import CALLEES, NODES, Nodes
from vetting.reading.places import credential_in, is_credential, is_secret_name
from vetting.reading.programs import Program
from vetting.reading.value import FEW, JOINED, TEXT, within

# Nodes of one expression that are looked at, once those of all of them are many.
FEWER, WORK = 40, 1_200_000
Value = tuple[tuple[str, ...], frozenset[str], frozenset[str]]  # texts, labels, secrets
NOTHING: Value = ((), frozenset(), frozenset())
_SUM = frozenset({"string", "string_fragment", "escape_sequence", "comment", "binary_expression", "identifier"})
_MEMBERS = frozenset({"member_expression", "subscript_expression"})
_NAMES = frozenset({"identifier", "shorthand_property_identifier"})
_JOINS = frozenset({"path.join", "path.resolve"})
_HOLE = re.compile(r"\$\{([\w.$]{1,80})\}")


class Values(Nodes):
    """What the names of a program are known to hold by now, and what an expression holds by that."""

    def __init__(self, data: bytes, program: Program, root: Node) -> None:
        super().__init__(data, program, root)
        self.texts: dict[str, tuple[str, ...]] = {}
        self.labels: dict[str, frozenset[str]] = {}
        self.secrets: dict[str, frozenset[str]] = {}
        self.given: dict[str, frozenset[str]] = {}  # what a function gives, by its name
        self.memo: dict[int, Value] = {}
        self.makers: dict[int, int] = {}  # the step in which each of them was worked out
        self.again = Again()
        self.work = 0

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
            elif kind in CALLEES:
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
        return (
            end - at <= NODES
            and set(kinds[at:end]) <= _SUM
            and all(len(self.texts.get(self.name(n), ())) == 1 for n in range(at, end) if kinds[n] == "identifier")
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
        return _HOLE.sub(self.filled, self.said(at))

    def filled(self, hole: re.Match) -> str:
        self.again.asked(hole.group(1))
        known = self.texts.get(hole.group(1), ())
        return known[0] if len(known) == 1 else hole.group()
