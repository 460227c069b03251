import hashlib
import os

import pytest

from marketplace import blobs

DATA = b"the bytes of a bundle"
DIGEST = "sha256:" + hashlib.sha256(DATA).hexdigest()


def test_a_blob_is_kept_under_its_digest_and_nothing_else_is_left(settings):
    blobs.put(DIGEST, DATA)
    blobs.put(DIGEST, DATA)
    assert blobs.read(DIGEST) == DATA
    assert [file.name for file in settings.BLOB_DIR.rglob("*") if file.is_file()] == [DIGEST[7:]]


def test_bytes_under_another_digest_are_refused(settings):
    with pytest.raises(ValueError):
        blobs.put("sha256:" + "0" * 64, DATA)
    assert not list(settings.BLOB_DIR.rglob("*"))


@pytest.mark.parametrize("digest", ["", "sha256:../../etc/passwd", "sha256:" + "A" * 64, "md5:" + "0" * 64])
def test_what_is_no_digest_names_no_path(digest):
    with pytest.raises(ValueError):
        blobs.path(digest)


def test_a_write_that_breaks_off_leaves_no_file(settings, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *args: (_ for _ in ()).throw(OSError("the disk is full")))
    with pytest.raises(OSError, match="full"):
        blobs.put(DIGEST, DATA)
    assert not [file for file in settings.BLOB_DIR.rglob("*") if file.is_file()]


def test_a_half_written_file_of_an_earlier_crash_is_replaced():
    blobs.path(DIGEST).parent.mkdir(parents=True)
    blobs.path(DIGEST).write_bytes(DATA[:5])
    blobs.put(DIGEST, DATA)
    assert blobs.read(DIGEST) == DATA


def test_a_damaged_blob_is_noticed():
    blobs.put(DIGEST, DATA)
    blobs.path(DIGEST).write_bytes(DATA[::-1])
    with pytest.raises(OSError, match="damaged"):
        blobs.read(DIGEST)
