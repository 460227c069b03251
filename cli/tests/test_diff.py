"""`skill diff`: what an update would bring, before it is installed."""

import pytest

from cli.tests.test_conventions import EVIL

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def updated(alice, conclude):
    """alice/answers in two published versions."""
    for version, text in (("1.0.0", "Short is good.\n"), ("1.1.0", f"Shorter is better.\n{EVIL}\n")):
        folder = alice.skill("answers", **{"notes.md": text})
        if version == "1.1.0":
            (folder / "run.sh").write_text("#!/bin/sh\n")
            (folder / "run.sh").chmod(0o755)
        assert alice.run("push", folder, "--version", version).code == 0
        conclude("alice/answers", version=version)
    return alice


def test_the_newest_two_are_compared_when_none_is_named(updated, stranger):
    shown = stranger.run("diff", "alice/answers")
    assert shown.code == 0
    assert "-Short is good." in shown.out and "+Shorter is better." in shown.out
    assert "+ run.sh  now executable" in shown.out
    assert "\x1b" not in shown.out and "\u202e" not in shown.out


def test_versions_can_be_named_in_either_way(updated, stranger):
    turned = stranger.run("diff", "alice/answers", "1.1.0", "1.0.0", "--json")
    assert turned.json["counts"]["removed"] == 1
    for words in (("alice/answers@1.0.0",), ("alice/answers", "1.0.0"), ("alice/answers", "1.0.0", "1.1.0")):
        assert stranger.run("diff", *words, "--json").json["after"]["version"] == "1.1.0"
    names = stranger.run("diff", "alice/answers", "--files").out
    assert "notes.md" in names and "Short is good" not in names


def test_what_is_not_there_ends_with_3(published, stranger):
    assert stranger.run("diff", "alice/answers").code == 3
    assert stranger.run("diff", "alice/answers", "1.0.0", "9.9.9").code == 3
    assert stranger.run("diff", "alice/answers", "../x", "1.0.0").code == 2
