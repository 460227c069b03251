"""Splits a SKILL.md into front matter and body, and reads the front matter's YAML with every value as it is written.

`version: 1.10` stays "1.10" and `name: on` stays "on". Anchors, aliases, tags and doubled keys are refused: they make
one text mean two things, or grow without bound.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from vetting.archives.member import shown
from vetting.errors import SkillError

FILE = "SKILL.md"
MAX_BYTES = 64 * 1024
MAX_DEPTH = 16
MAX_NODES = 4000
MAX_MENDED = 10
OPENING = re.compile(r"---[ \t]*\r?\n")
CLOSING = re.compile(r"^---[ \t]*(?:\r?\n|\r?\Z)", re.MULTILINE)
OTHER_END = {"[": "]", "{": "}", '"': '"'}
KEY_LINE = re.compile(r"(?P<head>\s*(?:- )?[\w.$-]+:[ \t]+)(?P<value>\S.*)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """fields as written; mended holds the lines (of the file) whose value had to be quoted before it could be read."""

    fields: dict[str, object]
    body: str
    body_line: int
    mended: tuple[int, ...] = field(default=())


def split(text: str) -> tuple[str, str, int]:
    """(front matter, body, line of the file on which the body starts). The front matter starts on line 2."""
    opening = OPENING.match(text)
    if not opening:
        raise SkillError(
            "manifest.no-front-matter",
            "SKILL.md does not start with front matter.",
            fix="Make `---` the first line, then `name:` and `description:`, then `---` again.",
            file=FILE,
            line=1,
        )
    closing = CLOSING.search(text, opening.end())
    if not closing:
        raise SkillError(
            "manifest.front-matter-open",
            "The front matter of SKILL.md is never closed.",
            fix="Put a line `---` after the last field.",
            file=FILE,
            line=1,
        )
    body_line = text.count("\n", 0, closing.end()) + 1
    return text[opening.end() : closing.start()], text[closing.end() :], body_line


def read(text: str) -> FrontMatter:
    yaml, body, body_line = split(text)
    if len(yaml.encode()) > MAX_BYTES:
        raise _refuse("manifest.too-long", f"The front matter is longer than {MAX_BYTES // 1024} KB.", 1, "Shorten it.")
    fields, mended = _parse_with_mending(yaml)
    return FrontMatter(fields, body, body_line, mended)


def _parse_with_mending(yaml: str) -> tuple[dict[str, object], tuple[int, ...]]:
    """Read the YAML; where a plain value breaks it (`description: Use: this`), read that value as if it were quoted."""
    lines, mended, first_error = yaml.replace("\r\n", "\n").split("\n"), [], None
    while True:
        try:
            return _parse("\n".join(lines)), tuple(sorted(mended))
        except MarkedYAMLError as error:
            first_error = first_error or error
            at = _breaking_line(error, lines)
            if at is None or at + 2 in mended or len(mended) == MAX_MENDED:
                raise _explain(first_error) from error
            mended.append(at + 2)
            _quote_value(lines, at)
        except YAMLError as error:
            message = f"The front matter is not YAML ({shown(' '.join(str(error).split()))})."
            raise _refuse("manifest.bad-yaml", message, 1, "Remove the character, and save as UTF-8.") from error


def _breaking_line(error: MarkedYAMLError, lines: list[str]) -> int | None:
    """The line whose value to quote: where the value began, or else where the error was seen, if it is `key: value`."""
    marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark is not None]
    for at in dict.fromkeys([*reversed(marks), *marks]):
        while 0 < at < len(lines) and lines[at][:1].isspace() and not KEY_LINE.match(lines[at]):
            at -= 1
        if at < len(lines) and (match := KEY_LINE.match(lines[at])) and _can_be_quoted(match["value"]):
            return at
    return None


def _can_be_quoted(value: str) -> bool:
    """Whether the value is plain text that YAML mistook for more; a bracket or quote left open is a slip to be told."""
    closing = OTHER_END.get(value[0])
    return value[0] not in "|>'" and (closing is None or closing in value[1:])


def _quote_value(lines: list[str], at: int) -> None:
    """Quote the value on line `at`, together with the deeper lines that continue it."""
    match = KEY_LINE.match(lines[at])
    if match is None:
        return
    indent = len(lines[at]) - len(lines[at].lstrip())
    value, following = [match["value"].strip()], at + 1
    while following < len(lines) and lines[following].strip():
        line = lines[following]
        if len(line) - len(line.lstrip()) <= indent:
            break
        value.append(line.strip())
        lines[following] = ""
        following += 1
    lines[at] = match["head"] + "'" + " ".join(value).replace("'", "''") + "'"


def _parse(yaml: str) -> dict[str, object]:
    events = _events(yaml)
    for event in events:
        if isinstance(event, MappingStartEvent):
            fields = _Builder(events).mapping(event, 0)
            _only_one_document(events)
            return fields
        if isinstance(event, (ScalarEvent, SequenceStartEvent, AliasEvent)):
            break
    raise _refuse("manifest.bad-yaml", "The front matter is not a list of `key: value` lines.", 2, "Write `name: …`.")


def _events(yaml: str) -> Iterator[Event]:
    parser = YAML(typ="safe", pure=True)
    return iter(parser.parse(yaml))


def _only_one_document(events: Iterator[Event]) -> None:
    for event in events:
        if isinstance(event, DocumentStartEvent):
            line = event.start_mark.line + 2
            raise _refuse("manifest.bad-yaml", "The front matter holds a second YAML document.", line, "Keep one.")


class _Builder:
    """Turns parser events into dicts, lists and strings, counting as it goes."""

    def __init__(self, events: Iterator[Event]) -> None:
        self.events, self.nodes = events, 0

    def mapping(self, start: Event, depth: int) -> dict[str, object]:
        self._admit(start, depth)
        fields: dict[str, object] = {}
        for key in self.events:
            if isinstance(key, MappingEndEvent):
                break
            if not isinstance(key, ScalarEvent):
                raise _at(key, "manifest.bad-key", "has a key that is not plain text", "Give the field a plain name.")
            self._admit(key, depth)
            if key.value in fields:
                name = shown(key.value)[:60]
                raise _at(key, "manifest.duplicate-key", f"has the field `{name}` twice", "Keep one of them.")
            fields[_text(key)] = self.node(next(self.events), depth + 1)
        return fields

    def node(self, event: Event, depth: int) -> object:
        if isinstance(event, MappingStartEvent):
            return self.mapping(event, depth)
        self._admit(event, depth)
        if isinstance(event, SequenceStartEvent):
            items = []
            for item in self.events:
                if isinstance(item, SequenceEndEvent):
                    break
                items.append(self.node(item, depth + 1))
            return items
        return _text(event)

    def _admit(self, event: Event, depth: int) -> None:
        self.nodes += 1
        if isinstance(event, AliasEvent) or event.anchor:
            raise _at(event, "manifest.alias", "uses a YAML anchor or alias", "Write the value out where it is used.")
        if event.tag and getattr(event, "style", None) is None and str(event.tag) != "!":
            raise _at(event, "manifest.tag", f"uses the YAML tag {shown(str(event.tag))[:60]}", "Remove the tag.")
        if depth > MAX_DEPTH:
            raise _at(event, "manifest.too-deep", f"is nested more than {MAX_DEPTH} deep", "Flatten it.")
        if self.nodes > MAX_NODES:
            raise _at(event, "manifest.too-many", f"has more than {MAX_NODES} values", "Move data into a file.")


def _text(event: Event) -> str:
    """The scalar as it is written. An escape can spell what no file holds: half a surrogate pair, NUL, ESC."""
    value: str = event.value
    if not value.isprintable():
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        if any(char < " " and char not in "\t\n\r" for char in value) or "\ufffd" in value:
            raise _at(event, "manifest.bad-character", "has a control character or half a character", "Remove it.")
    return value


def _at(event: Event, code: str, what: str, fix: str) -> SkillError:
    line, column = event.start_mark.line + 2, event.start_mark.column + 1
    return _refuse(code, f"The front matter {what} (line {line}, column {column}).", line, fix)


def _explain(error: MarkedYAMLError) -> SkillError:
    # What is never closed is seen at the very end; the place to mend is where it was opened.
    unclosed = "end" in str(error.problem) and "stream" in str(error.problem)
    mark = (error.context_mark if unclosed else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 2, mark.column + 1) if mark else (2, 1)
    problem = shown(" ".join(str(error.problem or error.context or "it cannot be read").split()))
    message = f"The front matter of SKILL.md is not valid YAML at line {line}, column {column}: {problem}."
    return _refuse("manifest.bad-yaml", message, line, _fix_for(problem + " " + str(error.context or "")))


def _fix_for(problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "Put the value in quotes: it contains `: `."
    if "\\t" in problem or "tab" in problem:
        return "Indent with spaces instead of tabs."
    if "quoted scalar" in problem:
        return "Close the quote, or double the quotes inside it."
    if "flow" in problem:
        return "Close every bracket and brace, or put the value in quotes."
    if "cannot start any token" in problem:
        return "Put the value in quotes: it starts with a character that YAML keeps for itself."
    if "could not find expected ':'" in problem or "simple key" in problem:
        return "Write every field as `key: value`, and indent lines that continue a value."
    return "Check the indentation, and put values with special characters in quotes."


def _refuse(code: str, message: str, line: int, fix: str) -> SkillError:
    return SkillError(code, message, fix=fix, file=FILE, line=line)
