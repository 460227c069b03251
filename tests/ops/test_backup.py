"""A registry is backed up, destroyed and put back: through manage.py, on a real SQLite file and a real PostgreSQL."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.supervisor import Supervisor
from scripts import postgres

ROOT = Path(__file__).resolve().parents[2]
FILL = """
import django
django.setup()
from tests.web.factories import person, publisher, release
alice = publisher("alice", person("alice"))
release(alice, "pdf-tables")
release(alice, "pdf-tables", version="1.1.0")
release(alice, "minutes", verdict="block")
"""
TELL = """
import django, json
django.setup()
from marketplace.models import Release
from vetting import attest
from django.conf import settings
print(json.dumps([settings.SECRET_KEY, attest.public_keys(), [str(one) for one in Release.objects.order_by("pk")]]))
"""


class Registry:
    """A data folder and its database, spoken to as an operator does."""

    def __init__(self, folder: Path, url: str = ""):
        self.data = folder / "var"
        known = {
            key: value for key, value in os.environ.items() if not key.startswith(("ASSAY_", "DJANGO_", "SECRET_"))
        }
        self.environment = known | {
            "ASSAY_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": url,
        }  # fmt: skip

    def _run(self, *words: object) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def manage(self, *words: object) -> subprocess.CompletedProcess:
        return self._run("manage.py", *words)

    def python(self, code: str) -> str:
        done = self._run("-c", code)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fill(self) -> None:
        migrated = self.manage("migrate", "--verbosity", "0")
        assert migrated.returncode == 0, migrated.stderr
        self.python(FILL)

    def told(self) -> list:
        return json.loads(self.python(TELL))


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(request, tmp_path):
    with ExitStack() as stack:
        if request.param == "postgresql":
            if not list(postgres.HOMES.glob("*/bin/initdb")):
                pytest.skip("PostgreSQL's programs are not installed.")
            url = stack.enter_context(postgres.server())
        else:
            url = ""
        made = Registry(tmp_path, url)
        made.fill()
        yield made


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder with a registry on SQLite and its backup, made once."""
    folder = tmp_path_factory.mktemp("filled")
    made = Registry(folder)
    made.fill()
    assert made.manage("backup", folder / "b.tar").returncode == 0
    return folder


@pytest.fixture
def small(filled, tmp_path):
    """A copy of it for one test."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return Registry(tmp_path)


def test_what_was_destroyed_comes_back_and_every_attestation_holds(registry, tmp_path):
    before, backup = registry.told(), tmp_path / "b.tar"
    done = registry.manage("backup", backup)
    assert done.returncode == 0 and "3 bundles" in done.stdout, done.stderr
    assert backup.stat().st_mode & 0o777 == 0o600

    shutil.rmtree(registry.data)
    postgresql = bool(registry.environment["DATABASE_URL"])
    assert "Restored" in registry.manage("restore", backup, *(["--replace"] if postgresql else [])).stdout

    assert registry.told() == before
    verified = registry.manage("verify")
    assert verified.returncode == 0 and "3 releases, 3 bundles read" in verified.stdout, verified.stderr
    assert (registry.data / "keys" / "attestation.pem").stat().st_mode & 0o777 == 0o600


def test_nothing_is_replaced_unasked_and_what_was_there_is_kept(small, tmp_path):
    small.python(FILL.replace("alice", "quarry"))
    refused = small.manage("restore", tmp_path / "b.tar")
    assert refused.returncode == 1 and "--replace" in refused.stderr
    assert len(small.told()[2]) == 6

    done = small.manage("restore", tmp_path / "b.tar", "--replace")
    assert done.returncode == 0, done.stderr
    (aside,) = small.data.glob("replaced-*")
    assert str(aside) in done.stdout and (aside / "assay.sqlite3").exists()
    assert len(small.told()[2]) == 3


def test_a_registry_that_runs_is_not_restored_over(small, tmp_path):
    with Supervisor([], run_dir=small.data / "run", log_dir=small.data / "log", facts={})._only_one():
        refused = small.manage("restore", tmp_path / "b.tar", "--replace")
    assert refused.returncode == 1 and "make down" in refused.stderr
    assert small.manage("restore", "--check", tmp_path / "b.tar").returncode == 0


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def without_its_end(data: bytes) -> bytes:
    """As a copy that broke off between two files."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        last = tar.getmembers()[-1]
    return data[: last.offset]


def with_a_bit_turned(data: bytes) -> bytes:
    place = data.index(b"SKILL.md")
    return data[:place] + b"X" + data[place + 1 :]


def with_a_stranger(data: bytes) -> bytes:
    """A file that names a place outside, and a list that agrees with it."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar, tarfile.open(fileobj=out, mode="w") as evil:
        *members, _ = tar.getmembers()
        for member in members:
            evil.addfile(member, tar.extractfile(member))
        index = json.loads(tar.extractfile("index.json").read())
        index["files"]["../outside"] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        evil.addfile(tarfile.TarInfo("../outside"), io.BytesIO())
        said = json.dumps(index).encode()
        last = tarfile.TarInfo("index.json")
        last.size = len(said)
        evil.addfile(last, io.BytesIO(said))
    return out.getvalue()


@pytest.mark.parametrize("damage", [cut, without_its_end, with_a_bit_turned, with_a_stranger])
def test_a_damaged_backup_is_refused_before_anything_is_touched(small, tmp_path, damage):
    bad = tmp_path / "bad.tar"
    bad.write_bytes(damage((tmp_path / "b.tar").read_bytes()))
    before = small.told()
    refused = small.manage("restore", bad, "--replace")
    assert refused.returncode == 1 and "Traceback" not in refused.stderr
    assert str(bad) in refused.stderr
    assert small.told() == before and not list(small.data.glob("replaced-*"))
    assert not (tmp_path / "outside").exists()


def test_a_backup_overwrites_nothing_and_leaves_no_half(small, tmp_path):
    refused = small.manage("backup", tmp_path / "b.tar")
    assert refused.returncode == 1 and "there already" in refused.stderr
    assert "no folder" in small.manage("backup", tmp_path / "nowhere" / "b.tar").stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar", "var"]


def test_verify_tells_what_does_not_hold(small):
    first, second, _ = sorted(small.data.glob("blobs/sha256/*/*"))
    first.unlink()
    second.write_bytes(second.read_bytes() + b"x")
    told = small.manage("verify")
    assert told.returncode == 1 and "2 do not hold" in told.stderr
    assert "its bundle is not there" in told.stderr and "is damaged where it is kept" in told.stderr
    shutil.rmtree(small.data / "keys")
    assert "does not verify" in small.manage("verify", "--no-bundles").stderr
