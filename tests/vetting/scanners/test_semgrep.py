"""semgrep runs offline, once for all bundles, and its absence or failure is a finding."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from vetting.findings import Axis
from vetting.scanners import Source, pieces_of, scan, semgrep, semgrep_engine
from vetting.scanners.pieces import lay_out

PICKLE = "import pickle\npickle.loads(x)\n"


def said(*bundles):
    return semgrep.scan([Source(bundle, pieces_of(bundle)) for bundle in bundles])


def rules(result) -> list[str]:
    return [finding.check.removeprefix("semgrep:") for finding in result.findings]


def test_a_finding_has_its_place_and_its_weakness(bundle):
    (result,) = said(bundle({"lib/run.py": "\n\n" + PICKLE}))
    (finding,) = result.findings
    assert (finding.file, finding.line, finding.evidence) == ("lib/run.py", 4, "pickle.loads(x)")
    assert finding.axis is Axis.VULNERABILITY and finding.links == ("https://cwe.mitre.org/data/definitions/502.html",)


def test_every_language_is_scanned_and_so_are_fences(bundle):
    fence = "---\nname: x\n---\n```sh\ncurl -k https://example.com\n```\n~~~js\neval(x)\n~~~\n"
    (result,) = said(bundle({"SKILL.md": fence, "a.ts": "eval(x as any);\n", "b.tsx": "const a = <b>{eval(x)}</b>;\n",
                             "c": "#!/usr/bin/env node\neval(x);\n", "d.bash": "chmod 777 x\n"}))  # fmt: skip
    found = {(finding.file, finding.line) for finding in result.findings}
    assert found == {("SKILL.md", 5), ("SKILL.md", 8), ("a.ts", 1), ("b.tsx", 1), ("c", 2), ("d.bash", 1)}


def test_neither_comments_nor_file_names_switch_it_off(bundle):
    names = ["--config=x.py", "tests/a.py", "node_modules/a.py", ".hidden/a.py", "a b;c.py", "vendor/x.min.py", "-h.py"]
    files = {name: PICKLE.replace("(x)", "(x)  # nosemgrep") for name in names}
    (result,) = said(bundle({**files, ".semgrepignore": "*\n", ".gitignore": "*\n"}))
    assert sorted(finding.file for finding in result.findings) == sorted(names)


def test_each_bundle_gets_its_own_findings(bundle):
    results = said(bundle({"a.py": PICKLE}), bundle({}), bundle({"b.sh": "chmod 777 x\n"}), bundle({"c.py": "x = 1\n"}))
    assert [rules(result) for result in results] == [["py-unsafe-deserialization"], [], ["sh-open-to-all"], []]
    assert [result.state for result in results] == ["ok", "nothing-to-scan", "ok", "ok"]


def _hit(way_back, result) -> tuple[str, str, int]:
    return way_back[result["path"]][1].path, result["check_id"].rpartition(".")[2], result["start"]["line"]


def test_the_engine_and_the_command_line_agree(bundle):
    from tests.vetting.scanners.semgrep_examples import EXAMPLES

    files = {
        f"{rule}-{i}.{ending}": code
        for rule, (ending, bad, good) in EXAMPLES.items()
        for i, code in enumerate(bad + good)
    }
    pieces = pieces_of(bundle(files))
    answers = []
    for directly in (True, False):
        with tempfile.TemporaryDirectory() as name:
            skills = Path(name) / "skills"
            skills.mkdir()
            way_back = lay_out(skills, [pieces], semgrep.LANGUAGES)
            rules = {path: semgrep_engine.rules_for(piece, Path(name)) for path, (_, piece) in way_back.items()}
            answer = semgrep.ask(Path(name), skills, way_back, rules if directly else None)
            answers.append({_hit(way_back, result) for result in answer["results"]})
    assert answers[0] == answers[1] and len(answers[0]) > 40


def test_code_that_is_broken_is_a_finding_and_no_pass(bundle):
    (result,) = said(bundle({"a.py": "def (:\n" + PICKLE}))
    assert "unparsable" in rules(result)


def test_a_file_too_large_to_scan_is_a_finding(bundle):
    (result,) = said(bundle({"a.py": "#" * 3_000_000}))
    assert rules(result) == ["unread"]


def program(tmp_path, text: str) -> Path:
    path = tmp_path / "semgrep"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_its_absence_is_a_finding(bundle, settings, tmp_path):
    settings.SEMGREP = tmp_path / "missing"
    (result,) = said(bundle({"a.py": PICKLE}))
    assert (result.state, rules(result)) == ("absent", ["absent"])


@pytest.mark.parametrize(
    "text", ["exit 2", "echo not json", "echo '{}'", "kill -9 $$", "echo '{\"results\": []}'; exit 7"]
)
def test_its_failure_is_a_finding(text, bundle, settings, tmp_path):
    settings.SEMGREP = program(tmp_path, text)
    ((result,),) = scan([bundle({"a.py": PICKLE})], without=("bandit", "yara", "dependencies"))
    assert (result.state, rules(result)) == ("failed", ["failed"]) and result.reason


def test_a_run_without_end_is_ended_with_all_it_started(bundle, settings, tmp_path, monkeypatch):
    settings.SEMGREP = program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/pid; wait")
    monkeypatch.setattr(semgrep, "SECONDS_EACH", 0.5)
    ((result,),) = scan([bundle({"a.py": PICKLE})], without=("bandit", "yara", "dependencies"))
    assert result.state == "failed" and "did not end" in result.reason
    child = int((tmp_path / "pid").read_text())
    assert not os.path.exists(f"/proc/{child}") or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]


def test_one_hostile_bundle_costs_only_its_own_scan(bundle, settings, tmp_path):
    real = settings.SEMGREP
    trap = f'for last; do :; done\nif grep -rqs POISON "$last"; then exit 3; fi\nexec {real} "$@"'
    settings.SEMGREP = program(tmp_path, trap)
    results = scan(
        [bundle({"a.py": PICKLE}), bundle({"b.py": "POISON = 1\n"})], without=("bandit", "yara", "dependencies")
    )
    assert [result.state for (result,) in results] == ["ok", "failed"]
    assert rules(results[0][0]) == ["py-unsafe-deserialization"]


def test_no_secret_of_ours_reaches_it(bundle, settings, tmp_path, monkeypatch):
    monkeypatch.setenv("ASSAY_TOKEN", "canary")
    settings.SEMGREP = program(tmp_path, f"env > {tmp_path}/env; exit 2")
    scan([bundle({"a.py": PICKLE})], without=("bandit", "yara", "dependencies"))
    assert "canary" not in (tmp_path / "env").read_text()
