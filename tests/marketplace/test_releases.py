"""Push, yank and revoke as services; what the API makes of them is tested there."""

import pytest

from marketplace import blobs
from marketplace.errors import Conflict, Invalid, NotAllowed
from marketplace.models import AuditEvent, Release, Skill
from marketplace.services import release_push, release_revoke, release_unyank, release_yank
from tests.conftest import skill_zip, zip_of
from vetting.errors import SkillError
from vetting.models import Run


def blobs_in(settings):
    return [file for file in settings.BLOB_DIR.rglob("*") if file.is_file()]


def test_a_push_keeps_bytes_rows_audit_and_a_run(push, alice):
    release = push("pdf-tools")
    assert str(release) == "alice/pdf-tools@1.0.0"
    assert release.status == "vetting" and release.verdict == "unknown"
    assert blobs.read(release.digest) and release.bundle_bytes() == blobs.read(release.digest)
    assert len(blobs.read(release.digest)) == release.size
    assert [file["path"] for file in release.files] == ["SKILL.md"]
    assert Run.objects.get(release=release).state == "queued"
    event = AuditEvent.objects.get(verb="release.push")
    assert (event.actor, event.subject) == (alice, "alice/pdf-tools@1.0.0")


def test_the_same_bytes_are_the_same_release(alice, alices):
    data = skill_zip()
    first, created = release_push(actor=alice, publisher=alices, data=data)
    again, created_again = release_push(actor=alice, publisher=alices, data=data)
    assert (created, created_again) == (True, False)
    assert first.pk == again.pk and Run.objects.count() == 1


def test_other_bytes_under_a_known_version_are_refused_and_not_kept(push, settings):
    push("pdf-tools", version="1.0.0")
    kept = blobs_in(settings)
    with pytest.raises(Conflict) as refused:
        push("pdf-tools", version="1.0.0", body="other words")
    assert refused.value.code == "release.exists"
    assert blobs_in(settings) == kept and Release.objects.count() == 1


def test_the_version_is_the_forms_else_the_manifests_else_the_next(push):
    assert push("a1", body="1").version == "1.0.0"
    assert push("a1", body="2").version == "1.0.1"
    assert push("a1", body="3", metadata={"version": "2.3"}).version == "2.3.0"
    assert push("a1", body="4", version="2.4.0-rc.1").version == "2.4.0-rc.1"
    assert push("a1", body="5").version == "2.4.0"


def test_a_version_that_is_none_is_told_with_its_place(push):
    with pytest.raises(Invalid) as refused:
        push("pdf-tools", version="newest")
    assert refused.value.code == "version.invalid"
    with pytest.raises(SkillError) as refused:
        push("pdf-tools", metadata={"version": "newest"})
    assert (refused.value.code, refused.value.file) == ("version.invalid", "SKILL.md")


def test_bob_pushes_for_the_team_and_charlie_does_not(push, bob, charlie, settings):
    assert push("pdf-tools", actor=bob).created_by == bob
    kept = blobs_in(settings)
    with pytest.raises(NotAllowed) as refused:
        push("other", actor=charlie)
    assert refused.value.code == "publisher.not-member"
    assert blobs_in(settings) == kept and Skill.objects.count() == 1


def test_what_intake_refuses_leaves_nothing(push, settings):
    hostile = {"SKILL.md": skill_zip(), "../../etc/cron.d/x": "* * * * * root true"}
    with pytest.raises(SkillError):
        push(data=zip_of(hostile))
    assert not blobs_in(settings)
    assert (
        not Skill.objects.exists()
        and not Release.objects.exists()
        and not AuditEvent.objects.filter(verb="release.push")
    )


def test_a_failure_after_the_bytes_leaves_no_rows(push, monkeypatch, settings):
    def fall(release):
        raise RuntimeError("the power went out")

    monkeypatch.setattr("marketplace.services.releases.enqueue", fall)
    with pytest.raises(RuntimeError):
        push("pdf-tools")
    assert not Release.objects.exists() and not Skill.objects.exists() and not Run.objects.exists()


def test_a_twin_of_anothers_published_skill_is_refused(publish, push, mallory):
    publish("pdf-tools")
    theirs = mallory.memberships.get().publisher
    for twin in ("pdft00ls", "pdf-too1s", "pdftools"):
        with pytest.raises(Conflict) as refused:
            push(twin, actor=mallory, publisher=theirs)
        assert refused.value.code == "name.look-alike"
    assert push("pdf-tools", actor=mallory, publisher=theirs).skill.full_name == "mallory/pdf-tools"
    assert push("pdf-tool").skill.full_name == "alice/pdf-tool"


def test_a_squatters_unpublished_twin_keeps_nobody_away(push, mallory):
    push("pdft00ls", actor=mallory, publisher=mallory.memberships.get().publisher)
    assert push("pdf-tools").version == "1.0.0"


def test_latest_is_the_highest_version_not_the_last_upload(publish):
    publish("pdf-tools", version="2.0.0", body="two")
    skill = publish("pdf-tools", version="1.9.9", body="one").skill
    assert Skill.objects.get(pk=skill.pk).latest.version == "2.0.0"
    publish("pdf-tools", version="3.0.0-rc.1", body="three")
    assert Skill.objects.get(pk=skill.pk).latest.version == "2.0.0"


def test_a_yank_hides_from_latest_and_can_be_undone(publish, alice):
    publish("pdf-tools", version="1.0.0", body="one")
    release = publish("pdf-tools", version="1.1.0", body="two")
    release_yank(actor=alice, release=release, reason="broken on Tuesdays")
    assert Skill.objects.get().latest.version == "1.0.0"
    release_unyank(actor=alice, release=release)
    assert Skill.objects.get().latest.version == "1.1.0"


def test_a_skill_whose_only_release_is_yanked_leaves_lists_and_search(publish, alice):
    from marketplace.selectors import SkillQuery, skills_find

    release = publish("pdf-tools")
    assert len(skills_find(SkillQuery(text="pdf")).rows) == 1
    release_yank(actor=alice, release=release)
    skill = Skill.objects.get()
    assert (skill.latest, skill.rank, skill.is_public) == (None, None, True)
    assert skills_find(SkillQuery(text="pdf")).rows == []
    assert skills_find(SkillQuery()).rows == []


def test_a_revocation_needs_a_reason_and_a_member(publish, alice, charlie):
    release = publish("pdf-tools")
    with pytest.raises(NotAllowed):
        release_revoke(actor=charlie, release=release, reason="because")
    with pytest.raises(Invalid):
        release_revoke(actor=alice, release=release, reason="  ")
    assert release_revoke(actor=alice, release=release, reason="leaks keys").revoked_reason == "leaks keys"
    assert Skill.objects.get().latest is None


def test_a_concluded_run_is_published_in_its_own_transaction(push):
    from django.db import transaction

    from tests.conftest import report_of
    from vetting import attest
    from vetting.signals import run_concluded

    release = push("pdf-tools", keywords=["PDF", "paper"], license="MIT")
    run = Run.objects.get(release=release)
    with pytest.raises(RuntimeError), transaction.atomic():
        run_concluded.send(sender=Run, run=run, report=report_of(release))
        assert Release.objects.get().status == "published"
        raise RuntimeError("the run's own row could not be written")
    assert Release.objects.get().status == "vetting" and not Skill.objects.get().is_public

    run_concluded.send(sender=Run, run=run, report=report_of(release))
    release, skill = Release.objects.get(), Skill.objects.get()
    assert (release.status, release.verdict, release.quality_score) == ("published", "pass", 71.5)
    assert (skill.latest, skill.license, skill.keywords) == (release, "MIT", ["pdf", "paper"])
    assert sorted(skill.keyword_rows.values_list("word", flat=True)) == ["paper", "pdf"]
    statement = attest.verify(release.attestation)
    assert statement["subject"][0]["name"] == "alice/pdf-tools@1.0.0"
    assert "sha256:" + statement["subject"][0]["digest"]["sha256"] == release.digest


@pytest.mark.parametrize(
    ("verdict", "status"), [("block", "rejected"), ("unknown", "quarantined"), ("warn", "published")]
)
def test_only_pass_and_warn_are_listed(publish, verdict, status):
    release = publish("pdf-tools", verdict=verdict)
    assert release.status == status
    assert Skill.objects.get().is_public is (status == "published")


def test_a_second_vetting_makes_nothing_new(publish):
    from marketplace.services import release_conclude
    from tests.conftest import report_of

    release = publish("pdf-tools")
    release_conclude(release=release, report=report_of(release, verdict="warn"))
    again = Release.objects.get()
    assert again.concluded_at > release.concluded_at and again.published_at == release.published_at
    skill = Skill.objects.get()
    assert (skill.verdict, skill.published_at) == ("warn", release.published_at)


def test_a_second_vetting_may_take_a_release_off_the_lists(publish):
    from marketplace.services import release_conclude
    from tests.conftest import report_of

    release = publish("pdf-tools")
    release_conclude(release=release, report=report_of(release, verdict="block"))
    skill = Skill.objects.get()
    assert (skill.latest, skill.rank) == (None, None)


def test_text_that_no_database_takes_is_mended():
    from marketplace.text import storable

    hostile = {"a\0": ["b\ud800", {"c": ("\udfff\0", 1, None, True)}], "ä": "天"}
    assert storable(hostile) == {"a\ufffd": ["b\ufffd", {"c": ["\ufffd\ufffd", 1, None, True]}], "ä": "天"}


def test_evidence_with_a_nul_in_a_report_is_kept(push):
    from marketplace.services import release_conclude
    from tests.conftest import report_of

    release = push("pdf-tools")
    release_conclude(release=release, report=report_of(release, findings=[{"evidence": "a\0b\ud800"}]))
    assert Release.objects.get().report["findings"] == [{"evidence": "a\ufffdb\ufffd"}]
