"""`skill revet`: have a release vetted again, under the rules that the registry has now."""

import click

from assay_cli import clean
from assay_cli.client import release_path
from assay_cli.docs import pick, text
from assay_cli.names import parse_exact
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Have OWNER/NAME@VERSION of yours vetted again. What changed is in its report once that is done.")
@click.argument("skill", metavar="OWNER/NAME@VERSION")
def command(session: Session, skill: str) -> None:
    ref = parse_exact(skill)
    answer = session.registry.post(f"{release_path(ref)}/revet")
    queued = pick(answer, "queued") is True
    reason = clean.line(text(answer, "reason"))
    session.data(f"{ref} is vetted again. Follow it with `skill status {ref}`." if queued else f"Not queued: {reason}")
    session.document("assay.revet.v1", answer)
