"""The team of a publisher: who is on it, who was asked, who changed what; and a person's answer to being asked."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace import selectors, services
from marketplace.errors import NotAllowed, NotFound, Refusal
from marketplace.forms import DescriptionForm, InviteForm
from marketplace.models import Publisher
from marketplace.views.answers import page

PER_PAGE = 50
EVENTS_SHOWN = 30


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@page
def team(request: HttpRequest, owner: str) -> HttpResponse:
    """The team's own page; a POST changes one thing and comes back to it."""
    publisher = selectors.publisher_get(owner)
    role = selectors.role_of(request.user, publisher)
    if not role:
        raise NotAllowed(
            "publisher.not-member", f"You are not on the team of {publisher.handle}.", fix="Ask an owner of the team."
        )
    if request.method != "POST":
        return _show(request, publisher, role)
    act = _ACTS.get(request.POST.get("act", ""))
    try:
        if act is None:
            raise Refusal(
                "request.act",
                "This form asks for nothing that a team can do.",
                fix="Go back to the team's page and use its buttons.",
            )
        messages.success(request, act(request, publisher))
    except Refusal as refusal:
        if refusal.status == 403 and refusal.code == "publisher.not-owner":
            raise
        return _show(request, publisher, role, trouble=refusal)
    is_still_on_it = selectors.is_member(request.user, publisher)
    return redirect("team", owner) if is_still_on_it else redirect("publisher", owner)


def _show(request: HttpRequest, publisher: Publisher, role: str, trouble: Refusal | None = None) -> HttpResponse:
    cursor = request.GET.get("cursor", "")[:500]
    members, later = selectors.id_page(selectors.team_of(publisher), limit=PER_PAGE, cursor=cursor)
    said = request.POST if trouble and request.POST.get("act") == "describe" else None
    asked = request.POST if trouble and request.POST.get("act") == "invite" else None
    described = {name: getattr(publisher, name) for name in ("display_name", "about", "website")}
    context = {
        "publisher": publisher,
        "is_owner": role == "owner",
        "members": members,
        "next": later,
        "is_later_page": bool(cursor),
        "invitations": list(selectors.invitations_to(publisher)[:PER_PAGE]) if role == "owner" else [],
        "events": [_told(row) for row in selectors.team_events(publisher)[:EVENTS_SHOWN]],
        "invite_form": InviteForm(asked),
        "description_form": DescriptionForm(said, initial=described),
        "trouble": trouble,
    }
    return render(request, "marketplace/team.html", context, status=trouble.status if trouble else 200)


def _invite(request: HttpRequest, publisher: Publisher) -> str:
    username, role = request.POST.get("username", "").strip(), request.POST.get("role", "")
    _, created = services.member_invite(actor=request.user, publisher=publisher, username=username, role=role)
    return f"{username} is asked onto the team{'' if created else ' anew'}, and finds it on the account page."


def _change(request: HttpRequest, publisher: Publisher) -> str:
    username, role = request.POST.get("username", ""), request.POST.get("role", "")
    services.member_change(actor=request.user, publisher=publisher, username=username, role=role)
    return f"{username} is now {'an owner' if role == 'owner' else 'a member'}."


def _remove(request: HttpRequest, publisher: Publisher) -> str:
    username = request.POST.get("username", "")
    services.member_remove(actor=request.user, publisher=publisher, username=username)
    if username == request.user.get_username():
        return f"You have left the team of {publisher.handle}."
    return f"{username} is off the team."


def _withdraw(request: HttpRequest, publisher: Publisher) -> str:
    username = request.POST.get("username", "")
    services.invitation_end(actor=request.user, publisher=publisher, username=username)
    return f"The invitation to {username} is withdrawn."


def _describe(request: HttpRequest, publisher: Publisher) -> str:
    said = {name: request.POST.get(name, "") for name in ("display_name", "about", "website")}
    services.publisher_describe(actor=request.user, publisher=publisher, **said)
    return "The description is saved."


_ACTS: dict[str, Callable[[HttpRequest, Publisher], str]] = {
    "invite": _invite,
    "change": _change,
    "remove": _remove,
    "withdraw": _withdraw,
    "describe": _describe,
}


def _told(row: object) -> dict:
    """An audit row as a sentence's parts: who, what, whom."""
    detail = row.detail if isinstance(row.detail, dict) else {}
    whom, role = detail.get("user", ""), detail.get("role", "")
    as_role = f"as {'an owner' if role == 'owner' else 'a member'}" if role else ""
    words = {
        "publisher.create": ("made this publisher", "", ""),
        "publisher.describe": ("changed the description", "", ""),
        "member.invite": ("asked", whom, as_role),
        "member.join": ("joined", "", as_role),
        "member.decline": ("declined", "", ""),
        "member.withdraw": ("withdrew the invitation to", whom, ""),
        "member.role": ("made", whom, {"owner": "an owner", "member": "a member"}.get(role, role)),
        "member.remove": ("removed", whom, ""),
        "member.leave": ("left", "", ""),
    }
    did, whom, how = words.get(row.verb, (row.verb, whom, as_role))
    return {"at": row.at, "who": row.actor.get_username() if row.actor else "", "did": did, "whom": whom, "how": how}


@login_required
@require_POST
@page
def answer(request: HttpRequest, owner: str) -> HttpResponse:
    """Join the team that one was asked onto, or decline."""
    publisher = selectors.publisher_get(owner)
    try:
        if "accept" in request.POST:
            services.invitation_accept(actor=request.user, publisher=publisher)
            messages.success(request, f"You are on the team of {owner} now.")
            return redirect("team", owner)
        services.invitation_end(actor=request.user, publisher=publisher, username=request.user.get_username())
        messages.success(request, f"You declined the invitation to {owner}.")
    except NotFound:
        raise
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.fix}".strip())
    return redirect("account")
