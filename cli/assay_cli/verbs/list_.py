"""`skill list`: what is installed in a folder of skills."""

from assay_cli import clean, lock
from assay_cli.agents import skills_folder
from assay_cli.docs import text
from assay_cli.options import place, verb
from assay_cli.session import Session, word


@verb(help="The skills that were installed with this command in DIR.")
@place
def command(session: Session, folder: str | None, agent: str | None, for_user: bool) -> None:
    shelf = skills_folder(folder, agent, for_user)
    entries = lock.read(shelf)
    for name, entry in entries.items():
        said = f"{clean.line(text(entry, 'skill'), 110)}@{clean.line(text(entry, 'version'), 64)}"
        gone = "" if (shelf / name).is_dir() else "  (its folder is gone)"
        session.data(f"{name:<24} {said}  {word(text(entry, 'verdict'))}{gone}")
    if not entries:
        session.note(f"nothing is installed in {shelf}")
    found = [{"name": name, "path": str(shelf / name), **entry} for name, entry in entries.items()]
    session.document("assay.list.v1", {"dir": str(shelf), "skills": found})
