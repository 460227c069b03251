"""The fields of JSON, YAML and TOML texts, however a reader of theirs may take them: each with its keys and its line.

Comments, commas too many, quotes of either kind, keys that are said twice, several documents: a strict parser refuses them
or takes one side, and the program that reads the file may take the other. So all that is said is given, from broken files
too. Anchors of YAML stand again where they are used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

MOST = 20_000  # fields that aliases may bring along, in one text
BEYOND = "…"  # the key of a field that says that there are more
_TOKEN = re.compile(
    r"(?P<aside>//[^\n]*|/\*(?:[^*]|\*(?!/))*+\*/|(?<![^\s,\[{])\#[^\n]*)"
    r"|\"\"\"(?P<long>(?:[^\"\\]|\\.|\"(?!\"\"))*+)(?:\"\"\"|\Z)|'''(?P<raw>(?:[^']|'(?!''))*+)(?:'''|\Z)"
    r"|\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>(?:[^'\\]|\\.|'')*+)'|(?P<mark>[{}\[\],:=])"
    r"|(?P<bare>[^\s{}\[\],:=\"']+|[\"'])",
    re.DOTALL,
)
# In JSON and TOML a text ends with its line; one that is never ended takes no other text along.
_ROW_TOKEN = re.compile(
    _TOKEN.pattern.replace(
        r"(?P<double>(?:[^\"\\]|\\.)*+)\"", r"(?P<double>(?:[^\"\\\n]|\\.)*+)(?:\"|(?=\n)|\Z)"
    ).replace(r"(?P<single>(?:[^'\\]|\\.|'')*+)'", r"(?P<single>(?:[^'\\\n]|\\.)*+)(?:'|(?=\n)|\Z)"),
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(\r?\n[ \t]*|.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "e": "\x1b"}


@dataclass(frozen=True, slots=True)
class Field:
    """A text, the keys that lead to it ("" for the place in a list), its line, and which list it stands in."""

    keys: tuple[str, ...]
    text: str
    line: int
    group: int = 0


def fields_of(text: str, lang: str) -> list[Field]:
    if lang == "yaml" and text.lstrip()[:1] not in ("{", "["):
        return _Yaml(text).read()
    if lang == "toml":
        return list(_of_toml(text))
    return _scanned(text, 0, (), 1, whole=True, rows=True)[0]


def plain(text: str) -> str:
    """What a text in double quotes says."""
    return _ESCAPE.sub(_unescaped, text) if "\\" in text else text


def _unescaped(match: re.Match) -> str:
    code = match.group(1) or match.group(2) or match.group(3)
    if code:
        return chr(int(code, 16)) if int(code, 16) < 0x110000 else ""
    letter = match.group(4)
    return "" if letter[-1:].isspace() and "\n" in letter else _LETTERS.get(letter, letter)


@dataclass(slots=True)
class _Holder:
    """A table or a list that is open."""

    keys: tuple[str, ...]
    is_list: bool
    group: int
    key: str = ""


def _scanned(
    text: str, at: int, keys: tuple[str, ...], line: int, *, whole: bool, literal: bool = False, rows: bool = False
) -> tuple[list[Field], int]:
    """The fields from an offset on, to the end of the text or of the first value.

    In what is `literal` single quotes take no backslash; with `rows` a text in quotes ends with its line.
    """
    scan = _Scan(text, keys, line, at)
    for match in (_ROW_TOKEN if rows else _TOKEN).finditer(text, at):
        kind = match.lastgroup
        if kind == "mark":
            scan.mark(match)
            over = match.group() in "}]," and not scan.open_
        elif kind != "aside":
            scan.said(match, literal)
            over = not scan.open_ and kind != "bare"
        else:
            over = False
        if over and not whole:
            scan.put()
            return scan.out, match.end()
    scan.put()
    return scan.out, len(text)


@dataclass(slots=True)
class _Scan:
    """What is open, and the text of which it is not known yet whether it is a key or a value."""

    text: str
    keys: tuple[str, ...]
    line: int
    counted: int
    out: list[Field] = field(default_factory=list)
    open_: list[_Holder] = field(default_factory=list)
    held: tuple[str, int, int, bool] | None = None  # text, start, end, is it bare

    def put(self) -> None:
        """What is held is a value."""
        if self.held is None:
            return
        self.line += self.text.count("\n", self.counted, self.held[1])
        self.counted = max(self.counted, self.held[1])
        top = self.open_[-1] if self.open_ else _Holder(self.keys, False, 0)
        way = top.keys + ((top.key,) if top.key or top.is_list else ())
        self.out.append(Field(way, self.held[0], self.line, top.group))
        top.key = "" if top.is_list else top.key
        self.held = None

    def mark(self, match: re.Match) -> None:
        mark, top = match.group(), self.open_[-1] if self.open_ else None
        if mark in ":=":
            if top is not None and self.held is not None:
                top.key = self.held[0][:100]
            self.held = None
            return
        self.put()
        if mark in "{[":
            way = self.keys if top is None else (*top.keys, top.key)
            self.open_.append(_Holder(way, mark == "[", match.start() + 1))
        elif top is not None and mark == ",":
            top.key = ""
        elif top is not None:
            self.open_.pop()

    def said(self, match: re.Match, literal: bool) -> None:
        bare = match.lastgroup == "bare"
        if bare and self.held is not None and self.held[3] and "\n" not in self.text[self.held[2] : match.start()]:
            self.held = (self.text[self.held[1] : match.end()], self.held[1], match.end(), True)
        else:
            self.put()
            self.held = (_said(match, literal), match.start(), match.end(), bare)


def _said(match: re.Match, literal: bool) -> str:
    held = match.group(match.lastgroup)
    if match.lastgroup in ("double", "long"):
        return plain(held)
    if match.lastgroup == "single":
        return held.replace("''", "'") if literal else plain(held)
    return held


_TABLE = re.compile(r"^[ \t]{0,20}\[{1,2}[ \t]{0,4}([^\]\n]{1,200}?)[ \t]{0,4}\]{1,2}[ \t]{0,20}(?:#[^\n]*)?$")
_NAME = r"(?:\"[^\"\n]{0,100}\"|'[^'\n]{0,100}'|[\w-]++)"
_SET = re.compile(rf"^[ \t]{{0,40}}({_NAME}(?:[ \t]{{0,4}}\.[ \t]{{0,4}}{_NAME}){{0,12}})[ \t]{{0,20}}=[ \t]{{0,20}}")
_PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)")


def _parts(words: str) -> tuple[str, ...]:
    return tuple(a or b or c for a, b, c in _PART.findall(words))


def _of_toml(text: str) -> Iterator[Field]:
    table: tuple[str, ...] = ()
    at, line = 0, 1
    while at < len(text):
        end = text.find("\n", at)
        end = end if end >= 0 else len(text)
        row, after = text[at:end], end + 1
        if match := _TABLE.match(row):
            table = _parts(match.group(1))
        elif match := _SET.match(row):
            keys = table + _parts(match.group(1))
            found, stop = _scanned(text, at + match.end(), keys, line, whole=False, literal=True, rows=True)
            # What is never closed ends where its line does.
            stop = stop if stop < len(text) or row.rstrip()[-1:] in "[{" or '"""' in row or "'''" in row else end
            yield from found
            end = text.find("\n", max(stop, end))
            after = (end if end >= 0 else len(text)) + 1
        line += text.count("\n", at, after)
        at = after


_PROPERTY = re.compile(r"(?:([&*])([^\s,\[\]{}]{1,100})|(![^\s,\[\]{}]{0,100}))(?:[ \t]+|$)")
_YAML_KEY = re.compile(
    r"(?:\"((?:[^\"\\\n]|\\.)*+)\"|'([^'\n]*+)'|([^\s#\"'\[\]{}&*!|>%@,-][^\n]{0,200}?|-[^\s][^\n]{0,200}?))[ \t]*:(?:[ \t]+|$)"
)
_BLOCK = re.compile(r"[|>][\d+-]{0,3}[ \t]*(?:#.*)?$")
_FOLDED = re.compile(r"(?<=\S)\n(?=\S)")
_ASIDE = re.compile(r"(?:^|[ \t])#.*$")


@dataclass(slots=True)
class _Yaml:
    """Row by row, with what is open at each margin."""

    text: str
    out: list[Field] = field(default_factory=list)
    anchors: dict[str, tuple[int, int, int]] = field(default_factory=dict)  # first field, the one after, depth
    used: list[tuple[str, tuple[str, ...], int, int]] = field(default_factory=list)

    def read(self) -> list[Field]:
        rows = self.text.split("\n")
        open_: list[tuple[int, str, int, str, int]] = []  # margin, key, group, anchor, first field
        at = 0
        while at < len(rows):
            row = rows[at].expandtabs(2).rstrip()
            bare = row.lstrip()
            if not bare or bare[0] == "#" or bare in ("---", "..."):
                at += 1
                continue
            margin = len(row) - len(bare)
            bare = bare.removeprefix("--- ")
            at = self.row(rows, at, bare, margin, open_)
        self.close(open_, -1)
        return self.with_aliases()

    def close(self, open_: list, margin: int) -> None:
        while open_ and open_[-1][0] >= margin:
            self.close_one(open_)

    def close_one(self, open_: list) -> None:
        _, _, _, anchor, first = open_.pop()
        if anchor:
            self.anchors[anchor] = (first, len(self.out), len(open_) + 1)

    def row(self, rows: list[str], at: int, bare: str, margin: int, open_: list) -> int:
        """The dashes and the key of a row, then its value, which may take rows below."""
        while (dash := re.match(r"-(?:[ \t]+|$)", bare)) is not None:
            # A list may stand at the margin of its key.
            self.close(open_, margin + 1)
            while open_ and open_[-1][:2] == (margin, ""):
                self.close_one(open_)
            group = open_[-1][4] + 1 if open_ else 1
            open_.append((margin, "", group, "", len(self.out)))
            margin += dash.end()
            bare = bare[dash.end() :]
        if bare[:2] == "? ":
            bare = bare[2:].strip() + ("" if ": " in bare else ":")
        elif bare[:2] == ": ":
            bare = bare[2:].lstrip()
        anchor, bare = self.properties(bare, open_)
        if match := _YAML_KEY.match(bare):
            self.close(open_, margin)
            key = plain(match.group(1)) if match.group(1) is not None else match.group(2) or match.group(3) or ""
            open_.append((margin, key[:100], 0, anchor, len(self.out)))
            bare = bare[match.end() :]
            anchor, bare = self.properties(bare, open_)
            open_[-1] = (*open_[-1][:3], anchor or open_[-1][3], len(self.out))
        elif anchor and open_:
            open_[-1] = (*open_[-1][:3], anchor, len(self.out))
        return self.value(rows, at, bare, open_) if bare and bare[0] != "#" else at + 1

    def properties(self, bare: str, open_: list) -> tuple[str, str]:
        """An anchor, an alias and a tag before a value."""
        anchor = ""
        while match := _PROPERTY.match(bare):
            if match.group(1) == "&":
                anchor = match.group(2)
            elif match.group(1) == "*":
                self.used.append((match.group(2), self.keys(open_), len(self.out), self.group(open_)))
            bare = bare[match.end() :]
        return anchor, bare

    def keys(self, open_: list) -> tuple[str, ...]:
        return tuple(one[1] for one in open_)

    def group(self, open_: list) -> int:
        return open_[-1][2] if open_ else 0

    def value(self, rows: list[str], at: int, bare: str, open_: list) -> int:
        margin = open_[-1][0] if open_ else -1
        end = at + 1
        while end < len(rows) and (not rows[end].strip() or _margin(rows[end]) > margin):
            end += 1
        keys, group = self.keys(open_), self.group(open_)
        if _BLOCK.match(bare):
            body = rows[at + 1 : end]
            inner = min((_margin(row) for row in body if row.strip()), default=0)
            said = "\n".join(row.expandtabs(2)[inner:] for row in body)
            said = _FOLDED.sub(" ", said) if bare[0] == ">" else said
            self.out.append(Field(keys, said, at + 2, group))
            return end
        if bare[0] in "[{":
            found, _ = _scanned("\n".join([bare, *rows[at + 1 : at + 400]]), 0, keys, at + 1, whole=False, literal=True)
            self.out += found
            return max(at + 1, min(end, (found[-1].line if found else at + 1)))
        if bare[0] in "\"'":
            found, stop = _scanned("\n".join([bare, *rows[at + 1 : end]]), 0, keys, at + 1, whole=False, literal=True)
            self.out += [replace(one, group=group) for one in found]
            return at + 1 + "\n".join([bare, *rows[at + 1 : end]]).count("\n", 0, stop)
        below = [_ASIDE.sub("", row).strip() for row in rows[at + 1 : end]]
        self.out.append(Field(keys, " ".join([_ASIDE.sub("", bare), *below]).strip(), at + 1, group))
        return end

    def with_aliases(self) -> list[Field]:
        """What an anchor holds, where it is used; what is used there in turn is not looked up again."""
        out = list(self.out)
        for name, keys, _, group in self.used:
            first, end, depth = self.anchors.get(name, (0, 0, 0))
            way = keys[:-1] if keys[-1:] == ("<<",) else keys
            for one in self.out[first:end]:
                out.append(replace(one, keys=way + one.keys[depth:], group=one.group or group))
                if len(out) - len(self.out) > MOST:
                    return [*out, Field((BEYOND,), "", one.line)]
        return out


def _margin(row: str) -> int:
    row = row.expandtabs(2)
    return len(row) - len(row.lstrip())
