"""A skill's page, whole or at one version, its badge, and the reviews people leave there."""

import hashlib

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_POST, require_safe

from marketplace import finding_cards, finding_sheets, hallmark, markdown, selectors, services, sheets
from marketplace.errors import NotFound, Refusal
from marketplace.forms import RatingForm
from marketplace.models import Rating, Release, Skill
from marketplace.views import reads
from marketplace.views.answers import page
from marketplace.views.install import ways

FILES_SHOWN = 200
VERSIONS_SHOWN = 100
REVIEWS_SHOWN = 50


@require_safe
@page
def skill(request: HttpRequest, owner: str, name: str, version: str = "") -> HttpResponse:
    return skill_page(request, owner, name, version)


def skill_page(
    request: HttpRequest, owner: str, name: str, version: str = "", form: RatingForm | None = None
) -> HttpResponse:
    row = selectors.skill_get(f"{owner}/{name}", user=request.user)
    versions = list(selectors.releases_of(row, user=request.user)[:VERSIONS_SHOWN])
    release = _chosen(request, row, versions, version)
    report = reads.report_of(release)
    release.report = report
    team = selectors.is_member(request.user, row.publisher)
    can_see_files = release.is_fetchable or selectors.may_see_unpublished(request.user, row.publisher)
    mine = Rating.objects.filter(skill=row, user=request.user).first() if request.user.is_authenticated else None
    if form is None and request.user.is_authenticated and row.is_public and not team:
        form = RatingForm(initial={"stars": mine.stars, "review": mine.review} if mine else None)
    context = {
        "skill": row,
        "owner": owner,
        "name": name,
        "release": release,
        "publisher": row.publisher,
        "pinned": bool(version),
        "newer": row.latest.version if version and row.latest and row.latest_id != release.pk else "",
        "is_public": row.is_public and release.status == Release.Status.PUBLISHED,
        "versions": versions,
        "can_see_files": can_see_files,
        "team": team,
        "ratings": selectors.ratings_of(row)[:REVIEWS_SHOWN],
        "mine": mine,
        "rating_form": form,
        "install": ways(row.full_name, release),
        **described(release),
        **judged(release, linked=can_see_files),
    }
    return render(request, "marketplace/skill.html", context, status=422 if form is not None and form.errors else 200)


def _chosen(request: HttpRequest, row: Skill, versions: list[Release], version: str) -> Release:
    """The release asked for; without a version the newest published one, else the newest the asker may see."""
    if not version:
        if not row.latest and not versions:
            raise NotFound(
                "skill.not-found",
                f"There is no release of {row.full_name}.",
                fix="Check for a slip in the name; what is not published is seen by its own team alone.",
            )
        version = row.latest.version if row.latest else versions[0].version
    return selectors.release_get(row.full_name, version, user=request.user)


def described(release: Release) -> dict:
    """What the release says of itself: its manifest, its text and its files."""
    manifest, full_name = release.manifest, release.skill.full_name
    files = [{**file, "href": sheets.file_url(release, file["path"])} for file in release.files[:FILES_SHOWN]]
    keywords = manifest.get("keywords") or ()
    return {
        "summary": str(manifest.get("description") or release.skill.summary),
        "license": str(manifest.get("license") or ""),
        "keywords": [str(word) for word in keywords][:20] if isinstance(keywords, list) else [],
        "readme": markdown.render(release.readme, sheets.files_url(release)),
        "files": files,
        "files_more": max(0, len(release.files) - FILES_SHOWN),
        "badge_code": f"[![{full_name}]({settings.SITE_URL}/{full_name}/badge.svg)]({settings.SITE_URL}/{full_name})",
    }


def judged(release: Release, *, linked: bool) -> dict:
    """What vetting says of the release, ready to print; the skill page and the report share it."""
    report = release.report
    quality = report.get("quality") or {}
    findings = finding_sheets.rows(release, linked=linked)
    return {
        "banner": sheets.banner(release),
        "ruleset": report.get("ruleset", ""),
        "findings": findings,
        "cards": finding_cards.cards(findings),
        "safety_because": sheets.because(report.get("safety") or {}),
        "quality_because": sheets.because(quality),
        "trials": sheets.trials(report),
        "lift_reason": quality.get("lift_reason", ""),
        "permissions": sheets.permissions(report),
        "drift": sheets.drift(release),
        "tokens": sheets.tokens(report),
        "ran": any(s["name"] == "detonation" and s["state"] == "done" for s in report.get("stages", ())),
    }


@require_POST
@login_required
@page
def rate(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    """Give, change or take back the asker's own review."""
    row = selectors.skill_get(f"{owner}/{name}", user=request.user)
    there = reverse("skill", args=[owner, name]) + "#reviews"
    if "delete" in request.POST:
        services.skill_unrate(actor=request.user, skill=row)
        messages.success(request, "Your review is deleted.")
        return redirect(there)
    form = RatingForm(request.POST)
    if form.is_valid():
        try:
            services.skill_rate(actor=request.user, skill=row, **form.cleaned_data)
        except NotFound:
            raise
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Your review is published.")
            return redirect(there)
    return skill_page(request, owner, name, form=form)


def _badge_mark(request: HttpRequest, owner: str, name: str) -> tuple[hallmark.Hallmark, str]:
    """Read once a request: the ETag and the drawing are made of the same row."""
    if not hasattr(request, "badge"):
        row = selectors.skill_get(f"{owner}/{name}")
        mark = hallmark.Hallmark(owner, row.verdict or "unknown", row.quality_score, row.published_at)
        request.badge = (mark, row.full_name)
    return request.badge


def _badge_etag(request: HttpRequest, owner: str, name: str) -> str | None:
    try:
        mark, full_name = _badge_mark(request, owner, name)
    except NotFound:
        return None
    return '"' + hashlib.sha256(hallmark.badge(mark, full_name).encode()).hexdigest()[:32] + '"'


@require_safe
@page
@cache_control(public=True, max_age=300)
@condition(etag_func=_badge_etag)
def badge(request: HttpRequest, owner: str, name: str) -> HttpResponse:
    mark, full_name = _badge_mark(request, owner, name)
    return HttpResponse(hallmark.badge(mark, full_name), content_type="image/svg+xml; charset=utf-8")
