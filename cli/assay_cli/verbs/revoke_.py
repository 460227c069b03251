"""`skill revoke`: take a release back for good."""

import click

from assay_cli.client import release_path
from assay_cli.errors import UsageProblem
from assay_cli.names import parse_exact
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Take OWNER/NAME@VERSION back for good: nobody can fetch it any more, and who has it is told why.")
@click.argument("skill", metavar="OWNER/NAME@VERSION")
@click.option("--reason", metavar="TEXT", default="", help="What is wrong with it; shown to those who have it.")
@click.option("--yes", is_flag=True, help="Do not ask whether you mean it.")
def command(session: Session, skill: str, reason: str, yes: bool) -> None:
    ref = parse_exact(skill)
    if not reason.strip():
        raise UsageProblem(
            "A release is revoked with a reason, for those who have it installed.",
            hint="Give --reason. To hide a release and leave it to those who name its version, use `skill yank`.",
        )
    _ask(session, str(ref), yes)
    answer = session.registry.post(f"{release_path(ref)}/revoke", {"reason": reason})
    session.data(f"Revoked {ref}. `skill verify` tells those who have it.")
    session.document("assay.revoke.v1", {"skill": ref.skill, "version": ref.version, "release": answer})


def _ask(session: Session, ref: str, yes: bool) -> None:
    """It cannot be undone, so it is asked for once more; where nobody can be asked, --yes has to be said."""
    if yes:
        return
    if not session.can_ask:
        raise UsageProblem(f"Revoking {ref} cannot be undone.", hint="Say --yes to revoke it without being asked.")
    click.confirm(f"Revoke {ref}? Nobody can fetch it any more, and this cannot be undone.", abort=True, err=True)
