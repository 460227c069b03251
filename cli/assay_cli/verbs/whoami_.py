"""`skill whoami`: whose token it is."""

from assay_cli import clean
from assay_cli.docs import number, pick, text
from assay_cli.errors import NotAllowed
from assay_cli.options import verb
from assay_cli.publishers import handles
from assay_cli.session import Session


@verb(help="Whose token is it, for which publishers, and what may it do?")
def command(session: Session) -> None:
    if not session.token:
        raise NotAllowed(
            f"There is no token for {session.registry_url}.", hint="Run `skill login`, or set ASSAY_TOKEN."
        )
    who = session.registry.get("/whoami")
    session.data(f"{clean.line(text(who, 'username', default='?'), 80)} at {session.registry_url}")
    session.data(f"  publishers  {', '.join(handles(who)) or 'none'}")
    if asked := number(who, "invitations"):
        session.data(f"  invited to  {asked:.0f} team{'s' if asked > 1 else ''}: `skill org invitations`")
    scopes = pick(who, "token", "scopes")
    if isinstance(scopes, list):
        session.data(f"  scopes      {', '.join(clean.line(scope, 24) for scope in scopes)}")
    if expires := text(who, "token", "expires_at"):
        session.data(f"  expires     {clean.line(expires, 40)}")
    session.document("assay.whoami.v1", {"registry": session.registry_url, **who})
