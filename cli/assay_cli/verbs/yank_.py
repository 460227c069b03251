"""`skill yank`: hide a release, or show it again."""

import click

from assay_cli.client import release_path
from assay_cli.names import parse_exact
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Hide OWNER/NAME@VERSION from search and from `latest`. Who names this exact version still gets it.")
@click.argument("skill", metavar="OWNER/NAME@VERSION")
@click.option("--reason", metavar="TEXT", default="", help="Shown to those who have it.")
def command(session: Session, skill: str, reason: str) -> None:
    ref = parse_exact(skill)
    answer = session.registry.post(f"{release_path(ref)}/yank", {"reason": reason})
    session.data(f"Yanked {ref}.")
    session.document("assay.yank.v1", {"skill": ref.skill, "version": ref.version, "reason": reason, "release": answer})
