"""`skill check`: the registry's static stage as a dry run, of one skill or of several."""

from pathlib import Path

import click

from assay_cli import clean, sarif
from assay_cli.docs import pick, text
from assay_cli.errors import CliError, FindingsPresent, Refused, UsageProblem
from assay_cli.options import verb
from assay_cli.pack import pack
from assay_cli.report import SEVERITIES, at_or_above, findings_of, show_findings, show_scores
from assay_cli.session import Session, stop


@verb(help="Run the registry's static checks on the skill in each PATH. Nothing is kept, nothing is run.")
@click.argument("paths", metavar="[PATH]...", type=click.Path(path_type=Path), nargs=-1)
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 6 when a finding is this grave or graver.")
@click.option("--sarif", "log", metavar="FILE", help="Write the findings as SARIF 2.1.0; - is stdout.")
@click.option("--changed", is_flag=True, help="The PATHs are files that changed: check each skill that holds one.")
def command(session: Session, paths: tuple[Path, ...], fail_on: str | None, log: str | None, changed: bool) -> None:
    if log == "-" and session.as_json:
        raise UsageProblem("--json and --sarif - both want the standard output.", hint="Give --sarif a file.")
    folders = _skills_of(paths) if changed else list(paths or (Path("."),))
    reports = [(folder, _check(session, folder, wants_sarif=bool(log))) for folder in folders]
    if log:
        runs = [sarif.placed(report.pop("sarif", None), folder) for folder, report in reports]
        sarif.write(log, sarif.joined(runs))
    if log != "-":
        _show(session, reports, one=not changed and len(folders) == 1)
    if not reports:
        session.note("no skill holds any of these files")
    _conclude(session, reports, fail_on)


def _skills_of(files: tuple[Path, ...]) -> list[Path]:
    """The folders of the skills that the files lie in, each once; a file that is gone still names its skill."""
    found = (next((up for up in file.absolute().parents if (up / "SKILL.md").is_file()), None) for file in files)
    here = Path.cwd()
    return [Path(up.relative_to(here)) if up.is_relative_to(here) else up for up in dict.fromkeys(found) if up]


def _check(session: Session, folder: Path, *, wants_sarif: bool) -> dict:
    package = pack(folder)
    session.note(f"checking {clean.line(folder)}: {package.told}")
    try:
        return session.registry.send("/check", package.archive, {"sarif": "1"} if wants_sarif else {})
    except CliError as error:
        error.place = f"{clean.line(folder)}/{error.place}" if error.place else ""
        raise


def _show(session: Session, reports: list[tuple[Path, dict]], *, one: bool) -> None:
    for folder, report in reports:
        if not one:
            session.data(clean.line(folder))
        show_scores(session, report)
        below = "" if folder == Path(".") else f"{clean.line(folder, 200).rstrip('/')}/"
        show_findings(session, findings_of(report), below)
    if one:
        session.document("assay.check.v1", reports[0][1])
    else:
        session.document("assay.checks.v1", {"skills": [{**report, "path": str(path)} for path, report in reports]})


def _conclude(session: Session, reports: list[tuple[Path, dict]], fail_on: str | None) -> None:
    refused = [folder for folder, report in reports if _is_refused(report)]
    if refused:
        what = "this skill" if len(reports) == 1 else ", ".join(clean.line(folder) for folder in refused)
        hint = "Mend what refuses it, which is listed first; `skill explain CHECK` says more of a check."
        _end(session, Refused(f"Vetting would refuse {what}.", hint=hint))
    undecided = [folder for folder, report in reports if text(report, "safety", "verdict") == "unknown"]
    if undecided:
        names = ", ".join(clean.line(folder) for folder in undecided)
        what = "this skill" if len(reports) == 1 else names
        hint = "A push would be quarantined until a person decides. The reasons stand under `safety`."
        _end(session, Refused(f"Vetting could not decide about {what}: not all of it was looked at.", hint=hint))
    grave = [one for _, report in reports for one in (at_or_above(findings_of(report), fail_on) if fail_on else ())]
    if grave:
        _end(
            session,
            FindingsPresent(
                f"{len(grave)} finding(s) at or above {fail_on}.",
                hint="Mend them, or suppress them with a reason in assay.toml.",
            ),
        )


def _is_refused(report: dict) -> bool:
    return text(report, "status") == "rejected" or pick(report, "safety", "verdict") == "block"


def _end(session: Session, why: Refused | FindingsPresent) -> None:
    """The report was the answer; what is left to say goes to stderr."""
    if session.as_json:
        session.note(why.message)
        stop(why.exit_code)
    raise why
