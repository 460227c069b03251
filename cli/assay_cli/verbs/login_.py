"""`skill login`: get a token in a browser, or take one that is given, and keep it."""

import os
import sys

import click

from assay_cli import clean, config
from assay_cli.client import Registry
from assay_cli.docs import pick, text
from assay_cli.errors import NotAllowed, UsageProblem
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Sign in: confirm a code in your browser, and keep the token that comes of it.")
@click.option("--web", is_flag=True, help="In a browser, even where there is no terminal to show the code on.")
@click.option(
    "--scopes", metavar="LIST", default="", help="Ask for read, push, rate, yank, admin; default all but admin."
)
@click.option("--token", metavar="TOKEN", help="This token. Others on this machine can see it in the process list.")
@click.option("--with-token", is_flag=True, help="Read the token from standard input.")
def command(session: Session, web: bool, scopes: str, token: str | None, with_token: bool) -> None:
    if web and (token or with_token):
        raise UsageProblem("Either in a browser or with a token that you have.", hint="Leave one of them out.")
    token = (token or _get(session, web, scopes, with_token)).strip()
    if not token:
        raise UsageProblem("No token was given.", hint=f"Make one at {session.registry_url}/account/tokens.")
    who = Registry(session.registry_url, token, warn=session.note).get("/whoami")
    user = clean.line(text(who, "username"), 80)
    path = config.keep_token(session.registry_url, token, user)
    session.note(f"the token is kept in {path}, readable by you alone")
    if os.environ.get("ASSAY_TOKEN"):
        session.note("warning: ASSAY_TOKEN is set and goes before the token just kept")
    session.data(f"Logged in to {session.registry_url} as {user}.")
    granted = pick(who, "token", "scopes", default=[])
    answer = {"registry": session.registry_url, "user": user, "kept_in": str(path), "scopes": granted}
    session.document("assay.login.v1", answer | {"expires_at": text(who, "token", "expires_at")})


def _get(session: Session, web: bool, scopes: str, with_token: bool) -> str:
    if with_token:
        if sys.stdin.isatty() and session.can_ask:
            session.note(f"Make a token at {session.registry_url}/account/tokens and paste it here.")
            return click.prompt("Token", hide_input=True, err=True)
        return sys.stdin.readline(4096)
    if not web and not sys.stderr.isatty():
        hint = "Pipe a token in with --with-token, or confirm in a browser with --web."
        raise NotAllowed("There is no terminal to show the code on.", code="no-terminal", hint=hint)
    from assay_cli.device import sign_in

    return sign_in(session, scopes)
