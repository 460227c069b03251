"""Signing this machine in from a browser: show a code, wait until a person confirmed it, take the token (RFC 8628)."""

import os
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import click

from assay_cli import clean
from assay_cli.client import Registry
from assay_cli.docs import number, text
from assay_cli.errors import CliError, Missing, NotAllowed, Unreachable
from assay_cli.session import Session

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_BY = 5
_AGAIN = "Run `skill login` again."


def sign_in(session: Session, scopes: str) -> str:
    """The token, once somebody has typed the code in a browser and confirmed."""
    registry = Registry(session.registry_url, "", warn=session.note)
    asked = {"client_id": "skill", "machine": _machine(), "scope": " ".join(scopes.replace(",", " ").split())}
    try:
        begun = registry.post("/device/code", asked)
    except Missing as error:
        hint = f"Make a token at {session.registry_url}/account/tokens and run `skill login --with-token`."
        raise CliError("This registry signs no machine in from a browser.", code="no-device", hint=hint) from error
    secret, code = text(begun, "device_code"), clean.line(text(begun, "user_code"), 40)
    address = _address(text(begun, "verification_uri"))
    if not secret or not code or not address:
        raise Unreachable(
            f"{session.registry_url} does not answer like a registry: its sign-in has no code.",
            hint="Check ASSAY_URL or --url.",
        )
    _show(session, code, address)
    return _wait(registry, secret, number(begun, "interval") or 5, number(begun, "expires_in") or 900)


def _show(session: Session, code: str, address: str) -> None:
    """The code is the answer to a question, so it is shown even to those who want no remarks."""
    click.echo(f"Your code: {click.style(code, bold=True)}", err=True)
    click.echo(f"Open {address} in a browser, type it, and confirm.", err=True)
    if session.can_ask and _has_browser():
        click.echo("Press Enter to open it here. ", nl=False, err=True)
        sys.stdin.readline()
        _open(address)
    session.note("Waiting for you to confirm ...")


def _wait(
    registry: Registry, secret: str, interval: float, lives: float, clock: Callable[[], float] = time.monotonic
) -> str:
    """Ask at the pace that the registry wants. What hinders an answer for a while is no reason to give up."""
    interval, end = min(max(interval, 1), 60), clock() + min(max(lives, 1), 3600)
    while clock() < end:
        time.sleep(interval)
        try:
            answer = registry.post("/device/token", {"grant_type": GRANT, "device_code": secret, "client_id": "skill"})
        except CliError as error:
            if error.code == "device.slow-down":
                interval = min(interval + SLOWER_BY, 60)
            elif error.code == "device.denied":
                raise NotAllowed(
                    "You turned this machine away in the browser.",
                    code=error.code,
                    hint="Run `skill login` again if that was a slip.",
                ) from error
            elif error.code != "device.pending" and not isinstance(error, Unreachable):
                raise
            continue
        return text(answer, "access_token")
    raise NotAllowed("Nobody confirmed the sign-in in time.", code="device.expired", hint=_AGAIN)


def _machine() -> str:
    import platform

    return clean.line(platform.node(), 60)[:60]


def _address(given: str) -> str:
    """An address of the web, or nothing: no other kind is handed to a browser."""
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    plain = given.isascii() and given.isprintable() and " " not in given
    return given if plain and parts.scheme in ("http", "https") and parts.hostname else ""


def _has_browser() -> bool:
    """Whether a browser of the person at this terminal could be opened: not on a server that they are logged in to."""
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return False
    graphical = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(os.environ.get("BROWSER") or graphical or sys.platform in ("darwin", "win32"))


def _open(address: str) -> None:
    import webbrowser

    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        opened = False
    if not opened:
        click.echo("No browser could be opened; open the address yourself.", err=True)
