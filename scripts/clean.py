"""`make clean`: remove what set-up made in the checkout. The registry's data in var/ stays."""

import shutil

from scripts import pids, registry, say
from scripts.places import ROOT, TOOLS, VENV
from scripts.say import Stop, step

CACHES = (".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache", ".mypy_cache")


def clean() -> int:
    if pids.alive(registry.SUPERVISOR):
        raise Stop("The registry is running from these environments; stop it first: make down")
    for folder in (VENV, TOOLS, *(ROOT / name for name in CACHES)):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in ROOT.rglob("__pycache__"):
        shutil.rmtree(folder, ignore_errors=True)
    step("Removed the environments and caches; the data in var/ is untouched")
    return 0


if __name__ == "__main__":
    say.main(clean)
