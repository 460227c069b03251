"""What is read: details, reports, bundles, attestations; who may, and how it is cached."""

import hashlib
import json

import pytest

from marketplace import services
from marketplace.models import Release, Skill
from tests.api.test_problems import assert_problem

BASE = "/api/v1/skills/alice/pdf-tools"
V1 = f"{BASE}/releases/1.0.0"


def test_a_skill_is_one_select_and_answers_304(publish, client, django_assert_num_queries):
    publish("pdf-tools", license="MIT", keywords=["pdf"])
    with django_assert_num_queries(1):
        response = client.get(BASE)
    body = response.json()
    assert body["skill"] == "alice/pdf-tools" and body["version"] == "1.0.0" and body["license"] == "MIT"
    assert body["safety"] == {"verdict": "pass", "score": 96.0} and body["quality"]["score"] == 71.5
    assert body["downloads"] == 0 and body["rating"] == {"mean": None, "count": 0}
    assert [row["version"] for row in body["releases"]] == ["1.0.0"]
    with django_assert_num_queries(1):
        again = client.get(BASE, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304 and again.content == b""


def test_a_rating_changes_the_etag(publish, client, charlie, as_user):
    publish("pdf-tools")
    etag = client.get(BASE)["ETag"]
    as_user(charlie).put(f"{BASE}/rating", {"stars": 4}, content_type="application/json")
    response = client.get(BASE, headers={"If-None-Match": etag})
    assert response.status_code == 200 and response.json()["rating"] == {"mean": 4.0, "count": 1}


def test_a_release_and_its_report_are_one_select_each(publish, client, django_assert_num_queries):
    release = publish("pdf-tools", body="# Read me")
    with django_assert_num_queries(1):
        body = client.get(V1).json()
    assert body["digest"] == release.digest and body["readme"].strip() == "# Read me"
    assert body["manifest"]["name"] == "pdf-tools" and body["files"][0]["path"] == "SKILL.md"
    with django_assert_num_queries(1):
        report = client.get(f"{V1}/report").json()
    assert report == release.report
    assert client.get(f"{BASE}/releases/latest").json()["version"] == "1.0.0"
    assert client.get(f"{BASE}/releases/latest/report").json() == report


def test_a_bundle_is_its_digest_and_cacheable_for_ever(publish, client):
    release = publish("pdf-tools")
    response = client.get(f"{V1}/bundle")
    data = b"".join(response.streaming_content)
    assert "sha256:" + hashlib.sha256(data).hexdigest() == release.digest
    assert "immutable" in response["Cache-Control"] and response["ETag"] == f'"{release.digest}"'
    assert int(response["Content-Length"]) == len(data) and response["Content-Type"] == "application/x-tar"
    assert client.get(f"{V1}/bundle", headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert "immutable" not in client.get(f"{BASE}/releases/latest/bundle")["Cache-Control"]


def test_a_bundle_is_saved_under_the_name_of_its_release(publish, client):
    publish("pdf-tools")
    assert client.get(f"{V1}/bundle")["Content-Disposition"] == 'attachment; filename="pdf-tools-1.0.0.tar"'


def test_a_download_is_counted_once_for_each_time_that_bytes_are_sent(publish, client):
    release = publish("pdf-tools")
    client.get(f"{V1}/bundle")
    client.head(f"{V1}/bundle")
    client.get(f"{V1}/bundle", headers={"If-None-Match": f'"{release.digest}"'})
    assert client.get(BASE).json()["downloads"] == 1
    assert client.get(V1).json()["downloads"] == 1


@pytest.mark.parametrize("verdict", [None, "block", "unknown"])
@pytest.mark.parametrize("what", ["", "/report", "/bundle", "/attestation"])
def test_what_is_not_published_is_there_for_the_team_alone(push, publish, alice, bob, charlie, as_user, verdict, what):
    publish("pdf-tools", verdict=verdict) if verdict else push("pdf-tools")
    for stranger in (as_user(None), as_user(charlie), as_user(alice, "rate")):
        assert_problem(stranger.get(f"{V1}{what}"), 404, "release.not-found")
        assert_problem(stranger.get(BASE), 404, "skill.not-found")
        assert stranger.get(f"{BASE}/releases").status_code == 404
    expected = 404 if (verdict, what) == (None, "/attestation") else 200
    for member in (as_user(alice, "push"), as_user(bob, "read")):
        response = member.get(f"{V1}{what}")
        assert response.status_code == expected
        assert "no-store" in response["Cache-Control"]
        assert member.get(BASE).json()["releases"][0]["version"] == "1.0.0"
    assert Release.objects.get().downloads == 0


def test_a_token_bound_elsewhere_reads_nothing_unpublished(push, alice, as_user):
    from marketplace.services import publisher_create

    acme = publisher_create(actor=alice, handle="acme")
    push("pdf-tools")
    assert_problem(as_user(alice, "push", publisher=acme).get(V1), 404, "release.not-found")


def test_a_yanked_release_is_fetched_by_its_exact_version_only(publish, alice, client, as_user):
    publish("pdf-tools", version="1.0.0", body="one")
    publish("pdf-tools", version="1.1.0", body="two")
    response = as_user(alice).post(f"{BASE}/releases/1.1.0/yank", {"reason": "broken"}, content_type="application/json")
    assert response.status_code == 200 and response.json()["yanked"]["reason"] == "broken"
    assert client.get(BASE).json()["version"] == "1.0.0"
    assert client.get(f"{BASE}/releases/latest").json()["version"] == "1.0.0"
    assert client.get(f"{BASE}/releases/1.1.0/bundle").status_code == 200
    assert client.get(f"{BASE}/releases/1.1.0").json()["yanked"]["reason"] == "broken"
    assert as_user(alice).delete(f"{BASE}/releases/1.1.0/yank").json()["yanked"] is None
    assert client.get(BASE).json()["version"] == "1.1.0"


def test_a_revoked_release_is_gone_and_says_why(publish, alice, charlie, client, as_user):
    publish("pdf-tools")
    path = f"{V1}/revoke"
    assert_problem(
        as_user(charlie).post(path, {"reason": "x"}, content_type="application/json"), 403, "publisher.not-member"
    )
    assert_problem(
        as_user(alice, "push").post(path, {"reason": "x"}, content_type="application/json"), 403, "token.wrong-scope"
    )
    assert_problem(as_user(alice).post(path, {}, content_type="application/json"), 422, "release.reason")
    assert as_user(alice).post(path, {"reason": "leaks keys"}, content_type="application/json").status_code == 200
    for what in ("bundle", "attestation"):
        body = assert_problem(client.get(f"{V1}/{what}"), 410, "release.revoked")
        assert "leaks keys" in body["detail"]
    assert client.get(V1).json()["revoked"]["reason"] == "leaks keys"
    assert client.get(BASE).json()["version"] is None
    assert client.get("/api/v1/skills").json()["results"] == []


def test_a_report_says_that_its_release_was_taken_back(publish, alice, client):
    """Its verdict stays what it was, so whoever reads the report alone has to be told."""
    release = publish("pdf-tools")
    path = "/api/v1/skills/alice/pdf-tools/releases/1.0.0/report"
    plain = client.get(path)
    assert not {"yanked", "revoked"} & plain.json().keys()
    services.release_yank(actor=alice, release=release, reason="Dates are wrong.")
    yanked = client.get(path, headers={"If-None-Match": plain.headers["ETag"]})
    assert yanked.json()["yanked"]["reason"] == "Dates are wrong." and "revoked" not in yanked.json()
    services.release_revoke(actor=alice, release=release, reason="A key was in it.")
    told = client.get(path).json()
    assert told["revoked"]["reason"] == "A key was in it." and told["safety"]["verdict"] == "pass"


def test_an_attestation_verifies_with_a_published_key(publish, client):
    from vetting import attest

    release = publish("pdf-tools")
    envelope = client.get(f"{V1}/attestation").json()
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    statement = attest.verify(envelope)
    assert statement["subject"] == [{"name": "alice/pdf-tools@1.0.0", "digest": {"sha256": release.digest[7:]}}]
    keys = client.get("/api/v1/keys").json()["keys"]
    assert envelope["signatures"][0]["keyid"] in [key["keyid"] for key in keys]
    assert keys[0]["algorithm"] == "ed25519" and "PUBLIC KEY" in keys[0]["public_pem"]


def test_bytes_that_vanished_from_the_disk_are_our_fault(publish, client):
    from marketplace import blobs

    blobs.path(publish("pdf-tools").digest).unlink()
    assert_problem(client.get(f"{V1}/bundle"), 503, "blob.missing")


def test_nginx_sends_the_bytes_where_it_is_told_to(publish, client, settings):
    settings.X_ACCEL_PREFIX = "/blobs"
    release = publish("pdf-tools")
    response = client.get(f"{V1}/bundle")
    assert response["X-Accel-Redirect"] == f"/blobs/sha256/{release.digest[7:9]}/{release.digest[7:]}"


def test_ratings_are_given_changed_listed_and_taken_back(publish, alice, charlie, client, as_user):
    publish("pdf-tools")
    his = as_user(charlie)
    own = f"{BASE}/rating"
    assert_problem(his.get(own), 404, "rating.not-found")
    body = {"stars": 5, "review": "<b>good</b>\u0000"}
    assert his.put(own, body, content_type="application/json").status_code in (201, 422)
    assert his.put(own, {"stars": 4, "review": "good"}, content_type="application/json").status_code in (200, 201)
    assert his.get(own).json()["stars"] == 4
    assert [row["user"] for row in client.get(f"{BASE}/ratings").json()["results"]] == ["charlie"]
    assert_problem(as_user(alice).put(own, {"stars": 5}, content_type="application/json"), 403, "rating.own-skill")
    assert_problem(his.put(own, {"stars": 9}, content_type="application/json"), 422, "request.invalid")
    assert_problem(his.put(own, {"stars": 10**400}, content_type="application/json"), 422, "request.invalid")
    assert_problem(client.put(own, {"stars": 5}, content_type="application/json"), 401, "token.missing")
    assert his.delete(own).status_code == 204
    assert client.get(BASE).json()["rating"] == {"mean": None, "count": 0}


def test_a_publisher_is_shown_with_the_number_of_listed_skills(publish, push, client):
    publish("pdf-tools")
    push("hidden")
    body = client.get("/api/v1/publishers/alice").json()
    assert body["handle"] == "alice" and body["skills"] == 1
    assert_problem(client.get("/api/v1/publishers/nobody"), 404, "publisher.not-found")


def test_a_strangers_view_of_a_skill_never_tells_of_unpublished_releases(publish, push, client, alice, as_user):
    publish("pdf-tools", version="1.0.0", body="one")
    push("pdf-tools", version="2.0.0", body="two")
    assert "2.0.0" not in json.dumps(client.get(BASE).json())
    assert [row["version"] for row in client.get(f"{BASE}/releases").json()["results"]] == ["1.0.0"]
    mine = as_user(alice, "read").get(f"{BASE}/releases").json()["results"]
    assert [row["version"] for row in mine] == ["2.0.0", "1.0.0"]


@pytest.mark.parametrize("count", [3, 30])
def test_no_query_count_grows_with_the_rows_shown(
    publish, push, client, django_user_model, count, django_assert_num_queries
):
    from marketplace.services import skill_rate

    for number in range(count):
        publish("pdf-tools", version=f"1.0.{number}", body=str(number))
        publish(f"tool-{number}x", body=f"words {number}", keywords=["pdf", f"k{number}"])
    skill = Skill.objects.get(name="pdf-tools")
    for number in range(count):
        skill_rate(actor=django_user_model.objects.create(username=f"u{number}"), skill=skill, stars=4)
    for path, queries in (
        (BASE, 1),
        (f"{BASE}/releases?limit=100", 2),
        (f"{BASE}/ratings?limit=100", 2),
        ("/api/v1/skills?limit=100", 1),
        ("/api/v1/skills?limit=100&sort=newest", 1),
        ("/api/v1/skills?limit=100&facets=1", 5),
        ("/api/v1/skills?limit=100&q=tool", 4),
        ("/api/v1/skills?limit=100&q=tool&sort=downloads", 3),
        ("/api/v1/skills?limit=100&q=tool&facets=1&keyword=pdf", 7),
        ("/api/v1/publishers/alice", 2),
    ):
        with django_assert_num_queries(queries):
            response = client.get(path)
        assert response.status_code == 200
        if "results" in response.json():
            assert len(response.json()["results"]) >= count, path
