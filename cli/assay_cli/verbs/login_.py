"""`skill login`: check a token with the registry and keep it."""

import os
import sys

import click

from assay_cli import clean, config
from assay_cli.client import Registry
from assay_cli.docs import text
from assay_cli.errors import NotAllowed, UsageProblem
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Keep a token for the registry. Make one on its page /account/tokens.")
@click.option("--token", metavar="TOKEN", help="The token. Others on this machine can see it in the process list.")
@click.option("--with-token", is_flag=True, help="Read the token from standard input.")
def command(session: Session, token: str | None, with_token: bool) -> None:
    token = (token or _read(session, with_token)).strip()
    if not token:
        raise UsageProblem("No token was given.", hint=f"Make one at {session.registry_url}/account/tokens.")
    who = Registry(session.registry_url, token, warn=session.note).get("/whoami")
    user = clean.line(text(who, "username"), 80)
    path = config.keep_token(session.registry_url, token, user)
    session.note(f"the token is kept in {path}, readable by you alone")
    if os.environ.get("ASSAY_TOKEN"):
        session.note("warning: ASSAY_TOKEN is set and goes before the token just kept")
    session.data(f"Logged in to {session.registry_url} as {user}.")
    session.document("assay.login.v1", {"registry": session.registry_url, "user": user, "kept_in": str(path)})


def _read(session: Session, with_token: bool) -> str:
    if with_token:
        return sys.stdin.readline(4096)
    if not session.can_ask:
        hint = "Give --token TOKEN, or pipe it in with --with-token."
        raise NotAllowed("There is no terminal to ask for the token on.", code="no-terminal", hint=hint)
    session.note(f"Make a token at {session.registry_url}/account/tokens and paste it here.")
    return click.prompt("Token", hide_input=True, err=True)
