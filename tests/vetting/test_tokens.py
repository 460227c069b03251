"""Token cost: three levels, any language, any size."""

import gzip
from base64 import b64decode
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as settings_of
from hypothesis import strategies as st

from tests.vetting.conftest import SAMPLES
from vetting import kept, token_table, tokens
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


# --- Few texts ------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def vocabulary() -> bytes:
    (place,) = find_spec("bpe_openai").submodule_search_locations
    return gzip.decompress(Path(place, "data", f"{tokens.TOKENIZER}.tiktoken.gz").read_bytes())


@pytest.fixture(scope="module")
def table(vocabulary) -> token_table.Table:
    return token_table.Table(token_table.laid_out(vocabulary))


PLAIN = [
    "Hello, World! It's 12345 o'clock; I'LL GO, you'Ve seen HTTPServer iPhone snake_case-kebab.",
    "  indented\n\n\n\tTabbed \r\n trailing   \n ",
    '// path/to/file.py --flag=value {"a": [1, 2]} <|endoftext|> ::\n/',
    "quixotically zyzzyvas xqzjvkw " + "abc" * 60,
    "— a dash… → ✓ “quoted” €5 ©",
    "''s 's'S x'tt 'Tis",
    "\x00\x07\x1b[0m",
]


@pytest.mark.parametrize("text", PLAIN)
def test_the_table_counts_what_the_tokenizer_counts(text, table):
    assert table.count(text) == tokens._tokenizer().count(text)
    assert token_table.WORD.findall(text) == tokens._tokenizer().pretokenize(text)


@given(text=st.text(st.sampled_from("aAbBsStTlL '’\"\n\r\t 019_-/.,—→é"), max_size=40))
@settings_of(max_examples=400, deadline=None, database=None)
def test_whatever_the_table_counts_the_tokenizer_counts_too(text, table):
    counted = table.count(text)
    assert counted == (None if "é" in text else tokens._tokenizer().count(text))


def test_every_sample_is_counted_the_same(table):
    texts = [path.read_text()[: token_table.LONGEST_TEXT] for path in sorted(SAMPLES.rglob("*.*"))]
    counted = [(table.count(text), tokens._tokenizer().count(text)) for text in texts]
    assert all(ours in (None, theirs) for ours, theirs in counted)
    assert sum(ours is not None for ours, _ in counted) > len(counted) / 2


@pytest.mark.parametrize("text", ["Größe", "表", "a\u00a0b", "a\x1cb", "e\u0301", "²", "x" * 201, " " * 20_001])
def test_what_the_table_cannot_know_is_left_to_the_tokenizer(text, table):
    assert table.count(text) is None


def test_a_token_is_found_with_its_rank_and_nothing_else_is(table, vocabulary):
    lines = vocabulary.splitlines()[::97]
    assert len(lines) > 2000
    for line in lines:
        encoded, rank = line.split(b" ")
        assert table.rank(b64decode(encoded)) == int(rank)
    assert table.rank(b"no token at all") is None and table.rank(b"") is None


def test_few_texts_are_counted_without_the_tokenizer_and_many_with_it(monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    asked = []

    class Spy:
        def count(self, text: str) -> int:
            asked.append(text)
            return 1000

    monkeypatch.setattr(tokens, "_tokenizer", Spy)
    monkeypatch.setattr(tokens._Few, "letters", 0)
    assert tokens.count("hello world") == 1000
    token_table.table.cache_clear()
    try:
        tokens.few_texts()
        assert list(tmp_path.glob("cache/tokens-*")) and tokens.count("hello world") == 2
        assert tokens.count("größer") == 1000 and tokens.count("hello world") == 1000
        tokens.few_texts()
        assert tokens.count("word " * 4000) == 4001 and tokens.count("word " * 12_000) > 1000
        assert tokens.count("hello") == 1000 and len(asked) >= 4
    finally:
        token_table.table.cache_clear()


def test_where_nothing_can_be_kept_no_table_is_made(monkeypatch, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.DATA_DIR = tmp_path / "file" / "below"
    monkeypatch.setattr(tokens._Few, "letters", 0)
    monkeypatch.setattr(token_table, "make", lambda encoding: pytest.fail("it is made for nothing"))
    monkeypatch.setattr(kept.os, "access", lambda *arguments: False)
    token_table.table.cache_clear()
    try:
        tokens.few_texts()
        assert tokens.count("hello world") == 2
    finally:
        token_table.table.cache_clear()
