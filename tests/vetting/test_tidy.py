"""What a hostile skill brings is made fit for a row."""

import json

from vetting.tidy import ENTRIES_AT_MOST, TEXT_AT_MOST, tidy


def test_what_postgres_and_json_refuse_is_replaced():
    value = tidy({"a\0b": "x\0y\ud800z", "n": float("nan"), "big": 2**70, "bytes": b"\xff\0"})
    text = json.dumps(value, allow_nan=False, ensure_ascii=False)
    assert "\0" not in text
    text.encode("utf-8")


def test_everything_is_bounded_and_says_what_was_cut():
    value = tidy({"long": "x" * 10_000, "many": list(range(100_000))})
    assert len(value["long"]) < TEXT_AT_MOST + 50
    assert "6000 more characters" in value["long"]
    assert len(value["many"]) == ENTRIES_AT_MOST
    nested: list = []
    for _ in range(500):
        nested = [nested]
    assert len(json.dumps(tidy(nested))) < 200
