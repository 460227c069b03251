"""Installing: what was vetted arrives, and nothing else ever does."""

import base64
import hashlib
import io
import json
import tarfile
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


def installed(person, name="answers"):
    return person.home / "skills" / name


def test_a_published_skill_arrives_whole_and_is_written_down(stranger, published):
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 0, ran.err
    assert (installed(stranger) / "notes.md").read_text() == "Short is good.\n"
    assert ran.json["digest"] == published.digest
    assert ran.json["verdict"] == "pass"
    lock = json.loads((stranger.home / "skills" / "skills.lock.json").read_text())
    assert lock["skills"]["answers"]["skill"] == "alice/answers"
    assert lock["skills"]["answers"]["digest"] == published.digest
    assert [one["name"] for one in stranger.run("list", "--dir", "skills", "--json").json["skills"]] == ["answers"]


def test_the_agents_folder_is_known(stranger, published):
    assert stranger.run("install", "alice/answers", "--agent", "claude-code", "--user").code == 0
    assert (stranger.home / ".claude" / "skills" / "answers" / "SKILL.md").is_file()


def test_what_is_in_place_is_replaced_only_with_force(stranger, published):
    installed(stranger).mkdir(parents=True)
    (installed(stranger) / "mine.txt").write_text("mine")
    assert stranger.run("install", "alice/answers", "--dir", "skills").code == 1
    assert (installed(stranger) / "mine.txt").read_text() == "mine"
    assert stranger.run("install", "alice/answers", "--dir", "skills", "--force").code == 0
    assert not (installed(stranger) / "mine.txt").exists()
    assert sorted(path.name for path in (stranger.home / "skills").iterdir()) == ["answers", "skills.lock.json"]


def test_a_link_in_place_is_not_followed_even_with_force(stranger, published):
    outside = stranger.home / "outside"
    outside.mkdir()
    (stranger.home / "skills").mkdir()
    installed(stranger).symlink_to(outside)
    assert stranger.run("install", "alice/answers", "--dir", "skills", "--force").code == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("verdict", ["block", "unknown"])
def test_what_is_not_published_is_refused_even_for_its_author(alice, conclude, verdict):
    alice.run("push", alice.skill("answers"))
    conclude("alice/answers", verdict)
    ran = alice.run("install", "alice/answers@1.0.0", "--dir", "skills", "--json")
    assert ran.code == 5
    assert ran.json["code"] == "refused.not-published"
    assert not installed(alice).exists()


def test_a_stranger_learns_nothing_of_an_unpublished_release(alice, stranger, conclude):
    alice.run("push", alice.skill("answers"))
    conclude("alice/answers", "block")
    assert stranger.run("install", "alice/answers@1.0.0", "--dir", "skills").code == 3
    assert stranger.run("install", "alice/nothing", "--dir", "skills").code == 3


def test_a_revoked_release_is_refused_with_the_reason(alice, stranger, published, django_user_model):
    from marketplace import services

    owner = django_user_model.objects.get(username="alice")
    stranger.run("install", "alice/answers", "--dir", "skills")
    services.release_revoke(actor=owner, release=published, reason="it steals")
    ran = stranger.run("install", "alice/answers@1.0.0", "--dir", "elsewhere", "--json")
    assert ran.code == 5
    assert "it steals" in ran.json["message"]
    checked = stranger.run("verify", "--dir", "skills")
    assert checked.code == 5
    assert "it steals" in checked.out


def test_bytes_other_than_those_that_were_vetted_are_refused(stranger, published):
    from marketplace import blobs

    path = blobs.path(published.digest)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes().replace(b"Short is good.", b"Short is evil."))
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["code"] == "integrity.digest"
    assert not (stranger.home / "skills").exists()


def test_a_registry_with_a_new_key_is_refused_until_the_pin_is_reset(stranger, published, settings, tmp_path, conclude):
    assert stranger.run("install", "alice/answers", "--dir", "skills").code == 0
    settings.KEY_DIR = tmp_path / "other-keys"
    conclude("alice/answers")
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--force", "--json")
    assert ran.code == 8
    assert ran.json["code"] == "integrity.key"
    assert stranger.run("verify", "--dir", "skills").code == 8
    assert stranger.run("doctor").code == 1
    assert stranger.run("trust", "--reset").code == 0
    assert stranger.run("install", "alice/answers", "--dir", "skills", "--force").code == 0


def test_an_attestation_of_another_release_is_refused(alice, stranger, published, conclude):
    other = alice.skill("other")
    alice.run("push", other)
    theirs = conclude("alice/other")
    published.attestation = theirs.attestation
    published.save(update_fields=["attestation"])
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["code"] == "integrity.subject"


def test_an_altered_statement_is_refused(stranger, published):
    payload = json.loads(base64.b64decode(published.attestation["payload"]))
    payload["predicate"]["verdict"] = "warn"
    published.attestation["payload"] = base64.b64encode(json.dumps(payload).encode()).decode()
    published.save(update_fields=["attestation"])
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["code"] == "integrity.key"


def test_a_signed_rejection_is_refused_whatever_the_registry_says(stranger, published):
    from marketplace.models import Release
    from vetting import attest

    report = {**published.report, "status": "rejected", "safety": {"verdict": "block", "score": 3.0}}
    statement = attest.statement(subject="alice/answers@1.0.0", digest=published.digest, report=report)
    Release.objects.filter(pk=published.pk).update(attestation=attest.sign(statement))
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 5
    assert ran.json["code"] == "refused.verdict"


def hostile_tar(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, kind in members:
            member = tarfile.TarInfo(name)
            member.type = kind
            member.linkname = "/etc/passwd" if kind != tarfile.REGTYPE else ""
            member.size = 4 if kind == tarfile.REGTYPE else 0
            tar.addfile(member, io.BytesIO(b"evil"))
    return out.getvalue()


FILE = tarfile.REGTYPE
HOSTILE = {
    "leads out": [("../../evil", FILE)],
    "absolute": [("/tmp/evil", FILE)],
    "a link": [("link", tarfile.SYMTYPE)],
    "a hard link": [("link", tarfile.LNKTYPE)],
    "a device": [("dev", tarfile.CHRTYPE)],
    "twice": [("a", FILE), ("a", FILE)],
    "case": [("a", FILE), ("A", FILE)],
    "file and folder": [("a", FILE), ("a/b", FILE)],
    "backslash": [("..\\evil", FILE)],
    "control": [("a\x1b[2J", FILE)],
    "device name": [("aux.md", FILE)],
}


@pytest.mark.parametrize("members", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_writes_nothing_even_when_it_is_signed(stranger, published, members):
    """The registry itself is the enemy here: digest, signature and verdict all fit the hostile bytes."""
    from marketplace import blobs
    from marketplace.models import Release
    from vetting import attest

    data = hostile_tar(("SKILL.md", FILE), *members)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()
    blobs.put(digest, data)
    statement = attest.statement(subject="alice/answers@1.0.0", digest=digest, report=published.report)
    document = published.document.replace(published.digest, digest)
    Release.objects.filter(pk=published.pk).update(
        digest=digest, size=len(data), document=document, attestation=attest.sign(statement)
    )
    ran = stranger.run("install", "alice/answers", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["code"] == "integrity.member"
    assert "\x1b" not in ran.out + ran.err
    assert not (stranger.home / "skills").exists()


def test_verify_names_what_was_changed_after_the_installation(stranger, published):
    stranger.run("install", "alice/answers", "--dir", "skills")
    assert stranger.run("verify", "--dir", "skills").code == 0
    (installed(stranger) / "notes.md").write_text("Long is better.\n")
    (installed(stranger) / "extra.md").write_text("new\n")
    ran = stranger.run("verify", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["skills"][0]["changes"] == [["extra.md", "added"], ["notes.md", "modified"]]
    assert stranger.run("verify", "other", "--dir", "skills").code == 3


def test_a_lock_file_that_was_changed_with_the_files_does_not_hide_it(stranger, published):
    stranger.run("install", "alice/answers", "--dir", "skills")
    (installed(stranger) / "notes.md").write_text("Long is better.\n")
    path = stranger.home / "skills" / "skills.lock.json"
    lock = json.loads(path.read_text())
    lock["skills"]["answers"]["files"]["notes.md"] = hashlib.sha256(b"Long is better.\n").hexdigest()
    path.write_text(json.dumps(lock))
    ran = stranger.run("verify", "--dir", "skills", "--json")
    assert ran.code == 8
    assert ran.json["skills"][0]["state"] == "unsigned"


def test_installations_at_the_same_time_are_all_written_down(alice, stranger, conclude):
    names = [f"answers-{number}" for number in range(4)]
    for name in names:
        alice.run("push", alice.skill(name))
        conclude(f"alice/{name}")
    with ThreadPoolExecutor(4) as pool:
        ran = list(pool.map(lambda name: stranger.run("install", f"alice/{name}", "--dir", "skills"), names))
    assert [one.code for one in ran] == [0] * 4, [one.err for one in ran]
    assert [one["name"] for one in stranger.run("list", "--dir", "skills", "--json").json["skills"]] == names
    assert stranger.run("verify", "--dir", "skills").code == 0


def test_search_info_and_rate(alice, enter, stranger, published):
    bob = enter("bob")
    found = stranger.run("search", "short", "answers", "--json").json
    assert [row["skill"] for row in found["results"]] == ["alice/answers"]
    assert bob.run("rate", "alice/answers", "4", "--review", "Short indeed.").code == 0
    assert stranger.run("info", "alice/answers", "--json").json["rating"] == {"mean": 4.0, "count": 1}
    assert alice.run("rate", "alice/answers", "5").code == 4
    assert bob.run("rate", "alice/answers", "6").code == 2
    assert stranger.run("rate", "alice/answers", "5").code == 4


def test_what_a_person_published_against_its_verdict_is_installed_and_says_so(alice, stranger, conclude):
    folder = alice.skill("answers")
    alice.run("push", folder)
    decided = {"by": "judith", "at": "2026-11-24T07:00:00Z", "decision": "overturn", "reason": "The host is theirs."}
    conclude("alice/answers", "block", decision=decided, status="published")
    ran = stranger.run("install", "alice/answers", "--dir", "skills")
    assert ran.code == 0
    assert "by the decision of judith, not by its verdict: The host is theirs." in ran.err
    assert stranger.run("verify", "--dir", "skills").code == 0
