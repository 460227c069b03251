"""Who publishes: the page of a publisher."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import selectors
from marketplace.views import reads
from marketplace.views.answers import page
from marketplace.views.cards import cards

PER_PAGE = 20


@require_safe
@page
def publisher(request: HttpRequest, owner: str) -> HttpResponse:
    row = selectors.publisher_get(owner)
    cursor = request.GET.get("cursor", "")[:500]
    query = selectors.SkillQuery(publisher=[row.handle], sort="newest")
    found = selectors.skills_find(query, limit=PER_PAGE, cursor=cursor)
    context = {
        "publisher": row,
        "figures": reads.publisher_figures(row),
        "is_on_the_team": selectors.is_member(request.user, row),
        "members": reads.members_of(row),
        "results": cards(found.rows),
        "next": found.next,
        "is_later_page": bool(cursor),
    }
    return render(request, "marketplace/publisher.html", context)
