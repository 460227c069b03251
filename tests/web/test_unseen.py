"""Characters that hide: every kind is written out, and honest text is left alone."""

import pytest

from marketplace.unseen import UNSEEN, as_html, as_text


@pytest.mark.parametrize(
    "character",
    [
        "\u202e",
        "\u2066",
        "\u200b",
        "\u200f",
        "\u00ad",
        "\ufeff",
        "\u2060",
        "\U000e0041",
        "\U000e0101",
        "\x1b",
        "\x08",
        "\u115f",
    ],
)
def test_a_hidden_character_is_written_out_with_its_name(character):
    html = as_html(f"a{character}b")
    assert character not in html
    assert f"U+{ord(character):04X}" in html
    assert character not in as_text(f"a{character}b")


@pytest.mark.parametrize(
    "text", ["plain\ttext\n", "Grüße, мир, 世界, مرحبا", "می\u200cخواهم", "👩\u200d🚀 ok", "❤\ufe0f", "हिन\u094dदी"]
)
def test_honest_text_stays_as_it_is(text):
    assert as_text(text) == text
    assert not UNSEEN.search(text)


def test_a_joiner_between_latin_letters_is_no_joiner():
    assert as_text("pass\u200dword") == "pass⟦U+200D⟧word"


def test_everything_else_is_escaped():
    assert as_html("<b>\u202e&") == (
        '&lt;b&gt;<span class="unseen" title="U+202E RIGHT-TO-LEFT OVERRIDE">U+202E</span>&amp;'
    )
