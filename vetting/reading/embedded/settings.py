"""What a data file says, as names and values: JSON, YAML, TOML, ini, .env, CSV and plain lists, whatever reads it.

Read row by row, so that a file no parser of its format would take still gives what it holds.
"""

import re
from dataclasses import dataclass

LETTERS = 2_000_000  # characters of one file that are looked at
NUMBERS = 40  # so many numbers in one list spell a text
DATA = frozenset(
    "json jsonl json5 jsonc yaml yml toml ini cfg conf config properties env txt csv tsv tpl tmpl template j2 jinja "
    "dat data list lst po xml rc defaults".split()
)
_ROW = re.compile(
    r"^[ \t]{0,60}(?:-[ \t]{1,4})?(?:export[ \t]{1,3})?[\"']?([A-Za-z_][\w.-]{0,60})[\"']?[ \t]{0,8}[:=][ \t]{0,8}(\S.*)?$"
)
_ITEM = re.compile(r"^[ \t]{0,60}-[ \t]{1,4}(\S.*)$")
_QUOTED = re.compile(r"\"((?:[^\"\\\n]|\\.)*+)\"(\s{0,20}:)?")
_NUMBERS = re.compile(rf"\[(?:\s{{0,9}}\d{{1,3}}\s{{0,9}},){{{NUMBERS - 1},9000}}\s{{0,9}}\d{{1,3}}\s{{0,9}}\]")
_CELL = re.compile(r"[;\t]|,(?=\S)")


@dataclass(frozen=True, slots=True)
class Setting:
    """One value, the name it stands under ("" for none) and its line."""

    key: str
    value: str
    line: int


def is_data(path: str) -> bool:
    """Does the name promise values for a program, and no program?"""
    base = path.rsplit("/", 1)[-1].lower()
    return base.startswith(".env") or base.rsplit(".", 1)[-1] in DATA


def settings_of(text: str) -> list[Setting]:
    """The values of a data file, of one that is longer than LETTERS those at its beginning."""
    text = text[:LETTERS]
    return _quoted(text) if text.lstrip()[:1] in ("{", "[") and '"' in text else _rows(text)


def spells_in_numbers(text: str) -> bool:
    """Is a text written as a list of numbers?"""
    return bool(_NUMBERS.search(text))


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    return text.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t").replace("\\/", "/").replace("\\\\", "\\")


def _quoted(text: str) -> list[Setting]:
    out: list[Setting] = []
    key, line, at = "", 1, 0
    for match in _QUOTED.finditer(text):
        if match.group(2):
            key = match.group(1)
            continue
        line += text.count("\n", at, match.start())
        at = match.start()
        out.append(Setting(key, _plain(match.group(1)), line))
    return out


def _rows(text: str) -> list[Setting]:
    out: list[Setting] = []
    key = ""
    for number, row in enumerate(text.split("\n"), 1):
        if not row.strip() or row.lstrip()[:1] in "#;":
            continue
        if match := _ROW.match(row):
            key, value = match.group(1), match.group(2) or ""
        elif match := _ITEM.match(row):
            value = match.group(1)
        else:
            value = row.strip()
        if value:
            out.append(Setting(key, _bare(value), number))
            out += [Setting("", cell, number) for cell in map(_bare, _CELL.split(value)[1:]) if len(cell) > 2]
    return out


def _bare(value: str) -> str:
    value = value.strip().rstrip(",")
    if len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]:
        value = _plain(value[1:-1]) if value[0] == '"' else value[1:-1]
    return value
