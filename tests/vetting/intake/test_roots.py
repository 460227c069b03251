"""Where in an upload the skill begins."""

import pytest

from tests.vetting.intake.makers import SKILL_MD, Entry, tar_file, tar_of, zip_of
from tests.vetting.intake.test_zip_attacks import refused
from vetting.errors import SkillError
from vetting.intake import unpack


def of(*names: str) -> bytes:
    return zip_of(*(Entry(name.encode(), SKILL_MD if name.lower().endswith("skill.md") else b"x") for name in names),
                  skill_md=False)  # fmt: skip


def test_a_top_folder_is_stripped():
    intake = unpack(of("calm-skill/SKILL.md", "calm-skill/a/b.txt"))
    assert [file.path for file in intake.bundle] == ["SKILL.md", "a/b.txt"]
    assert intake.notes == []


def test_a_folder_of_another_name_is_remarked_on_and_the_digest_does_not_know_it():
    intake = unpack(of("other/SKILL.md"))
    assert [note.check for note in intake.notes] == ["intake:folder-name"]
    assert intake.bundle.digest == unpack(of("SKILL.md")).bundle.digest


def test_an_upload_without_skill_md_is_refused():
    assert refused(of("README.md", "a/b.txt")).code == "skill.no-skill-md"
    assert refused(zip_of(skill_md=False)).code == "skill.no-skill-md"
    assert refused(tar_of(tar_file(b"x", b"x"), skill_md=False)).code == "skill.no-skill-md"


def test_two_roots_are_refused_and_both_are_named():
    error = refused(of("one/SKILL.md", "two/SKILL.md"))
    assert error.code == "skill.two-roots"
    assert "one/SKILL.md" in error.message and "two/SKILL.md" in error.message


def test_a_root_too_deep_is_refused_and_named():
    error = refused(of("a/b/SKILL.md"))
    assert error.code == "skill.root-too-deep" and "a/b/SKILL.md" in error.message


def test_files_beside_the_skills_folder_are_refused_and_named():
    error = refused(of("calm-skill/SKILL.md", "README.md"))
    assert error.code == "skill.stray-files" and "README.md" in error.message


def test_a_misspelled_skill_md_is_refused_with_the_fix():
    error = refused(of("skill.md"))
    assert error.code == "skill.skill-md-case" and error.fix == "Rename it to SKILL.md."


def test_a_skill_inside_the_skill_is_kept_and_remarked_on():
    intake = unpack(of("SKILL.md", "examples/demo/SKILL.md"))
    assert "examples/demo/SKILL.md" in intake.bundle
    assert [(note.check, note.file) for note in intake.notes] == [("intake:nested-skill", "examples/demo/SKILL.md")]


def test_litter_is_left_out_and_remarked_on():
    litter = ["__MACOSX/calm-skill/._SKILL.md", ".DS_Store", "calm-skill/.git/config", "calm-skill/.git/hooks/push"]
    intake = unpack(of("calm-skill/SKILL.md", "calm-skill/.gitignore", *litter))
    assert [file.path for file in intake.bundle] == [".gitignore", "SKILL.md"]
    assert [note.check for note in intake.notes] == ["intake:litter"]


def test_a_skill_md_alone_is_a_skill():
    assert [file.path for file in unpack(SKILL_MD).bundle] == ["SKILL.md"]
    assert unpack(b"\xef\xbb\xbf" + SKILL_MD).manifest.name == "calm-skill"


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x7fELF" + bytes(100), b"Rar!\x1a\x07\x00", b"7z\xbc\xaf\x27\x1c", bytes(2048)]
)
def test_what_is_no_archive_is_refused(data):
    with pytest.raises(SkillError) as caught:
        unpack(data, filename="skill.zip")
    assert caught.value.code in ("archive.empty", "archive.unknown-format")
