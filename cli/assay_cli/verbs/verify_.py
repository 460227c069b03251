"""`skill verify`: are the installed files what was signed, and does the registry still stand by them?"""

from pathlib import Path

import click

from assay_cli import clean, lock, trust
from assay_cli.agents import skills_folder
from assay_cli.client import Registry, release_path
from assay_cli.docs import pick, text
from assay_cli.errors import CliError, Missing, Refused, Tampered, Unreachable
from assay_cli.names import parse
from assay_cli.options import place, verb
from assay_cli.session import Session, stop, word


@verb(help="Compare the installed skills with what was signed; ask the registry whether it took a release back.")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@place
@click.option("--offline", is_flag=True, help="Compare the files alone; ask no registry.")
def command(
    session: Session, names: tuple[str, ...], folder: str | None, agent: str | None, for_user: bool, offline: bool
) -> None:
    shelf = skills_folder(folder, agent, for_user)
    entries = lock.read(shelf)
    if unknown := [name for name in names if name not in entries]:
        raise Missing(f"{clean.line(unknown[0])} is not installed in {shelf}.", hint="`skill list` shows what is.")
    results = [_verify(session, shelf, name, entries[name], offline) for name in names or entries]
    for result in results:
        session.data(f"{result['name']:<24} {word(result['state'])}  {clean.line(result['reason'])}")
        for path, what in result["changes"]:
            session.data(f"    {clean.line(path)}: {what}")
    if not results:
        session.note(f"nothing is installed in {shelf}")
    session.document("assay.verify.v1", {"dir": str(shelf), "skills": results})
    states = {result["state"] for result in results}
    stop(8 if states & {"modified", "unsigned"} else 5 if "revoked" in states else 0)


def _verify(session: Session, shelf: Path, name: str, entry: dict, offline: bool) -> dict:
    changes = lock.differences(shelf / name, entry)
    state, reason = ("modified", "its files are not those that were installed") if changes else ("ok", "")
    if not changes and not offline:
        state, reason = _ask(session, entry, lock.digest_on_disk(shelf / name, entry))
    skill = f"{text(entry, 'skill')}@{text(entry, 'version')}"
    return {
        "name": name,
        "skill": skill,
        "state": state,
        "reason": reason,
        "changes": [list(change) for change in changes],
    }


def _ask(session: Session, entry: dict, digest: str) -> tuple[str, str]:
    """The release at the registry it came from, with no token: installed skills are public.

    The digest is that of the files on disk, so a lock file that was changed together with the files helps nobody.
    """
    from assay_cli import config

    try:
        asked = Session(url=config.tidy_url(text(entry, "registry")), quiet=session.quiet)
        asked.__dict__["registry"] = Registry(asked.registry_url, "", warn=session.note)
        ref = parse(text(entry, "skill")).at(text(entry, "version"))
        release = asked.registry.get(release_path(ref))
        if revoked := pick(release, "revoked"):
            return "revoked", text(revoked, "reason")
        trust.vouched(trust.fetch(asked, ref), ref, digest)
        if yanked := pick(release, "yanked"):
            return "yanked", text(yanked, "reason")
        return "ok", ""
    except Unreachable as error:
        return "ok", f"only the files were compared: {error.message}"
    except (Refused, Missing) as error:
        return "revoked", error.message
    except Tampered as error:
        return "unsigned", error.message
    except CliError as error:
        return "ok", f"only the files were compared: {error.message}"
