"""With an https address everything is bound to https; each case is a site of its own, as it would be started."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import json, sys
import django
django.setup()
from django.core.checks import run_checks
from django.conf import settings
from django.test import Client
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
client, asked = Client(), json.loads(sys.argv[1])
answers = []
for path, headers in asked:
    answer = client.get(path, headers=headers)
    cookies = {name: [bool(one["secure"]), one["path"], one["domain"]] for name, one in answer.cookies.items()}
    answers.append({"status": answer.status_code, "headers": dict(answer.headers), "cookies": cookies})
checks = [one.id for one in run_checks(include_deployment_checks=True) if not one.is_silenced()]
print(json.dumps({"answers": answers, "checks": checks}))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A migrated registry without anything in it."""
    folder = tmp_path_factory.mktemp("site")
    start(folder, [sys.executable, "manage.py", "migrate", "-v0"])
    return folder


def start(folder, command, **settings):
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "ASSAY_DATA": str(folder)}
    known |= {"DJANGO_SETTINGS_MODULE": "config.settings", **settings}
    done = subprocess.run(command, cwd=ROOT, env=known, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def site(folder, *asked, **settings):
    told = start(folder, [sys.executable, "-c", ASK, json.dumps(asked)], **settings)
    return json.loads(told.stdout.splitlines()[-1])


HOST = "assay.example.com"
SECURE = {"SITE_URL": f"https://{HOST}", "ALLOWED_HOSTS": f"{HOST},127.0.0.1", "NUM_PROXIES": "1"}
BY_HTTPS = {"Host": HOST, "X-Forwarded-Proto": "https"}
BY_HTTP = {"Host": HOST, "X-Forwarded-Proto": "http"}


def test_behind_a_proxy_with_tls_browsers_are_bound_to_https(data):
    told = site(data, ("/accounts/login/", BY_HTTPS), ("/api/v1/skills?limit=1", BY_HTTPS), **SECURE)
    assert told["checks"] == []
    page, api = told["answers"]
    for answer in (page, api):
        assert answer["status"] == 200
        assert answer["headers"]["Strict-Transport-Security"] == "max-age=2592000"
        assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
        assert answer["headers"]["Referrer-Policy"] == "same-origin"
        assert answer["headers"]["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "upgrade-insecure-requests" in page["headers"]["Content-Security-Policy"]
    assert page["cookies"] == {"__Host-csrftoken": [True, "/", ""]}


def test_whoever_comes_by_http_is_sent_on_when_the_registry_shall_do_it(data):
    asked = (("/search?q=a", BY_HTTP), ("/search?q=a", BY_HTTPS), ("/healthz", {"Host": "127.0.0.1"}))
    sent, stayed, health = site(data, *asked, SSL_REDIRECT="1", **SECURE)["answers"]
    assert (sent["status"], sent["headers"]["Location"]) == (301, f"https://{HOST}/search?q=a")
    assert "Strict-Transport-Security" not in sent["headers"]
    assert stayed["status"] == health["status"] == 200
    assert site(data, asked[0], **SECURE)["answers"][0]["status"] == 200, "else it is left to the proxy"


def test_how_long_browsers_are_bound_can_be_set(data):
    def bound(seconds):
        return site(data, ("/about", BY_HTTPS), HSTS_SECONDS=seconds, **SECURE)["answers"][0]["headers"]

    assert bound("31536000")["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in bound("0")


def test_on_this_machine_alone_nothing_is_bound_and_nothing_is_to_be_said(data):
    told = site(data, ("/accounts/login/", {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}))
    assert told["checks"] == []
    headers = told["answers"][0]["headers"]
    assert "Strict-Transport-Security" not in headers
    assert "upgrade-insecure-requests" not in headers["Content-Security-Policy"]
    assert told["answers"][0]["cookies"] == {"csrftoken": [False, "/", ""]}


def test_plain_http_for_others_and_a_name_that_is_not_answered_are_warned_of(data):
    assert site(data, SITE_URL=f"http://{HOST}", ALLOWED_HOSTS=HOST)["checks"] == ["assay.W002"]
    assert site(data, SITE_URL=f"https://{HOST}")["checks"] == ["assay.W003"]
