"""The upload form: the same push as everywhere, and every refusal told so that its author can mend it."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.models import Release, Skill

DESCRIPTION = "Counts the words of a text. Use when someone asks how long it is."
SKILL_MD = f"---\nname: word-count\ndescription: {DESCRIPTION}\n---\n# Use\n\nCount.\n"


def upload(files: dict[str, str], name: str = "skill.zip") -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/zip")


def test_an_upload_becomes_a_release_that_is_being_vetted(as_person, alice):
    response = as_person(alice).post("/publish", {"owner": "alice", "bundle": upload({"SKILL.md": SKILL_MD})})
    assert response.status_code == 302
    assert response.headers["Location"] == "/alice/word-count/1.0.0/report"
    release = Release.objects.get()
    assert (release.status, release.created_by) == ("vetting", alice)


def test_the_same_bytes_again_lead_to_the_same_report(as_person, alice):
    browser = as_person(alice)
    for _ in range(2):
        response = browser.post("/publish", {"owner": "alice", "bundle": upload({"SKILL.md": SKILL_MD})}, follow=True)
    assert Release.objects.count() == 1
    assert b"were pushed before" in response.content


def test_other_bytes_under_a_taken_version_are_refused_with_the_way_out(as_person, alice):
    browser = as_person(alice)
    browser.post("/publish", {"owner": "alice", "version": "1.0.0", "bundle": upload({"SKILL.md": SKILL_MD})})
    other = upload({"SKILL.md": SKILL_MD, "more.txt": "x"})
    response = browser.post("/publish", {"owner": "alice", "version": "1.0.0", "bundle": other})
    assert response.status_code == 409
    assert b"release.exists" in response.content
    assert b"Push under a new version; 1.0.1 is free." in response.content
    assert Release.objects.count() == 1


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "no skill here"},
        {"SKILL.md": "---\nname: [broken\n---\n"},
        {"SKILL.md": "---\nname: UPPER CASE\ndescription: x\n---\n"},
        {"../evil.txt": "x", "SKILL.md": SKILL_MD},
    ],
)
def test_what_an_author_can_mend_is_told_with_code_and_fix_and_nothing_is_kept(as_person, alice, files):
    response = as_person(alice).post("/publish", {"owner": "alice", "bundle": upload(files)})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert "What to do:" in page
    assert "Nothing was kept." in page
    assert not Release.objects.exists()
    assert not Skill.objects.exists()


def test_bytes_that_are_no_archive_are_refused(as_person, alice):
    junk = SimpleUploadedFile("skill.zip", b"not an archive")
    response = as_person(alice).post("/publish", {"owner": "alice", "bundle": junk})
    assert response.status_code == 422
    assert b"Code <code>" in response.content


@pytest.mark.parametrize("data", [{}, {"owner": "alice"}, {"owner": "nobody"}])
def test_a_form_without_an_archive_is_sent_back(as_person, alice, data):
    response = as_person(alice).post("/publish", data)
    assert response.status_code == 422
    assert b"errorlist" in response.content


def test_nobody_publishes_under_anothers_name(as_person, mallory, alices):
    response = as_person(mallory).post("/publish", {"owner": "alice", "bundle": upload({"SKILL.md": SKILL_MD})})
    assert response.status_code == 422
    assert not Release.objects.exists()


def test_who_is_not_signed_in_keeps_nothing(client, alices):
    response = client.post("/publish", {"owner": "alice", "bundle": upload({"SKILL.md": SKILL_MD})})
    assert b"Sign in" in response.content
    assert not Release.objects.exists()


def test_who_has_no_publisher_is_shown_the_way_to_one(as_person, charlie):
    assert b"Create a publisher" in as_person(charlie).get("/publish").content
