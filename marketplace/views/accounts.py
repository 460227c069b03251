"""A person's own pages: what they published and wrote, and the tokens their machines use."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace import selectors, services, sheets
from marketplace.errors import Refusal
from marketplace.forms import PublisherForm, TokenForm
from marketplace.models import Release
from marketplace.views import reads
from marketplace.views.answers import page


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What a person has here; a POST makes a publisher."""
    trouble = None
    form = PublisherForm(request.POST or None, initial={"handle": request.user.get_username()})
    if request.method == "POST" and form.is_valid():
        try:
            publisher = services.publisher_create(actor=request.user, **form.cleaned_data)
        except Refusal as refusal:
            trouble = refusal
        else:
            messages.success(request, f"You can now publish as {publisher.handle}.")
            return redirect("team", publisher.handle) if publisher.kind == "organisation" else redirect("account")
    context = {
        "releases": [_line(release) for release in reads.releases_for(request.user)],
        "invitations": list(selectors.invitations_for(request.user)[:50]),
        "memberships": reads.memberships_of(request.user),
        "ratings": [_split(rating, {"stars": rating.stars}) for rating in reads.ratings_by(request.user)],
        "publisher_form": form,
        "trouble": trouble,
    }
    return render(request, "marketplace/account.html", context, status=422 if trouble or form.errors else 200)


def _line(release: Release) -> dict:
    """A release with its state in a word and the reason for it."""
    said = sheets.banner(release)
    owner, _, name = release.skill.full_name.partition("/")
    return {
        "skill": release.skill,
        "owner": owner,
        "name": name,
        "version": release.version,
        "created_at": release.created_at,
        "tone": said.tone,
        "state_word": said.title,
        "why": said.reasons[0] if said.reasons else "" if said.tone == "pass" else said.text,
    }


def _split(row: object, more: dict) -> dict:
    owner, _, name = row.skill.full_name.partition("/")
    return {
        "skill": row.skill,
        "owner": owner,
        "name": name,
        "review": row.review,
        "updated_at": row.updated_at,
        **more,
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """A person's tokens; a POST makes one and shows it this once."""
    trouble, plaintext, status = None, "", 200
    form = TokenForm(request.POST or None, user=request.user)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _, plaintext = services.token_issue(actor=request.user, **form.cleaned_data)
            except Refusal as refusal:
                trouble, status = refusal, refusal.status
            else:
                form, status = TokenForm(user=request.user), 201
    now = timezone.now()
    rows = list(reads.tokens_of(request.user))
    for row in rows:
        row.is_expired = row.expires_at <= now
    context = {"tokens": rows, "form": form, "plaintext": plaintext, "trouble": trouble}
    return render(request, "marketplace/tokens.html", context, status=status)


@login_required
@require_POST
@page
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    token = services.token_revoke(actor=request.user, key=key)
    messages.success(request, f"The token “{token.name}” is revoked.")
    return redirect("tokens")
