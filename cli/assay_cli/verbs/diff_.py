"""`skill diff`: what changed between two versions of a skill."""

import click

from assay_cli import clean
from assay_cli.client import release_path, skill_path
from assay_cli.docs import number, pick, rows, text
from assay_cli.errors import Missing
from assay_cli.names import Ref, parse
from assay_cli.options import verb
from assay_cli.session import Session, word

MARKS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow"), "moved": (">", "cyan")}
COLOURS = {"+": "green", "-": "red", "@": "cyan"}
WIDEST = 400


@verb(
    help="What changed in OWNER/NAME from version BEFORE to AFTER; without AFTER to the newest, without both the last."
)
@click.argument("skill", metavar="OWNER/NAME")
@click.argument("before", metavar="[BEFORE]", required=False)
@click.argument("after", metavar="[AFTER]", required=False)
@click.option("--files", "names_only", is_flag=True, help="The names of the files alone.")
def command(session: Session, skill: str, before: str | None, after: str | None, names_only: bool) -> None:
    ref = parse(skill)
    old, new = _two(session, ref, before or ref.version, after)
    answer = session.registry.get(f"{skill_path(ref)}/compare/{old.version}/{new.version}")
    session.data(f"{old} {_verdict(answer, 'before')} -> {new.version} {_verdict(answer, 'after')}")
    changed = rows(answer, "files")
    for one in changed:
        session.data(_name(one))
    if left_out := number(answer, "files_left_out"):
        session.data(f"and {left_out:.0f} more files")
    if not changed:
        session.data("The files are the same.")
    if not names_only:
        for one in changed:
            _show(session, one)
    session.document("assay.diff.v1", answer)


def _two(session: Session, ref: Ref, before: str, after: str | None) -> tuple[Ref, Ref]:
    if before and after:
        return ref.at(before), ref.at(after)
    known = [text(one, "version") for one in rows(session.registry.get(f"{skill_path(ref)}/releases"), "results")]
    if before:
        newest = text(session.registry.get(release_path(Ref(ref.owner, ref.name, "latest"))), "version")
        return ref.at(before), ref.at(newest)
    if len(known) < 2:
        raise Missing(f"{ref.skill} has no second version to compare with.", hint="`skill info` lists its releases.")
    return ref.at(known[1]), ref.at(known[0])


def _verdict(answer: dict, side: str) -> str:
    return f"({word(text(answer, side, 'safety', 'verdict'))})"


def _name(one: dict) -> str:
    mark, colour = MARKS.get(text(one, "state"), ("?", "white"))
    was = f"  from {clean.line(text(one, 'was'), 200)}" if text(one, "was") else ""
    ran = pick(one, "after", "executable") is True and pick(one, "before", "executable") is not True
    return f"  {click.style(mark, fg=colour)} {clean.line(text(one, 'path'), 200)}{was}{'  now executable' * ran}"


def _show(session: Session, one: dict) -> None:
    """A file's diff. What comes from strangers is made harmless line by line; tabs and the first sign stay."""
    session.data()
    if why := text(one, "why_no_patch"):
        session.data(f"{clean.line(text(one, 'path'), 200)}: {clean.line(why)}")
        return
    for line in text(one, "patch").rstrip("\n").split("\n"):
        shown = clean.lines(line, WIDEST)
        session.data(click.style(shown, fg=COLOURS.get(line[:1])) if line[:1] in COLOURS else shown)
