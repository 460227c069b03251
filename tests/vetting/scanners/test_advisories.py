"""Advisories that an operator loaded are held against the exact versions a skill names."""

import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from vetting.advisories import affecting, load
from vetting.findings import Axis, Severity
from vetting.scanners import Source, dependencies, pieces_of


def record(identifier, ecosystem, name, events, severity="HIGH", **more):
    span = {"type": "ECOSYSTEM" if ecosystem == "PyPI" else "SEMVER", "events": events}
    return {
        "id": identifier,
        "summary": "Something is wrong.",
        "database_specific": {"severity": severity},
        "affected": [{"package": {"ecosystem": ecosystem, "name": name}, "ranges": [span], **more}],
    }


TWO_SPANS = [{"introduced": "0"}, {"fixed": "1.10"}, {"introduced": "2.0"}, {"fixed": "2.1"}]
RECORDS = [
    record(
        "GHSA-1",
        "PyPI",
        "Some_Package",
        [{"introduced": "0"}, {"fixed": "1.10"}, {"introduced": "2.0"}, {"fixed": "2.1"}],
    ),
    record("GHSA-2", "npm", "thing", [{"introduced": "1.0.0-beta.2"}, {"last_affected": "1.2.0"}], "LOW"),
    record("MAL-3", "npm", "evil-thing", [{"introduced": "0"}]),
    record("GHSA-4", "PyPI", "listed", [], versions=["3.0"]),
    {**record("GHSA-5", "npm", "thing", [{"introduced": "0"}]), "withdrawn": "2026-01-01T00:00:00Z"},
    record("GHSA-6", "Go", "thing", [{"introduced": "0"}]),
]


@pytest.fixture
def loaded(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    export = tmp_path / "all.zip"
    with zipfile.ZipFile(export, "w") as archive:
        for entry in RECORDS:
            archive.writestr(f"{entry['id']}.json", json.dumps(entry))
    assert load([export], dependencies.advisory_file()) == 4
    return dependencies.advisory_file()


@pytest.mark.parametrize(
    ("ecosystem", "name", "version", "ids"),
    [
        ("PyPI", "some-package", "1.9", ["GHSA-1"]),
        ("PyPI", "some.package", "1.10", []),
        ("PyPI", "some-package", "1.11", []),
        ("PyPI", "some-package", "2.0.5", ["GHSA-1"]),
        ("PyPI", "some-package", "2.1", []),
        ("PyPI", "some-package", "x", []),
        ("PyPI", "listed", "3.0", ["GHSA-4"]),
        ("PyPI", "listed", "3.1", []),
        ("PyPI", "thing", "1.0.0", []),
        ("npm", "thing", "1.0.0-beta.1", []),
        ("npm", "thing", "1.0.0-beta.11", ["GHSA-2"]),
        ("npm", "thing", "1.2.0", ["GHSA-2"]),
        ("npm", "thing", "1.10.0", []),
        ("npm", "evil-thing", "0.0.1", ["MAL-3"]),
    ],
)
def test_a_version_is_affected_or_not_as_the_record_says(ecosystem, name, version, ids, loaded):
    assert [advisory.id for advisory in affecting(loaded, ecosystem, name, version)] == ids


def test_an_affected_version_is_a_finding_with_the_version_that_mends_it(loaded, bundle):
    made = bundle(
        {"requirements.txt": "some_package==2.0.1\n", "package.json": '{"dependencies": {"evil-thing": "1.0.0"}}'}
    )
    (result,) = dependencies.scan([Source(made, pieces_of(made))])
    found = {f.check: (f.severity, f.axis, f.file, f.fix) for f in result.findings}
    assert found["dependencies:advisory"] == (
        Severity.HIGH, Axis.VULNERABILITY, "requirements.txt", "Use some_package 2.1 or later.",
    )  # fmt: skip
    assert found["dependencies:malicious-package"][:2] == (Severity.CRITICAL, Axis.MALICE)
    assert "+osv" in result.version


def test_nothing_loaded_is_nothing_found(tmp_path):
    assert affecting(tmp_path / "none.sqlite3", "npm", "thing", "1.0.0") == []


def test_the_command_loads_and_a_broken_export_leaves_the_last_one(loaded, tmp_path, capsys):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.json").write_text(json.dumps(RECORDS[2]))
    call_command("advisories", str(tmp_path / "one"))
    assert "1 entry loaded" in capsys.readouterr().out
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(CommandError, match="not JSON"):
        call_command("advisories", str(tmp_path / "bad.json"))
    with pytest.raises(CommandError, match="no file"):
        call_command("advisories", str(tmp_path / "missing.zip"))
    assert affecting(loaded, "npm", "evil-thing", "1.0.0")
