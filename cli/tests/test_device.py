"""`skill login` without a token at hand: a code in the terminal, a person at a browser, a token that is kept."""

import json
import os
import re
import subprocess
import time

import pytest

from cli.tests.test_conventions import SKILL, on_a_terminal, serving

BEGUN = {
    "device_code": "s" * 43,
    "user_code": "BCDF-GHJK",
    "verification_uri": "https://registry.example.com/device",
    "expires_in": 900,
    "interval": 1,
}
PENDING = (400, {"code": "device.pending", "detail": "Not yet.", "error": "authorization_pending"})
GIVEN = (200, {"access_token": "asy_given", "token_type": "Bearer"})
WHO = {"username": "alice", "publishers": [], "token": {"scopes": ["read"], "expires_at": "2027-01-01T00:00:00Z"}}


@pytest.fixture
def quick(monkeypatch):
    """A registry that lets itself be asked every second."""
    for module in ("marketplace.services.devices", "marketplace.api.v1.devices"):
        monkeypatch.setattr(f"{module}.INTERVAL_SECONDS", 1)


@pytest.fixture
def waiting(stranger):
    """A login that waits for its confirmation: the process, and the code it shows."""
    begun = []

    def start(*words):
        known = {"PATH": os.environ["PATH"], "HOME": str(stranger.home), "ASSAY_URL": stranger.url}
        command = [SKILL, "login", "--web", "--json", *words]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=known)
        begun.append(process)
        shown = process.stderr.readline()
        return process, re.search(r"Your code: ([A-Z]{4}-[A-Z]{4})$", shown)[1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.django_db(transaction=True)
def test_a_machine_is_signed_in_by_alice_in_her_browser(quick, waiting, alice, stranger, django_user_model):
    from marketplace import services
    from marketplace.models import DeviceLogin, Token

    process, code = waiting("--scopes", "read,push")
    row = DeviceLogin.objects.get()
    assert row.asked_scopes == ["read", "push"] and row.agent.startswith("assay-skill/") and row.machine
    user = django_user_model.objects.get(username="alice")
    services.device_grant(actor=user, code=code, scopes=["read"], days=7)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert (json.loads(out)["user"], json.loads(out)["scopes"]) == ("alice", ["read"])
    assert "asy_" not in out + err
    assert "alice" in stranger.run("whoami").out
    assert stranger.run("logout", "--revoke", "--json").json["revoked"] is True
    assert Token.objects.get(name__startswith="skill on").revoked_at
    assert stranger.run("whoami").code == 4


@pytest.mark.django_db(transaction=True)
def test_a_machine_that_was_turned_away_ends_with_4(quick, waiting, alice, stranger, django_user_model):
    from marketplace import services

    process, code = waiting()
    services.device_deny(actor=django_user_model.objects.get(username="alice"), code=code)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 4 and json.loads(out)["code"] == "device.denied"
    assert not (stranger.home / ".config").exists()


def answering(*answers):
    """A registry that gives these answers to the question for the token, the last of them for ever."""
    following, latest = iter(answers), [None]

    def next_one():
        latest[0] = next(following, latest[0])
        return latest[0]

    return {
        "/api/v1/device/code": (200, BEGUN),
        "/api/v1/device/token": next_one,
        "/api/v1/whoami": (200, WHO),
    }


def environment(tmp_path, url, **more):
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASSAY_URL": url, "TERM": "dumb", **more}


def test_on_a_terminal_enter_opens_the_browser(tmp_path):
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    with serving(answering(GIVEN)) as url:
        known = environment(tmp_path, url, BROWSER=str(browser))
        code, drawn = on_a_terminal(["login"], known, until=b"Press Enter", then=b"\n")
    assert code == 0, drawn
    assert "BCDF-GHJK" in drawn and "Logged in" in drawn and "asy_given" not in drawn
    for _ in range(50):
        if opened.exists() and opened.read_text():
            break
        time.sleep(0.1)
    assert opened.read_text().strip() == BEGUN["verification_uri"]


@pytest.mark.parametrize("more", [{"SSH_CONNECTION": "192.0.2.1 1 192.0.2.2 22", "BROWSER": "false"}, {}])
def test_on_a_server_no_browser_is_opened_and_nothing_is_asked(tmp_path, more):
    with serving(answering(PENDING, (503, {"code": "platform.busy", "detail": "Busy."}), GIVEN)) as url:
        code, drawn = on_a_terminal(["login", "--quiet"], environment(tmp_path, url, **more))
    assert code == 0, drawn
    assert "BCDF-GHJK" in drawn and "Press Enter" not in drawn


def test_no_input_asks_nothing_and_still_shows_the_code(tmp_path):
    with serving(answering(GIVEN)) as url:
        code, drawn = on_a_terminal(["login", "--no-input"], environment(tmp_path, url, BROWSER="false"))
    assert code == 0 and "BCDF-GHJK" in drawn and "Press Enter" not in drawn


def test_an_interrupted_wait_ends_with_130(tmp_path):
    with serving(answering(PENDING)) as url:
        code, drawn = on_a_terminal(["login"], environment(tmp_path, url), until=b"Waiting for you")
    assert code == 130 and "Traceback" not in drawn


@pytest.mark.parametrize(
    ("begun", "exit_code"),
    [
        ((404, {"code": "request.not-found", "detail": "Nothing here."}), 1),
        ((200, BEGUN | {"verification_uri": "file:///etc/passwd"}), 7),
        ((200, BEGUN | {"verification_uri": "https://x.example.com/\x1b[2J"}), 7),
        ((200, BEGUN | {"user_code": 7}), 7),
        ((200, {}), 7),
    ],
)
def test_a_registry_without_such_a_sign_in_is_told_as_one(tmp_path, begun, exit_code):
    with serving({"/api/v1/device/code": begun}) as url:
        code, drawn = on_a_terminal(["login"], environment(tmp_path, url))
    assert code == exit_code and "\x1b[2J" not in drawn
    assert exit_code != 1 or "--with-token" in drawn


def test_the_pace_is_the_registrys_and_the_end_is_the_codes():
    from assay_cli import device
    from assay_cli.errors import CliError, NotAllowed

    class Slow:
        def post(self, path, body):
            raise CliError("Slower.", code="device.slow-down")

    slept, clock = [], [0.0]

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += seconds

    before, device.time.sleep = device.time.sleep, sleep
    try:
        with pytest.raises(NotAllowed, match="in time"):
            device._wait(Slow(), "s", 5, 100, clock=lambda: clock[0])
    finally:
        device.time.sleep = before
    assert slept[:4] == [5, 10, 15, 20]
