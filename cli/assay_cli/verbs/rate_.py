"""`skill rate`: one to five stars, and a review."""

import click

from assay_cli.client import skill_path
from assay_cli.names import parse
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Give OWNER/NAME one to five stars. Rating again replaces your rating.")
@click.argument("skill", metavar="OWNER/NAME")
@click.argument("stars", type=click.IntRange(1, 5))
@click.option("--review", metavar="TEXT", default="", help="What others should know about it.")
def command(session: Session, skill: str, stars: int, review: str) -> None:
    ref = parse(skill)
    answer = session.registry.put(f"{skill_path(ref)}/rating", {"stars": stars, "review": review})
    session.data(f"Rated {ref.skill} {stars} of 5.")
    session.document("assay.rate.v1", {"skill": ref.skill, "stars": stars, "review": review, "rating": answer})
