"""Releases: pushed, listed, shown, fetched, yanked and revoked."""

import base64
from typing import Any

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import blobs, documents, selectors, services
from marketplace.api.authentication import asker, reader
from marketplace.api.base import PRIVATE, ApiView, HotView, json_answer, next_address, page_size
from marketplace.api.uploads import read_bundle
from marketplace.api.v1 import serializers
from marketplace.api.v1.describe import BYTES, CURSOR, LIMIT, endpoint, says
from marketplace.errors import Gone, Invalid, NotFound
from marketplace.models import Release
from vetting import models as vetting_models
from vetting import report as reports
from vetting import sarif
from vetting.errors import PlatformError

_FOR_EVER = "public, max-age=31536000, immutable"
_PUBLISHED = Release.Status.PUBLISHED
_HAS_IT = says(None, "You have it: the ETag is the same.")


class Push(ApiView):
    parser_classes = [MultiPartParser]
    throttle_scope = "upload"

    @endpoint(
        "release_push",
        request={"multipart/form-data": serializers.PushForm},
        answers={
            202: says(serializers.Pushed, "Taken in; vetting has begun."),
            200: says(serializers.Pushed, "These very bytes are here already."),
        },
        errors=(401, 403, 404, 409, 413, 415, 422, 429, 503, 507),
    )
    def post(self, request: Request) -> Response:
        """Push a release. It is vetted first; follow `links.report` until its status is no longer `vetting`."""
        asker(request, "push")
        data, filename = read_bundle(request)
        bound = request.auth.publisher
        owner = request.data.get("owner") or (bound.handle if bound else "")
        if not owner:
            said = "The form has no field `owner`."
            raise Invalid("request.no-owner", said, fix="Name the publisher who shall own the skill.")
        user = asker(request, "push", owner=owner)
        publisher = services.publisher_of(actor=user, handle=owner)
        release, created = services.release_push(
            actor=user, publisher=publisher, data=data, filename=filename, version=request.data.get("version") or ""
        )
        return Response(pushed(release), status=202 if created else 200)


def pushed(release: Release) -> dict:
    """What a push answers, and what its status is later."""
    full_name = release.skill.full_name
    return {
        "skill": full_name,
        "version": release.version,
        "digest": release.digest,
        "status": release.status,
        "report_url": documents.report_page(full_name, release.version),
        "links": {
            "self": documents.release_path(full_name, release.version),
            **documents.release_links(full_name, release.version),
        },
    }


class ReleaseList(ApiView):
    @endpoint(
        "releases_list", answers={200: serializers.ReleasePage}, errors=(400, 401, 404), parameters=[CURSOR, LIMIT]
    )
    def get(self, request: Request, owner: str, name: str) -> HttpResponseBase:
        """The releases of a skill, newest first. Its team also sees unpublished ones."""
        user = reader(request, owner)
        skill = selectors.skill_get(f"{owner}/{name}", user=user)
        rows = selectors.releases_of(skill, user=user)
        page, cursor = selectors.id_page(rows, limit=page_size(request), cursor=request.GET.get("cursor", ""))
        lines = [line(skill.full_name, release) for release in page]
        body = {"results": lines, "next": next_address(request, cursor)}
        return json_answer(request, documents.dumps(body), public=request.auth is None)


class ReleaseView(HotView):
    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        row = _published(kwargs).values_list("document", "downloads").first()
        return json_answer(request, documents.with_counters(row[0], {"downloads": row[1]})) if row else None

    @endpoint("release_get", answers={200: serializers.ReleaseDetail, 304: _HAS_IT}, errors=(401, 404))
    def get(self, request: Request, owner: str, name: str, version: str) -> HttpResponseBase:
        """One release, by its version or as `latest`. A yanked or revoked one says so."""
        user = reader(request, owner)
        defer = ("report", "attestation", "readme", "files", "manifest")
        release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=defer)
        text = documents.with_counters(release.document, {"downloads": release.downloads})
        return json_answer(request, text, public=request.auth is None)


class ReportView(HotView):
    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        # As text: the database's JSON goes out as it is, unread.
        rows = _published(kwargs).filter(yanked_at=None, revoked_at=None)
        text = rows.annotate(text=Cast("report", TextField())).values_list("text", flat=True).first()
        return json_answer(request, text) if text else None

    @endpoint("release_report", answers={200: serializers.Report, 304: _HAS_IT}, errors=(401, 404))
    def get(self, request: Request, owner: str, name: str, version: str) -> HttpResponseBase:
        """The report of a release, and while its vetting lives what is known so far. Unpublished: its team only."""
        defer = ("attestation", "readme", "files", "manifest", "document")
        release = selectors.release_get(f"{owner}/{name}", version, user=reader(request, owner), defer=defer)
        report = (release.report or live_report(release)) | documents.taken_back(release)
        return json_answer(request, documents.dumps(report), public=request.auth is None)


class SarifView(ApiView):
    @endpoint(
        "release_report_sarif",
        answers={(200, sarif.MEDIA_TYPE): says(serializers.Sarif, "A SARIF 2.1.0 log."), 304: _HAS_IT},
        errors=(401, 404),
    )
    def get(self, request: Request, owner: str, name: str, version: str) -> HttpResponseBase:
        """The findings of a report as SARIF 2.1.0, for code hosts and editors."""
        defer = ("attestation", "readme", "files", "manifest", "document")
        release = selectors.release_get(f"{owner}/{name}", version, user=reader(request, owner), defer=defer)
        log = sarif.of(release.report or live_report(release), home=settings.SITE_URL)
        return json_answer(
            request, documents.dumps(log), public=request.auth is None, media_type=f"{sarif.MEDIA_TYPE}; charset=utf-8"
        )


def live_report(release: Release) -> dict:
    """The report of a release that has none yet, from the rows of its run."""
    runs = vetting_models.Run.objects.select_related("release__skill").prefetch_related("stages")
    run = runs.filter(release=release).order_by("-id").first()
    if run is None:
        raise PlatformError("run.missing", "This release has no run.", fix="Ask the operator to vet it again.")
    return reports.of(run)


class BundleView(HotView):
    def hot(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase | None:
        release = _published(kwargs).filter(revoked_at=None).only("digest", "size", "version", "skill_id").first()
        return serve(request, release, kwargs["name"]) if release else None

    @endpoint(
        "release_bundle",
        answers={(200, "application/x-tar"): says(BYTES, "sha256 of the body is the digest."), 304: _HAS_IT},
        errors=(401, 404, 410),
    )
    def get(self, request: Request, owner: str, name: str, version: str) -> HttpResponseBase:
        """The bytes of a release as a tar. Only published ones, but for the team; a yanked one is still here."""
        user = reader(request, owner)
        release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=selectors.HEAVY)
        _refuse_revoked(release)
        return serve(request, release, name, public=release.is_fetchable and request.auth is None)


def serve(request: Any, release: Release, name: str, *, public: bool = True) -> HttpResponseBase:
    """The blob, for ever cacheable, counted once for each time that it is sent."""
    plain = getattr(request, "_request", request)
    etag = f'"{release.digest}"'
    headers = {
        "ETag": etag,
        "Cache-Control": (_FOR_EVER if plain.resolver_match.kwargs["version"] != "latest" else "public, no-cache")
        if public
        else PRIVATE,
        "Vary": "Authorization",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(release.digest[7:])).decode()}:",
        "Content-Disposition": f'attachment; filename="{name}-{release.version}.tar"',
    }
    missing = get_conditional_response(plain, etag=etag)
    if missing is not None:
        for name, value in headers.items():
            missing[name] = value
        return missing
    if plain.method == "GET" and release.is_fetchable:
        services.download_count(release_id=release.pk, skill_id=release.skill_id)
    return _bytes(release, headers)


def _bytes(release: Release, headers: dict[str, str]) -> HttpResponseBase:
    if settings.X_ACCEL_PREFIX and not blobs.is_remote():
        headers |= {"X-Accel-Redirect": f"{settings.X_ACCEL_PREFIX}/{blobs.key(release.digest)}"}
        return HttpResponse(content_type="application/x-tar", headers=headers)
    try:
        file = blobs.open(release.digest)
    except FileNotFoundError:
        raise PlatformError("blob.missing", "The bytes of this release are missing where they were kept.") from None
    except OSError as error:
        raise PlatformError("blob.unreadable", f"The bytes of {release} cannot be read: {error}.") from error
    response = FileResponse(file, content_type="application/x-tar")
    # Set last, since a FileResponse names itself after the file, which is called by its digest here.
    for key, value in (headers | {"Content-Length": str(release.size)}).items():
        response.headers[key] = value
    return response


class AttestationView(ApiView):
    @endpoint("release_attestation", answers={200: serializers.Envelope, 304: _HAS_IT}, errors=(401, 404, 410))
    def get(self, request: Request, owner: str, name: str, version: str) -> HttpResponseBase:
        """The signed statement of a release's verdict. Verify it with a key of GET /api/v1/keys before you install."""
        defer = ("report", "readme", "files", "manifest", "document")
        release = selectors.release_get(f"{owner}/{name}", version, user=reader(request, owner), defer=defer)
        _refuse_revoked(release)
        if not release.attestation:
            raise NotFound(
                "attestation.none",
                "This release has no attestation: its vetting is not concluded.",
                fix="Wait for the verdict; the release says when it is there under `status`.",
            )
        return json_answer(request, documents.dumps(release.attestation), public=request.auth is None)


class YankView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "release_yank",
        request=serializers.ReasonForm,
        answers={200: serializers.ReleaseLine},
        errors=(401, 403, 404, 422, 429),
    )
    def post(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Hide a release from lists and from `latest`; its exact version can still be fetched."""
        release = _to_change(request, owner, name, version)
        return _line(services.release_yank(actor=request.user, release=release, reason=_reason(request)))

    @endpoint("release_unyank", answers={200: serializers.ReleaseLine}, errors=(401, 403, 404, 429), request=None)
    def delete(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Show a yanked release again."""
        release = _to_change(request, owner, name, version)
        return _line(services.release_unyank(actor=request.user, release=release))


class RevokeView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "release_revoke",
        request=serializers.ReasonForm,
        answers={200: serializers.ReleaseLine},
        errors=(401, 403, 404, 422, 429),
    )
    def post(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Take a release back for good, with a reason that clients are told. This cannot be undone."""
        release = _to_change(request, owner, name, version)
        return _line(services.release_revoke(actor=request.user, release=release, reason=_reason(request)))


class RevetView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "release_revet",
        request=None,
        answers={
            202: says(serializers.Revetted, "Queued; the report shows what changed once it is done."),
            200: says(serializers.Revetted, "Nothing would change; `reason` says why."),
        },
        errors=(401, 403, 404, 409, 429),
    )
    def post(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Have a release vetted again, under the rules of now. For its team and the registry's staff."""
        user = asker(request, "push", owner=owner)
        release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=("attestation",))
        release, reason = services.release_revet(actor=user, release=release)
        full_name = release.skill.full_name
        body = {
            "skill": full_name,
            "version": release.version,
            "status": release.status,
            "queued": not reason,
            "reason": reason,
            "report_url": documents.report_page(full_name, release.version),
        }
        return Response(body, status=200 if reason else 202)


class AppealView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "release_appeal",
        request=serializers.AppealForm,
        answers={201: says(serializers.Appealed, "Open; the report shows it and, later, the decision.")},
        errors=(401, 403, 404, 409, 422, 429),
    )
    def post(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Appeal against the verdict on a release. For its team; a person of the registry's staff decides."""
        user = asker(request, "push", owner=owner)
        form = serializers.AppealForm(data=request.data)
        form.is_valid(raise_exception=True)
        release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=("attestation",))
        appeal = services.appeal_open(actor=user, release=release, text=form.validated_data["text"])
        full_name = release.skill.full_name
        body = {"skill": full_name, "version": release.version, "outcome": appeal.outcome}
        return Response(body | {"report_url": documents.report_page(full_name, release.version)}, status=201)


class DecisionView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "release_decide",
        request=serializers.DecisionForm,
        answers={200: serializers.ReleaseLine},
        errors=(401, 403, 404, 409, 422, 429),
    )
    def post(self, request: Request, owner: str, name: str, version: str) -> Response:
        """Publish or reject a quarantined release; uphold or overturn a verdict that was appealed against.

        For the registry's staff, and not for skills of their own team.
        """
        user = asker(request, "admin", owner=owner)
        form = serializers.DecisionForm(data=request.data)
        form.is_valid(raise_exception=True)
        release = selectors.release_get(f"{owner}/{name}", version, user=user, defer=("attestation",))
        return _line(services.release_decide(actor=user, release=release, **form.validated_data))


def _published(kwargs: dict) -> Any:
    """The published release that the address names."""
    full_name = f"{kwargs['owner']}/{kwargs['name']}"
    if kwargs["version"] == "latest":
        return Release.objects.filter(latest_of__full_name=full_name)
    return Release.objects.filter(skill__full_name=full_name, version=kwargs["version"], status=_PUBLISHED)


def _refuse_revoked(release: Release) -> None:
    if release.revoked_at is not None:
        said = f"{release} was revoked: {release.revoked_reason.rstrip('.')}."
        raise Gone("release.revoked", said, fix="Remove it where it is installed, and look for a newer version.")


def _to_change(request: Request, owner: str, name: str, version: str) -> Release:
    user = asker(request, "yank", owner=owner)
    return selectors.release_get(f"{owner}/{name}", version, user=user, defer=("report", "attestation"))


def _reason(request: Request) -> str:
    form = serializers.ReasonForm(data=request.data)
    form.is_valid(raise_exception=True)
    return form.validated_data["reason"]


def line(full_name: str, release: Release) -> dict:
    return documents.release_line(full_name, release) | {"downloads": release.downloads}


def _line(release: Release) -> Response:
    return Response(line(release.skill.full_name, release))
