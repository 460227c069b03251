"""The device grant over HTTP, in the words of RFC 8628."""

import pytest
from django.test import Client

from marketplace import services
from marketplace.models import DeviceLogin, Token
from tests.api.test_problems import assert_problem
from tests.api.test_schema import assert_fits

CODE, TOKEN = "/api/v1/device/code", "/api/v1/device/token"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"

pytestmark = pytest.mark.django_db


def form(client, path, fields):
    from urllib.parse import urlencode

    return client.post(path, urlencode(fields), content_type="application/x-www-form-urlencoded")


@pytest.fixture
def client():
    return Client(headers={"User-Agent": "assay-skill/9"}, raise_request_exception=False)


def begun(client, **fields):
    answer = form(client, CODE, {"client_id": "skill", "scope": "read push", "machine": "bench-3", **fields})
    assert answer.status_code == 200, answer.content
    return answer.json()


def fetch(client, secret, grant=GRANT):
    return form(client, TOKEN, {"grant_type": grant, "device_code": secret, "client_id": "skill"})


def test_a_client_of_the_standard_gets_its_token(client, alice, settings):
    schema = client.get("/api/v1/schema").json()
    begun_ = begun(client)
    assert_fits(schema, {"$ref": "#/components/schemas/DeviceCode"}, begun_, CODE)
    assert begun_["verification_uri"] == f"{settings.SITE_URL}/device" and "verification_uri_complete" not in begun_
    body = assert_problem(fetch(client, begun_["device_code"]), 400, "device.pending")
    assert body["error"] == "authorization_pending" and body["error_description"]
    row = DeviceLogin.objects.get()
    assert (row.agent, row.address, row.machine) == ("assay-skill/9", "127.0.0.1", "bench-3")
    services.device_grant(actor=alice, code=begun_["user_code"], scopes=["read"])
    got = fetch(client, begun_["device_code"])
    assert got.status_code == 200 and got["Cache-Control"] == "no-store"
    assert_fits(schema, {"$ref": "#/components/schemas/DeviceToken"}, got.json(), TOKEN)
    assert got.json()["token_type"] == "Bearer" and got.json()["scope"] == "read"
    bearer = Client(headers={"Authorization": f"Bearer {got.json()['access_token']}"})
    assert bearer.get("/api/v1/whoami").json()["username"] == "alice"
    assert assert_problem(fetch(client, begun_["device_code"]), 400, "device.unknown")["error"] == "invalid_grant"


def test_json_is_understood_as_well_and_a_stale_token_does_no_harm(alice):
    stale = Client(headers={"Authorization": "Bearer asy_gone"}, raise_request_exception=False)
    answer = stale.post(CODE, {"scope": ""}, content_type="application/json")
    assert answer.status_code == 200
    assert DeviceLogin.objects.get().asked_scopes == ["read", "push", "rate", "yank"]


def test_each_no_has_the_word_of_the_rfc(client, alice):
    begun_ = begun(client)
    hasty = [fetch(client, begun_["device_code"]) for _ in range(2)][1]
    assert assert_problem(hasty, 400, "device.slow-down")["error"] == "slow_down"
    services.device_deny(actor=alice, code=begun_["user_code"])
    assert fetch(client, begun_["device_code"]).json()["error"] == "access_denied"
    assert fetch(client, "x" * 43).json()["error"] == "invalid_grant"
    other = fetch(client, begun_["device_code"], grant="password")
    assert other.json()["error"] == "unsupported_grant_type"
    assert not Token.objects.exists()


def test_what_cannot_be_asked_is_explained(client):
    assert_problem(form(client, CODE, {"scope": "root"}), 422, "token.scopes")
    assert_problem(form(client, TOKEN, {"grant_type": GRANT}), 422, "request.invalid")
    assert_problem(client.post(CODE, {"scope": "read"}), 415, "request.media-type")
    assert not DeviceLogin.objects.exists()


def test_how_often_an_address_may_begin_is_limited(client, monkeypatch):
    from rest_framework.throttling import ScopedRateThrottle

    monkeypatch.setattr(ScopedRateThrottle, "THROTTLE_RATES", ScopedRateThrottle.THROTTLE_RATES | {"login": "2/minute"})
    begun(client), begun(client)
    assert_problem(form(client, CODE, {}), 429, "request.too-many")


def test_behind_a_trusted_proxy_the_address_is_the_askers(client, settings):
    from rest_framework.settings import api_settings

    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
    assert api_settings.NUM_PROXIES == 1
    forwarded = Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.4"})
    begun(forwarded)
    assert DeviceLogin.objects.get().address == "198.51.100.4"
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 0}
    begun(forwarded)
    assert DeviceLogin.objects.order_by("-id").first().address == "127.0.0.1"
