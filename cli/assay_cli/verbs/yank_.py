"""`skill yank`: hide a release, or show it again."""

import click

from assay_cli.client import release_path
from assay_cli.names import parse_exact
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Hide OWNER/NAME@VERSION from search and from `latest`. Who names this exact version still gets it.")
@click.argument("skill", metavar="OWNER/NAME@VERSION")
@click.option("--undo", is_flag=True, help="Show a yanked release again.")
@click.option("--reason", metavar="TEXT", default="", help="Shown to those who have it.")
def command(session: Session, skill: str, undo: bool, reason: str) -> None:
    ref = parse_exact(skill)
    path = f"{release_path(ref)}/yank"
    answer = session.registry.delete(path) if undo else session.registry.post(path, {"reason": reason})
    session.data(f"{ref} is shown again." if undo else f"Yanked {ref}.")
    session.document("assay.yank.v1", {"skill": ref.skill, "version": ref.version, "release": answer})
