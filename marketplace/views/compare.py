"""Two versions of a skill side by side, for whoever reviews an update."""

from collections.abc import Iterator
from itertools import islice

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace import comparison, selectors, sheets
from marketplace.errors import NotFound
from marketplace.models import Release
from marketplace.views.answers import page

ROWS_A_FILE, ROWS = 400, 2_000
CHARS_SHOWN = 500
VERSIONS_SHOWN = 100
WORDS = {"added": "added", "removed": "removed", "changed": "changed", "moved": "moved"}


@require_safe
@page
def choose(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """To the two versions that a form names; without them to the newest two."""
    wanted = [request.GET.get(side, "")[:64] for side in ("before", "after")]
    if not all(wanted):
        skill = selectors.skill_get(f"{owner}/{name}", user=request.user)
        newest = [row.version for row in selectors.releases_of(skill, user=request.user)[:2]]
        if len(newest) < 2:
            raise NotFound(
                "compare.one",
                f"There is no second version of {skill.full_name} to compare with.",
                fix="Come back when it has two versions.",
            )
        wanted = [newest[1], newest[0]]
    for version in wanted:
        selectors.release_get(f"{owner}/{name}", version, user=request.user, defer=selectors.HEAVY)
    return redirect("compare", owner, name, *wanted)


@require_safe
@page
def compare(request: HttpRequest, owner: str, name: str, before: str, after: str) -> HttpResponse:
    old, new = (_found(request, owner, name, version) for version in (before, after))
    found = comparison.compare(old, new)
    new.report = {"drift": found.drift}
    context = {
        "skill": new.skill,
        "owner": owner,
        "name": name,
        "before": old,
        "after": new,
        "versions": list(selectors.releases_of(new.skill, user=request.user)[:VERSIONS_SHOWN]),
        "counts": [(WORDS.get(state, state), n) for state, n in found.counts.items() if n and state != "same"],
        "same": found.counts["same"],
        "left_out": found.left_out,
        "files": list(_files(found)),
        "drift": sheets.drift(new),
        "turned_url": reverse("compare", args=[owner, name, after, before]),
        "json_url": reverse("api-compare", args=[owner, name, before, after]),
    }
    return render(request, "marketplace/compare.html", context)


def _found(request: HttpRequest, owner: str, name: str, version: str) -> Release:
    defer = ("attestation", "readme", "manifest", "document")
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user, defer=defer)
    if not release.is_fetchable and not selectors.may_see_unpublished(request.user, release.skill.publisher):
        raise Http404("This release cannot be fetched.")
    return release


def _files(found: comparison.Comparison) -> Iterator[dict]:
    """Each change with the rows that are shown of it; the page as a whole has a limit too."""
    left = ROWS
    for number, change in enumerate(found.changes, start=1):
        most = min(ROWS_A_FILE, left)
        rows = list(islice(change.rows(), most + 1)) if most else []
        cut = len(rows) > most or (not most and change.texts is not None)
        left -= min(len(rows), most)
        yield {
            "anchor": f"f{number}",
            "change": change,
            "rows": [_short(row) for row in rows[:most]],
            "cut": cut,
            "before_href": sheets.file_url(found.before, change.was or change.path) if change.before else "",
            "after_href": sheets.file_url(found.after, change.path) if change.after else "",
            "grew": (change.after or {}).get("size", 0) - (change.before or {}).get("size", 0),
        }


def _short(row: object) -> dict:
    """A row whose lines are no longer than a person reads."""
    return {
        "kind": row.kind,
        "left_out": row.left_out,
        "before_no": row.before_no,
        "after_no": row.after_no,
        "before": _cut(row.before),
        "after": _cut(row.after),
    }


def _cut(line: str) -> str:
    return line[:CHARS_SHOWN] + (" …" if len(line) > CHARS_SHOWN else "")
