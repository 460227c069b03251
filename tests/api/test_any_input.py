"""Whatever is asked, the answer is never a crash, and an error is always a problem document."""

import os
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db
ANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = ["q", "sort", "limit", "cursor", "facets", "verdict", "license", "publisher", "tier", "keyword"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
LEAVES = st.none() | st.booleans() | st.integers() | TEXT
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)


def assert_answered(response):
    assert response.status_code < 500, response.content
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json" and response.json()["code"]


@ANY
@given(st.lists(st.tuples(st.sampled_from(NAMES), TEXT), max_size=6))
def test_any_search(publish, pairs):
    assert_answered(Client(raise_request_exception=False).get("/api/v1/skills?" + urlencode(pairs)))


@ANY
@given(TEXT, TEXT, TEXT)
def test_any_address(owner, name, version):
    from urllib.parse import quote

    client = Client(raise_request_exception=False)
    path = f"/api/v1/skills/{quote(owner, safe='')}/{quote(name, safe='')}/releases/{quote(version, safe='')}"
    for what in ("", "/report", "/bundle", "/attestation"):
        assert_answered(client.get(path + what))


@ANY
@given(TEXT, TEXT, st.binary(max_size=200), TEXT)
def test_any_push(alice, as_user, owner, version, data, filename):
    # Django's client sends the last part of a name, and these are none.
    assume(os.path.basename(filename) not in ("", ".", ".."))
    bundle = SimpleUploadedFile(filename, data)
    response = as_user(alice).post("/api/v1/releases", {"owner": owner, "version": version, "bundle": bundle})
    assert_answered(response)
    assert response.status_code >= 400


@ANY
@given(JSON)
def test_any_json_body(publish, charlie, as_user, value):
    client = as_user(charlie, "rate", "admin")
    for path, send in (("/api/v1/skills/a/b/rating", client.put), ("/api/v1/tokens", client.post)):
        for body in (value, {"stars": value, "review": value, "name": value, "scopes": value, "days": value}):
            assert_answered(send(path, body, content_type="application/json"))


@ANY
@given(JSON)
def test_any_body_about_a_team_or_a_machine(alice, as_user, value):
    client = as_user(alice, "admin")
    names = ("handle", "kind", "display_name", "about", "website", "username", "role", "scope", "machine")
    body = dict.fromkeys(names, value) | {"grant_type": value, "device_code": value}
    for path, send in (
        ("/api/v1/publishers", client.post),
        ("/api/v1/publishers/alice", client.put),
        ("/api/v1/publishers/alice/invitations", client.post),
        ("/api/v1/publishers/alice/members/alice", client.put),
        ("/api/v1/device/code", client.post),
        ("/api/v1/device/token", client.post),
    ):
        for sent in (value, body):
            assert_answered(send(path, sent, content_type="application/json"))
