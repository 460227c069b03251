"""`skill info`: what the registry knows about a skill."""

import click

from assay_cli import clean
from assay_cli.client import release_path, skill_path
from assay_cli.docs import number, pick, rows, text
from assay_cli.names import parse
from assay_cli.options import verb
from assay_cli.report import show_scores
from assay_cli.session import Session, word


@verb(help="What the registry knows about OWNER/NAME, or about one release of it.")
@click.argument("skill", metavar="OWNER/NAME[@VERSION]")
def command(session: Session, skill: str) -> None:
    ref = parse(skill)
    document = session.registry.get(release_path(ref) if ref.version else skill_path(ref))
    version = text(document, "version")
    session.data(click.style(f"{ref.skill} {clean.line(version, 64)}", bold=True))
    summary = text(document, "summary") or text(document, "manifest", "description")
    if summary:
        session.data(f"  {clean.line(summary, 1024)}")
    show_scores(session, document)
    for label, value in _facts(document):
        session.data(f"  {label:<8} {value}")
    for release in rows(document, "releases")[:20]:
        taken = "  revoked" if release.get("revoked") else "  yanked" if release.get("yanked") else ""
        verdict = word(text(release, "safety", "verdict"))
        pushed = clean.line(text(release, "created_at"), 32)
        session.data(f"    {clean.line(text(release, 'version'), 24):<12} {verdict}  {pushed}{taken}")
    if version:
        session.data(f"Install it with `skill install {ref.skill}@{clean.line(version, 64)}`.")
    session.document("assay.info.v1", document)


def _facts(document: dict) -> list[tuple[str, str]]:
    facts = [("licence", clean.line(text(document, "license") or text(document, "manifest", "license"), 80))]
    facts.append(("digest", clean.line(text(document, "digest"), 80)))
    if (mean := number(document, "rating", "mean")) is not None:
        facts.append(("rating", f"{mean:g} of 5 by {number(document, 'rating', 'count') or 0:g}"))
    if (downloads := number(document, "downloads")) is not None:
        facts.append(("fetched", f"{downloads:g} times"))
    for state in ("yanked", "revoked"):
        if reason := pick(document, state):
            facts.append((state, clean.line(text(reason, "reason") or "no reason given", 300)))
    return [(label, value) for label, value in facts if value]
