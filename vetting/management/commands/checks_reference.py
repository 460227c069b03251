"""Write docs/reference/checks.md from the checks themselves, or tell with --check that it is out of date."""

from collections import defaultdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from vetting.checks import Check, checks
from vetting.taxonomy import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "checks.md"
HEAD = """# Static checks

Every check is one file in `vetting/checks/`; this page is written from their docstrings by
`python manage.py checks_reference`. A finding of the malice axis at HIGH severity and MEDIUM confidence warns, at
CRITICAL and HIGH it rejects; the other axes are shown and never reject.

"""


def page() -> str:
    """The whole reference page."""
    by_code: dict[str, list[Check]] = defaultdict(list)
    for check in checks():
        by_code[check.code].append(check)
    parts = [HEAD, _table(by_code)]
    for code in KINDS:
        parts += [_entry(check) for check in by_code.get(code, [])]
    return "".join(parts).rstrip() + "\n"


def _table(by_code: dict[str, list[Check]]) -> str:
    rows = ["| code | kind of trouble | static | what the sealed room sees | checks |\n|---|---|---|---|---|\n"]
    for code, kind in KINDS.items():
        names = ", ".join(f"[{c.name}](#{c.name})" for c in by_code.get(code, []))
        rows.append(f"| {code} | {kind.title} | {kind.static} | {kind.event or '-'} | {names or '-'} |\n")
    return "".join(rows) + "\n"


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


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is out of date")

    def handle(self, *args, **options):
        text = page()
        current = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        if text == current:
            self.stdout.write("docs/reference/checks.md is up to date")
        elif options["check"]:
            raise CommandError("docs/reference/checks.md is out of date: run manage.py checks_reference")
        else:
            PAGE.parent.mkdir(parents=True, exist_ok=True)
            PAGE.write_text(text, encoding="utf-8")
            self.stdout.write(f"docs/reference/checks.md: {len(checks())} checks")
