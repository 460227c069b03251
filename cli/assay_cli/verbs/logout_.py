"""`skill logout`: forget the token of a registry, and end it there if wished."""

import click

from assay_cli import config
from assay_cli.client import Registry
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Forget the token of the registry. Unless it is revoked, it stays valid until it expires.")
@click.option("--revoke", is_flag=True, help="Revoke it too, so that nobody who has a copy can use it.")
def command(session: Session, revoke: bool) -> None:
    kept = config.token_for(session.registry_url)
    if revoke and kept:
        Registry(session.registry_url, kept, warn=session.note).delete("/tokens")
    known = config.forget_token(session.registry_url)
    did = "Revoked and forgot" if revoke and kept else "Forgot"
    session.data(
        f"{did} the token of {session.registry_url}." if known else f"No token of {session.registry_url} was kept."
    )
    answer = {"registry": session.registry_url, "forgotten": known, "revoked": bool(revoke and kept)}
    session.document("assay.logout.v1", answer)
