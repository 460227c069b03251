"""Which fields of a data file hold commands: those whose name says that somebody runs them, and lists that begin with a shell.

Editors, packages, pipelines, containers and agents each have names of their own for them, in the same few words.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from vetting.reading.embedded.fields import BEYOND, Field, fields_of
from vetting.reading.embedded.quoted import ACTS

# A word of a field's name that says that its text is run, and tables each of whose texts is.
_RUN = re.compile(
    r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))(?:(?i:commands?|cmds?|scripts?|run|runs|exec|execute|shell|sh|bash|hooks?"
    r"|helper|tasks?|entry(?:point)?|args|arguments|argv|notify|runner|unix|program|executable|target|before|after"
    r"|init|setup|install|build|prepare|postinstall|preinstall|invoke|start|stop|test|wrapper|linker|editor|pager"
    r"|filter|on_?[a-z]{3,12}|pre_?[a-z]{3,12}|post_?[a-z]{3,12}))(?![a-z])"
)
_TABLE = re.compile(
    r"(?:^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))(?i:scripts|tasks|commands|hooks|aliases|cmds|runcmd|bootcmd)(?![a-z])"
)
# What is written for a reader.
_SAID = re.compile(
    r"(?i)^(?:desc\w*|title|name|label|(?:raw_?)?help(?:_?text)?|summary|prompts?|message|text|content|body|examples?|docs?|documentation"
    r"|comments?|details?|notes?|readme|instructions?|usage|expect\w*|assert\w*|question|answer|query|input|output"
    r"|reason|rationale|evidence|snippet|source|pattern|regex|match|hint|tip|warning|error|id|\$\w*)$"
)
_SHELL = re.compile(r"^(?:\S*/)?(?:(?:ba|z|da|k)?sh|fish|cmd|powershell|pwsh)(?:\.exe)?$|^CMD-SHELL$", re.I)
_GIVEN = re.compile(r"^(?:-[a-z]{0,3}c|/[cC]|-Command)$")


def in_fields(text: str, lang: str, but: str = "") -> Iterator[tuple[str, int, str]]:
    """(command, line, key) of each, leaving out one table; the key is BEYOND where there is more than is given."""
    if not ACTS.search(text) and not _may_be_escaped(text):
        return
    fields = (one for one in fields_of(text, lang) if not but or one.keys[:1] != (but,))
    for key, group in groupby(fields, lambda one: (one.group, one.keys) if one.keys[-1:] == ("",) else one):
        held = list(group)
        if held[0].keys == (BEYOND,):
            yield "", held[0].line, BEYOND
        for words, line in _commands(held) if isinstance(key, tuple) else _alone(held):
            if ACTS.search(words):
                yield words, line, _name(held[0])


def _may_be_escaped(text: str) -> bool:
    return "\\u00" in text or "\\x" in text


def _name(one: Field) -> str:
    return next((key for key in reversed(one.keys) if key), "")


def _is_run(one: Field) -> bool:
    name = _name(one)
    if _SAID.match(name):
        return False
    return bool(_RUN.search(name)) or any(_TABLE.search(key) for key in one.keys[-5:-1])


def _alone(held: list[Field]) -> Iterator[tuple[str, int]]:
    return ((one.text, one.line) for one in held if _is_run(one))


def _commands(held: list[Field]) -> Iterator[tuple[str, int]]:
    """A list is one command where a shell is given its text in it; else each of its texts is."""
    for at, one in enumerate(held[:-1]):
        if _GIVEN.match(one.text) or (at == 0 and _SHELL.match(one.text) and len(held) == 2):
            yield held[at + 1].text, held[at + 1].line
            return
    yield from _alone(held)
