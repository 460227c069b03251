"""The version of the rules: one hash over checks, scanner rules, stages and policy, and over the tools they call.

Two runs with the same ruleset and the same bytes mean the same thing, so a stage that is done is not done again, and a
new ruleset vets everything anew.
"""

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
    "report.py",
}
PLUMBING |= {"revetting.py", "rooms.py", "ruleset.py", "run.py", "sarif.py", "signals.py", "local.py"}
PLUMBING |= {"installed.py", "kept.py", "patterns.py", "site.py", "vet_command.py"}
TOOLS = ("bandit", "yara-x", "tree-sitter", "tree-sitter-bash", "tree-sitter-javascript")


@lru_cache(maxsize=1)
def current() -> str:
    """`r-` and 16 hex digits."""
    digest = sha256()
    for file in _files():
        digest.update(f"{file.relative_to(ROOT.parent).as_posix()}\0".encode())
        digest.update(sha256(file.read_bytes()).digest())
    for tool in TOOLS:
        digest.update(f"{tool}={version_of(tool)}\0".encode())
    digest.update(f"semgrep={scanners.version('semgrep')}\0".encode())
    if site.REVIEWER_URL:
        digest.update(f"reviewer={site.REVIEWER_MODEL}\0".encode())
    return f"r-{digest.hexdigest()[:16]}"


def _files() -> list[Path]:
    judging = [file for file in ROOT.rglob("*") if file.relative_to(ROOT).parts[0] not in PLUMBING]
    rooms = [file for name in BESIDE for file in (ROOT.parent / name).rglob("*")]
    return sorted(file for file in judging + rooms if file.is_file() and "__pycache__" not in file.parts)
