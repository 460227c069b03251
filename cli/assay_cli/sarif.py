"""SARIF logs that a registry sent, made into one that belongs to this folder.

The registry knows only the skill; code hosts want places from the root of the repository, and one run a tool.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from assay_cli.docs import pick, rows
from assay_cli.errors import ODD_ANSWER, Tampered

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"
EMPTY = {"tool": {"driver": {"name": "Assay"}}, "results": []}


def placed(log: Any, folder: Path) -> dict:
    """The log's run, its places below the folder as seen from where the command was called."""
    runs = rows(log, "runs")
    if not runs or not pick(runs[0], "tool", "driver", "name"):
        raise Tampered("The registry sent no SARIF log.", code="integrity.sarif", hint=ODD_ANSWER)
    for result in rows(runs[0], "results"):
        for location in rows(result, "locations"):
            artifact = pick(location, "physicalLocation", "artifactLocation", default={})
            if isinstance(artifact.get("uri"), str):
                artifact["uri"] = _below(folder) + artifact["uri"]
                if artifact["uri"].startswith("file:"):
                    artifact.pop("uriBaseId", None)
    return runs[0]


def joined(runs: list[dict]) -> dict:
    """One log with one run: a rule that several skills broke stands in it once. No skill is an empty run."""
    first, rules = runs[0] if runs else EMPTY, {}
    for run in runs:
        for rule in rows(run, "tool", "driver", "rules"):
            rules.setdefault(str(rule.get("id")), rule)
    whole = {
        **first,
        "automationDetails": {"id": "assay/"},
        "originalUriBaseIds": {ROOT: {"description": {"text": "Where the command was called."}}},
        "invocations": [one for run in runs for one in rows(run, "invocations")],
        "results": [one for run in runs for one in rows(run, "results")],
    }
    whole["tool"] = {"driver": {**pick(first, "tool", "driver", default={}), "rules": list(rules.values())}}
    if len(runs) > 1:
        whole.pop("properties", None)
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [whole]}


def write(where: str, log: dict) -> None:
    text = json.dumps(log, indent=1, ensure_ascii=True)
    if where == "-":
        click.echo(text)
    else:
        Path(where).write_text(f"{text}\n", encoding="utf-8")


def _below(folder: Path) -> str:
    """The folder's address in front of the files in it: relative where it lies below here."""
    here, there = Path.cwd().resolve(), folder.resolve()
    if not there.is_relative_to(here):
        return f"{there.as_uri()}/"
    text = quote(there.relative_to(here).as_posix())
    return "" if text == "." else f"{text}/"
