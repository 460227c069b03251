"""What scripts and people rely on whatever the verb: exit codes, streams, JSON, no colour where none is wanted."""

import ast
import contextlib
import http.server
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from assay_cli.main import VERBS

SKILL = Path(sys.executable).with_name("skill")
EVIL = "evil\x1b]0;owned\x07\x1b[2J\u202egnp.exe\u200b\U000e0041\x9b31m"


@pytest.fixture
def run(tmp_path):
    def start(*words, **environment):
        known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASSAY_URL": "http://127.0.0.1:9", **environment}
        done = subprocess.run(
            [SKILL, *words], capture_output=True, text=True, timeout=60, cwd=tmp_path, env=known, check=False
        )
        assert "Traceback" not in done.stderr
        return done

    return start


@contextlib.contextmanager
def serving(answers):
    """A registry that answers these documents by path, whatever the query."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self):
            nothing = (404, {"detail": "nothing here", "code": "x.not-found"})
            answer = answers.get(self.path.partition("?")[0], nothing)
            status, body = answer() if callable(answer) else answer
            body = body() if callable(body) else body
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:9/")
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_knows_json(run, verb):
    done = run(verb, "--help")
    assert done.returncode == 0
    assert "--json" in done.stdout
    assert verb in run("--help").stdout


def test_help_imports_neither_the_network_nor_cryptography():
    heavy = ("httpx2", "cryptography", "rich")
    code = (
        f"import sys; from assay_cli.main import run; run(['--help']); print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("nonsense",), 2),
        (("install", "not-a-skill"), 2),
        (("install", "a/../../etc"), 2),
        (("yank", "alice/answers"), 2),
        (("search", "x", "--url", "ftp://registry"), 2),
        (("search", "x", "--url", "http://user:secret@registry"), 2),
        (("check", "nowhere"), 3),
        (("whoami",), 4),
        (("search", "x"), 7),
    ],
)
def test_exit_codes_say_what_went_wrong_and_json_says_it_again(run, words, code):
    plain = run(*words)
    assert plain.returncode == code
    assert plain.stdout == ""
    assert plain.stderr.startswith("error: ") or "\nerror: " in plain.stderr
    told = run(*words, "--json")
    assert told.returncode == code
    document = json.loads(told.stdout)
    assert document["schema"] == "assay.error.v1"
    assert document["code"] and document["message"]


def test_no_verb_at_all_is_answered_with_the_help_and_no_scolding(run):
    done = run()
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: ") and "Commands:" in done.stderr and "error:" not in done.stderr
    assert json.loads(run("--json").stdout)["code"] == "usage"


@pytest.mark.parametrize(
    ("word", "meant"), [("puhs", "push"), ("publish", "push"), ("New", "init"), ("explian", "explain"), ("ls", "list")]
)
def test_a_slip_in_a_verb_is_answered_with_the_verb(run, word, meant):
    done = run(word)
    assert done.returncode == 2
    assert f"No such command '{word}'" in done.stderr and f"Did you mean `skill {meant}`?" in done.stderr


def test_what_a_registry_sends_cannot_drive_the_terminal(run):
    row = {"skill": EVIL, "summary": EVIL, "version": EVIL, "safety": {"verdict": EVIL}, "quality": {"score": 1}}
    finding = {"code": EVIL, "severity": EVIL, "file": EVIL, "line": 3, "evidence": EVIL, "why": EVIL, "fix": EVIL}
    stages = [{"name": EVIL, "state": EVIL, "seconds": 1}]
    report = {"status": EVIL, "safety": {"verdict": EVIL}, "findings": [finding], "stages": stages}
    answers = {
        "/api/v1/skills": (200, {"results": [row], "next": None}),
        "/api/v1/skills/a/b": (
            200,
            {**row, "license": EVIL, "digest": EVIL, "releases": [row], "yanked": {"reason": EVIL}},
        ),
        "/api/v1/skills/a/b/releases/1.0.0": (200, {"status": EVIL}),
        "/api/v1/skills/a/b/releases/1.0.0/report": (200, report),
        "/api/v1/skills/a/c": (418, {"detail": EVIL, "code": EVIL, "fix": EVIL, "file": EVIL, "line": 1}),
        "/api/v1/whoami": (200, {"username": EVIL, "publishers": [{"handle": EVIL}], "token": {"scopes": [EVIL]}}),
    }
    with serving(answers) as url:
        for words in (["search", "x"], ["info", "a/b"], ["info", "a/c"], ["status", "a/b@1.0.0"], ["whoami"]):
            for more in ([], ["--json"]):
                done = run(*words, *more, ASSAY_URL=url, ASSAY_TOKEN="asy_x", FORCE_COLOR="")
                said = done.stdout + done.stderr
                assert "evil" in said
                assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\U000e0041]", said), (words, said)


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>not a registry</html>"),
        (200, b"[" * 100_000),
        (200, [1, 2]),
        (302, b""),
        (503, {"detail": "busy", "code": "platform.busy"}),
    ],
    ids=["html", "deep", "list", "redirect", "busy"],
)
def test_an_address_that_is_no_registry_is_told_as_such(run, answer):
    with serving({"/api/v1/skills": answer}) as url:
        assert run("search", "x", ASSAY_URL=url).returncode == 7


@pytest.mark.parametrize("body", [{}, {"results": None}, {"results": [1, None, {}]}, {"results": [{"safety": 3}]}])
def test_documents_of_another_shape_are_shown_as_far_as_they_go(run, body):
    with serving({"/api/v1/skills": (200, body)}) as url:
        assert run("search", "x", ASSAY_URL=url).returncode == 0


def on_a_terminal(words, environment, *, until=None, then=signal.SIGINT):
    """What the command draws on a terminal; once the text of until is there, it gets the signal or the keys of then."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([SKILL, *words], stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    drawn, ends = b"", time.monotonic() + 60
    try:
        while time.monotonic() < ends:
            ready, _, _ = select.select([leader], [], [], 1)
            try:
                chunk = os.read(leader, 65536) if ready else None
            except OSError:
                break
            if chunk == b"":
                break
            drawn += chunk or b""
            if until and until in drawn:
                os.write(leader, then) if isinstance(then, bytes) else process.send_signal(then)
                until = None
        return process.wait(timeout=30), drawn.decode()
    finally:
        process.kill()
        process.wait()
        os.close(leader)


FOUND = {"/api/v1/skills": (200, {"results": [{"skill": "a/b", "safety": {"verdict": "pass"}}]})}


def vetting(reports):
    """A registry where a push is followed by these reports, the last of them for ever."""
    sent = {"skill": "a/b", "version": "1.0.0", "digest": "sha256:00", "status": "vetting", "report_url": "http://r"}
    following = iter(reports)
    latest = [None]

    def report():
        latest[0] = next(following, latest[0])
        return latest[0]

    return {
        "/api/v1/whoami": (200, {"username": "a", "publishers": [{"handle": "a"}]}),
        "/api/v1/releases": (202, sent),
        "/api/v1/skills/a/b/releases/1.0.0/report": (200, report),
    }


WAITING = {"status": "vetting", "trouble": "The engine does not answer.", "stages": []}
RUNNING = {"status": "vetting", "stages": [{"name": "static", "state": "running", "seconds": None}]}
DONE = {
    "status": "quarantined",
    "safety": {"verdict": "unknown", "score": None},
    "quality": {"score": None, "tier": ""},
    "stages": [
        {"name": "static", "state": "done", "seconds": 0.3},
        {"name": "trials", "state": "failed", "seconds": 1},
    ],
}


@pytest.fixture
def pushable(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "SKILL.md").write_text("---\nname: b\ndescription: d\n---\ntext\n")
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASSAY_TOKEN": "asy_x"}, str(tmp_path / "b")


def test_progress_moves_on_a_terminal(pushable):
    known, folder = pushable
    with serving(vetting([RUNNING, RUNNING, DONE])) as url:
        code, drawn = on_a_terminal(["push", folder, "--wait"], {**known, "ASSAY_URL": url, "TERM": "xterm"})
    assert code == 5
    assert "\x1b[" in drawn
    assert "detonation" in drawn, "the stages to come are shown too"
    assert "quarantined" in drawn


def test_progress_is_one_plain_line_a_stage_elsewhere(run, pushable):
    with serving(vetting([WAITING, WAITING, RUNNING, DONE])) as url:
        done = run("push", "b", "--wait", ASSAY_URL=url, ASSAY_TOKEN="asy_x")
    assert done.returncode == 5
    assert "static: done  0.3 s\ntrials: failed  1.0 s\n" in done.stderr
    assert done.stderr.count("The engine does not answer.") == 1
    assert "static: done" not in done.stdout
    assert done.stdout.startswith("a/b@1.0.0 quarantined\n")


def test_the_document_of_a_push_has_its_stable_shape(run, pushable):
    with serving(vetting([DONE])) as url:
        done = run("push", "b", "--wait", "--json", ASSAY_URL=url, ASSAY_TOKEN="asy_x")
    assert json.loads(done.stdout) == {
        "schema": "assay.push.v1",
        "skill": "a/b",
        "version": "1.0.0",
        "digest": "sha256:00",
        "status": "quarantined",
        "safety": {"verdict": "unknown", "score": None},
        "quality": {"score": None, "tier": ""},
        "report_url": "http://r",
    }


def test_an_interrupted_wait_ends_with_130_and_says_that_the_vetting_goes_on(pushable):
    known, folder = pushable
    with serving(vetting([RUNNING])) as url:
        words = ["push", folder, "--wait"]
        code, drawn = on_a_terminal(words, {**known, "ASSAY_URL": url, "TERM": "dumb"}, until=b"is being vetted")
    assert code == 130
    assert "skill status a/b@1.0.0" in drawn
    assert "Traceback" not in drawn


def test_a_token_is_not_sent_over_plain_http_to_afar_without_a_warning(run):
    done = run("search", "x", ASSAY_URL="http://registry.invalid", ASSAY_TOKEN="asy_x")
    assert done.returncode == 7
    assert "unencrypted" in done.stderr


@pytest.mark.parametrize(
    ("settings", "coloured"),
    [({"TERM": "xterm"}, True), ({"TERM": "dumb"}, False), ({"TERM": "xterm", "NO_COLOR": "1"}, False)],
)
def test_colour_is_for_terminals_that_want_it(tmp_path, settings, coloured):
    with serving(FOUND) as url:
        known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "ASSAY_URL": url, **settings}
        code, drawn = on_a_terminal(["search", "x"], known)
    assert code == 0
    assert "a/b" in drawn
    assert ("\x1b[" in drawn) is coloured


def test_an_interrupted_prompt_ends_with_130(tmp_path):
    known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "dumb", "ASSAY_URL": "http://127.0.0.1:9"}
    code, drawn = on_a_terminal(["login", "--with-token"], known, until=b"Token:")
    assert code == 130
    assert "Traceback" not in drawn


def test_doctor_finds_the_skill_of_procps_in_front_of_ours(run, tmp_path):
    other = tmp_path / "bin" / "skill"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\nexit 0\n")
    other.chmod(0o755)
    shadowed = run("doctor", "--json", PATH=f"{other.parent}:{SKILL.parent}")
    assert json.loads(shadowed.stdout)["lines"][0]["state"] == "warn"
    assert str(SKILL.parent) in json.loads(shadowed.stdout)["lines"][0]["advice"]
    fine = run("doctor", "--json", PATH=f"{SKILL.parent}:{other.parent}")
    assert json.loads(fine.stdout)["lines"][0]["state"] == "ok"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(run, shell):
    assert "_SKILL_COMPLETE" in run("completion", shell).stdout


def test_completion_offers_the_verbs(run):
    done = run(_SKILL_COMPLETE="bash_complete", COMP_WORDS="skill in", COMP_CWORD="1")
    assert "install" in done.stdout


KINDS = {"CliError", "UsageProblem", "Missing", "NotAllowed", "Refused", "FindingsPresent", "Unreachable", "Tampered"}


def test_every_error_says_what_to_do():
    mute = []
    for file in (Path(__file__).parents[1] / "assay_cli").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KINDS:
                if not {"hint", None} & {word.arg for word in call.keywords}:
                    mute.append(f"{file.name}:{call.lineno}")
    assert mute == []


def test_an_error_names_its_code_on_a_terminal_too(run):
    assert "[not-found]" in run("check", "nowhere").stderr
