"""Write docs/reference/checks.md from the checks themselves, or tell with --check that it is out of date."""

from collections import defaultdict

from vetting import catalogue
from vetting.catalogue import others
from vetting.checks import Check, checks
from vetting.management.reference import FOLDER, ReferenceCommand
from vetting.taxonomy import KINDS

PAGE = FOLDER / "checks.md"
HEAD = """# Static checks

Every check is one file in `vetting/checks/`; this page is written from their docstrings by
`python manage.py checks_reference`. A running registry shows it at `/checks`, and `skill explain NAME` on a terminal. A
finding of the malice axis at HIGH severity and MEDIUM confidence warns, at CRITICAL and HIGH it rejects, and two
different checks that warn confirm one another and reject where they are two observations (in one file, at two places or
of two kinds, or anywhere when one of them is critical or certain); the other axes are shown and never reject.

The table says for each code what static reading makes of it, what the sealed room sees of it, and every rule that finds
it. Whatever a skill writes while it runs is read again by all static checks, so those decide in the room too.

"""
TITLES = {
    "dependencies": "Dependencies",
    "bandit": "bandit",
    "semgrep": "semgrep",
    "yara": "YARA",
    "room": "The sealed room",
    "other": "Versions compared, the reviewer, suppressions",
}


def page() -> str:
    """The whole reference page."""
    by_code: dict[str, list[Check]] = defaultdict(list)
    for check in checks():
        by_code[check.code].append(check)
    parts = [HEAD, _table(by_code)]
    for code in KINDS:
        parts += [_entry(check) for check in by_code.get(code, [])]
    parts += [_family(family, title) for family, title in TITLES.items()]
    return "".join(parts).rstrip() + "\n"


def _table(by_code: dict[str, list[Check]]) -> str:
    rows = ["| code | kind of trouble | static | what the sealed room sees | found by |\n|---|---|---|---|---|\n"]
    for code, kind in KINDS.items():
        names = ", ".join([f"[{c.name}](#{c.name})" for c in by_code.get(code, [])] + _others_of(code))
        rows.append(f"| {code} | {kind.title} | {kind.static} | {kind.event or '-'} | {names or '-'} |\n")
    return "".join(rows) + "\n"


def _others_of(code: str) -> list[str]:
    """The rules beside our own checks; of semgrep, which has many of one code, the number."""
    found = [one for one in catalogue.of_code(code) if one.family != "check"]
    many = [one for one in found if one.family == "semgrep" and code == "SK-VULN" and not _is_silence(one.name)]
    names = [f"[{one.name}](#{one.family}-rules)" for one in found if one not in many and not _is_silence(one.name)]
    return [*names, *([f"[{len(many)} rules of semgrep](#semgrep-rules)"] if many else [])] + (
        ["a scanner that is silent"] if code == "SK-ART" else []
    )


def _is_silence(name: str) -> bool:
    return name.partition(":")[2] in others.SILENCE


def _said(one: catalogue.Rule) -> str:
    """Title and explanation, once where they are the same sentence."""
    return one.finds if one.finds.startswith(one.heading) else f"{one.heading}. {one.finds}"


def _family(family: str, title: str) -> str:
    """The rules of a tool, one row each."""
    found = [one for one in catalogue.rules() if one.family == family and not _is_silence(one.name)]
    rows = "".join(
        f"| `{one.name}` | {', '.join(one.codes) or 'any'} | {one.severity or 'it depends'} | {_said(one)} |\n"
        for one in found
    )
    return (
        f"## {family} rules\n\n**{title}**\n\n| rule | code | severity | what it finds |\n|---|---|---|---|\n{rows}\n"
    )


def _entry(check: Check) -> str:
    kind = KINDS[check.code]
    links = ", ".join(f"[{_short(link)}]({link})" for link in kind.links)
    return (
        f"## {check.name}\n\n**{check.title}** · {check.code} · {check.axis.value} · "
        f"{check.severity.word} severity, {check.confidence.word} confidence unless the finding says otherwise\n\n"
        f"{check.finds}\n\n*Why it matters.* {check.why}\n\n*How to fix.* {check.fix}\n\n"
        f"*See also.* {', '.join(kind.aitech)}; {links}\n\n"
    )


def _short(link: str) -> str:
    tail = link.rstrip("/").split("/")[-1].removesuffix(".html")
    if "cwe.mitre" in link:
        return f"CWE-{tail}"
    if "attack.mitre" in link:
        return "ATT&CK " + link.split("/techniques/")[1].strip("/").replace("/", ".")
    if "#" in tail:
        return "OWASP " + tail.split("#")[1].upper()
    return f"OWASP {tail}" if "owasp" in link else tail


class Command(ReferenceCommand):
    help = __doc__
    name = "checks"

    def page(self) -> str:
        return page()
