"""A team takes a release of its own back: out of the lists, into them again, or away for good."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from marketplace import selectors, services
from marketplace.errors import NotFound, Refusal
from marketplace.views.answers import page


@require_POST
@login_required
@page
def take_back(request: HttpRequest, owner: str, name: str, version: str) -> HttpResponse:
    release = selectors.release_get(f"{owner}/{name}", version, user=request.user)
    reason = request.POST.get("reason", "")
    try:
        if "yank" in request.POST:
            services.release_yank(actor=request.user, release=release, reason=reason)
        elif "unyank" in request.POST:
            services.release_unyank(actor=request.user, release=release)
        elif "revoke" in request.POST:
            services.release_revoke(actor=request.user, release=release, reason=reason)
    except NotFound:
        raise
    except Refusal as refusal:
        if refusal.status == 403:
            raise
        messages.error(request, refusal.message)
    return redirect("skill-version", owner, name, version)
