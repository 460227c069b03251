"""`skill push`: send a skill, and with --wait stay until its verdict."""

from pathlib import Path

import click

from assay_cli import clean
from assay_cli.client import release_path
from assay_cli.docs import number, pick, text
from assay_cli.errors import ODD_ANSWER, Tampered
from assay_cli.names import Ref, parse
from assay_cli.options import verb
from assay_cli.pack import pack
from assay_cli.publishers import owner_of
from assay_cli.report import findings_of, show_findings, show_scores
from assay_cli.session import Session, stop, word

SETTLED = ("published", "quarantined", "rejected")


@verb(help="Send the skill in PATH to be vetted. What passes is published.")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--owner", metavar="HANDLE", help="The publisher; needed only when you have several.")
@click.option("--version", "version", metavar="VERSION", help="The version; else SKILL.md's, else the next one.")
@click.option("--wait", is_flag=True, help="Wait for the verdict; exit with 5 when it is not published.")
@click.option(
    "--timeout", type=click.FloatRange(min=1), default=1800, show_default=True, help="Seconds that --wait waits."
)
def command(session: Session, path: Path, owner: str | None, version: str | None, wait: bool, timeout: float) -> None:
    package = pack(path)
    fields = {"owner": owner_of(session, owner)}
    if version:
        fields["version"] = version
    session.note(f"sending {package.told}")
    sent = session.registry.send("/releases", package.archive, fields)
    ref = _ref(sent)
    if text(sent, "status") in SETTLED:
        session.note(f"these very files are here already, as {ref}")
        return _conclude(session, ref, sent, session.registry.get(f"{release_path(ref)}/report"))
    if wait:
        from assay_cli.progress import wait_for

        return _conclude(session, ref, sent, wait_for(session, ref, timeout=timeout))
    session.data(f"{ref} is {word(text(sent, 'status'))}. Follow it with `skill status {ref}`.")
    session.document("assay.push.v1", summary(ref, sent, {}))


def _conclude(session: Session, ref: Ref, sent: dict, report: dict) -> None:
    result = summary(ref, sent, report)
    session.data(f"{ref} {word(result['status'])}")
    show_scores(session, report)
    session.data(f"  digest   {clean.line(result['digest'], 80)}")
    session.data(f"  report   {clean.line(result['report_url'], 300)}")
    show_findings(session, findings_of(report))
    if result["status"] in ("rejected", "quarantined"):
        session.data(f"\nHold this to be wrong? `skill appeal {ref} --text WHY` asks a person to look at it.")
    session.document("assay.push.v1", result)
    stop(0 if result["status"] == "published" else 5)


def summary(ref: Ref, sent: dict, report: dict) -> dict:
    """The stable shape that scripts read."""
    return {
        "skill": ref.skill,
        "version": ref.version,
        "digest": text(sent, "digest") or text(report, "digest"),
        "status": text(report, "status") or text(sent, "status"),
        "safety": {
            "verdict": text(report, "safety", "verdict", default="unknown"),
            "score": number(report, "safety", "score"),
        },
        "quality": {"score": number(report, "quality", "score"), "tier": pick(report, "quality", "tier", default="")},
        "report_url": text(sent, "report_url"),
    }


def _ref(sent: dict) -> Ref:
    try:
        return parse(text(sent, "skill")).at(text(sent, "version"))
    except Exception as error:
        raise Tampered("The registry's answer names no release.", code="integrity.answer", hint=ODD_ANSWER) from error
