"""The front page, how vetting works, the feed and what robots are told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import selectors, sheets
from marketplace.views import reads
from marketplace.views.cards import cards

SHOWN = 6
IN_FEED = 30


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = selectors.skills_find(selectors.SkillQuery(sort="newest"), limit=SHOWN).rows
    best = selectors.skills_find(selectors.SkillQuery(sort="quality"), limit=SHOWN).rows
    context = {"figures": reads.figures(), "newest": cards(newest), "best": cards(best)}
    return render(request, "marketplace/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    stages = [{"title": title, "about": text} for title, text in sheets.STAGES.values()]
    return render(request, "marketplace/about.html", {"stages": stages})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest releases as an Atom feed."""
    rows = selectors.skills_find(selectors.SkillQuery(sort="newest"), limit=IN_FEED).rows
    context = {"skills": cards(rows), "SITE_URL": settings.SITE_URL, "SITE_NAME": settings.SITE_NAME}
    return render(request, "marketplace/feed.atom", context, content_type="application/atom+xml; charset=utf-8")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search pages and files are not worth a robot's time; skills are."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in ("/search", "/account", "/accounts/", "/*/files/"))]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
