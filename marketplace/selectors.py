"""Every shared read. What a person may not know of is not found, and no read grows with the rows it shows."""

import base64
import binascii
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from marketplace import search
from marketplace.errors import NotFound, Refusal
from marketplace.models import Keyword, Membership, Publisher, Rating, Release, Skill

CARD_FIELDS = (
    "pk", "full_name", "summary", "license", "keywords", "verdict", "safety_score", "quality_score", "quality_tier",
    "published_at", "downloads", "rating_count", "rating_sum", "rank", "rating_order", "latest__version",
    "latest__digest",
)  # fmt: skip
HEAVY = ("report", "attestation", "readme", "files", "manifest", "document")
FACET_VALUES = 20
FACETS = ("verdict", "license", "tier", "publisher", "keyword")
SORTS = ("relevance", "newest", "downloads", "quality", "rating")


# --- Who is asking --------------------------------------------------------------------------------------------------
def is_member(user: Any, publisher: Publisher) -> bool:
    return bool(user and user.pk) and Membership.objects.filter(user_id=user.pk, publisher=publisher).exists()


def may_see_unpublished(user: Any, publisher: Publisher) -> bool:
    """The team sees its own releases at every stage; so does the registry's staff."""
    return bool(user and user.pk) and (user.is_staff or is_member(user, publisher))


def publishers_of(user: Any) -> QuerySet[Publisher]:
    """The publishers that a person publishes for."""
    return Publisher.objects.filter(memberships__user=user).order_by("handle")


# --- One thing ------------------------------------------------------------------------------------------------------
def publisher_get(handle: str) -> Publisher:
    publisher = Publisher.objects.filter(handle=handle).first()
    if publisher is None:
        raise NotFound("publisher.not-found", f"There is no publisher {handle[:80]!r}.")
    return publisher


def skill_get(full_name: str, *, user: Any = None) -> Skill:
    """The skill with its publisher and newest release; unpublished ones only for their team."""
    rows = Skill.objects.select_related("publisher", "latest").defer(*(f"latest__{name}" for name in HEAVY))
    skill = rows.filter(full_name=full_name).first()
    if skill is None or not (skill.is_public or may_see_unpublished(user, skill.publisher)):
        raise NotFound("skill.not-found", f"There is no skill {full_name[:120]!r}.")
    return skill


def release_get(full_name: str, version: str, *, user: Any = None, defer: Sequence[str] = ()) -> Release:
    """One release by its version or by `latest`; unpublished ones only for their team."""
    rows = Release.objects.select_related("skill__publisher").defer("skill__document", *defer)
    if version == "latest":
        rows = rows.filter(skill__full_name=full_name, pk=F("skill__latest_id"))
    else:
        rows = rows.filter(skill__full_name=full_name, version=version)
    release = rows.first()
    if release is None or not release_is_visible(release, user):
        raise NotFound("release.not-found", f"There is no release {full_name[:120]}@{version[:64]}.")
    return release


def release_is_visible(release: Release, user: Any) -> bool:
    """Others see what is published, and that a published release was revoked."""
    return release.status == Release.Status.PUBLISHED or may_see_unpublished(user, release.skill.publisher)


# --- Lists ----------------------------------------------------------------------------------------------------------
def releases_of(skill: Skill, *, user: Any = None) -> QuerySet[Release]:
    """Newest first, without the heavy columns."""
    rows = skill.releases.order_by("-id").defer(*HEAVY)
    return rows if may_see_unpublished(user, skill.publisher) else rows.filter(status=Release.Status.PUBLISHED)


def ratings_of(skill: Skill) -> QuerySet[Rating]:
    """Newest first, with who wrote them."""
    return skill.ratings.select_related("user").order_by("-id")


def skills_listed() -> QuerySet[Skill]:
    """Skills that lists and search show: those with a release that is published and neither yanked nor revoked."""
    return Skill.objects.filter(rank__isnull=False)


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
    if search.query_words(query.text):
        hits = search.hits(query.text, rows if query.is_narrowed else None)
        counted = _facets_of([hit.skill_id for hit in hits]) if facets else {}
        if order == "relevance":
            found, following = _ranked_page(query.text, hits, limit, cursor)
            return SkillPage(found, following, len(hits), counted)
        rows, total = skills_listed().filter(pk__in=[hit.skill_id for hit in hits]), len(hits)
    else:
        counted, total = (_facets_everywhere(rows), rows.count()) if facets else ({}, -1)
    found, following = _keyed_page(rows, order, limit, cursor)
    return SkillPage(found, following, total, counted)


def _narrowed(query: SkillQuery) -> QuerySet[Skill]:
    rows = skills_listed()
    for column, values in (
        ("verdict", query.verdict), ("license", query.license), ("quality_tier", query.tier),
        ("publisher__handle", query.publisher),
    ):  # fmt: skip
        if values:
            rows = rows.filter(**{f"{column}__in": values})
    if query.keyword:
        rows = rows.filter(pk__in=Keyword.objects.filter(word__in=query.keyword).values("skill_id"))
    return rows


def _ranked_page(text: str, hits: list[search.Hit], limit: int, cursor: str) -> tuple[list[dict], str]:
    """By score; a skill whose very name was asked for comes first, however common its words."""
    wanted = "-".join(search.query_words(text))
    exact = set(Skill.objects.filter(name=wanted, pk__in=[hit.skill_id for hit in hits]).values_list("rank", flat=True))
    ordered = sorted((hit.rank not in exact, hit.score, hit.rank) for hit in hits)
    if cursor:
        after = _decode(cursor, "relevance", (bool, float, int))
        ordered = [key for key in ordered if key > after]
    keys = ordered[:limit]
    cards = {row["rank"]: row for row in skills_listed().filter(rank__in=[key[2] for key in keys]).values(*CARD_FIELDS)}
    following = _encode("relevance", keys[-1]) if len(ordered) > limit else ""
    return [cards[key[2]] for key in keys if key[2] in cards], following


def _keyed_page(rows: QuerySet[Skill], order: str, limit: int, cursor: str) -> tuple[list[dict], str]:
    keys = _KEYS[order]
    if cursor:
        kinds = {"published_at": datetime, "rating_order": float}
        after = _decode(cursor, order, tuple(kinds.get(name, int) for name, _ in keys))
        rows = rows.filter(_beyond(keys, after))
    rows = rows.order_by(*(f"-{name}" if down else name for name, down in keys))
    found = list(rows.values(*CARD_FIELDS)[: limit + 1])
    following = _encode(order, tuple(found[limit - 1][name] for name, _ in keys)) if len(found) > limit else ""
    return found[:limit], following


def _beyond(keys: Sequence[tuple[str, bool]], after: Sequence[Any]) -> Q:
    """Rows after this key. The first column is bounded once more by itself, so that its index is used."""
    (first, down), value = keys[0], after[0]
    side = "lt" if down else "gt"
    if len(keys) == 1:
        return Q(**{f"{first}__{side}": value})
    last, last_down = keys[1]
    tie = Q(**{first: value, f"{last}__{'lt' if last_down else 'gt'}": after[1]})
    return Q(**{f"{first}__{side}e": value}) & (Q(**{f"{first}__{side}": value}) | tie)


def _encode(order: str, key: Sequence[Any]) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps([order, *plain], separators=(",", ":")).encode()).decode().rstrip("=")


def _decode(cursor: str, order: str, kinds: Sequence[type]) -> tuple:
    """The key inside a cursor of this very sort; anything else is refused."""
    try:
        named, *parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if named != order or len(parts) != len(kinds):
            raise ValueError
        return tuple(_typed(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError):
        fix = "Take the address in `next` as it is, or start again without a cursor."
        raise Refusal("cursor.invalid", "This cursor does not belong to this list.", fix=fix) from None


def _typed(part: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind is float and type(part) in (int, float):
        return float(part)
    if type(part) is not kind or (kind is int and abs(part) >= 1 << 63):
        raise ValueError
    return part


def id_page(rows: QuerySet, *, limit: int, cursor: str) -> tuple[list, str]:
    """A page of rows that are ordered by -id."""
    if cursor:
        rows = rows.filter(pk__lt=_decode(cursor, "id", (int,))[0])
    found = list(rows[: limit + 1])
    return found[:limit], _encode("id", (found[limit - 1].pk,)) if len(found) > limit else ""


# --- Facets ---------------------------------------------------------------------------------------------------------
def _facets_of(ids: Sequence[int]) -> dict[str, list[tuple[str, int]]]:
    """Counted over at most search.CAP skills, in two queries."""
    counts: dict[str, Counter] = {name: Counter() for name in ("verdict", "license", "tier", "publisher")}
    columns = ("verdict", "license", "quality_tier", "publisher__handle")
    for row in Skill.objects.filter(pk__in=ids).values_list(*columns):
        for counter, value in zip(counts.values(), row, strict=True):
            counter[value] += 1
    words = Keyword.objects.filter(skill__in=ids).values_list("word").annotate(n=Count("pk")).order_by("-n", "word")
    return {name: _top(counter.items()) for name, counter in counts.items()} | {"keyword": _top(words[:FACET_VALUES])}


def _facets_everywhere(rows: QuerySet[Skill]) -> dict[str, list[tuple[str, int]]]:
    """Counted by the database, in five queries."""
    facets = {}
    for name, column in (
        ("verdict", "verdict"), ("license", "license"), ("tier", "quality_tier"), ("publisher", "publisher__handle"),
    ):  # fmt: skip
        counted = rows.order_by().values_list(column).annotate(n=Count("pk")).order_by("-n", column)
        facets[name] = _top(counted[: FACET_VALUES + 1])
    words = (
        Keyword.objects.filter(skill__in=rows.order_by().values("pk"))
        if rows.query.where.children[1:]
        else Keyword.objects
    )
    counted = words.values_list("word").annotate(n=Count("pk")).order_by("-n", "word")
    return facets | {"keyword": _top(counted[:FACET_VALUES])}


def _top(pairs: Any) -> list[tuple[str, int]]:
    """The commonest values; the empty one is no choice."""
    return sorted(((value, n) for value, n in pairs if value), key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES]
