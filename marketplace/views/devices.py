"""The page where a person signs a machine in: types its code, sees who asks for what, and decides."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from marketplace import services
from marketplace.api.v1.devices import address_of
from marketplace.errors import Refusal
from marketplace.forms import CodeForm, GrantForm
from marketplace.models import DeviceLogin
from marketplace.views.answers import page


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def device(request: HttpRequest) -> HttpResponse:
    """A GET asks for the code, whatever its address says: a link alone must lead nobody to the button."""
    if request.method != "POST":
        return _ask(request, CodeForm())
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=422)
    code = form.cleaned_data["code"]
    try:
        waiting = services.device_find(actor=request.user, code=code)
        if request.POST.get("decision") == "deny":
            return _done(request, services.device_deny(actor=request.user, code=code))
        if request.POST.get("decision") != "grant":
            return _confirm(request, waiting, code, GrantForm(user=request.user, asked=waiting.asked_scopes))
        grant = GrantForm(request.POST, user=request.user, asked=waiting.asked_scopes)
        if not grant.is_valid():
            return _confirm(request, waiting, code, grant, status=422)
        return _done(request, services.device_grant(actor=request.user, code=code, **grant.cleaned_data))
    except Refusal as refusal:
        return _ask(request, form, trouble=refusal, status=refusal.status)


def _ask(request: HttpRequest, form: CodeForm, trouble: Refusal | None = None, status: int = 200) -> HttpResponse:
    return render(request, "marketplace/device.html", {"form": form, "trouble": trouble}, status=status)


def _confirm(request: HttpRequest, waiting: DeviceLogin, code: str, form: GrantForm, status: int = 200) -> HttpResponse:
    here = address_of(request)
    context = {
        "waiting": waiting,
        "code": code.upper(),
        "form": form,
        "here": here,
        "is_from_here": here == waiting.address,
        "wants_admin": "admin" in waiting.asked_scopes,
    }
    return render(request, "marketplace/device_confirm.html", context, status=status)


def _done(request: HttpRequest, decided: DeviceLogin) -> HttpResponse:
    return render(request, "marketplace/device_done.html", {"decided": decided})
