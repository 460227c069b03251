"""Markup between and in the words of prose hides nothing: what a reader of the page sees is what checks read."""

import pytest

from tests.vetting.rendered import MARKUP
from tests.vetting.test_static_mutations import EXAMPLES, Files, files_of
from tests.vetting.test_static_widening import caught


def marked_up(files: Files, name: str) -> Files:
    return {
        path: MARKUP[name](data.decode()).encode() if path.endswith(".md") else data for path, data in files.items()
    }


@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_markup_hides_nothing(check, example):
    files = files_of(example)
    ways = {name: wide for name in MARKUP if (wide := marked_up(files, name)) != files}
    assert [name for name, wide in ways.items() if not caught(check, wide)] == []
