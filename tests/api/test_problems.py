"""Every error below /api/ is application/problem+json, wherever it comes from."""

import ast
import errno
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client

from tests.conftest import skill_zip

pytestmark = pytest.mark.django_db


def assert_problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["code"] == code and body["status"] == status
    assert body["fix"], "it says what to do"
    assert body["detail"].endswith((".", "?")) and body["title"] and body["type"] == f"urn:assay:problem:{code}"
    return body


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v2/skills", "/api/v1/skills/a/b/c/d"])
def test_an_unknown_address(path):
    assert_problem(Client().get(path), 404, "request.not-found")


def test_a_page_that_is_not_there_is_no_problem_document():
    assert Client(raise_request_exception=False).get("/no/such/page/here")["Content-Type"].startswith("text/html")


def test_a_wrong_method_names_the_right_ones():
    response = Client().post("/api/v1/skills", {})
    assert_problem(response, 405, "request.method")
    assert "GET" in response["Allow"]


def test_a_wrong_media_type(as_user, alice):
    response = as_user(alice).post("/api/v1/releases", "{}", content_type="application/json")
    assert_problem(response, 415, "request.media-type")


def test_a_body_that_is_no_json(as_user, charlie):
    response = as_user(charlie).put("/api/v1/skills/a/b/rating", "{", content_type="application/json")
    assert_problem(response, 400, "request.malformed")


def test_a_broken_form(as_user, alice):
    response = as_user(alice).post("/api/v1/releases", b"xx", content_type="multipart/form-data")
    assert_problem(response, 400, "request.malformed")


def test_a_refused_host():
    assert_problem(Client().get("/api/v1/keys", headers={"Host": "evil.example"}), 400, "request.malformed")


def test_a_crash_is_a_problem_too_and_tells_nothing_of_the_inside(monkeypatch, publish):
    def fall(*args, **kwargs):
        raise RuntimeError("secret inner words")

    monkeypatch.setattr("marketplace.selectors.skills_find", fall)
    body = assert_problem(Client(raise_request_exception=False).get("/api/v1/skills"), 500, "platform.crash")
    assert "secret" not in str(body)


def test_a_database_that_is_locked_is_our_fault_and_says_when_to_come_back(monkeypatch, as_user, alice):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr("marketplace.services.release_push", locked)
    response = as_user(alice).post("/api/v1/releases", {"owner": "alice", "bundle": upload()})
    assert_problem(response, 503, "platform.database")
    assert response["Retry-After"]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), OperationalError("database or disk is full")]
)
def test_a_full_disk_is_told_as_that(monkeypatch, as_user, alice, error):
    def full(*args, **kwargs):
        raise error

    monkeypatch.setattr("marketplace.services.release_push", full)
    response = as_user(alice).post("/api/v1/releases", {"owner": "alice", "bundle": upload()})
    assert_problem(response, 507, "platform.disk-full")


def test_an_accept_header_for_another_format_is_no_reason_to_answer_nothing():
    assert Client().get("/api/v1/keys", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "limit=-1", "limit=²"])
def test_a_limit_out_of_range(query):
    assert_problem(Client().get(f"/api/v1/skills?{query}"), 400, "request.limit")


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJpZCIsMV0", "bnVsbA", "ä", "A" * 5000, "WyJxdWFsaXR5IiwxZTk5OV0"])
def test_a_cursor_of_another_list(cursor):
    assert_problem(Client().get(f"/api/v1/skills?cursor={cursor}"), 400, "cursor.invalid")


@pytest.mark.parametrize("path", ["/api/v1/skills?q=a%00b", "/api/v1/skills/a/b%00", "/api/v1/publishers/%00"])
def test_an_address_with_a_nul(path):
    assert_problem(Client(raise_request_exception=False).get(path), 400, "request.malformed")


def test_an_unknown_sort():
    assert_problem(Client().get("/api/v1/skills?sort=luck"), 400, "search.sort")
    assert_problem(Client().get("/api/v1/skills?verdict=pass&verdict=passed"), 400, "search.verdict")


def test_too_many_requests_say_when_to_come_back(as_user, charlie, publish, monkeypatch):
    from marketplace.api.throttles import Throttle

    publish("pdf-tools")
    monkeypatch.setattr(Throttle, "THROTTLE_RATES", {"write": "2/minute"})
    client = as_user(charlie)
    path = "/api/v1/skills/alice/pdf-tools/rating"
    answers = [client.put(path, {"stars": 3}, content_type="application/json") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 429]
    assert_problem(answers[2], 429, "request.too-many")
    assert 0 < int(answers[2]["Retry-After"]) <= 61
    assert client.get(path).status_code == 200


def test_without_a_cache_nobody_is_turned_away(as_user, charlie, publish, monkeypatch):
    from redis.exceptions import ConnectionError as Away
    from rest_framework.throttling import SimpleRateThrottle

    publish("pdf-tools")

    def away(*args, **kwargs):
        raise Away("no redis")

    monkeypatch.setattr(SimpleRateThrottle, "allow_request", away)
    path = "/api/v1/skills/alice/pdf-tools/rating"
    assert as_user(charlie).put(path, {"stars": 3}, content_type="application/json").status_code == 201


def upload():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("skill.zip", skill_zip())


REFUSALS = {
    "Refusal",
    "Invalid",
    "Unauthenticated",
    "NotAllowed",
    "NotFound",
    "Conflict",
    "Gone",
    "TooOften",
    "TooLarge",
    "NotYet",
}


def test_every_refusal_says_what_to_do():
    """Looked for in the source, since few of them can be reached by one test each."""
    mute = []
    for file in (Path(__file__).parents[2] / "marketplace").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in REFUSALS:
                if not {"fix", None} & {word.arg for word in call.keywords}:
                    mute.append(f"{file.name}:{call.lineno}")
    assert mute == []
