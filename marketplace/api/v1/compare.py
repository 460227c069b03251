"""Two releases of a skill held against each other."""

from django.http import HttpResponseBase
from rest_framework.request import Request

from marketplace import comparison, documents, selectors
from marketplace.api.authentication import reader
from marketplace.api.base import ApiView, json_answer
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import endpoint, says
from marketplace.errors import Gone, NotFound
from marketplace.models import Release


class CompareView(ApiView):
    @endpoint(
        "releases_compare",
        answers={200: serializers.Comparison, 304: says(None, "You have it: the ETag is the same.")},
        errors=(401, 404, 410, 503),
    )
    def get(self, request: Request, owner: str, name: str, before: str, after: str) -> HttpResponseBase:
        """What changed from one release to another: files that came, went, moved and changed, and text as diffs.

        Diffs are to be read, not applied: line ends are made one kind, and what is too long or no text has none.
        """
        old, new = (_found(request, owner, name, version) for version in (before, after))
        found = comparison.compare(old, new)
        body = {
            "skill": new.skill.full_name,
            "before": documents.release_line(new.skill.full_name, old),
            "after": documents.release_line(new.skill.full_name, new),
            "counts": found.counts,
            "files": [_change(change) for change in found.changes],
            "files_left_out": found.left_out,
            "drift": found.drift,
        }
        return json_answer(request, documents.dumps(body), public=request.auth is None)


def _found(request: Request, owner: str, name: str, version: str) -> Release:
    user = reader(request, owner)
    defer = ("attestation", "readme", "manifest", "document")
    release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=defer)
    if release.revoked_at is not None and not selectors.may_see_unpublished(user, release.skill.publisher):
        raise Gone(
            "release.revoked",
            f"{release} was revoked, and its files are not shown any more.",
            fix="Compare two releases that were not revoked.",
        )
    if not release.is_fetchable and not selectors.may_see_unpublished(user, release.skill.publisher):
        raise NotFound(
            "release.not-found",
            f"There is no release {release}.",
            fix="The skill's page, or `skill info OWNER/NAME`, lists its releases.",
        )
    return release


def _change(change: comparison.Change) -> dict:
    return {
        "path": change.path,
        "state": change.state,
        "was": change.was or None,
        "before": _side(change.before),
        "after": _side(change.after),
        "patch": "\n".join(change.unified()) + "\n" if change.texts else None,
        "why_no_patch": change.why_not,
    }


def _side(file: dict | None) -> dict | None:
    return {key: file[key] for key in ("size", "sha256", "executable")} if file else None
