"""The pieces of `make up` that can be tried without a fresh machine."""

import io
import os
import socket
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from config.env import short_socket
from scripts import publish_real, registry
from scripts.publishing import Batch, content_of
from scripts.say import Stop

ROOT = Path(__file__).resolve().parents[2]


def test_a_port_in_use_is_told_in_one_sentence_that_names_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(Stop, match=rf"Port {port} is in use .*: make up PORT={port + 1}$"):
            registry.check_port(port)
    registry.check_port(port)


@pytest.mark.parametrize("word", ["http", "0", "70000", "-1", "80a"])
def test_a_port_that_cannot_be_is_refused(monkeypatch, word):
    monkeypatch.setenv("PORT", word)
    with pytest.raises(Stop, match="PORT must be a number"):
        registry.port()


def test_make_up_tells_a_wrong_word_and_starts_nothing(tmp_path):
    env = {**os.environ, "SAMPLES": "some", "ASSAY_DATA": str(tmp_path / "data")}
    done = subprocess.run(["make", "up"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "Stopped: SAMPLES must be one of all, own, none" in done.stderr
    assert not (tmp_path / "data" / "run" / "supervisor.pid").exists()


def test_the_scripts_need_nothing_but_the_standard_library():
    """They run before any package is there: -S hides what is installed."""
    needed = ("up", "down", "status", "logs", "lint", "lock", "clean", "bench", "test")
    code = "; ".join(f"import scripts.{name}" for name in needed)
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def hostile_tar(path: Path) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name in ("package/skills/good/SKILL.md", "package/skills/../../escaped", "package/other/SKILL.md"):
            member = tarfile.TarInfo(name)
            member.size = 4
            tar.addfile(member, io.BytesIO(b"text"))
        link = tarfile.TarInfo("package/skills/good/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)


def hostile_wheel(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as wheel:
        for name in ("package/skills/good/SKILL.md", "package/skills/../../escaped", "package/other/SKILL.md"):
            wheel.writestr(name, "text")


@pytest.mark.parametrize(("name", "make"), [("a.tgz", hostile_tar), ("a.whl", hostile_wheel)])
def test_a_package_is_unpacked_below_its_folder_and_nowhere_else(tmp_path, name, make):
    make(tmp_path / name)
    publish_real._unpack(tmp_path / name, PurePosixPath("package/skills"), tmp_path / "out")
    found = {str(file.relative_to(tmp_path)) for file in tmp_path.rglob("*") if not file.is_dir()}
    assert found == {name, "out/good/SKILL.md"}


def test_what_was_published_is_not_published_again_until_it_changes(tmp_path, monkeypatch):
    monkeypatch.setattr("scripts.publishing.NOTES", tmp_path / "notes")
    folder = tmp_path / "csv-totals"
    folder.mkdir()
    (folder / "SKILL.md").write_text("one")
    batch = Batch("alice", [folder], 1)
    assert batch.to_push() == [folder]
    batch._keep(folder, {"content": content_of(folder), "status": "published"})
    assert Batch("alice", [folder], 1).to_push() == []
    (folder / "SKILL.md").write_text("two")
    assert Batch("alice", [folder], 1).to_push() == [folder]


def test_a_socket_gets_a_short_name_where_the_folder_is_deep(tmp_path):
    deep = tmp_path / ("x" * 90) / "run" / "redis.sock"
    short = short_socket(deep)
    assert len(os.fsencode(short)) <= 100
    assert short == short_socket(deep) != short_socket(deep.parent.parent / "other" / "redis.sock")
    assert short_socket(Path("/srv/assay/var/run/redis.sock")) == Path("/srv/assay/var/run/redis.sock")
