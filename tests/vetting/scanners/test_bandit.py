"""bandit judges insecure Python from a process of its own, and never runs any of it."""

import os
import signal

import pytest

from vetting.findings import Axis, Severity
from vetting.scanners import Source, bandit, pieces_of, scan


def said(*bundles):
    return bandit.scan([Source(bundle, pieces_of(bundle)) for bundle in bundles])


def test_a_finding_has_its_place_its_weakness_and_its_axis(bundle):
    (result,) = said(bundle({"run.py": "import subprocess\n\nsubprocess.run(cmd, shell=True)\n"}))
    (finding,) = result.findings
    assert result.state == "ok"
    assert (finding.check, finding.file, finding.line) == ("bandit:B602", "run.py", 3)
    assert finding.evidence == "subprocess.run(cmd, shell=True)"
    assert finding.axis is Axis.VULNERABILITY and finding.severity is Severity.HIGH
    assert finding.links[0] == "https://cwe.mitre.org/data/definitions/78.html"


def test_a_fence_is_reported_where_it_stands_in_the_markdown(bundle):
    text = "---\nname: calm\n---\n\nText\n\n> ```python\n> import pickle\n> pickle.loads(data)\n> ```\n"
    (result,) = said(bundle({"SKILL.md": text}))
    assert [(finding.file, finding.line) for finding in result.findings] == [("SKILL.md", 9)]


def test_a_comment_cannot_switch_it_off(bundle):
    (result,) = said(bundle({"run.py": "import os\nos.system(x)  # nosec\n", ".bandit": "[bandit]\nskips: B605\n"}))
    assert [finding.check for finding in result.findings] == ["bandit:B605"]


def test_a_skill_without_python_has_nothing_to_scan(bundle):
    (result,) = said(bundle({"run.sh": "echo hi\n"}))
    assert (result.state, result.findings) == ("nothing-to-scan", [])


def test_a_file_that_is_no_python_is_a_finding_and_no_pass(bundle):
    (result,) = said(bundle({"run.py": "print 'two'\n"}))
    assert [(finding.check, finding.axis) for finding in result.findings] == [("bandit:unparsable", Axis.QUALITY)]


def test_nothing_of_a_skill_is_imported_or_run(bundle, tmp_path):
    mark = tmp_path / "ran"
    code = f"open({str(mark)!r}, 'w').write('x')\nimport os\nos.system('touch {mark}')\n"
    said(bundle({"run.py": code, "sitecustomize.py": code, "bandit.py": code, "ast.py": code, "conftest.py": code}))
    assert not mark.exists()


def test_a_worker_that_is_killed_costs_one_answer_and_is_replaced(bundle):
    calm = bundle({"run.py": "import pickle\npickle.loads(x)\n"})
    assert said(calm)[0].state == "ok"
    os.killpg(bandit._worker().process.pid, signal.SIGKILL)
    bandit._worker().process.wait()
    assert said(calm)[0].state == "ok"


@pytest.mark.parametrize(
    "code", ["(" * 5000 + ")" * 5000, "x = " + "-" * 200_000 + "1", "a." * 100_000 + "a", "[" * 95 + "]" * 95]
)
def test_python_that_is_nested_beyond_reason_never_passes_in_silence(code, bundle):
    calm = bundle({"run.py": "import pickle\npickle.loads(x)\n"})
    hostile, neighbour = (results[0] for results in scan([bundle({"run.py": code}), calm], without=("semgrep",)))
    assert hostile.state in ("ok", "failed")
    if len(code) > 1000:
        assert hostile.findings, "either it could not be parsed or the worker broke: both are findings"
    assert [finding.check for finding in neighbour.findings] == ["bandit:B301"], "a neighbour in the batch is unharmed"


def test_a_worker_that_does_not_answer_in_time_is_ended(bundle, monkeypatch, tmp_path):
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(600)\n")
    bandit._worker().stop()
    monkeypatch.setattr(bandit, "WORKER", sleeper)
    monkeypatch.setattr(bandit, "SECONDS_EACH", 0.2)
    ((result, *_),) = scan([bundle({"run.py": "exec(x)\n"})], without=("semgrep",))
    assert result.state == "failed" and "did not end" in result.reason
    assert [finding.check for finding in result.findings] == ["bandit:failed"]
    assert bandit._worker().process is None
