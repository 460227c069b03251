"""`skill check`: the registry's static stage as a dry run."""

from pathlib import Path

import click

from assay_cli.docs import pick, text
from assay_cli.errors import FindingsPresent, Refused
from assay_cli.options import verb
from assay_cli.pack import pack
from assay_cli.report import SEVERITIES, at_or_above, findings_of, show_findings, show_scores
from assay_cli.session import Session, stop


@verb(help="Run the registry's static checks on the skill in PATH. Nothing is kept, nothing is run.")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 6 when a finding is this grave or graver.")
def command(session: Session, path: Path, fail_on: str | None) -> None:
    package = pack(path)
    session.note(f"checking {len(package.paths)} files, {package.size} bytes")
    report = session.registry.send("/check", package.archive, {})
    findings = findings_of(report)
    show_scores(session, report)
    show_findings(session, findings)
    session.document("assay.check.v1", report)
    if text(report, "status") == "rejected" or pick(report, "safety", "verdict") == "block":
        _end(session, Refused("Vetting would refuse this skill.", hint="Mend the findings that are high or critical."))
    if fail_on and (grave := at_or_above(findings, fail_on)):
        _end(session, FindingsPresent(f"{len(grave)} finding(s) at or above {fail_on}."))


def _end(session: Session, why: Refused | FindingsPresent) -> None:
    """The report was the answer; what is left to say goes to stderr."""
    if session.as_json:
        session.note(why.message)
        stop(why.exit_code)
    raise why
