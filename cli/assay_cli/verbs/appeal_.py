"""`skill appeal`: say to the registry's staff why a verdict is wrong."""

import click

from assay_cli import clean
from assay_cli.client import release_path
from assay_cli.docs import text
from assay_cli.names import parse_exact
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Appeal against the verdict on OWNER/NAME@VERSION of yours. A person decides; the report shows both.")
@click.argument("skill", metavar="OWNER/NAME@VERSION")
@click.option("--text", "words", metavar="TEXT", required=True, help="Why the verdict is wrong.")
def command(session: Session, skill: str, words: str) -> None:
    ref = parse_exact(skill)
    answer = session.registry.post(f"{release_path(ref)}/appeal", {"text": words})
    session.data(f"Appealed. The decision will stand in {clean.line(text(answer, 'report_url'), 300)}")
    session.document("assay.appeal.v1", answer)
