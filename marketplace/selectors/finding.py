"""Skills found by words, narrowed by facets, sorted and paged; each kind of question costs fixed numbers of queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from marketplace import search
from marketplace.errors import Refusal
from marketplace.models import Keyword, Publisher, Skill
from marketplace.selectors.paging import beyond, decode, encode
from marketplace.selectors.skills import skills_listed

CARD_FIELDS = (
    "pk", "full_name", "summary", "license", "keywords", "verdict", "safety_score", "quality_score", "quality_tier",
    "published_at", "downloads", "rating_count", "rating_sum", "rank", "rating_order", "latest__version",
    "latest__digest",
)  # fmt: skip
# The columns behind all facets but the last, which has rows of its own.
_COLUMNS = ("verdict", "license", "quality_tier", "publisher")
FACET_VALUES = 20
# Skills of one name, of different publishers, that are set before all other hits.
_NAMESAKES = 20
FACETS = ("verdict", "license", "tier", "publisher", "keyword")
VERDICTS = ("pass", "warn", "unknown", "block")
SORTS = ("relevance", "newest", "downloads", "quality", "rating")


@dataclass(frozen=True, slots=True)
class SkillQuery:
    """What somebody looks for. Empty fields do not narrow; several values of one facet widen it."""

    text: str = ""
    verdict: Sequence[str] = ()
    license: Sequence[str] = ()
    publisher: Sequence[str] = ()
    tier: Sequence[str] = ()
    keyword: Sequence[str] = ()
    sort: str = ""

    @property
    def order(self) -> str:
        """relevance needs words; without them it means quality."""
        # A slip would find nothing, and whoever decides by machine would take that for an answer.
        if wrong := next((one for one in self.verdict if one not in VERDICTS), ""):
            raise Refusal("search.verdict", f"There is no verdict {wrong[:20]!r}.", fix=f"Use {', '.join(VERDICTS)}.")
        if self.sort and self.sort not in SORTS:
            raise Refusal("search.sort", f"There is no sort {self.sort[:20]!r}.", fix=f"Use {', '.join(SORTS)}.")
        if not search.query_words(self.text):
            return "quality" if self.sort in ("", "relevance") else self.sort
        return self.sort or "relevance"

    @property
    def is_narrowed(self) -> bool:
        return any((self.verdict, self.license, self.publisher, self.tier, self.keyword))


@dataclass(frozen=True, slots=True)
class SkillPage:
    """rows are of CARD_FIELDS. total is exact without words and at most search.CAP with them."""

    rows: list[dict]
    next: str
    total: int
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)

    @property
    def total_is_capped(self) -> bool:
        return self.total >= search.CAP


# The columns a sort is keyed by: (field, descending). The last makes every key unique.
_KEYS: dict[str, tuple[tuple[str, bool], ...]] = {
    "newest": (("published_at", True), ("pk", True)),
    "downloads": (("downloads", True), ("pk", True)),
    "quality": (("rank", False),),
    "rating": (("rating_order", True), ("pk", True)),
}


def skills_find(query: SkillQuery, *, limit: int = 20, cursor: str = "", facets: bool = False) -> SkillPage:
    """A page of skills, with the counts of what else they could be narrowed to where facets are asked for."""
    order, rows = query.order, _narrowed(query)
    if not search.query_words(query.text):
        counted, total = (_facets_everywhere(rows, query), rows.count()) if facets else ({}, -1)
        return SkillPage(*_keyed_page(rows, order, limit, cursor), total, counted)
    hits = search.hits(query.text, rows if query.is_narrowed else None)
    counted = _facets_of(hits) if facets else {}
    if order == "relevance":
        return SkillPage(*_ranked_page(query.text, hits, rows, limit, cursor), len(hits), counted)
    found = skills_listed().filter(pk__in=[hit.skill_id for hit in hits])
    return SkillPage(*_keyed_page(found, order, limit, cursor), len(hits), counted)


def _narrowed(query: SkillQuery) -> QuerySet[Skill]:
    rows = skills_listed()
    for name, column in zip(FACETS[:-1], ("verdict", "license", "quality_tier", "publisher__handle"), strict=True):
        if values := getattr(query, name):
            rows = rows.filter(**{f"{column}__in": values})
    if query.keyword:
        rows = rows.filter(pk__in=Keyword.objects.filter(word__in=query.keyword).values("skill_id"))
    return rows


def _ranked_page(
    text: str, hits: list[search.Hit], rows: QuerySet[Skill], limit: int, cursor: str
) -> tuple[list[dict], str]:
    """By score; a skill whose very name was asked for comes first, be its words ever so common."""
    wanted = "-".join(search.query_words(text))
    exact = set(rows.filter(name=wanted).order_by("rank").values_list("rank", flat=True)[:_NAMESAKES])
    ordered = [(False, 0.0, rank) for rank in exact]
    ordered = sorted(ordered + [(True, hit.score, hit.rank) for hit in hits if hit.rank not in exact])
    if cursor:
        after = decode(cursor, "relevance", (bool, float, int))
        ordered = [key for key in ordered if key > after]
    keys = ordered[:limit]
    cards = {row["rank"]: row for row in skills_listed().filter(rank__in=[key[2] for key in keys]).values(*CARD_FIELDS)}
    following = encode("relevance", keys[-1]) if len(ordered) > limit else ""
    return [cards[key[2]] for key in keys if key[2] in cards], following


def _keyed_page(rows: QuerySet[Skill], order: str, limit: int, cursor: str) -> tuple[list[dict], str]:
    keys = _KEYS[order]
    if cursor:
        kinds = {"published_at": datetime, "rating_order": float}
        after = decode(cursor, order, tuple(kinds.get(name, int) for name, _ in keys))
        rows = rows.filter(beyond(keys, after))
    rows = rows.order_by(*(f"-{name}" if down else name for name, down in keys))
    found = list(rows.values(*CARD_FIELDS)[: limit + 1])
    following = encode(order, tuple(found[limit - 1][name] for name, _ in keys)) if len(found) > limit else ""
    return found[:limit], following


def _facets_of(hits: Sequence[search.Hit]) -> dict[str, list[tuple[str, int]]]:
    """Counted over at most search.CAP skills."""
    keywords = Keyword.objects.filter(skill__in=[hit.skill_id for hit in hits])
    return _column_facets(Skill.objects.filter(rank__in=[hit.rank for hit in hits])) | _keyword_facet(keywords)


def _facets_everywhere(rows: QuerySet[Skill], query: SkillQuery) -> dict[str, list[tuple[str, int]]]:
    """Counted over all skills that the query's filters leave."""
    keywords = Keyword.objects.filter(skill__in=rows.order_by().values("pk")) if query.is_narrowed else Keyword.objects
    return _column_facets(rows) | _keyword_facet(keywords.all())


def _column_facets(rows: QuerySet[Skill]) -> dict[str, list[tuple[str, int]]]:
    """The facets that are columns, in one pass over the index that holds them; publishers then get their handles."""
    counts: dict[str, Counter] = {name: Counter() for name in FACETS[:-1]}
    for *values, count in rows.order_by().values_list(*_COLUMNS).annotate(n=Count("pk")):
        for counter, value in zip(counts.values(), values, strict=True):
            counter[value] += count
    top = {name: _top(counter.items()) for name, counter in counts.items()}
    handles = dict(Publisher.objects.filter(pk__in=[pk for pk, _ in top["publisher"]]).values_list("pk", "handle"))
    return top | {"publisher": _top((handles[pk], count) for pk, count in top["publisher"] if pk in handles)}


def _keyword_facet(keywords: QuerySet[Keyword]) -> dict[str, list[tuple[str, int]]]:
    counted = keywords.order_by().values_list("word").annotate(n=Count("pk")).order_by("-n", "word")
    return {"keyword": _top(counted[:FACET_VALUES])}


def _top(pairs: Any) -> list[tuple[str, int]]:
    """The commonest values; the empty one is no choice."""
    return sorted(((value, n) for value, n in pairs if value), key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES]
