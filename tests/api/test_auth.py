"""Who may do what with which token: 401 says who are you, 403 says not you."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.models import Token
from marketplace.services import publisher_create, token_issue, token_revoke
from tests.api.test_problems import assert_problem, upload


def post_push(client, owner="alice", **fields):
    return client.post("/api/v1/releases", {"owner": owner, "bundle": upload(), **fields})


def bearer(text):
    return Client(headers={"Authorization": f"Bearer {text}"})


def test_no_token(db):
    response = post_push(Client())
    assert_problem(response, 401, "token.missing")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer x", "Basic YWxpY2U6eA==", "Bearer asy_a_b", "Token asy", "Bearer \xe4"]
)
def test_a_header_that_holds_no_token(db, header):
    response = Client(headers={"Authorization": header}).get("/api/v1/whoami")
    assert_problem(response, 401, "token.malformed")


def test_a_well_formed_token_of_somebody_elses_registry(alice, token_for):
    text = token_for(alice)
    Token.objects.all().delete()
    assert_problem(bearer(text).get("/api/v1/whoami"), 401, "token.unknown")


def test_a_known_key_with_another_secret(alice, token_for):
    from marketplace.services.tokens import compose, parse

    key, secret = parse(token_for(alice))
    assert_problem(bearer(compose(key, secret[::-1])).get("/api/v1/whoami"), 401, "token.unknown")


def test_a_revoked_token(alice):
    token, text = token_issue(actor=alice, name="laptop", scopes=["push"])
    token_revoke(actor=alice, key=token.key)
    body = assert_problem(post_push(bearer(text)), 401, "token.revoked")
    assert "laptop" in body["detail"] and body["fix"]


def test_an_expired_token(alice):
    token, text = token_issue(actor=alice, name="laptop", scopes=["push"])
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert_problem(post_push(bearer(text)), 401, "token.expired")


def test_a_closed_account(alice, token_for):
    text = token_for(alice)
    alice.is_active = False
    alice.save()
    assert_problem(post_push(bearer(text)), 401, "token.user-inactive")


def test_a_wrong_token_is_told_even_where_none_is_needed(alice, token_for):
    assert_problem(bearer(token_for(alice)[:-1] + "!").get("/api/v1/skills"), 401, "token.malformed")


def test_a_token_without_the_scope(alice, as_user):
    body = assert_problem(post_push(as_user(alice, "read", "rate")), 403, "token.wrong-scope")
    assert "push" in body["detail"]


def test_a_token_bound_to_another_publisher(alice, alices, as_user):
    publisher_create(actor=alice, handle="acme", kind="organisation")
    response = post_push(as_user(alice, "push", publisher=alices), owner="acme")
    assert_problem(response, 403, "token.wrong-publisher")


def test_a_token_bound_to_a_publisher_need_not_name_it(alice, alices, as_user):
    response = as_user(alice, "push", publisher=alices).post("/api/v1/releases", {"bundle": upload()})
    assert response.status_code == 202 and response.json()["skill"] == "alice/pdf-tools"


def test_charlie_may_not_push_as_alice(alices, charlie, as_user):
    assert_problem(post_push(as_user(charlie)), 403, "publisher.not-member")


def test_charlies_bound_token_dies_with_his_membership(alice, alices, bob, as_user):
    from marketplace.services import member_remove

    client = as_user(bob, "push", publisher=alices)
    member_remove(actor=alice, publisher=alices, username="bob")
    assert_problem(post_push(client), 403, "publisher.not-member")


def test_whoami_tells_user_teams_and_token(bob, as_user):
    body = as_user(bob, "push").get("/api/v1/whoami").json()
    assert body["username"] == "bob" and body["publishers"] == [{"handle": "alice", "role": "member"}]
    assert body["invitations"] == 0
    assert body["token"]["scopes"] == ["push"]


def test_the_last_use_is_written_seldom(alice, token_for, django_assert_num_queries):
    client = bearer(token_for(alice))
    client.get("/api/v1/whoami")
    used = Token.objects.get().last_used_at
    assert used is not None
    with django_assert_num_queries(3):
        client.get("/api/v1/whoami")
    assert Token.objects.get().last_used_at == used


def test_a_newcomer_pushes_under_their_own_name(charlie, as_user):
    response = post_push(as_user(charlie), owner="charlie")
    assert response.status_code == 202 and response.json()["skill"] == "charlie/pdf-tools"


def test_tokens_are_made_listed_and_ended_with_the_scope_admin(alice, as_user):
    client = as_user(alice, "admin", "push")
    body = {"name": "robot", "scopes": ["push"], "publisher": "alice", "days": 7}
    response = client.post("/api/v1/tokens", body, content_type="application/json")
    assert response.status_code == 201 and response["Cache-Control"] == "no-store"
    issued = response.json()
    assert bearer(issued["token"]).get("/api/v1/whoami").json()["token"]["publisher"] == "alice"
    listed = client.get("/api/v1/tokens").json()["results"]
    assert [row["name"] for row in listed] == ["robot", "a test's token"] and "token" not in listed[0]
    assert client.delete(f"/api/v1/tokens/{issued['key']}").status_code == 204
    assert_problem(bearer(issued["token"]).get("/api/v1/whoami"), 401, "token.revoked")


def test_a_token_gives_no_more_than_it_holds(alice, alices, as_user):
    body = {"name": "robot", "scopes": ["push"]}
    assert_problem(
        as_user(alice, "push").post("/api/v1/tokens", body, content_type="application/json"), 403, "token.wrong-scope"
    )
    assert_problem(
        as_user(alice, "admin").post("/api/v1/tokens", body, content_type="application/json"), 403, "token.wrong-scope"
    )
    bound = as_user(alice, "admin", "push", publisher=alices)
    assert_problem(bound.post("/api/v1/tokens", body, content_type="application/json"), 403, "token.wrong-publisher")


def test_any_token_may_end_itself(alice, as_user):
    client = as_user(alice, "read")
    assert client.delete("/api/v1/tokens").status_code == 204
    assert_problem(client.get("/api/v1/whoami"), 401, "token.revoked")
