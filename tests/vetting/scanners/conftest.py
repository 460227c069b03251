"""Bundles for the scanners, from a table of paths and texts."""

from collections.abc import Callable

import pytest

from vetting.bundle import Bundle, BundleFile
from vetting.scanners import bandit, semgrep

FRONT = "---\nname: calm-skill\ndescription: Says hello.\n---\n"


@pytest.fixture(autouse=True)
def nothing_is_known():
    """No test gets an answer that another one asked for."""
    bandit.ANSWERS.forget()
    semgrep.ANSWERS.forget()


@pytest.fixture
def bundle() -> Callable[..., Bundle]:
    """A bundle from {path: text}; a calm SKILL.md is added when none is given."""

    def make(contents: dict[str, str | bytes]) -> Bundle:
        contents = {"SKILL.md": FRONT, **contents}
        raw = {path: text.encode() if isinstance(text, str) else text for path, text in contents.items()}
        return Bundle(tuple(BundleFile(path, raw[path]) for path in sorted(raw)))

    return make
