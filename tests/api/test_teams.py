"""Teams over the API: what each of the cast is told, and that no token does more than it was made for."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.models import Invitation, Publisher
from marketplace.services import invitation_accept, member_invite, publisher_create
from tests.api.test_problems import assert_problem
from tests.api.test_schema import assert_fits
from tests.conftest import join

WORKS = "/api/v1/publishers/works"


@pytest.fixture
def schema(db, client):
    return client.get("/api/v1/schema").json()


@pytest.fixture
def works(alice):
    return publisher_create(actor=alice, handle="works", kind="organisation")


@pytest.fixture
def send(as_user):
    """send(alice, "post", path, {...}) with a token of the scope admin."""

    def _send(user, method, path, body=None):
        more = {"data": body, "content_type": "application/json"} if body is not None else {}
        return getattr(as_user(user, "admin", "read") if user else as_user(), method)(path, **more)

    return _send


def test_a_team_from_its_making_to_its_end(alice, charlie, send, schema):
    made = send(alice, "post", "/api/v1/publishers", {"handle": "works", "display_name": "Works"})
    assert made.status_code == 201 and made.json()["kind"] == "organisation"
    asked = send(alice, "post", f"{WORKS}/invitations", {"username": "charlie", "role": "owner"})
    assert asked.status_code == 201
    assert_fits(schema, {"$ref": "#/components/schemas/Invitation"}, asked.json(), "invitation")
    assert send(alice, "post", f"{WORKS}/invitations", {"username": "charlie"}).status_code == 200
    mine = send(charlie, "get", "/api/v1/invitations").json()
    assert_fits(schema, {"$ref": "#/components/schemas/InvitationPage"}, mine, "invitations")
    assert [(row["publisher"], row["role"], row["by"]) for row in mine["results"]] == [("works", "member", "alice")]
    assert send(charlie, "get", "/api/v1/whoami").json()["invitations"] == 1
    assert send(charlie, "post", "/api/v1/invitations/works").json()["role"] == "member"
    listed = send(None, "get", f"{WORKS}/members").json()
    assert_fits(schema, {"$ref": "#/components/schemas/MemberPage"}, listed, "members")
    assert [(row["username"], row["role"]) for row in listed["results"]] == [("charlie", "member"), ("alice", "owner")]
    assert send(alice, "put", f"{WORKS}/members/charlie", {"role": "owner"}).json()["role"] == "owner"
    assert send(alice, "delete", f"{WORKS}/members/alice").status_code == 204
    assert_problem(send(charlie, "delete", f"{WORKS}/members/charlie"), 409, "member.last-owner")
    told = send(charlie, "get", f"{WORKS}/audit").json()
    assert_fits(schema, {"$ref": "#/components/schemas/AuditPage"}, told, "audit")
    assert [(row["by"], row["verb"]) for row in told["results"]][:2] == [
        ("alice", "member.leave"),
        ("alice", "member.role"),
    ]


def test_what_is_not_theirs_is_refused_to_bob_charlie_and_mallory(alice, works, charlie, mallory, send):
    bob = charlie.__class__.objects.create_user("bob")
    join(works, alice, bob)
    for user in (bob, charlie, mallory):
        for method, path, body in (
            ("post", "invitations", {"username": "mallory", "role": "owner"}),
            ("get", "invitations", None),
            ("put", "members/bob", {"role": "owner"}),
            ("delete", "members/alice", None),
            ("delete", "invitations/dora", None),
        ):
            assert_problem(send(user, method, f"{WORKS}/{path}", body), 403, "publisher.not-owner")
        assert_problem(send(user, "put", WORKS, {"about": "Mine."}), 403, "publisher.not-owner")
    assert send(bob, "get", f"{WORKS}/audit").status_code == 200
    assert_problem(send(charlie, "get", f"{WORKS}/audit"), 403, "publisher.not-member")
    assert_problem(send(None, "get", f"{WORKS}/audit"), 401, "token.missing")
    assert_problem(send(charlie, "post", "/api/v1/invitations/works"), 404, "invitation.not-found")
    assert send(bob, "delete", f"{WORKS}/members/bob").status_code == 204


def test_a_token_changes_no_team_that_it_was_not_made_for(alice, works, alices, charlie, as_user):
    body = {"data": {"username": "charlie"}, "content_type": "application/json"}
    weak, bound = as_user(alice, "read", "push", "yank"), as_user(alice, "admin", publisher=alices)
    assert_problem(weak.post(f"{WORKS}/invitations", **body), 403, "token.wrong-scope")
    assert_problem(bound.post(f"{WORKS}/invitations", **body), 403, "token.wrong-publisher")
    made = {"data": {"handle": "more"}, "content_type": "application/json"}
    assert_problem(bound.post("/api/v1/publishers", **made), 403, "token.wrong-publisher")
    assert not Invitation.objects.exists() and not Publisher.objects.filter(handle="more").exists()


def test_a_publisher_is_described_by_its_owner(alice, works, send, client):
    said = {"display_name": "The Works", "about": "Tools.", "website": "https://works.example.com"}
    assert send(alice, "put", WORKS, said).status_code == 200
    shown = client.get(WORKS).json()
    assert {key: shown[key] for key in said} == said
    assert_problem(send(alice, "put", WORKS, {"website": "javascript:x"}), 422, "publisher.website")


def test_a_handle_is_made_once(alice, works, send):
    assert_problem(send(alice, "post", "/api/v1/publishers", {"handle": "works"}), 409, "publisher.taken")
    assert_problem(send(alice, "post", "/api/v1/publishers", {"handle": "w0rks"}), 409, "publisher.look-alike")
    assert_problem(send(alice, "post", "/api/v1/publishers", {"handle": "api"}), 422, "publisher.handle")


def test_a_longer_team_costs_no_more_queries(alice, works, send, django_user_model):
    def grow(start, end):
        for number in range(start, end):
            user = django_user_model.objects.create_user(f"user-{number}")
            member_invite(actor=alice, publisher=works, username=user.username)
            if number % 2:
                invitation_accept(actor=user, publisher=works)

    def cost(path):
        send(alice, "get", path)
        with CaptureQueriesContext(connection) as captured:
            assert send(alice, "get", path).status_code == 200
        return len(captured)

    paths = [f"{WORKS}/{what}?limit=100" for what in ("members", "invitations", "audit")]
    grow(0, 4)
    few = [cost(path) for path in paths]
    grow(4, 30)
    assert [cost(path) for path in paths] == few


def test_a_team_is_read_page_by_page(alice, works, charlie, send, client):
    join(works, alice, charlie)
    first = client.get(f"{WORKS}/members?limit=1").json()
    second = client.get(first["next"]).json()
    assert [row["username"] for row in first["results"] + second["results"]] == ["charlie", "alice"]
    assert second["next"] is None
