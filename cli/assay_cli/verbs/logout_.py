"""`skill logout`: forget the token of a registry."""

from assay_cli import config
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Forget the token of the registry. It stays valid until it is revoked on the registry's page.")
def command(session: Session) -> None:
    known = config.forget_token(session.registry_url)
    session.data(
        f"Forgot the token of {session.registry_url}." if known else f"No token of {session.registry_url} was kept."
    )
    session.document("assay.logout.v1", {"registry": session.registry_url, "forgotten": known})
