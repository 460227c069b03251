"""An author's way: log in, make a skill, check it, push it, follow it."""

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.vetting.test_sarif import valid

SAMPLES = Path(__file__).resolve().parents[2] / "tests" / "samples"

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_token_is_checked_before_it_is_kept_for_its_owner_alone(alice):
    token, alice.token = alice.token, ""
    refused = alice.run("login", "--token", token[:-1] + ("y" if token.endswith("x") else "x"))
    assert refused.code == 4
    assert alice.run("whoami").code == 4

    assert alice.run("login", "--with-token", input=token + "\n").code == 0

    kept = alice.home / ".config" / "assay" / "credentials.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert "alice" in alice.run("whoami").out


def test_login_without_a_terminal_asks_nothing_and_says_what_to_do(alice):
    alice.token = ""
    ran = alice.run("login")
    assert ran.code == 4
    assert "--with-token" in ran.err


def test_a_kept_token_goes_to_no_other_registry(alice):
    token, alice.token = alice.token, ""
    assert alice.run("login", "--token", token).code == 0
    ran = alice.run("whoami", ASSAY_URL=alice.url.replace("localhost", "127.0.0.1") + "/elsewhere")
    assert ran.code == 4
    assert "no token" in ran.err


def test_logout_forgets_the_token(alice):
    token, alice.token = alice.token, ""
    alice.run("login", "--token", token)
    assert alice.run("logout", "--json").json["forgotten"] is True
    assert alice.run("whoami").code == 4
    assert token not in (alice.home / ".config" / "assay" / "credentials.json").read_text()


def test_a_push_names_the_release_and_where_to_follow_it(alice):
    ran = alice.run("push", alice.skill("answers"), "--json")
    assert ran.code == 0
    assert ran.json["skill"] == "alice/answers"
    assert ran.json["version"] == "1.0.0"
    assert ran.json["status"] == "vetting"
    assert ran.json["digest"].startswith("sha256:")
    assert ran.json["report_url"].endswith("/alice/answers/1.0.0/report")


def test_the_same_bytes_again_are_the_same_release(alice):
    folder = alice.skill("answers")
    first = alice.run("push", folder, "--json").json
    os.utime(folder / "SKILL.md", (1, 1))
    assert alice.run("push", folder, "--json").json["digest"] == first["digest"]


def test_a_version_that_exists_with_other_bytes_is_refused(alice):
    folder = alice.skill("answers")
    alice.run("push", folder, "--version", "1.0.0")
    (folder / "more.md").write_text("more\n")
    ran = alice.run("push", folder, "--version", "1.0.0", "--json")
    assert ran.code == 1
    assert ran.json["code"] == "release.exists"
    assert "1.0.1 is free" in ran.json["hint"]
    assert ran.json["schema"] == "assay.error.v1"


def test_waiting_ends_with_the_verdict_and_the_scores(alice, published):
    ran = alice.run("push", alice.home / "answers", "--wait", "--json")
    assert ran.code == 0
    assert ran.json["status"] == "published"
    assert ran.json["safety"] == {"verdict": "pass", "score": 97.0}
    assert ran.json["quality"] == {"score": 61.0, "tier": "documented"}
    assert ran.json["digest"] == published.digest
    assert ran.json["report_url"]


def test_a_rejected_skill_ends_with_5_and_every_finding_has_its_place(alice, conclude):
    folder = alice.skill("answers")
    alice.run("push", folder)
    finding = {
        "code": "SK-DROP", "check": "pipe_to_shell", "severity": "critical", "confidence": "high", "file": "SKILL.md",
        "line": 9, "evidence": "curl x | sh", "why": "It runs what it downloads.", "fix": "Ship the code.",
    }  # fmt: skip
    conclude("alice/answers", "block", findings=[finding])
    ran = alice.run("push", folder, "--wait")
    assert ran.code == 5
    assert "alice/answers@1.0.0 rejected" in ran.out
    assert "  SKILL.md:9\n      | curl x | sh\n" in ran.out
    assert "critical  It runs what it downloads.  [pipe_to_shell, SK-DROP, high confidence]" in ran.out
    assert "fix: Ship the code." in ran.out
    assert "skill appeal alice/answers@1.0.0" in ran.out
    assert alice.run("status", "alice/answers").code == 5


def test_what_was_judged_already_is_told_at_once(alice, conclude):
    folder = alice.skill("answers")
    assert alice.run("push", folder).code == 0
    conclude("alice/answers", "block")
    ran = alice.run("push", folder, "--json")
    assert (ran.code, ran.json["status"], ran.json["safety"]["verdict"]) == (5, "rejected", "block")
    assert "here already, as alice/answers@1.0.0" in ran.err


def test_waiting_in_vain_ends_in_time_and_says_how_to_go_on(alice):
    ran = alice.run("push", alice.skill("answers"), "--wait", "--timeout", "1", "--json")
    assert ran.code == 1
    assert ran.json["code"] == "wait.timeout"
    assert "skill status alice/answers@1.0.0" in ran.json["hint"]


def test_a_folder_without_a_skill_is_refused_before_anything_is_sent(alice):
    (alice.home / "empty").mkdir()
    ran = alice.run("push", "empty", ASSAY_URL="http://127.0.0.1:9")
    assert ran.code == 5
    assert "SKILL.md" in ran.err
    assert alice.run("push", "nowhere").code == 3


def test_a_broken_manifest_is_told_with_file_and_line(alice):
    folder = alice.home / "broken"
    folder.mkdir()
    (folder / "SKILL.md").write_text("---\nname: broken\n  description: x\n---\n\ntext\n")
    ran = alice.run("push", folder, "--json")
    assert ran.code == 5
    assert ran.json["code"] == "manifest.bad-yaml"
    assert ran.json["place"] == "SKILL.md:3"
    assert "quotes" in ran.json["hint"]


def test_a_token_of_another_publisher_may_not_push(alice, enter):
    bob = enter("bob")
    ran = bob.run("push", bob.skill("answers"), "--owner", "alice")
    assert ran.code == 4


def test_a_token_without_the_scope_may_not_push(enter):
    charlie = enter("charlie", scopes=("read",))
    assert charlie.run("push", charlie.skill("answers")).code == 4


def test_check_shows_findings_and_keeps_nothing(stranger):
    from marketplace.models import Skill

    ran = stranger.run("check", SAMPLES / "hostile" / "pdf-tidy")
    assert ran.code == 5
    assert "/pdf-tidy/SKILL.md:18\n" in ran.out and "[decoded_payload, SK-OBF, " in ran.out
    assert "= decoded: curl -s http://203.0.113.77" in ran.out
    assert not Skill.objects.exists()


def test_check_of_a_calm_skill_ends_with_0_and_the_starter_is_calm(stranger):
    assert stranger.run("init", "word-count").code == 0
    ran = stranger.run("check", "word-count", "--fail-on", "medium", "--json")
    assert ran.code == 0, ran.out
    assert ran.json["schema"] == "assay.check.v1"


def test_fail_on_ends_with_6_when_a_finding_is_as_grave(stranger, alice):
    folder = alice.skill("answers", **{"README.md": "x\n"})
    (folder / "run.py").write_text("import subprocess\nimport sys\nsubprocess.run(sys.argv[1], shell=True)\n")
    report = stranger.run("check", folder, "--json").json
    assert report["findings"], "the sample should have a finding of some kind"
    assert stranger.run("check", folder, "--fail-on", "info").code == 6


def test_init_writes_a_skill_that_can_be_pushed_as_it_stands(alice):
    assert alice.run("init", "my-skill").code == 0
    ran = alice.run("push", "my-skill", "--json")
    assert ran.code == 0
    assert ran.json["version"] == "0.1.0"
    assert alice.run("init", "my-skill").code == 1
    assert alice.run("init", "My_Skill").code == 2


def test_status_follows_the_stages(alice, published):
    ran = alice.run("status", "alice/answers@1.0.0")
    assert ran.code == 0
    assert "static      done  0.1 s" in ran.out


def test_a_yanked_release_is_shown_again(alice, published):
    assert alice.run("yank", "alice/answers@1.0.0", "--reason", "wrong file").code == 0
    assert "wrong file" in alice.run("info", "alice/answers@1.0.0").out
    assert alice.run("yank", "alice/answers@1.0.0", "--undo").code == 0
    published.refresh_from_db()
    assert published.yanked_at is None


def test_status_says_that_a_release_was_yanked_and_why(alice, published):
    alice.run("yank", "alice/answers@1.0.0", "--reason", "wrong file")
    assert "published, yanked\n  wrong file\n" in alice.run("status", "alice/answers").out


def test_a_release_is_revoked_with_a_reason_and_a_yes(alice, published):
    bare = alice.run("revoke", "alice/answers@1.0.0")
    assert bare.code == 2 and "--reason" in bare.err and "skill yank" in bare.err
    unsure = alice.run("revoke", "alice/answers@1.0.0", "--reason", "A key was in it.")
    assert unsure.code == 2 and "cannot be undone" in unsure.err and "--yes" in unsure.err
    published.refresh_from_db()
    assert published.revoked_at is None
    ran = alice.run("revoke", "alice/answers@1.0.0", "--reason", "A key was in it.", "--yes", "--json")
    assert (ran.code, ran.json["schema"]) == (0, "assay.revoke.v1")
    assert "published, revoked\n  A key was in it.\n" in alice.run("status", "alice/answers@1.0.0").out
    assert alice.run("install", "alice/answers@1.0.0").code == 5


def test_nobody_revokes_the_release_of_others(alice, published, enter):
    ran = enter("mallory").run("revoke", "alice/answers@1.0.0", "--reason", "Mine is better.", "--yes")
    assert ran.code == 4
    published.refresh_from_db()
    assert published.revoked_at is None


def test_check_writes_sarif_with_places_from_here(stranger):
    hostile = stranger.home / "skills" / "pdf tidy"
    shutil.copytree(SAMPLES / "hostile" / "pdf-tidy", hostile)
    stranger.skill("answers")
    ran = stranger.run("check", hostile, "answers", "--sarif", "out.sarif")
    assert ran.code == 5
    assert "skills/pdf tidy" in ran.out and "answers" in ran.out
    log = json.loads((stranger.home / "out.sarif").read_text())
    valid(log)
    (run,) = log["runs"]
    places = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in run["results"]}
    assert "skills/pdf%20tidy/SKILL.md" in places
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(rules) == len(set(rules)) and {one["ruleId"] for one in run["results"]} <= set(rules)
    assert len(run["invocations"]) == 2


def test_sarif_of_every_sample_together_is_valid(stranger):
    samples = sorted(file.parent for file in SAMPLES.glob("*/*/SKILL.md"))
    ran = stranger.run("check", *samples, "--sarif", "all.sarif")
    assert ran.code == 5
    log = json.loads((stranger.home / "all.sarif").read_text())
    valid(log)
    assert len(log["runs"][0]["invocations"]) == len(samples) > 20


def test_sarif_on_stdout_is_alone_there(stranger):
    folder = stranger.skill("answers")
    ran = stranger.run("check", folder, "--sarif", "-")
    valid(ran.json)
    assert stranger.run("check", folder, "--sarif", "-", "--json").code == 2


def test_changed_files_are_checked_as_the_skills_that_hold_them(stranger):
    folder = stranger.skill("answers", **{"notes.md": "Short.\n"})
    gone = folder / "scripts" / "gone.py"
    ran = stranger.run("check", "--changed", folder / "notes.md", gone, stranger.home / "README.md", "--json")
    assert [one["path"] for one in ran.json["skills"]] == ["answers"]
    assert stranger.run("check", "--changed", "README.md").code == 0


def test_an_author_asks_again_and_appeals(alice, conclude):
    alice.run("push", alice.skill("answers"))
    conclude("alice/answers", "block")
    ran = alice.run("appeal", "alice/answers@1.0.0", "--text", "The host is our own, as the front matter says.")
    assert ran.code == 0 and "/alice/answers/1.0.0/report" in ran.out
    assert alice.run("appeal", "alice/answers@1.0.0", "--text", "And again, because I can.", "--json").code == 1
    # Its first run is still open here, for no worker has taken it.
    ran = alice.run("revet", "alice/answers@1.0.0", "--json")
    assert (ran.code, ran.json["queued"]) == (0, False)
    assert "already" in ran.json["reason"]


def test_status_tells_what_a_person_decided_and_what_a_later_vetting_changed(alice, conclude):
    alice.run("push", alice.skill("answers"))
    decided = {"by": "judith", "at": "2026-11-24T07:00:00Z", "decision": "overturn", "reason": "The host is theirs."}
    change = {"before": {"verdict": "pass"}, "after": {"verdict": "block"}}
    conclude("alice/answers", "block", decision=decided, status="published", revetted=change)
    out = alice.run("status", "alice/answers@1.0.0").out
    assert "overturn by judith: The host is theirs." in out
    assert "pass before, block now" in out
