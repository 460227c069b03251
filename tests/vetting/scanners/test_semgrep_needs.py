"""What semgrep is not started for is what it would pass over itself; nothing that a rule finds is ever left out."""

import json
import re
import stat
import tempfile
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.vetting.conftest import SAMPLES
from tests.vetting.scanners.semgrep_examples import EXAMPLES
from vetting.bundle import Bundle, BundleFile
from vetting.scanners import Source, pieces_of, semgrep
from vetting.scanners.cage import run
from vetting.scanners.pieces import lay_out
from vetting.scanners.semgrep_needs import Needs, _need, needs_of, words_of


def test_a_rule_file_holds_rules_of_its_own_languages():
    for file in semgrep._rule_files():
        ids = {rule["id"] for rule in YAML(typ="safe", pure=True).load(file.read_text())["rules"]}
        languages = {language for rule in ids for language in semgrep._rule(rule)["languages"]}
        assert languages == {name for name, of in semgrep.RULES_OF.items() if of == file.stem} - {"tsx"}


@pytest.fixture(scope="module")
def needs():
    engine = semgrep._engine(django_settings.SEMGREP)
    with tempfile.TemporaryDirectory() as name:
        return needs_of(engine, "1.182.0", semgrep._rule_files(), Path(name))


def test_every_example_of_every_rule_is_worth_reading(needs):
    """Whatever a rule finds has the words that it needs; what it is known by does not depend on the engine."""
    for rule, (ending, bad, _) in EXAMPLES.items():
        (piece,) = pieces_of(Bundle((BundleFile(f"a.{ending}", bad[0].encode()),)))
        (file,) = semgrep._rule_files_for(piece.language)
        assert all(needs.may_match(file.name, code) for code in bad), rule


def test_what_names_nothing_dangerous_is_not_read(needs, bundle, monkeypatch):
    calm = {"a.py": "print(1 + 1)\n", "a.js": "const a = 1;\n", "a.sh": "echo hello\n"}
    assert not any(needs.may_match(file.name, text) for file in semgrep._rule_files() for text in calm.values())
    monkeypatch.setattr(semgrep, "_engine_command", lambda *arguments: pytest.fail("semgrep is started for nothing"))
    calm_bundle = bundle(calm)
    (result,) = semgrep.scan([Source(calm_bundle, pieces_of(calm_bundle))])
    assert (result.state, result.findings) == ("ok", [])


def test_semgrep_answers_the_same_about_what_is_left_out(needs, bundle):
    """Asked about all code of the samples and of the examples, some of it broken, and about what is left out of it."""
    code = {f"s{n}{p.suffix}": p.read_text(errors="replace") for n, p in enumerate(sorted(SAMPLES.rglob("*.*")))}
    code |= {
        f"{rule}-{i}.{ending}": text
        for rule, (ending, bad, good) in EXAMPLES.items()
        for i, text in enumerate([*bad, *good, "def ((\n" + good[0], "x = [" + bad[0]])
    }
    pieces = pieces_of(bundle(code))
    with tempfile.TemporaryDirectory() as name:
        (skills := Path(name) / "skills").mkdir()
        way_back = lay_out(skills, [pieces], semgrep.LANGUAGES)
        engine = semgrep._engine(django_settings.SEMGREP)
        worth = semgrep._worth_reading(engine, Path(name), way_back)
        rest = {path: found for path, found in way_back.items() if path not in worth}
        whole, left = (
            json.loads(run(semgrep._engine_command(engine, Path(name), some), folder=Path(name), seconds=200,
                           memory_mb=semgrep.MEMORY_MB).stdout)
            for some in (way_back, rest)
        )  # fmt: skip
        assert len(rest) > 60 and len(worth) > 60
        assert (left["results"], left["errors"]) == ([], [])
        assert {result["path"] for result in whole["results"]} <= set(worth)
        assert len(whole["results"]) > 60 and whole["errors"]


EXPRESSIONS = (
    r"(?i)sk{1,3}s?(?:ab|ba)",
    r"(?m)^sh[ \t]+-c",
    r"\b(?:sh|(?:a|b)c)\b(?=[ \t])",
    "(?:bash)?[1]{2,3}",
)


@given(text=st.text(alphabet="abcsh -'\"$1{}|KſİK\n", max_size=60))
@settings_of(max_examples=300, deadline=None, database=None)
def test_no_match_of_an_expression_lacks_its_words(text):
    for expression in (
        r"(?i)sk{1,3}s?(?:ab|ba)",
        r"(?m)^sh[ \t]+-c",
        r"\b(?:sh|(?:a|b)c)\b(?=[ \t])",
        "(?:bash)?[1]{2,3}",
    ):
        if re.search(expression, text):
            assert Needs({"x": [words_of(expression)]}).may_match("x", text)


@pytest.mark.parametrize("formula", [None, ["None"], ["Some", ["Pred", ["New", 1]]], ["Not", []], "text", ["Or", []]])
def test_what_is_not_understood_is_taken_to_be_there(formula):
    assert Needs({"x": [_need(formula)]}).may_match("x", "")
    assert Needs({}).may_match("unknown", "")


def test_words_are_joined_as_the_engine_joins_them():
    def pred(*names: str) -> list:
        return ["Pred", ["Idents", list(names)]]

    both = ["Some", ["And", [pred("os"), ["Or", [pred("popen"), ["And", [pred("a"), pred("system")]]]]]]]
    may_match = Needs({"x": [_need(both)]}).may_match
    assert may_match("x", "os popen") and may_match("x", "os system a") and may_match("x", "OS.POPEN")
    assert not (may_match("x", "os") or may_match("x", "popen system a") or may_match("x", "os system"))


def test_an_engine_that_does_not_tell_leaves_everything_to_be_read(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    silent = tmp_path / "semgrep"
    silent.write_text("#!/bin/sh\nexit 3\n")
    silent.chmod(silent.stat().st_mode | stat.S_IXUSR)
    assert needs_of(silent, "1", semgrep._rule_files(), tmp_path).may_match("python.yaml", "")
    assert not list(tmp_path.glob("cache/*"))


def test_rules_that_were_kept_are_the_rules(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    semgrep._rules_by_id.cache_clear()
    try:
        first = semgrep._rules_by_id()
        semgrep._rules_by_id.cache_clear()
        assert semgrep._rules_by_id() == first == semgrep._rules_in_yaml()
        assert len(list(tmp_path.glob("cache/semgrep-rules-*"))) == 1
    finally:
        semgrep._rules_by_id.cache_clear()
