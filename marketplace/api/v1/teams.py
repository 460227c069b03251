"""Publishers made and described, and who is on their teams: asked, joined, given a role, removed and left.

What changes a team takes the scope `admin`; what a person may do to which team is the services' to say.
"""

from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from marketplace import documents, selectors, services
from marketplace.api.authentication import asker
from marketplace.api.base import ApiView, json_answer, next_address, page_size
from marketplace.api.v1 import people_serializers
from marketplace.api.v1.describe import CURSOR, LIMIT, endpoint, says
from marketplace.errors import NotAllowed
from marketplace.models import AuditEvent, Invitation, Membership


class PublisherList(ApiView):
    throttle_scope = "write"

    @endpoint(
        "publisher_create",
        request=people_serializers.PublisherForm,
        answers={201: people_serializers.PublisherDetail},
        errors=(401, 403, 409, 415, 422, 429),
    )
    def post(self, request: Request) -> Response:
        """A new publisher, a person or an organisation, whose owner you are."""
        user = asker(request, "admin")
        form = people_serializers.PublisherForm(data=request.data)
        form.is_valid(raise_exception=True)
        handle = form.validated_data["handle"]
        asker(request, "admin", owner=handle)
        publisher = services.publisher_create(actor=user, **form.validated_data)
        return Response(documents.publisher_document(publisher, 0), status=201)


class MemberList(ApiView):
    @endpoint(
        "members_list", answers={200: people_serializers.MemberPage}, errors=(400, 404), parameters=[CURSOR, LIMIT]
    )
    def get(self, request: Request, handle: str) -> HttpResponseBase:
        """Who is on the team of a publisher, the newest first."""
        rows = selectors.team_of(selectors.publisher_get(handle))
        return json_answer(request, documents.dumps(_page(request, rows, member)), public=request.auth is None)


class MemberView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "member_change",
        request=people_serializers.RoleForm,
        answers={200: people_serializers.Member},
        errors=(401, 403, 404, 409, 415, 422, 429),
    )
    def put(self, request: Request, handle: str, username: str) -> Response:
        """Make a member an owner or an owner a member. For owners; a team keeps an owner."""
        user = asker(request, "admin", owner=handle)
        form = people_serializers.RoleForm(data=request.data)
        form.is_valid(raise_exception=True)
        publisher = selectors.publisher_get(handle)
        changed = services.member_change(
            actor=user, publisher=publisher, username=username, role=form.validated_data["role"]
        )
        return Response(member(changed))

    @endpoint("member_remove", answers={204: None}, errors=(401, 403, 404, 409, 429), request=None)
    def delete(self, request: Request, handle: str, username: str) -> Response:
        """Take a person off the team, which is for owners, or leave it yourself."""
        user = asker(request, "admin", owner=handle)
        publisher = selectors.publisher_get(handle)
        services.member_remove(actor=user, publisher=publisher, username=username)
        return Response(status=204)


class InvitationList(ApiView):
    throttle_scope = "write"

    @endpoint(
        "invitations_list",
        answers={200: people_serializers.InvitationPage},
        errors=(400, 401, 403, 404),
        parameters=[CURSOR, LIMIT],
    )
    def get(self, request: Request, handle: str) -> Response:
        """Who was asked onto the team and has not answered. For owners."""
        user = asker(request, "admin", owner=handle)
        publisher = selectors.publisher_get(handle)
        selectors.must_own(user, publisher)
        return _private(_page(request, selectors.invitations_to(publisher), lambda row: invitation(row, handle)))

    @endpoint(
        "member_invite",
        request=people_serializers.InvitationForm,
        answers={
            201: says(people_serializers.Invitation, "Asked."),
            200: says(people_serializers.Invitation, "They were asked before; this role and date count now."),
        },
        errors=(401, 403, 404, 409, 415, 422, 429),
    )
    def post(self, request: Request, handle: str) -> Response:
        """Ask a person onto the team. They are on it once they have accepted. For owners."""
        user = asker(request, "admin", owner=handle)
        form = people_serializers.InvitationForm(data=request.data)
        form.is_valid(raise_exception=True)
        publisher = selectors.publisher_get(handle)
        made, created = services.member_invite(actor=user, publisher=publisher, **form.validated_data)
        return Response(invitation(made, handle), status=201 if created else 200)


class InvitationView(ApiView):
    throttle_scope = "write"

    @endpoint("invitation_withdraw", answers={204: None}, errors=(401, 403, 404, 429), request=None)
    def delete(self, request: Request, handle: str, username: str) -> Response:
        """Withdraw an invitation, which is for owners, or decline your own."""
        user = asker(request, "admin", owner=handle)
        publisher = selectors.publisher_get(handle)
        services.invitation_end(actor=user, publisher=publisher, username=username)
        return Response(status=204)


class OwnInvitationList(ApiView):
    @endpoint(
        "invitations_own",
        answers={200: people_serializers.InvitationPage},
        errors=(400, 401, 403),
        parameters=[CURSOR, LIMIT],
    )
    def get(self, request: Request) -> Response:
        """The teams that you are asked onto."""
        user = asker(request, "read")
        rows = selectors.invitations_for(user)
        return _private(_page(request, rows, lambda row: invitation(row, row.publisher.handle, user.get_username())))


class OwnInvitationView(ApiView):
    throttle_scope = "write"

    @endpoint(
        "invitation_accept", answers={200: people_serializers.Member}, errors=(401, 403, 404, 410, 429), request=None
    )
    def post(self, request: Request, handle: str) -> Response:
        """Join the team that you are asked onto."""
        user = asker(request, "admin", owner=handle)
        joined = services.invitation_accept(actor=user, publisher=selectors.publisher_get(handle))
        return Response(member(joined))

    @endpoint("invitation_decline", answers={204: None}, errors=(401, 403, 404, 429), request=None)
    def delete(self, request: Request, handle: str) -> Response:
        """Decline."""
        user = asker(request, "admin", owner=handle)
        publisher = selectors.publisher_get(handle)
        services.invitation_end(actor=user, publisher=publisher, username=user.get_username())
        return Response(status=204)


class AuditView(ApiView):
    @endpoint(
        "publisher_audit",
        answers={200: people_serializers.AuditPage},
        errors=(400, 401, 403, 404),
        parameters=[CURSOR, LIMIT],
    )
    def get(self, request: Request, handle: str) -> Response:
        """Who changed the team or what is said of the publisher, and when. For its team."""
        user = asker(request, "read", owner=handle)
        publisher = selectors.publisher_get(handle)
        if not selectors.is_member(user, publisher):
            raise NotAllowed(
                "publisher.not-member",
                f"You are not on the team of {publisher.handle}.",
                fix="Ask an owner of the team.",
            )
        return _private(_page(request, selectors.team_events(publisher), event))


def _page(request: Request, rows: Any, shown: Any) -> dict:
    page, cursor = selectors.id_page(rows, limit=page_size(request), cursor=request.GET.get("cursor", ""))
    return {"results": [shown(row) for row in page], "next": next_address(request, cursor)}


def _private(body: dict) -> Response:
    return Response(body, headers={"Cache-Control": "private, no-store"})


def member(row: Membership) -> dict:
    return {"username": row.user.get_username(), "role": row.role, "joined_at": documents.time(row.joined_at)}


def invitation(row: Invitation, handle: str, username: str = "") -> dict:
    return {
        "publisher": handle,
        "username": username or row.user.get_username(),
        "role": row.role,
        "by": row.by.get_username(),
        "at": documents.time(row.at),
        "expires_at": documents.time(row.expires_at),
    }


def event(row: AuditEvent) -> dict:
    by = row.actor.get_username() if row.actor else None
    return {"at": documents.time(row.at), "by": by, "verb": row.verb, "detail": row.detail}
