"""The rules of the outside tools as the catalogue shows them."""

import re
from collections.abc import Iterator

from vetting.catalogue.others import SILENCE
from vetting.catalogue.rule import Rule
from vetting.scanners import semgrep, yara

_META = re.compile(r'^\s*(\w+)\s*=\s*"((?:[^"\\]|\\.)*)"\s*$', re.MULTILINE)
_RULE = re.compile(r"^rule\s+(\w+)\s*\{(.*?)^\s*strings:|^rule\s+(\w+)\s*\{(.*?)^\s*condition:", re.M | re.S)


def rules() -> list[Rule]:
    return [*_semgrep(), *_yara(), _BANDIT, *_silent()]


_BANDIT = Rule(
    name="bandit:*",
    family="bandit",
    codes=("SK-VULN",),
    title="Insecure Python",
    axis="vulnerability",
    finds="What bandit, a scanner for insecure Python, remarks on in the skill's scripts and in the Python fences of"
    " its texts. Each of its rules has a number; the finding says in bandit's own words what it saw. Remarks on which a"
    " skill cannot act (importing subprocess, asserting) are left out.",
    why="A skill is run by an agent that reads other people's pages and files. Code that is careless with its input"
    " lets their authors run commands on the user's machine.",
    fix="Change the line as the finding's linked page says. Where the input can be trusted, say why in `assay.toml`.",
)


def _semgrep() -> Iterator[Rule]:
    for name in semgrep.rules():
        about = semgrep._rule(name)
        yield Rule(
            name=f"semgrep:{name}",
            family="semgrep",
            codes=("SK-VULN",),
            title=about["message"].strip().partition(". ")[0].rstrip("."),
            axis="vulnerability",
            severity=semgrep.SEVERITY[about["severity"]].word,
            confidence=about["metadata"]["confidence"],
            finds=about["message"].strip(),
            why="Code that is careless with its input lets others run commands on the user's machine, or reach files"
            " and services in the user's name.",
            fix=about["metadata"]["fix"],
            links=(semgrep.cwe_link(about["metadata"]["cwe"]),),
        )


def _yara() -> Iterator[Rule]:
    for file in sorted(yara.RULES.glob("*.yar")):
        for match in _RULE.finditer(file.read_text(encoding="utf-8")):
            name, meta = match[1] or match[3], dict(_META.findall(match[2] or match[4]))
            yield Rule(
                name=f"yara:{name}",
                family="yara",
                codes=(meta["code"],),
                title=re.split(r"[.:]", meta["why"])[0],
                axis="malice",
                severity=meta["severity"],
                confidence=meta.get("confidence", "medium"),
                finds="A pattern of bytes by which programs of this kind are known, in any file of the skill. In a text"
                " that only speaks of it the finding weighs less.",
                why=meta["why"],
                fix=meta.get("fix", "Remove it. If the skill needs it, say openly in SKILL.md what it does and why."),
                links=tuple(filter(None, (meta.get("link"),))),
            )


def _silent() -> Iterator[Rule]:
    """What a tool says when it could not do its work."""
    for tool in ("bandit", "semgrep", "yara", "dependencies"):
        for state, (severity, title, means) in SILENCE.items():
            yield Rule(
                name=f"{tool}:{state}",
                family=tool,
                codes=("SK-VULN",) if state == "more" else ("SK-ART",),
                title=title.format(tool),
                axis="vulnerability" if state == "more" else "quality",
                severity=severity,
                confidence="high",
                finds=means.format(tool),
                why="What nobody looked at is not known to be harmless. Where a whole scanner is silent, the verdict is"
                " unknown until it has looked.",
                fix="A broken file is mended in the skill, a broken scanner by the operator, who has the release vetted"
                " again.",
            )
