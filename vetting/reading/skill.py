"""The view of a skill that every check reads: its texts, commands, programs and addresses, each made once."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vetting.reading import hosts
from vetting.reading.code import CodeReader
from vetting.reading.hosts import Address, Declared, Standing
from vetting.reading.markdown import Block
from vetting.reading.programs import Program
from vetting.reading.prose.stance import shown_as_bad
from vetting.reading.shell import Command
from vetting.reading.text import Lines
from vetting.reading.texts import Texts

_ROUTINE = re.compile(
    r"\b(?:always|make sure|ensure|important|critical|must|remember|mandatory"
    r"|(?:after|before|once|at the end of) (?:\w+ ){0,2}?(?:any|every|each|all|finish\w*|complet\w*|edit\w*"
    r"|us(?:e|ing)|mak\w+|start\w*|commit\w*|initial\w*|processing|changes|operations?)|pre-\w+ setup|whenever"
    r"|automatically)\b"
)
# What is run as it comes says nothing of whose it is.
_RUN_UNSEEN = re.compile(r"\|\s{0,3}(?:sudo\s{1,3})?(?:/bin/)?(?:ba|z|da)?sh\b|\bsh\s{1,3}-c\b|<\(|\biex\b", re.I)
# Endings under which only their owner gives out names, and one under which nobody has any.
_MAKERS_OWN = frozenset(
    ("example", "google", "goog", "apple", "aws", "amazon", "microsoft", "azure", "adobe", "bmw", "ibm")
)
# Where a hook's address has a variable in the place of what makes it somebody's, and where one is given a value.
_OPEN_TOKEN = re.compile(r"^/(?:bot|api/webhooks/|services/)(?:\$(?:[A-Za-z_]|$)|/|$)")
_TOKEN_SET = re.compile(
    r"\b\w{0,40}(?:TELEGRAM|DISCORD|SLACK|BOT|HOOK)\w{0,40}[\"']?\s{0,3}(?::?=|:-|:)\s{0,3}[\"']?(?!your|my|xxx"
    r"|the\b)(?:\d{5,14}:[\w-]{12,}|[A-Z\d][\w-]{19,}|[\w-]{0,40}\d[\w-]{19,})|[\"'=]\d{6,12}:[\w-]{25,}",
    re.I,
)


@dataclass(slots=True)
class Place:
    """An address and where it stands."""

    address: Address
    file: str
    line: int
    reach: str
    source: str


def _placed(text: str) -> list[tuple[Address, int, str]]:
    """Every address of a text with its line and what else the line says."""
    found = list(hosts.addresses(text))
    if not found:
        return []
    lines, rows = Lines(text), text.split("\n")
    return [(address, line, rows[line - 1][:1000]) for address in found for line in [lines.at(address.offset)]]


class Skill(Texts):
    """A bundle, its manifest, and what the registry knows around it: what it says, does and names."""

    @cached_property
    def code(self) -> CodeReader:
        return CodeReader(self)

    @property
    def commands(self) -> list[Command]:
        return self.code.commands

    @property
    def programs(self) -> list[Program]:
        return self.code.programs

    def kept(self, what: str, key: str, make: Callable[["Skill", str], Any]) -> Any:
        """What a check works out once for a file and then asks for again and again."""
        held = self.__dict__.setdefault("_kept", {})
        if (what, key) not in held:
            held[what, key] = make(self, key)
        return held[what, key]

    def each(self, pattern: re.Pattern, text: str) -> Iterator[re.Match]:
        """Every match in a text, with what all such looks may cost one skill; where that ends is told."""
        for match in pattern.finditer(text):
            if not self.budget.look():
                return
            yield match

    @cached_property
    def declared(self) -> Declared:
        return hosts.declared_by(self.name, self.description, self.front)

    def standing(self, address: Address) -> Standing:
        found = hosts.standing(address, self.declared)
        if found is Standing.DECLARED and not self.declared.says(address.host) and not self._bears_out(address.host):
            return Standing.STRANGER
        return found

    def _bears_out(self, host: str) -> bool:
        """Does anything beside its name make a host the service that the skill is for?

        A name is chosen by whoever writes the skill. A service is also named elsewhere, has a program or a library that
        is used, or keys that its users hold.
        """
        own = hosts.registrable(host)
        brand = own.split(".")[0]
        return self.kept("borne out", own, lambda skill, _: skill._is_service(own, brand))

    def _is_service(self, own: str, brand: str) -> bool:
        spelled = {brand, brand.replace("-", ""), brand.replace("-", "_")}
        places = [
            p for p in self.places if hosts.registrable(p.address.host) == own and not _RUN_UNSEEN.search(p.source)
        ]
        named = {(place.file, place.address.host, place.address.path) for place in places}
        if own.rsplit(".", 1)[-1] in _MAKERS_OWN or len(named) > 1:
            return True
        if any(f"{word.upper()}_" in source.text for word in spelled for source in self.sources):
            return True
        if any(spelled & program.imports for program in self.programs):
            return True
        return any(brand.startswith(name) or name in spelled for c in self.commands if len(name := c.name.lower()) > 3)

    def passes_on(self, address: Address) -> bool:
        """A hook that hands what it is sent to whoever made it, where that may be the skill's maker.

        One whose token is a variable that the skill never sets belongs to whoever runs the skill.
        """
        if not hosts.is_passed_on(address):
            return False
        return not _OPEN_TOKEN.search(address.path) or self._brings_a_token

    @cached_property
    def _brings_a_token(self) -> bool:
        return any(_TOKEN_SET.search(source.text) for source in self.sources)

    @cached_property
    def places(self) -> list[Place]:
        """Every address the skill names."""
        out: list[Place] = []
        for source in self.sources:
            for address, line, row in source.reading.once(_placed):
                out.append(Place(address, source.path, line, source.reach, row))
        return out

    @cached_property
    def mentions(self) -> dict[str, int]:
        """How many lines name each registered host."""
        seen: dict[str, set] = {}
        for place in self.places:
            seen.setdefault(hosts.registrable(place.address.host), set()).add((place.file, place.line))
        return {host: len(lines) for host, lines in seen.items()}

    @cached_property
    def ordered(self) -> frozenset[str]:
        """Base names of files that the prose orders to be run as a routine: after every task, always, first of all."""
        names = {s.path.rsplit("/", 1)[-1] for s in self.sources if s.lang in ("python", "shell", "javascript")}
        texts = [b.plain for b in self.prose if b.kind != "table" and _ROUTINE.search(b.plain)]
        return frozenset(name for name in names if len(name) > 3 and any(name.lower() in text for text in texts))

    def is_ordered(self, file: str) -> bool:
        return file.rsplit("/", 1)[-1] in self.ordered

    @cached_property
    def _most_named(self) -> int:
        return max(self.mentions.values(), default=0)

    def is_aside(self, host: str, often: int = 2) -> bool:
        """Is this host a side show? The service a skill is about is named again and again; a leak is named once."""
        count = self.mentions.get(hosts.registrable(host), 0)
        return count <= often or count * 3 <= self._most_named

    def destinations(self, texts: Sequence[str]) -> list[tuple[Address, Standing]]:
        """The addresses among these texts, each with its standing."""
        return [(a, self.standing(a)) for text in texts for a in hosts.named_in(text)]

    def strangers(self, texts: Sequence[str]) -> list[Address]:
        """The addresses among these texts that the skill declares nowhere and hardly names."""
        return [a for a, standing in self.destinations(texts) if standing in hosts.UNDECLARED and self.is_aside(a.host)]

    def around(self, block: Block, before: int = 6, after: int = 3) -> list[Block]:
        """The blocks near this one under the same innermost heading, itself among them. Other comments part nothing."""
        near = self._by_file.get(block.file, [])
        try:
            at = self._place_of[id(block.within or block)]
        except KeyError:
            return [block]
        window = near[max(0, at - before) : at + after + 1]
        if block.kind == "comment":
            window = [*near[max(0, at - before) : at], block, *near[at : at + after]]
        return [
            b
            for b in window
            if b.headings[-1:] == block.headings[-1:] or (b.kind == "heading" and b.order < block.order)
        ]

    def is_shown_as_bad(self, block: Block | None, line: int) -> bool:
        """Is the code on this line of a page shown as what not to do? What stands in a file of its own never is."""
        return block is not None and shown_as_bad(block, self.around(block), line)

    @cached_property
    def _by_file(self) -> dict[str, list[Block]]:
        out: dict[str, list[Block]] = {}
        for block in self.blocks:
            if block.within is None and block.kind != "comment":
                out.setdefault(block.file, []).append(block)
        return out

    @cached_property
    def _place_of(self) -> dict[int, int]:
        """Of each block its place in its file, of a comment that of what follows it."""
        out: dict[int, int] = {}
        seen: dict[str, int] = {}
        for block in self.blocks:
            if block.within is None:
                out[id(block)] = seen.setdefault(block.file, 0)
                seen[block.file] += block.kind != "comment"
        return out

    @cached_property
    def text(self) -> str:
        """SKILL.md, lower case, for a quick look whether words occur at all."""
        return self.entry.text.lower() if self.entry else ""

    @cached_property
    def is_about_security(self) -> bool:
        """Does the skill say that it looks for attacks? Then naming them is its work (doing them is not)."""
        return bool(
            re.search(
                r"\b(?:secur\w+|audit\w*|vulnerab\w+|scan(?:ner|ning|s)?|malware|threat\w*|injection|pentest\w*"
                r"|guard\w*|vet(?:ting|ter)|sanitiz\w+|red.?team\w*|forensic\w*|detect\w*|pentest\w*|penetration"
                r"|exploit\w*|privilege escalation|red team\w*|offensive|hacking|ctf|attack\w*|incident response"
                r"|hunt\w*)\b|渗透|漏洞|攻防|红队|蓝队|取证|应急响应|网络安全|恶意(?:代码|软件|程序)|脆弱性"
                r"|ペネトレーション|マルウェア|フォレンジック|кибербезопасност|уязвимост|пентест|schwachstellen"
                r"|sicherheitsprüf|vulnérabilité|vulnerabilidad",
                f"{self.name} {self.description}".lower(),
            )
        )

    def is_inert(self, file: str) -> bool:
        """A test's sample in a skill about attacks, which no page names and no step leads to."""
        if not self.is_about_security or self.reach_of(file) != "fixture":
            return False
        name = file.rsplit("/", 1)[-1].lower()
        return not any(name in block.plain for block in self.prose)

    def is_at_work(self, program: Program) -> bool:
        """Is this a script of the skill, or code of SKILL.md itself: no test's sample, no lesson, no further page's example?"""
        if self.reach_of(program.file) == "fixture" or self.is_lesson(program.block):
            return False
        return program.block is None or self.reach_of(program.block.file) == "entry"

    def is_lesson(self, block: Block | None) -> bool:
        """Is this block on a reference page of a skill about attacks? Such pages quote what they teach to find."""
        return block is not None and self.is_about_security and self.reach_of(block.file) != "entry"
