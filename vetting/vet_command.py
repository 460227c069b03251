"""What `manage.py vet` does: vet skills in local folders with the worker's own code; no server, database or Redis."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

HELP = "Vet skills in local folders and print one line each. Exits 0 when every skill was vetted."


class NotVetted(Exception):
    """Some of the skills could not be vetted; the message says how many."""


def parser() -> ArgumentParser:
    made = ArgumentParser(prog="manage.py vet", description=HELP)
    add_arguments(made)
    return made


def add_arguments(to: ArgumentParser) -> None:
    to.add_argument("paths", nargs="+", metavar="PATH", help="a skill's folder, zip or tar")
    to.add_argument("--json", action="store_true", help="print one JSON document a line")
    to.add_argument("--sarif", metavar="FILE", help="also write the findings as SARIF 2.1.0; - is stdout")
    to.add_argument("--static-only", action="store_true", help="run nothing: checks and scanners alone")


def main(argv: Sequence[str], out: TextIO) -> int:
    return run(out, **vars(parser().parse_args(argv)))


def run(out: TextIO, *, paths: Sequence[str], static_only: bool, json: bool, sarif: str | None) -> int:
    """0 when every skill was vetted, whatever its verdict; raises NotVetted otherwise."""
    from vetting import local

    troubled, lines = 0, []
    for line in local.vet_paths(paths, static_only=static_only):
        troubled += bool(line["trouble"])
        if sarif:
            lines.append(line)
        if sarif != "-":
            out.write(f"{as_json(line) if json else in_words(line)}\n")
            out.flush()
    if sarif:
        write_sarif(lines, sarif, out)
    if troubled:
        raise NotVetted(f"{troubled} of {len(paths)} skills could not be vetted; see their `trouble`.")
    return 0


def as_json(line: dict) -> str:
    return json.dumps(line, ensure_ascii=False)


def write_sarif(lines: Sequence[dict], where: str, out: TextIO) -> None:
    from vetting import sarif

    log = sarif.joined([sarif.of(line, below=line["path"]) for line in lines])
    text = f"{json.dumps(log, indent=1)}\n"
    if where == "-":
        out.write(text)
    else:
        Path(where).write_text(text, encoding="utf-8")


def in_words(line: dict) -> str:
    """A few lines for a person."""
    safety, quality = line["safety"], line["quality"]
    score = "-" if safety["score"] is None else f"{safety['score']:g}"
    fine = "-" if quality["score"] is None else f"{quality['score']:g} ({quality['tier']})"
    head = f"{line['path']}: {line['status']}, verdict {safety['verdict']}, safety {score}, quality {fine}"
    found = [
        f"  {one['severity']}/{one['confidence']} {one['code']} {one['check']} {_place(one)}: {_said(one)}"
        for one in line["findings"]
    ]
    trouble = [f"  could not be vetted: {line['trouble']}"] if line["trouble"] else []
    return "\n".join([head, *trouble, *found])


def _place(finding: dict) -> str:
    if not finding["file"]:
        return "the whole skill"
    return f"{finding['file']}:{finding['line']}" if finding["line"] else finding["file"]


def _said(finding: dict) -> str:
    return f"{finding['title']}. {finding['why']}" if finding["title"] else finding["why"]
