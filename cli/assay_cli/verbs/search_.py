"""`skill search`: find skills."""

from urllib.parse import parse_qs, urlsplit

import click

from assay_cli import clean
from assay_cli.docs import number, rows, text
from assay_cli.options import verb
from assay_cli.session import Session, word


@verb(help="Find skills by words in their name, description, keywords and text.")
@click.argument("query", nargs=-1)
@click.option("--verdict", type=click.Choice(("pass", "warn")), help="Only with this safety verdict.")
@click.option("--publisher", metavar="HANDLE", help="Only by this publisher.")
@click.option("--license", "license_", metavar="SPDX", help="Only under this licence.")
@click.option("--sort", metavar="ORDER", help="The registry's orders, for example relevance or downloads.")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True)
@click.option("--cursor", metavar="CURSOR", help="Where the next page begins, from --json's `cursor`.")
def command(session: Session, query: tuple[str, ...], license_: str | None, **filters: str | int | None) -> None:
    answer = session.registry.get("/skills", q=" ".join(query), license=license_, **filters)
    found = rows(answer, "results")
    for row in found:
        verdict, score = text(row, "safety", "verdict"), number(row, "quality", "score")
        quality = f"quality {score:g}" if score is not None else "quality not measured"
        skill = click.style(clean.line(text(row, "skill"), 110), bold=True)
        session.data(f"{skill} {clean.line(text(row, 'version'), 24)}  {word(verdict)}  {quality}")
        session.data(f"    {clean.line(text(row, 'summary'), 200)}")
    if not found:
        session.note("nothing found")
    elif answer.get("next"):
        session.note("there is more; narrow the search or raise --limit")
    session.document("assay.search.v1", {"registry": session.registry_url, "cursor": _cursor(answer), **answer})


def _cursor(answer: dict) -> str | None:
    """`next` is an address; what --cursor takes is one parameter of it."""
    found = parse_qs(urlsplit(text(answer, "next")).query).get("cursor")
    return found[0] if found else None
