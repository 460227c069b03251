"""The blob store in S3, against a server on loopback that speaks S3; it is started and stopped here."""

import base64
import hashlib
import os
import socket
import threading

import boto3
import pytest
from django.core.checks import run_checks
from moto.server import ThreadedMotoServer

from marketplace import blobs
from marketplace.blobs import s3
from marketplace.blobs.address import Address, address
from marketplace.models import Release
from tests.api.test_problems import assert_problem, upload
from vetting.errors import PlatformError
from vetting.keeper import _read
from vetting.models import Run

DATA = b"the bytes of a bundle"
LARGE = os.urandom(s3.IN_MEMORY + s3.CHUNK + 7)
DIGEST, LARGE_DIGEST = blobs.of(DATA), blobs.of(LARGE)


@pytest.fixture(scope="module")
def server():
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server, settings):
    """An empty bucket that the registry keeps its bundles in, as another program sees it."""
    settings.S3_URL = f"http://key:s%2Fcret@{server}/bundles/of/ours?region=eu-central-1"
    resource = boto3.session.Session("key", "s/cret", region_name="eu-central-1").resource(
        "s3", endpoint_url=f"http://{server}"
    )
    bucket = resource.Bucket("bundles")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield bucket
    bucket.objects.all().delete()
    bucket.delete()
    s3._client.cache_clear()


def keys(bucket):
    return [one.key for one in bucket.objects.all()]


def test_a_blob_is_kept_under_its_digest_and_nothing_else_is_left(bucket, settings):
    blobs.put(DIGEST, DATA)
    blobs.put(DIGEST, DATA)
    hexdigits = hashlib.sha256(DATA).hexdigest()
    assert keys(bucket) == [f"of/ours/sha256/{hexdigits[:2]}/{hexdigits}"]
    assert blobs.read(DIGEST) == DATA
    assert not settings.BLOB_DIR.exists()


def test_what_is_here_already_is_not_sent_again(bucket):
    blobs.put(DIGEST, DATA)
    bucket.Object(keys(bucket)[0]).put(Body=DATA[::-1])
    blobs.put(DIGEST, DATA)
    assert bucket.Object(keys(bucket)[0]).get()["Body"].read() == DATA[::-1]


def test_a_large_blob_comes_as_a_file_that_can_be_read_anywhere(bucket):
    blobs.put(LARGE_DIGEST, LARGE)
    with blobs.open(LARGE_DIGEST) as file:
        assert file._rolled, "what is large lies on disk, not in memory"
        file.seek(-7, os.SEEK_END)
        assert file.read() == LARGE[-7:]
    assert blobs.read(LARGE_DIGEST) == LARGE


def test_bytes_under_another_digest_are_refused(bucket):
    with pytest.raises(ValueError):
        blobs.put("sha256:" + "0" * 64, DATA)
    with pytest.raises(ValueError):
        blobs.open("sha256:../../etc/passwd")
    assert keys(bucket) == []


@pytest.mark.parametrize("damaged", [DATA[::-1], DATA[:5], b"", LARGE])
def test_a_damaged_blob_is_never_handed_on(bucket, damaged):
    blobs.put(DIGEST, DATA)
    bucket.Object(keys(bucket)[0]).put(Body=damaged)
    with pytest.raises(OSError, match="damaged"):
        blobs.open(DIGEST)
    with pytest.raises(OSError, match="damaged"):
        blobs.read(DIGEST)


def test_a_half_written_object_of_another_program_is_replaced(bucket):
    blobs.put(DIGEST, DATA)
    bucket.Object(keys(bucket)[0]).put(Body=DATA[:5])
    blobs.put(DIGEST, DATA)
    assert blobs.read(DIGEST) == DATA


def test_what_is_not_there_is_told_as_on_a_disk(bucket):
    with pytest.raises(FileNotFoundError):
        blobs.open(DIGEST)


def test_the_store_is_told_what_to_check(bucket, settings, monkeypatch):
    client, _ = s3._client(settings.S3_URL, os.getpid())
    sent = []
    monkeypatch.setattr(client, "put_object", lambda **more: sent.append(more))
    blobs.put(DIGEST, DATA)
    assert base64.b64decode(sent[0]["ChecksumSHA256"]).hex() == DIGEST.removeprefix("sha256:")


# --- When the store is away -----------------------------------------------------------------------------------------
@pytest.fixture
def nobody_listens(settings):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        settings.S3_URL = f"http://key:topsecret@127.0.0.1:{held.getsockname()[1]}/bundles"
        yield
    s3._client.cache_clear()


def assert_away(act):
    with pytest.raises(PlatformError) as raised:
        act()
    assert raised.value.code == "blob.store-away" and raised.value.fix
    assert "topsecret" not in str(raised.value) and "key" not in str(raised.value)


def test_a_store_that_is_away_is_the_platforms_trouble(nobody_listens):
    assert_away(lambda: blobs.put(DIGEST, DATA))
    assert_away(lambda: blobs.read(DIGEST))
    assert "does not answer" in blobs.trouble()


def test_a_store_that_breaks_off_is_the_platforms_trouble(settings):
    """It promises a hundred bytes, sends five and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            for _ in range(3):
                try:
                    line, _ = listening.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhello")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        settings.S3_URL = f"http://key:topsecret@127.0.0.1:{listening.getsockname()[1]}/bundles"
        assert_away(lambda: blobs.read(DIGEST))
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=10)
    s3._client.cache_clear()


def test_a_bucket_that_is_not_there_is_told(bucket, settings):
    assert blobs.trouble() == ""
    settings.S3_URL = settings.S3_URL.replace("/bundles", "/nowhere")
    assert "no such bucket" in blobs.trouble()
    with pytest.raises(PlatformError, match="NoSuchBucket"):
        blobs.put(DIGEST, DATA)


def test_a_push_while_the_store_is_away_leaves_nothing_behind(nobody_listens, alice, as_user, client):
    answer = as_user(alice).post("/api/v1/releases", {"owner": "alice", "bundle": upload()})
    assert_problem(answer, 503, "blob.store-away")
    assert answer["Retry-After"] and not Release.objects.exists()
    health = client.get("/healthz").json()
    assert health["status"] == "degraded" and "does not answer" in health["blobs"]["reason"]


# --- The registry on top of it --------------------------------------------------------------------------------------
def test_a_release_is_pushed_fetched_shown_and_compared(bucket, publish, client, settings):
    settings.X_ACCEL_PREFIX = "/inside"
    release = publish("pdf-tools", files={"notes.md": "Plain words.\n"})
    answer = client.get("/api/v1/skills/alice/pdf-tools/releases/1.0.0/bundle")
    body = b"".join(answer.streaming_content)
    assert blobs.of(body) == release.digest and "X-Accel-Redirect" not in answer
    assert answer["Content-Length"] == str(len(body))
    assert b"Plain words." in client.get("/alice/pdf-tools/1.0.0/files/notes.md").content
    assert client.get("/healthz").json()["blobs"]["kept"] == "s3"
    bucket.Object(keys(bucket)[0]).put(Body=b"other bytes")
    assert_problem(client.get("/api/v1/skills/alice/pdf-tools/releases/1.0.0/bundle"), 503, "blob.unreadable")
    assert b"not kept here any more" in client.get("/alice/pdf-tools/1.0.0/files/notes.md").content


def test_a_worker_vets_what_another_machine_pushed(bucket, push):
    release = push("pdf-tools")
    row = Run.objects.select_related("release__skill").get()
    assert _read(row).bundle.digest == release.digest
    bucket.objects.all().delete()
    with pytest.raises(PlatformError):
        _read(row)


# --- S3_URL ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("s3://bundles", Address("bundles")),
        ("s3://bundles/a/b/?region=eu-west-1", Address("bundles", "a/b/", region="eu-west-1")),
        (
            "https://k%40y:s%2Fc@store.example.com:9000/bundles",
            Address("bundles", "", "https://store.example.com:9000", "", "k@y", "s/c"),
        ),
        ("http://[::1]:9000/bundles/x", Address("bundles", "x/", "http://[::1]:9000")),
    ],
)
def test_an_address_is_read(url, meant):
    assert address(url) == meant
    assert meant.secret_key == "" or meant.secret_key not in repr(meant)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("bundles", "begins with"),
        ("ftp://store.example.com/x", "begins with"),
        ("https://store.example.com", "names no bucket"),
        ("https://store.example.com/x?acl=public", "option"),
        ("https://topsecret@store.example.com/x", "or neither"),
        ("https://k:topsecret@store.example.com:port/x", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_is_explained_at_start(url, said, settings):
    settings.S3_URL = url
    errors = [one for one in run_checks() if one.id == "assay.E001"]
    assert said in errors[0].msg and errors[0].hint
    assert "topsecret" not in errors[0].msg
    assert said in blobs.trouble(), "and who starts all the same is told by /healthz"
    with pytest.raises(PlatformError, match=said):
        blobs.read(DIGEST)


def test_nginx_and_s3_together_are_warned_of(settings):
    settings.S3_URL, settings.X_ACCEL_PREFIX = "s3://bundles", "/inside"
    assert [one.id for one in run_checks() if one.id.startswith("assay.")] == ["assay.W001"]
