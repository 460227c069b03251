"""Shell into commands, through tree-sitter-bash: names, arguments, pipelines, redirections, what a substitution runs.

A text the grammar cannot read (PowerShell, a broken line) still gives what it can; nothing raises.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import tree_sitter_bash
from tree_sitter import Language, Node

from vetting.reading.prefilter import known
from vetting.reading.sifting import gist
from vetting.reading.trees import parse

BASH = Language(tree_sitter_bash.language())
# Characters of a statement that checks are given: of a longer one its ends and what tells the most between them.
STATEMENT = 6_000
LINE = 60_000  # characters of a line that are parsed
GROUPS = frozenset(("compound_statement", "subshell", "do_group", "if_statement", "case_statement", "list"))
LINKS = 16  # commands of one pipe that are told of each other
PIECE = 200_000  # bytes that one parse may hold; longer scripts are cut between lines and read on
# Signs of a pipe that one parse may hold, whose memory grows with the square of the longest pipe: 1,700 take 60 MB.
PIPES = 1_000
SECONDS = 0.8  # of CPU that one parse may take

WRAPPERS = frozenset(
    [
        "sudo",
        "doas",
        "env",
        "nohup",
        "time",
        "nice",
        "ionice",
        "setsid",
        "exec",
        "command",
        "builtin",
        "xargs",
        "stdbuf",
        "timeout",
        "then",
        "do",
        "else",
        "busybox",
        "caffeinate",
        "unbuffer",
    ]
)
SHELLS = frozenset(["sh", "bash", "zsh", "dash", "ash", "ksh", "fish", "csh", "tcsh"])
INTERPRETERS = SHELLS | frozenset(
    [
        "python",
        "python2",
        "python3",
        "perl",
        "ruby",
        "node",
        "nodejs",
        "deno",
        "bun",
        "php",
        "osascript",
        "pwsh",
        "powershell",
        "iex",
        "invoke-expression",
        "lua",
        "tclsh",
        "Rscript",
        "source",
        ".",
        "eval",
    ]
)
FETCHERS = frozenset(
    [
        "curl",
        "wget",
        "fetch",
        "iwr",
        "irm",
        "invoke-webrequest",
        "invoke-restmethod",
        "aria2c",
        "http",
        "https",
        "httpie",
        "xh",
        "lwp-request",
        "lynx",
        "start-bitstransfer",
        "bitsadmin",
        "certutil",
    ]
)


@dataclass(slots=True)
class Command:
    """One simple command. pipeline holds all commands of its pipe, itself at place `at`."""

    name: str
    argv: tuple[str, ...]
    raw: str
    line: int
    file: str = ""
    redirects: tuple[str, ...] = ()
    pipeline: tuple[Command, ...] = ()
    at: int = 0
    within: str = ""
    sudo: bool = False
    origin: str = "fence"
    block: object = None
    children: list[Command] = field(default_factory=list)
    statement: str = ""  # what the whole pipe says
    cut: bool = False  # was it too long to be held whole, and what was left out tells something?

    @property
    def rest(self) -> str:
        return " ".join(self.argv)

    @property
    def before(self) -> tuple[Command, ...]:
        return self.pipeline[: self.at]

    @property
    def after(self) -> tuple[Command, ...]:
        return self.pipeline[self.at + 1 :]


def _pieces(text: str) -> Iterator[tuple[bytes, int]]:
    data = text.encode("utf-8", "replace")
    line, start = 0, 0
    while start < len(data):
        end = len(data)
        if end - start > PIECE:
            end = start + PIECE
        if data.count(b"|", start, end) > PIPES:
            end = _after(data, start, PIPES)
        if end < len(data):
            cut = data.rfind(b"\n", start, end)
            end = cut + 1 if cut > start else end
        yield data[start:end], line
        line += data.count(b"\n", start, end)
        start = end


def _after(data: bytes, start: int, pipes: int) -> int:
    """The place behind so many signs of a pipe."""
    for _ in range(pipes):
        start = data.index(b"|", start) + 1
    return start


_PROMPT = re.compile(r"^[ \t]{0,20}[$%][ \t]+(?=\S)", re.MULTILINE)

# What separates words, written so that no word stands alone.
_BLANK = re.compile(r"\$\{IFS(?:%%?\?{1,3}|:0:1)?\}|\$IFS(?:\$\d)?")


def commands_of(
    text: str, first: int = 1, file: str = "", origin: str = "fence", block: object = None
) -> list[Command]:
    """Every simple command of a shell text whose first line has the number `first`."""
    if "$ " in text or "% " in text:
        text = _PROMPT.sub("", text)
    if "IFS" in text:
        text = _BLANK.sub(" ", text)
    text, whole = _with_short_lines(text)
    where = _Where(file, origin, block)
    out: list[Command] = []
    for data, line in _pieces(text):
        out += _read(data, first + line, where)
    for command in out[-1:]:
        command.cut = command.cut or not whole
    return out


def _with_short_lines(text: str) -> tuple[str, bool]:
    """The text with what tells the most of lines that are longer than one parse may hold; and is that all that tells?"""
    if len(text) <= LINE:
        return text, True
    rows = [gist(row, LINE) for row in text.split("\n")]
    return "\n".join(row for row, _ in rows), all(whole for _, whole in rows)


@dataclass(frozen=True, slots=True)
class _Where:
    file: str
    origin: str
    block: object


def _read(data: bytes, first: int, where: _Where) -> list[Command]:
    tree = parse(BASH, data, SECONDS)
    if tree is None:
        return _roughly(data.decode("utf-8", "replace"), first, where)
    out: list[Command] = []
    pipes: dict[int, tuple[list[Command], list[Command]]] = {}
    stack: list[tuple[Node, int, bool, str, Node | None]] = [(tree.root_node, 0, False, "", None)]
    while stack:
        node, pipe, inner, within, parent = stack.pop()
        kind = node.type
        if kind == "pipeline":
            pipe, inner = node.id, False
            pipes[pipe] = ([], [])
        elif kind == "command":
            command = _command(data, node, parent, first, where, within)
            if command:
                out.append(command)
                if pipe:
                    pipes[pipe][inner].append(command)
            within = command.name if command else within
            pipe = 0
        elif kind in ("command_substitution", "process_substitution", "function_definition"):
            pipe = 0
        elif kind in ("while_statement", "for_statement", "c_style_for_statement"):
            within = "loop"
        inner = inner or kind in GROUPS
        if kind == "ERROR" and _is_open_quote(data, node):
            rest = data[node.start_byte :].partition(b"\n")[2].decode("utf-8", "replace")
            out += _roughly(rest, first + node.start_point[0] + 1, where)
        elif node.child_count:
            stack.extend((child, pipe, inner, within, node) for child in reversed(node.children))
    for links, grouped in pipes.values():
        _join_group(links, grouped)
    return out


def _is_open_quote(data: bytes, node: Node) -> bool:
    """Is it a quote that takes the rest of the text, since nothing ends it? Who copies the rows one by one runs them."""
    return data[node.start_byte : node.start_byte + 1] in (b"'", b'"') and not data[node.end_byte :].strip()


def _join_group(links: list[Command], grouped: list[Command]) -> None:
    """Tell the commands of one pipe of each other, where one link of it may be a group of many commands.

    Of a group with more of them than a pipe has links, each command is told of its neighbours and of the pipe's other
    links, and those of the whole group.
    """
    members = sorted(links + grouped, key=lambda c: c.at)
    if len(members) <= LINKS or len(links) >= LINKS:
        _join(members)
        return
    places = {id(command): command.at for command in members}
    step = LINKS - len(links)
    for start in range(0, len(grouped), step):
        part = sorted([*grouped[start : start + step], *links], key=lambda c: places[id(c)])
        _join(part)
    statement, whole = gist(" | ".join(command.raw for command in members), STATEMENT)
    every, ends = tuple(members), {id(command) for command in links}
    for place, command in enumerate(members):
        if id(command) in ends:
            command.pipeline, command.at, command.statement = every, place, statement
            command.cut = command.cut or not whole


def _join(members: list[Command]) -> None:
    """Tell the commands of one pipe of each other; one with more of them than anybody writes comes in parts, and says so."""
    for start in range(0, len(members), LINKS):
        part = tuple(members[start : start + LINKS])
        statement, whole = gist(" | ".join(command.raw for command in part), STATEMENT)
        statement = known(statement)
        for place, command in enumerate(part):
            command.pipeline, command.at, command.statement = part, place, statement if len(part) > 1 else command.raw
            command.cut = command.cut or not whole or len(members) > LINKS


def _roughly(text: str, first: int, where: _Where) -> list[Command]:
    """A text that is too dear for the grammar is cut at its separators: less is understood, nothing is passed over."""
    out: list[Command] = []
    for number, line in enumerate(text.split("\n")):
        if not re.search(r"[A-Za-z]{2}", line) or line.lstrip().startswith("#"):
            continue
        for statement in re.split(r"&&|\|\||;", line):
            members = [c for piece in statement.split("|") if (c := _rough(piece, first + number, where))]
            _join(members)
            out += members
    return out


def _rough(piece: str, line: int, where: _Where) -> Command | None:
    words = [unquote(word) for word in piece.strip(" \t`()$\"'")[:20_000].split()[:400]]
    while len(words) > 1 and words[0] in WRAPPERS:
        words.pop(0)
    if not words:
        return None
    name = words[0].rsplit("/", 1)[-1][:300]
    raw, whole = gist(piece.strip(), STATEMENT)
    cut = not whole or len(piece) > 20_000 or piece.count(" ") >= 400
    return Command(
        name,
        tuple(words[1:]),
        known(raw),
        line,
        where.file,
        origin=where.origin,
        block=where.block,
        statement=known(raw),
        cut=cut,
    )


def _command(data: bytes, node: Node, parent: Node | None, first: int, where: _Where, within: str) -> Command | None:
    words, redirects = [], []
    for child in node.children:
        if child.type in ("file_redirect", "herestring_redirect", "heredoc_redirect"):
            redirects.append(_text(data, child).split("\n", 1)[0])
        elif child.type != "variable_assignment":
            words.append(unquote(_text(data, child)))
    if parent is not None and parent.type == "redirected_statement":
        redirects += [_text(data, c).split("\n", 1)[0] for c in parent.children if c.type.endswith("redirect")]
    if not words:
        return None
    whole_node = parent if redirects and parent is not None and parent.type == "redirected_statement" else node
    raw, whole = gist(_text(data, whole_node), STATEMENT)
    sudo = False
    while len(words) > 1 and words[0] in WRAPPERS:
        sudo = sudo or words[0] in ("sudo", "doas")
        _unwrap(words)
    name = words[0].rsplit("/", 1)[-1] if len(words[0]) < 300 else words[0][:300]
    if name.lower().endswith(".exe"):
        name = name[:-4]
    line = first + node.start_point[0]
    return Command(
        name, tuple(words[1:]), known(raw), line, where.file, tuple(redirects), (), node.start_byte, within, sudo, where.origin,
        where.block, [], known(raw), not whole,
    )  # fmt: skip


# Options of wrappers that have a value of their own, and what stands between a wrapper and its command without one.
_VALUED = {
    "sudo": frozenset("-u -g -h -p -C -T -r -t -U -D -R".split()), "doas": frozenset(("-u", "-C")),
    "xargs": frozenset("-I -n -P -L -a -d -s -E --max-args --max-procs --delimiter --arg-file".split()),
    "nice": frozenset(("-n",)), "ionice": frozenset(("-c", "-n")), "env": frozenset(("-u", "-C", "-S")),
    "stdbuf": frozenset(("-i", "-o", "-e")), "timeout": frozenset(("-s", "-k", "--signal", "--kill-after")),
}  # fmt: skip
_DURATION = re.compile(r"\d{1,9}(?:\.\d{1,6})?[smhd]?")


def _unwrap(words: list[str]) -> None:
    """Take a wrapper, its options and their values off a command."""
    wrapper = words.pop(0)
    valued = _VALUED.get(wrapper, frozenset())
    while len(words) > 1 and (words[0].startswith("-") or "=" in words[0].split("/")[0]):
        option = words.pop(0)
        if option in valued and len(words) > 1:
            words.pop(0)
    if wrapper == "timeout" and len(words) > 1 and _DURATION.fullmatch(words[0]):
        words.pop(0)


def _text(data: bytes, node: Node) -> str:
    return data[node.start_byte : node.end_byte].decode("utf-8", "replace")


_ASSIGNED = re.compile(r"([\w.:@/-]{1,200}=)('[^']*+'|\"(?:[^\"\\]|\\.)*+\")", re.DOTALL)
_ESCAPED = re.compile(r"\"(?:[^\"\\]|\\.)*+\"", re.DOTALL)


def unquote(word: str) -> str:
    """A word as the shell would pass it, its expansions left as written; `c''url` and `c\\url` become curl."""
    if word[:2] in ("$'", '$"') and word[-1:] == word[1]:
        word = word[1:]
    if len(word) >= 2 and word[0] == word[-1] and word[0] in "'\"" and word[0] not in word[1:-1]:
        return word[1:-1]
    if _ESCAPED.fullmatch(word):
        return re.sub(r"\\([\\\"$`])", r"\1", word[1:-1])
    if match := _ASSIGNED.fullmatch(word):
        return match.group(1) + unquote(match.group(2))
    if len(word) < 300 and ("'" in word or '"' in word or "\\" in word) and "$(" not in word:
        return re.sub(r"\\(.)", r"\1", word.replace('""', "").replace("''", "")).strip("'\"")
    return word
