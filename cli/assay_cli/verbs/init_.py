"""`skill init`: a small skill with a test task, ready to push."""

from pathlib import Path

import click

from assay_cli.errors import CliError, UsageProblem
from assay_cli.names import NAME
from assay_cli.options import verb
from assay_cli.session import Session


@verb(help="Make the folder NAME with a small working skill and a test task for it.")
@click.argument("name", default="word-count")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="Where the folder goes."
)
def command(session: Session, name: str, folder: Path) -> None:
    if not NAME.fullmatch(name):
        raise UsageProblem(
            f"{name!r} cannot name a skill.", hint="Use 1 to 64 lower-case letters, digits and single hyphens."
        )
    target = folder / name
    if target.exists():
        raise CliError(f"{target} is there already.", code="target.exists", hint="Choose another name.")
    from assay_cli.starter import FILES

    for path, text in FILES.items():
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace("{name}", name), encoding="utf-8")
        place.chmod(0o755 if path.endswith((".py", ".sh")) else 0o644)
    session.data(f"Made {target}. Next:")
    session.data(f"  skill check {target}")
    session.data(f"  skill push {target} --wait")
    session.document("assay.init.v1", {"name": name, "path": str(target), "files": sorted(FILES)})
