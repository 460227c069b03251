"""A stranger's Markdown on our page: formatted, and harmless."""

import re

import pytest

from marketplace.markdown import LONGEST, render


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](javascript:alert(1))",
        "<iframe src=https://example.com></iframe>",
        "<a href='https://example.com' onclick='alert(1)'>x</a>",
        "[x](https://example.com \"' onmouseover='alert(1)\")",
        "<style>body{display:none}</style>",
        "<svg/onload=alert(1)>",
        "[x]: javascript:alert(1)\n[x]",
        '<https://example.com/"onclick=alert(1)>',
        '```x" onclick="alert(1)\ncode\n```',
    ],
)
def test_no_markup_of_a_stranger_becomes_ours(hostile):
    html = str(render(hostile))
    tags = re.findall(r"<[a-z][^>]*>", html)
    assert not [tag for tag in tags if re.search(r"(?i)<(script|img|iframe|style|svg)|\son\w+=|javascript:|data:", tag)]


def test_an_image_becomes_a_link_so_that_reading_tells_nobody():
    html = render("![a table](https://tracker.example.com/pixel.png)")
    assert "<img" not in html
    assert 'href="https://tracker.example.com/pixel.png"' in html
    assert "image: a table" in html


def test_headings_stand_below_those_of_the_page():
    html = render("# one\n\n## two\n\n###### six")
    assert "<h3>one</h3>" in html
    assert "<h4>two</h4>" in html
    assert "<h6>six</h6>" in html
    assert "<h1" not in html
    assert "<h2" not in html


def test_every_link_is_marked_as_a_strangers():
    html = render("[a](https://example.com) <https://example.org>")
    assert html.count('rel="nofollow ugc noopener noreferrer"') == html.count("<a ") == 2


def test_links_into_the_bundle_lead_to_the_page_of_that_file():
    html = render(
        "[notes](references/my%20notes.md#x) [up](../../etc/passwd) [other](//example.com/x)", "/a/b/1/files/"
    )
    assert 'href="/a/b/1/files/references/my%20notes.md"' in html
    assert 'href="../../etc/passwd"' in html
    assert 'href="//example.com/x"' in html


def test_an_address_that_cannot_be_read_does_no_harm():
    assert "x</a>" in render("[x](http://[::1)", "/files/") or "x" in render("[x](http://[::1)", "/files/")


def test_what_cannot_be_seen_is_written_out():
    html = render("safe\u202egnirts\u200b and \U000e0041")
    assert "⟦U+202E⟧" in html
    assert "⟦U+200B⟧" in html
    assert "⟦U+E0041⟧" in html
    assert not re.search("[\u202e\u200b\U000e0041]", html)


def test_a_very_long_text_is_cut_and_says_so():
    html = render("word " * (LONGEST // 4))
    assert len(html) < LONGEST * 2
    assert "not shown here" in html


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "> " * 20_000, "*a_" * 20_000, "`" * 40_001, "![" * 10_000, "- " * 9_000]
)
def test_text_made_to_be_slow_is_rendered_all_the_same(text):
    assert isinstance(str(render(text)), str)


def test_tables_and_code_are_kept():
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |\n\n```sh\nls\n```\n")
    assert "<table>" in html
    assert '<pre tabindex="0"><code>ls' in html
