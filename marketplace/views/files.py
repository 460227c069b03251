"""One file of a release, shown as inert text: numbered lines, every invisible character written out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace import bundle_files, selectors, unseen
from marketplace.models import Release
from marketplace.views.answers import page
from vetting.errors import PlatformError

BYTES_SHOWN = 500_000
LINES_SHOWN = 5_000
CHARS_SHOWN = 2_000


@require_safe
@page
def file(request: HttpRequest, owner: str, name: str, version: str, path: str) -> HttpResponse:
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user, defer=("report", "readme"))
    if not release.is_fetchable and not selectors.may_see_unpublished(request.user, release.skill.publisher):
        raise Http404("This release cannot be fetched.")
    entry = next((one for one in release.files if one["path"] == path), None)
    if entry is None:
        raise Http404("There is no such file in this release.")
    context = {"skill": release.skill, "owner": owner, "name": name, "release": release, "path": path, "entry": entry}
    return render(request, "marketplace/file.html", context | _shown(release, entry))


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
