"""The docs say all there is: settings, verbs of make, of manage.py and of `skill`, and the addresses of the API."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, get_resolver

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "guide"
OURS = {"config", "marketplace", "vetting"}


def guide(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


def code_words(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


def test_every_setting_is_documented_and_no_other():
    source = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r"env_(?:str|bool|int|list)\(\s*\"([A-Z0-9_]+)\"", source))
    documented = set(re.findall(r"^\| `([A-Z0-9_]+)`", guide("settings.md"), re.M))
    assert read == documented


def test_every_command_of_the_operator_is_documented():
    ours = {name for name, app in get_commands().items() if app in OURS}
    text = guide("operating.md")
    assert ours
    assert not {name for name in ours if f"manage.py {name}" not in text}


def test_every_verb_of_make_is_documented():
    verbs = re.search(r"^\.PHONY: help (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split()
    text = guide("operating.md")
    assert not {verb for verb in verbs if f"`make {verb}" not in text}


def test_every_verb_of_the_command_line_is_documented():
    from assay_cli.main import VERBS

    text = guide("command-line.md")
    assert not {verb for verb in VERBS if f"`skill {verb}" not in text}


def addresses(patterns, before: str = "/"):
    for pattern in patterns:
        here = before + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLPattern):
            yield re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", here)
        else:
            yield from addresses(pattern.url_patterns, here)


def test_every_address_of_the_api_is_documented():
    routes = {route for route in addresses(get_resolver().url_patterns) if route.startswith(("/api/v1/", "/healthz"))}
    documented = {word.split(" ")[-1] for word in code_words(guide("api.md"))}
    assert len(routes) > 10
    assert routes <= documented, sorted(routes - documented)


LINK = re.compile(r"\[[^\]]*\]\((?!\w+:)([^)#\s]+)[^)]*\)")
PAGES = [
    page.relative_to(ROOT)
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changelog.d/*.md"), ROOT / "cli/README.md"]
]


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_between_documents_leads_somewhere(page):
    targets = LINK.findall((ROOT / page).read_text(encoding="utf-8"))
    assert not [target for target in targets if not (ROOT / page.parent / target).exists()]


def test_every_decision_has_its_four_parts_and_is_listed():
    index = (ROOT / "docs" / "decisions" / "README.md").read_text()
    records = sorted((ROOT / "docs" / "decisions").glob("0*.md"))
    assert records
    for record in records:
        assert record.name in index
        text = record.read_text()
        assert all(f"**{part}.**" in text for part in ("Problem", "Goals", "Non-goals", "Choice")), record.name
