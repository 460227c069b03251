"""The hallmark: whose key, what is signed, and that nothing else verifies."""

import base64
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from vetting import attest
from vetting.errors import PlatformError

REPORT = {
    "skill": "alice/csv-totals",
    "version": "1.0.0",
    "digest": "sha256:" + "ab" * 32,
    "status": "published",
    "ruleset": "r-0123456789abcdef",
    "safety": {"verdict": "pass", "score": 97.0},
    "quality": {"score": 71.5, "tier": "runs as documented"},
}


@pytest.fixture(autouse=True)
def key_dir(settings, tmp_path):
    settings.KEY_DIR = tmp_path / "keys"
    return settings.KEY_DIR


def test_the_statement_names_the_release_its_digest_and_what_was_found():
    body = attest.verify(attest.hallmark(REPORT, report_url="http://x.test/r")["envelope"])
    assert body["_type"] == "https://in-toto.io/Statement/v1"
    assert body["subject"] == [{"name": "alice/csv-totals@1.0.0", "digest": {"sha256": "ab" * 32}}]
    assert body["predicate"]["verdict"] == "pass"
    assert body["predicate"]["quality"] == {"score": 71.5, "tier": "runs as documented"}
    assert body["predicate"]["report_url"] == "http://x.test/r"


def test_an_envelope_verifies_with_nothing_but_the_public_key():
    envelope = attest.sign(attest.statement(subject="alice/csv-totals@1.0.0", digest=REPORT["digest"], report=REPORT))
    key = attest.public_keys()[0]
    payload, kind = base64.b64decode(envelope["payload"]), envelope["payloadType"]
    pae = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
    signature = envelope["signatures"][0]
    assert signature["keyid"] == key["keyid"]
    public = load_pem_public_key(key["public_pem"].encode())
    public.verify(base64.b64decode(signature["sig"]), pae)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature["sig"]), pae + b" ")


def test_a_changed_payload_or_another_key_does_not_verify(settings, tmp_path):
    envelope = attest.sign(attest.statement(subject="alice/csv-totals@1.0.0", digest=REPORT["digest"], report=REPORT))
    body = json.loads(base64.b64decode(envelope["payload"]))
    body["predicate"]["verdict"] = "block"
    forged = {**envelope, "payload": base64.b64encode(json.dumps(body).encode()).decode()}
    with pytest.raises(PlatformError):
        attest.verify(forged)
    settings.KEY_DIR = tmp_path / "other"
    with pytest.raises(PlatformError):
        attest.verify(envelope)


@pytest.mark.parametrize("broken", [{}, {"payload": "x"}, {"payload": "", "payloadType": "", "signatures": []}])
def test_what_is_no_envelope_is_refused_in_one_sentence(broken):
    with pytest.raises(PlatformError, match="does not verify"):
        attest.verify(broken)


def test_the_key_is_private_and_stays_the_same(key_dir):
    keyid = attest.public_keys()[0]["keyid"]
    file = key_dir / attest.KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_dir.stat().st_mode) == 0o700
    attest._signer_of.cache_clear()
    assert attest.public_keys()[0]["keyid"] == keyid
    assert [one.name for one in key_dir.iterdir()] == [attest.KEY_FILE]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path):
    code = (
        "import sys; from django.conf import settings; settings.configure(KEY_DIR=sys.argv[1]);"
        "from vetting import attest; print(attest.public_keys()[0]['keyid'])"
    )
    root = Path(attest.__file__).parent.parent
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "shared")], stdout=subprocess.PIPE, cwd=root)
        for _ in range(4)
    ]
    keyids = {process.communicate(timeout=60)[0].strip() for process in started}
    assert len(keyids) == 1
    assert len(keyids.pop()) == 64
