"""Second looks: a team asks again or appeals, and the registry's staff decides."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from marketplace import selectors, services, sheets
from marketplace.errors import NotAllowed, NotFound, Refusal
from marketplace.models import AuditEvent, Release
from marketplace.views import reads
from marketplace.views.answers import page


@require_safe
@login_required
@never_cache
@page
def review(request: HttpRequest) -> HttpResponse:
    """What waits for a person: open appeals, then quarantined releases."""
    if not request.user.is_staff:
        raise NotAllowed(
            "review.not-staff",
            "Only the registry's staff reviews appeals and quarantined releases.",
            fix="Ask the operator of this registry.",
        )
    own = set(selectors.publishers_of(request.user).values_list("pk", flat=True))
    appeals, quarantined = reads.appeals_open(), reads.quarantined()
    context = {
        "appeals": [_line(row.release, own) | {"appeal": row} for row in appeals[: reads.REVIEWS_SHOWN]],
        "appeals_total": appeals.count(),
        "quarantined": [_line(row, own) for row in quarantined[: reads.REVIEWS_SHOWN]],
        "quarantined_total": quarantined.count(),
        "decided": [_decided(row) for row in reads.decided_lately()],
        "reason_least": services.REASON_LEAST,
    }
    return render(request, "marketplace/review.html", context)


def _line(release: Release, own: set[int]) -> dict:
    owner, _, name = release.skill.full_name.partition("/")
    reasons = ((release.report or {}).get("safety") or {}).get("reasons") or ()
    return {
        "release": release,
        "owner": owner,
        "name": name,
        "reasons": list(reasons)[:3],
        "is_own": release.skill.publisher_id in own,
    }


def _decided(row: AuditEvent) -> dict:
    full_name, _, version = row.subject.rpartition("@")
    owner, _, name = full_name.partition("/")
    return {
        "at": row.at,
        "subject": row.subject,
        "href": reverse("report", args=[owner, name, version]),
        "words": sheets.DECISIONS.get(row.detail.get("decision"), "Decided"),
        "by": row.actor.get_username() if row.actor else "",
        "reason": row.detail.get("reason", ""),
    }


@require_POST
@login_required
@page
def revet(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    def ask(release: Release) -> str:
        _, reason = services.release_revet(actor=request.user, release=release)
        return reason or "It is queued to be vetted again; what changes will stand here."

    return _done(request, owner, name, version, ask)


@require_POST
@login_required
@page
def appeal(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    def ask(release: Release) -> str:
        services.appeal_open(actor=request.user, release=release, text=request.POST.get("text", ""))
        return "Your appeal is open. The decision will stand here."

    return _done(request, owner, name, version, ask)


@require_POST
@login_required
@page
def decide(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    def act(release: Release) -> str:
        decision, reason = request.POST.get("decision", ""), request.POST.get("reason", "")
        decided = services.release_decide(actor=request.user, release=release, decision=decision, reason=reason)
        return f"Decided: {decided} is {decided.status}."

    return _done(request, owner, name, version, act, back="review" if "review" in request.POST else "")


def _done(
    request: HttpRequest, owner: str, name: str, version: str, act: Callable[[Release], str], back: str = ""
) -> HttpResponse:
    """Do it, say what came of it, and show the page it was asked on."""
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user, defer=("attestation",))
    try:
        messages.success(request, act(release))
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, f"{refusal.message} {refusal.fix}".strip())
    return redirect(back) if back else redirect("report", owner, name, version)
