"""Planted secrets are found in every dress, and nothing else is."""

import base64
import gzip
import urllib.parse
import zlib

import pytest

from sandbox.bait import Canary, furnish
from sandbox.proofs import names, proofs

TOKEN = "ghp_Zk3vQ9s7LxB2mN8tRw5yPdF6hJ4cA1eUoGiT"
CANARY = Canary("GitHub token", TOKEN)
RAW = f"token={TOKEN}\n".encode()
DRESSES = {
    "plain": RAW,
    "base64": b"d=" + base64.b64encode(b"abc" + RAW),
    "urlsafe": base64.urlsafe_b64encode(RAW),
    "base64 in lines": base64.encodebytes(RAW * 3),
    "base64 after a header": b"POST /\r\ntype: form\r\n\r\n" + base64.b64encode(gzip.compress(RAW)),
    "hex": b"/" + RAW.hex().encode() + b"/",
    "hex with colons": ":".join(f"{byte:02x}" for byte in RAW).encode(),
    "base32": base64.b32encode(RAW).lower(),
    "url": urllib.parse.quote(RAW.decode(), safe="").replace("_", "%5F").encode(),
    "reversed": RAW[::-1],
    "gzip": gzip.compress(RAW),
    "zlib": zlib.compress(RAW),
    "base64 of gzip of base64": base64.b64encode(gzip.compress(base64.b64encode(RAW))),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_secret_is_found_in_every_dress(dress):
    found = proofs(DRESSES[dress], [CANARY])
    assert [one.canary for one in found] == [CANARY]


def test_a_secret_split_over_names_is_put_together_again():
    text = RAW.hex()
    asked = [f"{n}.{text[at : at + 24]}.x.evil.test" for n, at in enumerate(range(0, len(text), 24))]
    assert [one.canary for one in names(asked, [CANARY])] == [CANARY]


@pytest.mark.parametrize(
    "data", [b"", b"hello " * 500, bytes(range(256)) * 50, base64.b64encode(bytes(3000)), b"ghp_other"]
)
def test_other_bytes_prove_nothing(data):
    assert proofs(data, [CANARY]) == []


def test_a_bomb_of_compressed_zeros_is_bounded():
    assert proofs(gzip.compress(bytes(200_000_000)), [CANARY]) == []


def test_no_two_homes_share_a_secret():
    first, second = furnish(), furnish()
    assert not {one.token for one in first.canaries} & {one.token for one in second.canaries}
    assert len({one.token for one in first.canaries}) == len(first.canaries) >= 20


def test_every_planted_secret_lies_where_it_is_said_to_lie():
    home = furnish()
    files = {file.path: file.data.decode("utf-8", "replace") for file in home.files}
    for canary in home.canaries:
        if canary.path in files:
            assert canary.token in files[canary.path], canary.name
        elif canary.variable:
            assert canary.token in home.env[canary.variable], canary.name
        else:
            assert canary.path == "metadata", canary.name
