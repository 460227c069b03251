"""Token cost: three levels, any language, any size."""

import pytest

from vetting import tokens
from vetting.bundle import Bundle, BundleFile


def test_chinese_is_counted_in_tokens_and_not_in_characters():
    assert 15 < tokens.count("这是一个用于排版中文文本的技能。它会修正标点符号和空格。") < 40
    assert tokens.count("hello world") == 2


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, " " * 1_000_000, "ab " * 300_000, "Ω" * 200_000, "<|endoftext|>" * 50]
)
def test_a_hostile_text_is_counted_all_the_same(text):
    assert tokens.count(text) > 0


def test_the_three_levels_are_told_apart():
    bundle = Bundle(
        (
            BundleFile("SKILL.md", b"---\nname: x\n---\nbody of the skill\n"),
            BundleFile("references/long.md", b"word " * 1000),
            BundleFile("scripts/run.py", b"print(1)\n" * 1000),
        )
    )
    cost = tokens.cost(bundle, name="x", description="Does x.", body="body of the skill\n")
    assert cost["l1"] < cost["l2"] + 10
    assert cost["l3"] == cost["files"]["references/long.md"] >= 1000
    assert list(cost["files"]) == ["references/long.md"]
    assert cost["tokenizer"] == "o200k_base"
