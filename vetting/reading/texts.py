"""A bundle opened up: its readable files, the blocks of its Markdown, and what was hidden in either by encoding."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vetting.bundle import Bundle
from vetting.reading import layers
from vetting.reading.encodings import all_candidates
from vetting.reading.layers import Budget, Layer
from vetting.reading.markdown import Block, blocks_of, with_prose_in_code
from vetting.reading.prose.asides import asides
from vetting.reading.prose.strewn import with_strewn
from vetting.reading.python import trees
from vetting.reading.reach import sources_of
from vetting.reading.sources import Source, Unread
from vetting.reading.text import Lines


@dataclass(slots=True)
class Hidden:
    """A decoded layer and where its carrier stands."""

    file: str
    line: int
    layer: Layer
    reach: str


@dataclass(eq=False)
class Texts:
    """What there is to read in a skill, each part made once. budget counts what reading costs, and tells what was not
    read."""

    bundle: Bundle
    manifest: object
    known_names: Sequence[str] = ()
    owner: str = ""
    budget: Budget = field(default_factory=Budget)

    @property
    def name(self) -> str:
        return str(getattr(self.manifest, "name", "") or "")

    @property
    def description(self) -> str:
        return str(getattr(self.manifest, "description", "") or "")

    @property
    def raw(self) -> dict:
        raw = getattr(self.manifest, "raw", None)
        return raw if isinstance(raw, dict) else {}

    @cached_property
    def _read(self) -> tuple[list[Source], list[Unread]]:
        trees.forget()  # what the last skill left
        return sources_of(self.bundle, self.budget)

    @property
    def sources(self) -> list[Source]:
        return self._read[0]

    @property
    def unread(self) -> list[Unread]:
        return self._read[1]

    @cached_property
    def entry(self) -> Source | None:
        """SKILL.md, where there is one."""
        return next((s for s in self.sources if s.reach == "entry"), None)

    @cached_property
    def front(self) -> str:
        """SKILL.md's front matter as written."""
        return self.entry.front if self.entry else ""

    @cached_property
    def blocks(self) -> list[Block]:
        """Every block of every Markdown text, SKILL.md's first."""
        out: list[Block] = []
        for source in self.sources:
            if source.lang == "markdown":
                out += with_prose_in_code(with_strewn(blocks_of(source.body, source.body_line, source.path)))
                out += asides(source.body, source.body_line, source.path, self.budget.note)
        if self.description:
            out.insert(0, Block("prose", self.description, 1, file=self.entry.path if self.entry else ""))
        return out

    @cached_property
    def prose(self) -> list[Block]:
        """What is addressed to a reader: paragraphs, list items, headings, tables."""
        return [b for b in self.blocks if b.kind in ("prose", "item", "heading", "table")]

    @cached_property
    def layers(self) -> list[Hidden]:
        """What was hidden by encoding, in any text of the skill."""
        out: list[Hidden] = []
        for source in self.sources:
            if source.sifted is not None:
                found = source.sifted.hidden
            else:
                layered = layers.layers_of(source.text, self.budget, source.reading.once(all_candidates))
                lines = Lines(source.text) if layered else None
                found = [(layer, lines.at(layer.offset)) for layer in layered] if lines else []
            out += [Hidden(source.path, line, layer, source.reach) for layer, line in found]
        return out

    def reach_of(self, file: str) -> str:
        return self._reaches.get(file, "loose")

    @cached_property
    def _reaches(self) -> dict[str, str]:
        return {source.path: source.reach for source in reversed(self.sources)}

    def lines(self, *langs: str) -> Iterator[tuple[Source, int, str]]:
        """Numbered lines of the texts in these languages (all, when none is named)."""
        for source in self.sources:
            if not langs or source.lang in langs:
                for number, line in enumerate(source.text.split("\n"), 1):
                    yield source, number, line
