"""What semgrep is not started for is what it would pass over itself; nothing that a rule finds is ever left out."""

import re
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st
from ruamel.yaml import YAML

from tests.vetting.conftest import SAMPLES
from tests.vetting.scanners.semgrep_examples import EXAMPLES
from vetting.bundle import Bundle, BundleFile
from vetting.scanners import Source, pieces_of, semgrep, semgrep_engine, semgrep_rules
from vetting.scanners.pieces import Piece, lay_out
from vetting.scanners.semgrep_needs import Needs, need_of, needs_of, words_of
from vetting.scanners.words import Text, is_met, name


def test_a_rule_file_holds_rules_of_its_own_languages():
    for file in semgrep_rules.rule_files():
        ids = {rule["id"] for rule in YAML(typ="safe", pure=True).load(file.read_text())["rules"]}
        languages = {language for rule in ids for language in semgrep._rule(rule)["languages"]}
        assert languages == {name for name, of in semgrep_rules.RULES_OF.items() if of == file.stem} - {"tsx"}


@pytest.fixture(scope="module")
def rules_for():
    """The rules that could match in a piece of code."""
    with tempfile.TemporaryDirectory() as name:
        yield lambda piece: semgrep_engine.rules_for(piece, Path(name))


def piece_of(ending: str, code: str) -> Piece:
    (piece,) = pieces_of(Bundle((BundleFile(f"a.{ending}", code.encode()),)))
    return piece


def test_every_rule_is_tried_on_every_example_of_its_own(rules_for):
    """Whatever a rule finds has the words that it needs, and its cue."""
    for rule, (ending, bad, _) in EXAMPLES.items():
        assert all(rule in rules_for(piece_of(ending, code)) for code in bad), rule


# Ways to write it that a cue must not pass over.
WRITTEN_OTHERWISE = {
    "py-shell-command-from-variable": [
        "import subprocess\nS = True\nsubprocess.run(x, shell \\\n =S)",
        "import os\n(os.system)(x)",
        "from os import (\n  system as s)\ns(x)",
        "import os as o\no . popen (x)",
    ],
    "py-command-injection": [
        "import subprocess, sys\nsubprocess.run(sys.argv[1], shell  # of the user's\n  = True)",
        "import sys\nfrom os import popen as p\np(sys.argv[1])",
    ],
    "py-model-with-code": [
        "T = True\nAutoModel.from_pretrained(x, trust_remote_code=T)",
        "import torch as t\nt.load(x)",
        "from torch import load as l\nl(x)",
        "import torch\n(torch).load(x)",
    ],
    "py-yaml-load": [
        "import yaml as y\ny.load(x)",
        "from yaml import load\nload(x)",
        "import yaml\n(yaml) . unsafe_load(x)",
        "import yaml\nyaml.full_load (x)",
    ],
    "py-open-to-all": [
        "import os\nM = 0o7_77\nos.chmod(p, M)",
        "p.chmod(511)",
        "p.chmod(0x1ff)",
        "import os\nos.umask(0)",
    ],
    "py-eval-of-expression": ["(eval)(x)", "exec (x)", "y = [eval\n(x)]"],
    "py-path-from-request": [
        "def f(self):\n    open((self).path)",
        "def f(self):\n    open(self \\\n  . path)",
        "from flask import request as r\nopen(r.args['x'])",
        "def f(request):\n    p = request.GET\n    open(p)",
    ],
    "py-sql-from-text": ["(cur.execute)(f'select {y}')", "cur.executescript (f'drop {y}')"],
    "py-debug-server": ["app.run(debug\n  =True)", "D = True\napp.run(debug=D)"],
    "py-tls-not-verified": [
        "V = False\nrequests.get(u, verify=V)",
        "s.verify: bool = False",
        "s.verify, b = False, 1",
        "aiohttp.TCPConnector(ssl=False)",
    ],
    "js-shell-command-from-text": [
        "exec?.(`ls ${x}`)",
        "cp.execSync('ls ' + a.b, y)",
        "(cp.exec)('ls ' + x)",
        "const c = 'ls '; exec(c + x)",
        "re.exec(a); cp.exec(`${x}`)",
    ],
    "js-sql-from-text": [
        "db.query(('SELECT a' + x))",
        "db.query(`\n  select ${x}`)",
        'const q = "DROP "; db.run(q + x)',
    ],
    "js-command-injection": [
        "import { argv as A } from 'process';\nimport cp from 'node:child_process';\ncp.execSync(A[2])",
        "async function f() { exec(await (fetch)(u)); }",
        "async function f() { exec(await fetch?.(u)); }",
        "const { exec: run } = require('child_process');\nfunction f(req) { run(req\n  .query) }",
        "(exec)(req.body)",
    ],
    "js-path-from-request": ["fs.readFile(req\n  .url)", "function f(req) { const p = req.params.a; res.sendFile(p) }"],
    "js-tls-not-verified": [
        "const N = 'NODE_TLS_REJECT_UNAUTHORIZED'; process.env[N] = '0'",
        "tls.connect({'rejectUnauthorized': false})",
    ],
}


def test_a_cue_knows_each_way_to_write_what_its_rule_finds(bundle, rules_for):
    said = {rule for rule in semgrep_rules.cues() if "cues" in semgrep._rule(rule)["metadata"]}
    assert said - set(WRITTEN_OTHERWISE) == {"py-request-forgery", "py-eval-of-input"}
    for rule, codes in WRITTEN_OTHERWISE.items():
        ending = EXAMPLES[rule][0]
        found = all_rules_find(pieces_of(bundle({f"{n}.{ending}": code + "\n" for n, code in enumerate(codes)})))
        for n, code in enumerate(codes):
            assert rule in rules_for(piece_of(ending, code + "\n")), code
            assert (f"{n}.{ending}", rule) in found, code


def all_rules_find(pieces) -> set[tuple[str, str]]:
    """The engine's answer when it tries each rule on each piece, by the piece's file and the rule."""
    with tempfile.TemporaryDirectory() as name:
        way_back, answer = asked_with(all_rules, pieces, Path(name))
        return {(way_back[one["path"]][1].path, one["check_id"].rpartition(".")[2]) for one in answer["results"]}


def all_rules(piece: Piece) -> list[str]:
    files = semgrep_rules.rule_files_for(piece.language)
    return [rule["id"] for file in files for rule in semgrep_rules.rules_by_file()[file.name]]


def asked_with(tried, pieces, folder: Path):
    (skills := folder / "skills").mkdir()
    way_back = lay_out(skills, [pieces], semgrep.LANGUAGES)
    return way_back, semgrep.ask(
        folder, skills, way_back, {path: tried(piece) for path, (_, piece) in way_back.items()}
    )


def test_what_names_nothing_dangerous_is_not_read(bundle, rules_for, monkeypatch):
    calm = {"a.py": "print(1 + 1)\n", "a.js": "const a = 1;\n", "a.sh": "echo hello\n"}
    assert not any(rules_for(piece) for piece in pieces_of(bundle(calm)))
    monkeypatch.setattr(semgrep, "ask", lambda *arguments: pytest.fail("semgrep is started for nothing"))
    calm_bundle = bundle(calm)
    (result,) = semgrep.scan([Source(calm_bundle, pieces_of(calm_bundle))])
    assert (result.state, result.findings) == ("ok", [])


def test_a_part_of_a_name_is_not_the_name(rules_for):
    assert rules_for(piece_of("py", "executed = evaluate(x)\nfilesystem.osmose(requested)\n")) == []
    assert rules_for(piece_of("py", "import os\nos.system(x)\n")) == ["py-shell-command-from-variable"]
    assert rules_for(piece_of("py", "import os\nOS.System(x)\n")) == []


def test_a_rule_that_is_nothing_but_expressions_is_its_own_cue(rules_for):
    shell = {name for name, rule in semgrep_rules.rules_by_id().items() if rule["languages"] == ["bash"]}
    assert len(shell) > 8 and shell <= set(semgrep_rules.cues())
    calm = 'curl -fsS https://example.com\nrm -rf "${x:?}/a"\nmktemp -d\nchmod -R u+x "$x"\n'
    assert rules_for(piece_of("sh", calm)) == []
    # A letter beyond ASCII ends a word for the engine, and Python is asked to read it so.
    assert rules_for(piece_of("sh", "écurl -k https://example.com\n")) == ["sh-tls-not-verified"]
    assert semgrep_rules._grouped("(?mi)a$") == "(?mi:a$)" and semgrep_rules._grouped("a|b") == "(?:a|b)"


def test_semgrep_finds_the_same_with_every_rule_on_every_file(bundle, rules_for):
    """Asked about all code of the samples and of the examples, some of it broken."""
    code = {f"s{n}{p.suffix}": p.read_text(errors="replace") for n, p in enumerate(sorted(SAMPLES.rglob("*.*")))}
    code |= {
        f"{rule}-{i}.{ending}": text
        for rule, (ending, bad, good) in EXAMPLES.items()
        for i, text in enumerate([*bad, *good, "def ((\n" + good[0], "x = [" + bad[0]])
    }
    pieces = pieces_of(bundle(code))
    said = []
    for tried in (all_rules, rules_for):
        worth = [piece for piece in pieces if tried(piece)]
        with tempfile.TemporaryDirectory() as name:
            way_back, answer = asked_with(tried, worth, Path(name))
            said.append({hit_of(way_back, one) for one in answer["results"]})
    assert said[0] == said[1] and len(said[0]) > 60
    assert 60 < len(worth) < len(pieces) - 60
    assert sum(len(rules_for(piece)) for piece in pieces) * 5 < sum(len(all_rules(piece)) for piece in pieces)


def hit_of(way_back, one: dict) -> tuple:
    return way_back[one["path"]][1].path, one["check_id"].rpartition(".")[2], one["start"]["line"], one["end"]["line"]


EXPRESSIONS = (
    r"(?i)sk{1,3}s?(?:ab|ba)",
    r"(?m)^sh[ \t]+-c",
    r"\b(?:sh|(?:a|b)c)\b(?=[ \t])",
    "(?:bash)?[1]{2,3}",
)


@given(text=st.text(alphabet="abcsh -'\"$1{}|KſİK\n", max_size=60))
@settings_of(max_examples=300, deadline=None, database=None)
def test_no_match_of_an_expression_lacks_its_words(text):
    for expression in EXPRESSIONS:
        if re.search(expression, text):
            assert is_met(words_of(expression), Text(text))


@given(before=st.text(max_size=3), after=st.text(max_size=3))
@settings_of(max_examples=300, deadline=None, database=None)
def test_a_word_is_found_wherever_an_expression_finds_it(before, after):
    text = f"{before}exec{after} execute myexec _exec"
    if re.search(r"(?<!\w)exec(?!\w)", text):
        assert is_met(name("exec"), Text(text))
    assert not is_met(name("exec"), Text("execute myexec _exec exec2"))


@pytest.mark.parametrize("formula", [None, ["None"], ["Some", ["Pred", ["New", 1]]], ["Not", []], "text", ["Or", []]])
def test_what_is_not_understood_is_taken_to_be_there(formula):
    assert is_met(need_of(formula), Text(""))
    assert is_met(need_of(["Or", [["Pred", ["Idents", ["os"]]], formula]]), Text(""))
    assert Needs({}).rules_for("unknown", "") is None


def test_words_are_joined_as_the_engine_joins_them():
    def pred(*names: str) -> list:
        return ["Pred", ["Idents", list(names)]]

    both = need_of(["Some", ["And", [pred("os"), ["Or", [pred("popen"), ["And", [pred("a"), pred("system")]]]]]]])
    assert is_met(both, Text("os popen")) and is_met(both, Text("os system a")) and is_met(both, Text("(os.popen)"))
    assert not any(is_met(both, Text(text)) for text in ("os", "popen system a", "os system", "OS.POPEN", "os popens"))


def test_an_engine_that_does_not_tell_leaves_everything_to_be_read(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    silent = tmp_path / "semgrep"
    silent.write_text("#!/bin/sh\nexit 3\n")
    silent.chmod(silent.stat().st_mode | stat.S_IXUSR)
    assert needs_of(silent, "1", semgrep_rules.rule_files(), tmp_path, {}).rules_for("python.yaml", "") is None
    assert not list(tmp_path.glob("cache/*"))


def test_of_an_engine_that_does_not_tell_every_rule_is_tried(monkeypatch, tmp_path):
    monkeypatch.setattr(semgrep_engine, "_known", {})
    monkeypatch.setattr(semgrep_engine, "needs_of", lambda *arguments: Needs({}))
    piece = piece_of("py", "print(1)\n")
    assert semgrep_engine.rules_for(piece, tmp_path) == all_rules(piece) and not semgrep_engine._known


def test_rules_that_were_kept_are_the_rules(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    semgrep_rules.rules_by_file.cache_clear()
    try:
        first = semgrep_rules.rules_by_file()
        semgrep_rules.rules_by_file.cache_clear()
        assert semgrep_rules.rules_by_file() == first == semgrep_rules.rules_in_yaml()
        assert len(list(tmp_path.glob("cache/semgrep-rules-*"))) == 1
    finally:
        semgrep_rules.rules_by_file.cache_clear()
