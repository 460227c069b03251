"""`skill status`: how far the vetting of a release is, and what it said."""

import click

from assay_cli import clean
from assay_cli.client import release_path, skill_path
from assay_cli.docs import number, pick, rows, text
from assay_cli.errors import Missing
from assay_cli.names import Ref, parse
from assay_cli.options import verb
from assay_cli.report import findings_of, show_findings, show_scores
from assay_cli.session import Session, stop, word


@verb(help="The state of the release OWNER/NAME[@VERSION]; without a version, of the newest.")
@click.argument("skill", metavar="OWNER/NAME[@VERSION]")
def command(session: Session, skill: str) -> None:
    ref = parse(skill)
    ref = ref if ref.version else _newest(session, ref)
    release = session.registry.get(release_path(ref))
    report = session.registry.get(f"{release_path(ref)}/report")
    status = text(report, "status") or text(release, "status")
    taken = next((state for state in ("revoked", "yanked") if pick(release, state)), "")
    session.data(f"{ref} {word(status)}{f', {word(taken)}' if taken else ''}")
    if taken:
        session.data(f"  {clean.line(text(release, taken, 'reason') or 'no reason given', 300)}")
    for stage in rows(report, "stages"):
        seconds = number(stage, "seconds")
        took = f"  {seconds:.1f} s" if seconds is not None else ""
        session.data(f"  {clean.line(text(stage, 'name'), 24):<11} {clean.line(text(stage, 'state'), 16)}{took}")
    if status != "vetting":
        show_scores(session, report)
        _show_second_look(session, report)
        show_findings(session, findings_of(report))
    session.document(
        "assay.status.v1", {"skill": ref.skill, "version": ref.version, "release": release, "report": report}
    )
    if status in ("rejected", "quarantined"):
        stop(5)


def _show_second_look(session: Session, report: dict) -> None:
    """What a person decided, and what a later vetting changed."""
    if by := clean.line(text(report, "decision", "by"), 60):
        why = clean.line(text(report, "decision", "reason"), 300)
        session.data(f"  decided  {clean.line(text(report, 'decision', 'decision'), 12)} by {by}: {why}")
    before, after = text(report, "revetted", "before", "verdict"), text(report, "revetted", "after", "verdict")
    if before and after:
        session.data(f"  revetted {word(before)} before, {word(after)} now")


def _newest(session: Session, ref: Ref) -> Ref:
    """The release pushed last, whatever became of it: that is what its author asks about."""
    releases = rows(session.registry.get(f"{skill_path(ref)}/releases"), "results")
    if not releases:
        raise Missing(
            f"{ref.skill} has no release that you may see.", hint="What is not published is seen by its own team alone."
        )
    return ref.at(text(releases[0], "version"))
