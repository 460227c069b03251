"""An image that the operator names with its registry is pulled from there: tried with a small registry of ours."""

import gzip
import hashlib
import http.server
import io
import json
import tarfile
import threading
from contextlib import contextmanager

import pytest

from sandbox.engine import connect
from sandbox.images.build import _pull, build, image_recipe, names_registry
from sandbox.images.recipe import RECIPE_LABEL, recipe_hash

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
docker = pytest.mark.docker


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Image:
    """An image of one small layer, as a registry keeps it: blobs by their digests, and a manifest that names them."""

    def __init__(self, labels: dict[str, str]) -> None:
        layer = io.BytesIO()
        with tarfile.open(fileobj=layer, mode="w") as tar:
            member = tarfile.TarInfo("hello")
            member.size = 5
            tar.addfile(member, io.BytesIO(b"hello"))
        packed = gzip.compress(layer.getvalue())
        config = {"architecture": "amd64", "os": "linux", "config": {"Labels": labels}}
        config["rootfs"] = {"type": "layers", "diff_ids": [digest(layer.getvalue())]}
        told = json.dumps(config).encode()
        self.blobs = {digest(told): told, digest(packed): packed}
        kind = "application/vnd.docker."
        self.manifest = json.dumps(
            {
                "schemaVersion": 2,
                "mediaType": MANIFEST,
                "config": {"mediaType": f"{kind}container.image.v1+json", "size": len(told), "digest": digest(told)},
                "layers": [
                    {
                        "mediaType": f"{kind}image.rootfs.diff.tar.gzip",
                        "size": len(packed),
                        "digest": digest(packed),
                    }
                ],
            }
        ).encode()


class Registry(http.server.BaseHTTPRequestHandler):
    """As much of the registry API as a pull needs."""

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        self.server.let.wait(30)
        kept, last = self.server.image, self.path.rsplit("/", 1)[-1]
        if self.path == "/v2/":
            self._say(b"{}", "application/json")
        elif "/manifests/" in self.path and last in ("1", digest(kept.manifest)):
            self._say(kept.manifest, MANIFEST)
        elif last in kept.blobs:
            self._say(kept.blobs[last], "application/octet-stream")
        else:
            self.send_error(404)

    def _say(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Docker-Content-Digest", digest(body))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def registry(labels: dict[str, str]):
    """Yields the server and the name under which it keeps its one image; the image leaves the engine afterwards."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    server.image, server.let = Image(labels), threading.Event()
    server.let.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    name = f"127.0.0.1:{server.server_address[1]}/team/room:1"
    try:
        yield server, name
    finally:
        server.let.set()
        server.shutdown()
        server.server_close()
        api = connect()
        if image_recipe(api, name) is not None:
            api.remove_image(name, force=True)


@docker
def test_an_image_that_is_named_with_its_registry_is_pulled_from_there():
    with registry({RECIPE_LABEL: recipe_hash()}) as (_, name):
        said: list[str] = []
        assert build(image=name, tell=said.append) is True
        assert said == [f"{name} was pulled"]
        assert build(image=name, tell=said.append) is False


@docker
def test_an_image_that_the_registry_does_not_have_is_not_pulled():
    with registry({}) as (_, name):
        assert not _pull(None, name[:-1] + "2")


@docker
def test_a_registry_that_never_answers_is_not_waited_for():
    with registry({}) as (server, name):
        server.let.clear()
        assert not _pull(None, name, seconds=1)


@pytest.mark.parametrize(
    ("image", "there"),
    [
        ("assay-room:1", False),
        ("team/room:1", False),
        ("registry.example/room:1", True),
        ("localhost/room:1", True),
        ("127.0.0.1:5000/room:1", True),
    ],
)
def test_a_registry_is_told_from_a_folder(image, there):
    assert names_registry(image) is there
