"""A release's vetting report: live while it runs, the evidence afterwards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace import documents, finding_sheets, room_sheets, selectors, services, sheets
from marketplace.models import Release
from marketplace.views import reads
from marketplace.views.answers import page
from marketplace.views.skills import judged


@require_safe
@page
def report(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    release = _found(request, owner, name, version)
    document = release.report
    links = documents.release_links(release.skill.full_name, version)
    user, team = request.user, selectors.is_member(request.user, release.skill.publisher)
    can_see_files = release.is_fetchable or selectors.may_see_unpublished(request.user, release.skill.publisher)
    context = {
        "skill": release.skill,
        "can_see_files": can_see_files,
        "is_public": release.status == Release.Status.PUBLISHED,
        "room": room_sheets.told(document),
        "not_run_reason": _not_run(document),
        "json_url": links["report"],
        "sarif_url": links["sarif"],
        "attestation_url": links["attestation"],
        "repeat_command": _repeat(release, owner, name),
        "again": sheets.second_look(document),
        "again_running": release.status != Release.Status.VETTING and reads.is_being_vetted_again(release),
        "team": team,
        "may_revet": (team or user.is_staff) and release.status != Release.Status.VETTING and not release.revoked_at,
        "may_appeal": team and sheets.may_appeal(release),
        "reason_least": services.REASON_LEAST,
        "may_decide": user.is_staff and not team and (release.is_quarantined or sheets.is_appealed(document)),
        "appealed": sheets.is_appealed(document),
        **_live(release, owner, name),
        **judged(release, linked=can_see_files),
    }
    context["shelf"] = finding_sheets.shelf(context["findings"], request.GET)
    context["to_pass"] = finding_sheets.to_pass(context["findings"])
    return render(request, "marketplace/report.html", context)


@require_safe
@never_cache
@page
def live(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    """The stages alone, for the page that renews itself. When the run has ended the whole page is asked for anew."""
    release = _found(request, owner, name, version)
    context = _live(release, owner, name)
    response = render(request, "marketplace/_live.html", context)
    if not context["running"]:
        response.headers["HX-Refresh"] = "true"
    return response


def _found(request: HttpRequest, owner: str, name: str, version: str) -> Release:
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user)
    release.report = reads.report_of(release)
    return release


def _live(release: Release, owner: str, name: str) -> dict:
    running = release.status == Release.Status.VETTING
    where = [owner, name, release.version]
    stages = sheets.stages(release.report, running=running)
    waits = running and all(stage["state"] == "queued" for stage in stages)
    return {
        "release": release,
        "owner": owner,
        "name": name,
        "running": running,
        "stages": stages,
        "trouble": release.report.get("trouble", "") if running else "",
        "queue_words": "Waiting for a free worker." if waits else "",
        "live_url": reverse("report-live", args=where),
        "page_url": reverse("report", args=where),
    }


def _repeat(release: Release, owner: str, name: str) -> str:
    """What can be fetched is fetched first; of what cannot, only its author has the files."""
    check = f"skill check {name}"
    return f"skill install {owner}/{name}@{release.version} --dir . && {check}" if release.is_fetchable else check


def _not_run(document: dict) -> str:
    """Why the sealed room stayed empty, in the words of the stage that skipped it."""
    stage = next((stage for stage in document.get("stages", ()) if stage["name"] == "detonation"), {})
    return stage.get("reason", "")
