"""The page of errors says what the code says."""

from config.management.commands.errors_reference import CODE, OPEN, page, said
from vetting.management.reference import FOLDER


def test_the_page_of_errors_is_up_to_date():
    assert (FOLDER / "errors.md").read_text(encoding="utf-8") == page(), "run manage.py errors_reference"


def test_every_code_is_a_family_and_a_name_and_has_a_sentence():
    found = said()
    assert len(found) > 120 and all(CODE.fullmatch(code) for code in found)
    assert sum(sentences == [OPEN] for sentences in found.values()) < 15, (
        "a sentence that stands beside its code is found"
    )


def test_errors_of_every_room_are_found():
    assert {"archive.bomb", "manifest.alias", "room.disk-full", "token.missing", "platform.crash"} <= set(said())
    assert said()["archive.absolute-path"] == ["The name … is absolute."]


def test_a_verb_of_the_audit_log_is_no_error():
    assert "release.push" not in said() and "release.conclude" not in said()
