"""Every piece of code of a skill that stands inside another text, with its place: read from data, scripts and fences."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from vetting.reading import programs as p
from vetting.reading.embedded.data import Piece, commands_in, language_written, printed_file, written_files
from vetting.reading.embedded.elements import in_elements
from vetting.reading.embedded.fields import BEYOND
from vetting.reading.embedded.handed import in_fields
from vetting.reading.layers import Budget
from vetting.reading.markdown import Block
from vetting.reading.programs import Program
from vetting.reading.shell import Command
from vetting.reading.texts import Texts

DEPTH = 40  # files that write files that write files
# Pieces of one skill that are looked at, and the letters of those that are only known by their quotes.
MOST, LETTERS = 4_000, 1_000_000
_DATA = {
    "yaml": "yaml", "yml": "yaml", "json": "json", "jsonc": "json", "json5": "json", "toml": "toml", "ini": "other",
    "service": "other", "systemd": "other", "unit": "other", "cron": "other", "crontab": "other", "xml": "other",
    "plist": "other",
}  # fmt: skip
_SCRIPTS = frozenset(("shell", "makefile", "justfile", "dockerfile"))
_SHELL_FENCES = frozenset(("sh", "bash", "shell", "zsh", "console", "terminal", "fish", ""))
_of_yaml, _of_json = partial(commands_in, lang="yaml"), partial(commands_in, lang="json")
_of_toml, _of_other = partial(commands_in, lang="toml"), partial(commands_in, lang="other")


def _of_package(text: str) -> list[Piece]:
    """What a package of npm hands to a shell, but its scripts, of which it matters which they are."""
    return [Piece(words, "shell", line, key) for words, line, key in in_fields(text, "json", but="scripts")]


def _of_page(text: str) -> list[Piece]:
    """What stands in the quotes of a page or an XML file, and in the elements that say that it is code."""
    found = _of_other(text)
    known = {piece.text.strip() for piece in found}
    return found + [Piece(words, "shell", line, name) for words, line, name in in_elements(text) if words not in known]


_READERS = {"yaml": _of_yaml, "json": _of_json, "toml": _of_toml, "other": _of_other, "html": _of_page}


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece, and where in the skill it stands."""

    text: str
    lang: str
    line: int
    file: str
    where: str = ""
    block: Block | None = None
    origin: str = "file"


def pieces_of(texts: Texts) -> list[Placed]:
    """All pieces that stand in files and fences, and those inside them."""
    out: list[Placed] = []
    for source in texts.sources:
        if source.lang in _SCRIPTS:
            out += _at(source.reading.once(written_files), 1, source.path)
        elif source.path.rsplit("/", 1)[-1].lower() == "procfile":
            out += _at(commands_in(source.text, "other", source.path), 1, source.path)
        elif reader := _of_package if source.path.endswith("package.json") else _READERS.get(source.lang):
            out += _at(source.reading.once(reader), 1, source.path)
    for block in texts.blocks:
        if block.kind == "fence":
            out += _of_fence(block)
    return _within_bounds(_with_inner(out, texts.budget), texts.budget)


def _within_bounds(pieces: list[Placed], budget: Budget) -> list[Placed]:
    """The pieces, as far as they may cost; that there are more is told."""
    out: list[Placed] = []
    letters = 0
    for piece in pieces:
        letters += len(piece.text) if piece.where == "quoted" else 0
        if piece.where == BEYOND or len(out) == MOST or letters > LETTERS:
            budget.note(f"{piece.file}: more commands in data and quotes than are looked at (line {piece.line})")
        else:
            out.append(piece)
    return out


def _of_fence(block: Block) -> list[Placed]:
    if lang := _DATA.get(block.lang):
        return _at(commands_in(block.text, lang), block.line, block.file, block, "fence")
    if block.lang in _SHELL_FENCES:
        return _at(written_files(block.text, fed=False), block.line, block.file, block, "fence")
    return []


def _at(pieces: list[Piece], line: int, file: str, block: Block | None = None, origin: str = "file") -> list[Placed]:
    return [Placed(one.text, one.lang, line + one.line - 1, file, one.where, block, origin) for one in pieces]


def _with_inner(pieces: list[Placed], budget: Budget) -> list[Placed]:
    """These and what stands inside them, and so on; each is shorter than the last."""
    out, level = list(pieces), pieces
    for _ in range(DEPTH):
        level = [inner for piece in level for inner in _inside(piece)]
        out += level
        if not level:
            return out
    budget.note(f"{pieces[0].file}: files that write files, deeper than they are read")
    return out


def _inside(piece: Placed) -> list[Placed]:
    if piece.lang in _SCRIPTS and "<<" in piece.text:
        found = written_files(piece.text)
    elif piece.lang in ("yaml", "json", "toml", "unit"):
        found = commands_in(piece.text, piece.lang)
    else:
        return []
    return _at(found, piece.line, piece.file, piece.block, piece.origin)


def printed(commands: list[Command], budget: Budget) -> list[Placed]:
    """The programs that printf and echo write into files, line by line or at once."""
    files: dict[tuple[str, int, str], list[Piece]] = {}
    firsts: dict[tuple[str, int, str], Command] = {}
    for command in commands:
        if command.name not in ("printf", "echo"):
            continue
        if not (target := _target(command)):
            continue
        if piece := printed_file(target, command.argv, command.name):
            key = (command.file, id(command.block), target)
            files.setdefault(key, []).append(piece)
            firsts.setdefault(key, command)
    out = []
    for key, found in files.items():
        first = firsts[key]
        text = "\n".join(piece.text for piece in found)
        out.append(Placed(text, found[0].lang, first.line, first.file, key[2], first.block, first.origin))
    return _with_inner(out, budget)


def _target(command: Command) -> str:
    for redirect in command.redirects:
        if ">" in redirect and "&" not in redirect:
            return redirect.lstrip("0123456789>| ").strip("\"'")
    follower = next((one for one in command.after if one.name == "tee"), None)
    return next((word for word in follower.argv if not word.startswith("-")), "") if follower else ""


def written_by(programs: list[Program], budget: Budget) -> Iterator[Placed]:
    """The programs that Python and JavaScript write into files: the name and what goes there are both texts of the call."""
    for program in programs:
        for call in program.calls:
            if call.kind == p.WRITES and len(call.texts) > 1:
                for piece in _written(program, call):
                    yield from _with_inner([piece], budget)


def _written(program: Program, call: p.Call) -> Iterator[Placed]:
    names = [text for text in call.texts if len(text) < 200 and " " not in text]
    for content in call.texts:
        if " " in content and len(content) >= 20:
            written = ((name, lang) for name in names if (lang := language_written(name, content)))
            if (first := next(written, None)) is not None:
                name, lang = first
                yield Placed(content, lang, call.line, program.file, name, program.block, program.origin)
