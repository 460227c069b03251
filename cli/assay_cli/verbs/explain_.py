"""`skill explain`: what a check finds, why that matters and how to mend it."""

import re
from urllib.parse import quote

import click

from assay_cli import clean
from assay_cli.docs import rows, text
from assay_cli.options import verb
from assay_cli.session import Session, word

CODE = re.compile(r"SK-[A-Z]{2,8}", re.IGNORECASE)


@verb(help="Explain a check by its NAME, as findings give it, or a kind of trouble by its code, such as SK-DROP.")
@click.argument("name", metavar="NAME")
def command(session: Session, name: str) -> None:
    if CODE.fullmatch(name):
        document = session.registry.get("/checks", code=name.upper())
        _show_kinds(session, document)
        for rule in rows(document, "results"):
            severity = word(text(rule, "severity")) if text(rule, "severity") else ""
            session.data(
                f"  {clean.line(text(rule, 'name'), 60):<34} {clean.line(text(rule, 'title'))}  {severity}".rstrip()
            )
    else:
        document = session.registry.get(f"/checks/{quote(name, safe=':*')}")
        _show(session, document)
    session.document("assay.explain.v1", document)


def _show_kinds(session: Session, document: dict) -> None:
    for kind in rows(document, "kinds"):
        title, event = clean.line(text(kind, "title")), clean.line(text(kind, "event"))
        session.data(f"{click.style(clean.line(text(kind, 'code'), 24), bold=True)}  {title}")
        if event:
            session.data(f"  in the sealed room: {event}")


def _show(session: Session, rule: dict) -> None:
    session.data(click.style(clean.line(text(rule, "title")), bold=True))
    facts = [text(rule, "name"), *(text(kind, "code") for kind in rows(rule, "kinds")), text(rule, "axis")]
    severity = text(rule, "severity")
    usual = [f"{severity} severity unless the finding says otherwise"] if severity else []
    session.data(f"  {', '.join(clean.line(fact, 80) for fact in [*facts, *usual] if fact)}")
    for label, key in (("What it finds", "finds"), ("Why it matters", "why"), ("How to fix it", "fix")):
        if said := text(rule, key):
            session.data(
                f"\n{click.style(label, bold=True)}\n{click.wrap_text(clean.line(said, 4000), 100, '  ', '  ')}"
            )
    for label, key in (("Found", "bad"), ("Not found", "good")):
        if example := text(rule, key):
            session.data(f"\n{click.style(label, bold=True)}")
            for line in example.splitlines()[:40]:
                session.data(f"  | {clean.line(line, 200)}")
    links = [link for link in rule.get("links") or () if isinstance(link, str)]
    if links:
        session.data(f"\n{click.style('See also', bold=True)}")
        for link in links[:20]:
            session.data(f"  {clean.line(link, 200)}")
