"""The version of the rules: one hash over checks, scanner rules, stages and policy, and over the tools they call.

Two runs with the same ruleset and the same bytes mean the same thing, so a stage that is done is not done again, and a
new ruleset vets everything anew.
"""

import os
from collections.abc import Collection, Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from vetting import scanners
from vetting.installed import version_of
from vetting.site import site

ROOT = Path(__file__).resolve().parent
BESIDE = ("agents", "sandbox")
# What carries a run but judges nothing: changing it makes no result stale.
PLUMBING = {
    "advised.py",
    "migrations",
    "management",
    "apps.py",
    "attest.py",
    "catalogue",
    "changes.py",
    "columns.py",
    "identity.py",
    "jobs.py",
    "keeper.py",
    "models.py",
    "queueing.py",
    "report.py",
}
PLUMBING |= {"revetting.py", "rooms.py", "ruleset.py", "run.py", "sarif.py", "signals.py", "local.py"}
PLUMBING |= {"generated.py", "installed.py", "kept.py", "patterns.py", "site.py", "vet_command.py"}
TOOLS = ("bandit", "yara-x", "tree-sitter", "tree-sitter-bash", "tree-sitter-javascript", "tree-sitter-typescript")


@lru_cache(maxsize=1)
def current() -> str:
    """`r-` and 16 hex digits."""
    digest = sha256()
    for name, path in sorted(_files()):
        digest.update(f"{name}\0".encode())
        with open(path, "rb", buffering=0) as file:
            digest.update(sha256(file.read()).digest())
    for tool in TOOLS:
        digest.update(f"{tool}={version_of(tool)}\0".encode())
    digest.update(f"semgrep={scanners.version('semgrep')}\0".encode())
    if site.REVIEWER_URL:
        digest.update(f"reviewer={site.REVIEWER_MODEL}\0".encode())
    return f"r-{digest.hexdigest()[:16]}"


def _files() -> Iterator[tuple[str, str]]:
    """The name and the place of every file that has a say in a verdict."""
    yield from _below(str(ROOT), f"{ROOT.name}/", PLUMBING)
    for name in BESIDE:
        yield from _below(str(ROOT.parent / name), f"{name}/")


def _below(folder: str, prefix: str, without: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """os.scandir tells what is a folder without asking for each file again, which pathlib does."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name in without or entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _below(entry.path, f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield prefix + entry.name, entry.path
