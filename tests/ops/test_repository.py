"""What the repository itself promises: no hosts, no foreign paths, locked dependencies, clean code, one-way imports."""

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
LISTS = sorted((ROOT / "requirements").glob("*.txt"))
URL = re.compile(r"""\bhttps?://[^\s"'`<>)\]}|\\]+""")
# Names that stand for nobody, this machine, and the names of formats (which nothing here ever opens).
NOBODY = ("example", "example.com", "example.org", "example.net", "test", "invalid", "internal", "localhost")
FORMATS = (
    "www.w3.org",
    "in-toto.io",
    "slsa.dev",
    "json-schema.org",
    "www.apache.org",
    "agentskills.io",
    "docs.oasis-open.org",
)
# The public dictionaries of weaknesses, attacks and advisories that findings point to.
DICTIONARIES = ("cwe.mitre.org", "attack.mitre.org", "atlas.mitre.org", "owasp.org", "genai.owasp.org", "osv.dev")
ADDRESS = re.compile(r"^\[?[0-9a-f.:]+\]?$")
# Hostile samples and the checks against them name real services on purpose, as text that is searched for.
NAMES_SERVICES = ("tests/samples/", "vetting/checks/", "vetting/rules/", "tests/vetting/")


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts():
    for name in tracked():
        data = (ROOT / name).read_bytes()
        if b"\0" not in data[:4096]:
            yield name, data.decode("utf-8", errors="replace")


def is_known(host: str) -> bool:
    return (
        "." not in host.rstrip(".")
        or host in FORMATS + DICTIONARIES
        or bool(ADDRESS.match(host))
        or host.endswith(tuple(f".{n}" for n in NOBODY))
        or host in NOBODY
    )


def test_no_file_names_a_host_on_the_internet():
    strangers = {}
    for name, text in texts():
        if name.startswith(NAMES_SERVICES):
            continue
        for url in URL.findall(text):
            try:
                host = (urlsplit(url).hostname or "").lower()
            except ValueError:
                continue
            if "{" not in host and "$" not in host and "%" not in host and not is_known(host):
                strangers.setdefault(host, name)
    assert not strangers, strangers


def test_no_file_names_a_folder_of_one_persons_machine():
    foreign = re.compile("|".join(("/" + "work/", "/" + "tmp/w/", "/" + "home/[a-z]+/(?:code|src|dev|git)")))
    assert not {name: match[0] for name, text in texts() if (match := foreign.search(text))}


def test_every_requirement_is_pinned_and_hashed_and_none_is_an_address():
    assert len(LISTS) == 4
    for file in LISTS:
        text = file.read_text()
        assert "://" not in text and "--index" not in text and "--find-links" not in text, file.name
        entries = re.findall(r"^[A-Za-z0-9](?:[^\n\\]|\\\n)*", text, re.M)
        assert entries and all("==" in entry and "--hash=sha256:" in entry for entry in entries), file.name


def test_what_is_tested_is_what_runs():
    """The test environment holds the very versions of the production one, and more."""

    def pins(name: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9][\w.\-\[\]]*==\S+)", (ROOT / "requirements" / name).read_text(), re.M))

    assert pins("prod.txt") <= pins("dev.txt")


@pytest.mark.parametrize(
    "command",
    [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["lint-imports", "--no-cache"]],
    ids=["ruff-check", "ruff-format", "import-contracts"],
)
def test_the_code_is_clean(command):
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_no_two_migrations_of_an_app_are_its_last_and_no_model_lacks_one():
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_make_alone_lists_every_verb():
    shown = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[1].split()
    assert re.findall(r"^  make (\w+)", shown, re.M) == phony
