"""One file of a release, shown as inert text: numbered lines with what was found there, every invisible character
written out."""

from collections import defaultdict

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from marketplace import bundle_files, finding_sheets, selectors, unseen
from marketplace.models import Release
from marketplace.views.answers import page
from vetting.errors import PlatformError

BYTES_SHOWN = 500_000
LINES_SHOWN = 5_000
CHARS_SHOWN = 2_000
NOTES_SHOWN = 100


@require_safe
@page
def file(request: HttpRequest, owner: str, name: str, version: str, path: str) -> HttpResponse:
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user, defer=("readme",))
    if not release.is_fetchable and not selectors.may_see_unpublished(request.user, release.skill.publisher):
        raise Http404("This release cannot be fetched.")
    entry = next((one for one in release.files if one["path"] == path), None)
    if entry is None:
        raise Http404("There is no such file in this release.")
    context = {"skill": release.skill, "owner": owner, "name": name, "release": release, "path": path, "entry": entry}
    context["report_url"] = reverse("report", args=[owner, name, version])
    return render(request, "marketplace/file.html", context | _noted(release, _shown(release, entry), path))


def _noted(release: Release, shown: dict, path: str) -> dict:
    """Each line with the findings that name it; those of a line that is not shown stand above all."""
    mine = [one for one in finding_sheets.rows(release, linked=False) if one.get("file") == path]
    notes: defaultdict[int, list[dict]] = defaultdict(list)
    count = len(shown["lines"] or ())
    for one in mine[:NOTES_SHOWN]:
        line = one.get("line") or 0
        notes[line if 0 < line <= count else 0].append(one)
    rows = [{"text": text, "notes": notes.get(n, ())} for n, text in enumerate(shown["lines"] or (), 1)]
    lines = None if shown["lines"] is None else rows
    return {
        **shown,
        "lines": lines,
        "notes": notes.get(0, ()),
        "found": len(mine),
        "notes_more": len(mine) > NOTES_SHOWN,
    }


def _shown(release: Release, entry: dict) -> dict:
    if entry["size"] > BYTES_SHOWN:
        return {"lines": None, "why_not": "This file is longer than 500 kB; fetch the bundle to read it."}
    try:
        data = bundle_files.read(release.digest, [entry["path"]], BYTES_SHOWN).get(entry["path"])
    except PlatformError as error:
        return {"lines": None, "why_not": error.message}
    if data is None:
        return {"lines": None, "why_not": "The bytes of this bundle are not kept here any more."}
    text = bundle_files.text_of(data)
    if text is None:
        return {"lines": None, "why_not": "This file is not text, so there is nothing to read here."}
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    kept = [line[:CHARS_SHOWN] + (" …" if len(line) > CHARS_SHOWN else "") for line in lines[:LINES_SHOWN]]
    cut = len(lines) > LINES_SHOWN or any(len(line) > CHARS_SHOWN for line in lines[:LINES_SHOWN])
    return {
        "lines": kept,
        "unseen_count": sum(len(match[0]) for match in unseen.UNSEEN.finditer(text)),
        "cut": "Longer lines end in … and lines after the 5,000th are not shown." if cut else "",
    }
