"""What goes into a bundle: the same bytes each time, no more than the author meant."""

import gzip
import hashlib
import io
import os
import tarfile

import pytest
from assay_cli import clean
from assay_cli.errors import Refused
from assay_cli.pack import pack


@pytest.fixture
def folder(tmp_path):
    for path in (
        "SKILL.md",
        "scripts/run.sh",
        "notes.txt",
        ".git/config",
        "build/out.bin",
        "a/__pycache__/x.pyc",
        "a/keep.md",
    ):
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(path)
    (tmp_path / "scripts" / "run.sh").chmod(0o700)
    return tmp_path


def test_the_same_files_always_give_the_same_bytes(folder):
    first = pack(folder).archive
    os.utime(folder / "notes.txt", (1, 1))
    (folder / "notes.txt").chmod(0o600)
    assert pack(folder).archive == first


def test_one_file_is_told_as_one(tmp_path):
    (tmp_path / "SKILL.md").write_text("x")
    assert pack(tmp_path).told == "1 file, 1 bytes"
    (tmp_path / "b.md").write_text("y")
    assert pack(tmp_path).told == "2 files, 2 bytes"


def test_the_registry_takes_the_digest_of_exactly_these_bytes(folder):
    from vetting.intake import read_folder, unpack

    archive = pack(folder).archive
    (folder / "SKILL.md").write_text("---\nname: packed\ndescription: Packs. Use to pack.\n---\n\ntext\n")
    archive = pack(folder).archive
    digest = "sha256:" + hashlib.sha256(gzip.decompress(archive)).hexdigest()
    assert unpack(archive).bundle.digest == digest
    assert read_folder(folder).bundle["scripts/run.sh"].executable


def test_git_and_caches_never_go_along(folder):
    assert pack(folder).paths == ("SKILL.md", "a/keep.md", "build/out.bin", "notes.txt", "scripts/run.sh")


@pytest.mark.parametrize(
    ("rules", "gone"),
    [
        ("build/", {"build/out.bin"}),
        ("*.txt", {"notes.txt"}),
        ("/a/*.md", {"a/keep.md"}),
        ("**/keep.md", {"a/keep.md"}),
        ("# nothing\n\n", set()),
        ("*\n!scripts\n!*.sh", {"a/keep.md", "build/out.bin", "notes.txt"}),
        ("*.txt\n!notes.txt", set()),
        ("[n-o]otes.*", {"notes.txt"}),
        ("keep", set()),
    ],
)
def test_skillignore_is_honoured(folder, rules, gone):
    everything = set(pack(folder).paths)
    (folder / ".skillignore").write_text(rules)
    assert everything - set(pack(folder).paths) == gone


def test_gitignore_counts_where_there_is_no_skillignore(folder):
    (folder / ".gitignore").write_text("notes.txt\n")
    assert "notes.txt" not in pack(folder).paths
    (folder / ".skillignore").write_text("build\n")
    assert "notes.txt" in pack(folder).paths


def test_a_link_is_refused_with_its_name(folder):
    (folder / "secret").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="secret is a symbolic link"):
        pack(folder)


def test_modes_are_reduced_to_two(folder):
    with tarfile.open(fileobj=io.BytesIO(pack(folder).archive)) as tar:
        modes = {member.name: member.mode for member in tar}
    assert modes["scripts/run.sh"] == 0o755
    assert modes["notes.txt"] == 0o644


@pytest.mark.parametrize("sign", ["\x1b", "\x07", "\x9b", "\u202e", "\u200b", "\u2066", "\U000e0041", "\ufeff", "\r"])
def test_signs_that_drive_a_terminal_are_written_out(sign):
    assert sign not in clean.line(f"a{sign}b")
    assert sign not in clean.lines(f"a{sign}b")


def test_letters_of_every_script_stay():
    assert clean.line("Größe 規範 café 🙂") == "Größe 規範 café 🙂"
