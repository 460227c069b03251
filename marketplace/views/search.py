"""Browse and search: everything stands in the address, and the same query string works in the API."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from marketplace import search as index
from marketplace import selectors
from marketplace.errors import Refusal
from marketplace.hallmark import VERDICT_WORDS
from marketplace.unseen import UNSEEN
from marketplace.views.cards import cards

PER_PAGE = 20
FACETS = {
    "verdict": "Verdict",
    "tier": "Evidence",
    "license": "License",
    "keyword": "Keyword",
    "publisher": "Publisher",
}
CHOICES_SHOWN = 8
SORT_WORDS = {
    "relevance": "Relevance",
    "quality": "Quality",
    "newest": "Newest",
    "downloads": "Downloads",
    "rating": "Rating",
}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query, trouble = parsed(request), None
    cursor = request.GET.get("cursor", "")[:500]
    try:
        found = selectors.skills_find(query, limit=PER_PAGE, cursor=cursor, facets=True)
    except Refusal as refusal:
        trouble, found = refusal, selectors.SkillPage([], "", 0)
        query = replace(query, sort="")
    context = {
        "query": query.text,
        "words": index.query_words(query.text),
        "results": cards(found.rows),
        "next": found.next,
        "is_later_page": bool(cursor),
        "narrowed": query.is_narrowed,
        "count_words": _count_words(found),
        "facets": [_facet(request, field, found.facets.get(field, ()), getattr(query, field)) for field in FACETS],
        "sort": query.order,
        "sorts": [(key, words) for key, words in SORT_WORDS.items() if key != "relevance" or query.text],
        "kept": _kept(query),
        "trouble": trouble,
    }
    context["facets"] = [facet for facet in context["facets"] if facet["choices"]]
    return render(request, "marketplace/search.html", context, status=trouble.status if trouble else 200)


def parsed(request: HttpRequest) -> selectors.SkillQuery:
    """The query inside the address. Empty fields, as a plain form sends them, do not narrow."""
    chosen = {field: [value[:120] for value in request.GET.getlist(field) if value][:20] for field in FACETS}
    text = UNSEEN.sub(" ", request.GET.get("q", "")).strip()[:200]
    return selectors.SkillQuery(text=text, sort=request.GET.get("sort", "")[:20], **chosen)


def _kept(query: selectors.SkillQuery) -> list[tuple[str, str]]:
    """What a new sort leaves as it is."""
    words = [("q", query.text)] if query.text else []
    return words + [(field, value) for field in FACETS for value in getattr(query, field)]


def _count_words(found: selectors.SkillPage) -> str:
    if found.total_is_capped and found.total == index.CAP:
        return f"{found.total:,} skills or more match"
    return ngettext("%(n)s skill", "%(n)s skills", found.total) % {"n": f"{max(found.total, 0):,}"}


def _facet(request: HttpRequest, field: str, counted: list[tuple[str, int]], chosen: list[str]) -> dict:
    """A facet's choices, each with the address that adds or removes it. A choice of one is none."""
    counts = dict(counted)
    values = [*chosen, *(value for value in counts if value not in chosen)]
    if len(values) < 2 and not chosen:
        values = []
    choices = [
        {
            "label": VERDICT_WORDS.get(value, value) if field == "verdict" else value,
            "count": counts.get(value),
            "chosen": value in chosen,
            "href": _address(request, field, value, remove=value in chosen),
        }
        for value in values[: max(CHOICES_SHOWN, len(chosen))]
    ]
    return {"field": field, "title": FACETS[field], "choices": choices}


def _address(request: HttpRequest, field: str, value: str, *, remove: bool) -> str:
    pairs = [
        (name, one)
        for name in ("q", *FACETS, "sort")
        for one in request.GET.getlist(name)
        if one and not (name == field and one == value)
    ]
    return "?" + urlencode(pairs if remove else [*pairs, (field, value)])
