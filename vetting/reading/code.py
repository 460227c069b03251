"""The code of a skill, wherever it stands: files, fences, inline commands, install recipes, hooks, strings run as shell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial

from vetting.reading import programs as p
from vetting.reading.broken import unclear
from vetting.reading.embedded.carried import opened
from vetting.reading.embedded.fields import fields_of
from vetting.reading.embedded.filled import filled_in, taken_from_data, with_stores
from vetting.reading.embedded.pieces import Placed, pieces_of, printed, written_by
from vetting.reading.embedded.recipes import as_shell
from vetting.reading.embedded.spoken import spoken
from vetting.reading.formats import page
from vetting.reading.javascript.calls import read_javascript
from vetting.reading.markdown import Block
from vetting.reading.plain_names import LANGS
from vetting.reading.plainly import plainly
from vetting.reading.prefilter import guarded
from vetting.reading.programs import Program
from vetting.reading.python.calls import read_python
from vetting.reading.shelf import reading_of
from vetting.reading.shell import Command, commands_of
from vetting.reading.sifting import gist
from vetting.reading.sources import Source, language
from vetting.reading.statements import read_statements
from vetting.reading.text import Lines
from vetting.reading.texts import Hidden, Texts

SHELL_FENCES = frozenset(
    [
        "sh",
        "bash",
        "shell",
        "zsh",
        "console",
        "terminal",
        "shell-session",
        "shellsession",
        "cmd",
        "powershell",
        "ps1",
        "pwsh",
        "bat",
        "batch",
        "fish",
        "command",
    ]
)
# Words above a fence that name no language: what stands in it may be in any.
UNNAMED = frozenset(("", "text", "txt", "plain", "plaintext", "none", "raw", "code", "snippet", "copy"))
PYTHON_FENCES = frozenset(("python", "py", "python3", "python2", "py3", "ipython", "ipython3", "pycon", "jupyter"))
SCRIPT_FENCES = frozenset(("javascript", "js", "typescript", "ts", "jsx", "tsx", "node", "mjs"))
# Fences of languages that are read statement by statement, by the word that opens them or the end of a file's name.
PLAIN_FENCES = {"powershell": "powershell", "pwsh": "powershell", "ruby": "ruby", "perl": "perl", "golang": "go", "rust": "rust", "csharp": "csharp", "kotlin": "java", "batch": "batch", "vbscript": "batch", "vb": "batch"}  # fmt: skip
WORDS = 4000  # characters of the words that are read as one command
DECODED = 100_000  # characters of one decoded text that are parsed
_COMMAND = re.compile(
    r"^\W{0,3}(?:sudo |\$ )?(?:curl|wget|bash|sh|zsh|python3?|node|npx|npm|pip3?|pipx|uvx?|brew|git|rm|chmod"
    r"|chown|cp|mv|cat|echo|tar|unzip|scp|rsync|ssh|nc|ncat|netcat|openssl|base64|eval|source|docker|kubectl"
    r"|crontab|systemctl"
    r"|launchctl|find|dd|mkfs\S*|kill\w*|iex|iwr|irm|powershell|pwsh|certutil|osascript|xattr|security|gpg|zip|7z"
    r"|sqlite3|mysql|psql|env|printenv|export|history|pbpaste|screencapture|xclip|dig|nslookup|go|cargo|gem|php"
    r"|perl|ruby|apt(?:-get)?|yum|dnf|gh|aws|gcloud|tee|nohup|sed|while|for|spctl|csrutil|ufw|setenforce|iptables"
    r"|netsh|schtasks|reg|xmrig|set-mppreference|add-mppreference)\b[ \t]"
    r"|^(?:pbpaste|printenv|env|screencapture|history)$",
    re.I,
)
_TICKED = re.compile(r"`([^`\n]{4,600})`")
_DESCRIBES = re.compile(r"\s{0,4}description\s{0,3}:")
_BANG = re.compile(r"!`([^`\n]{2,}+)`")
_STRAY = guarded(
    re.compile(
        r"(?m)(?:^[ \t]{0,24}(?:-[ \t]{1,4})?(?:[\w-]{1,40}:[ \t]{1,4})?|[\"'`|>;&]\s{0,3}"
        r"|[!%])((?:sudo )?\b(?:curl|wget|nc|ncat|iwr|irm|powershell|bash -c|sh -c|dig"
        r"|nslookup)[ \t][^\n]{4,600}?(?:\|\s{0,3}(?:sudo )?(?:/bin/)?(?:ba|z|da)?sh\b|\|\s{0,3}python3?\b"
        r"|\|\s{0,3}iex\b|\$\(|-d\s?@|--data|\s-e\s)[^\n\"]{0,200})"
    )
)
_LOOKS_SHELL = re.compile(
    r"(?m)^[ \t>]{0,8}(?:\$ |sudo |#!/|curl |wget |echo |cat |bash |sh |chmod |export |rm |git |npm |pip3? "
    r"|python3? |for |while |find |openssl |cp |mv |tar |iwr |irm |powershell )|\| ?(?:ba|z)?sh\b"
)
_SHELL_LINE = re.compile(r"#![^\n]{0,80}\b(?:ba|z|da|k|a)?sh\b")
_LOOKS_PYTHON = re.compile(r"(?m)^(?:import \w|from \w[\w.]* import |def \w+\(|with open\()")


def _strays(text: str) -> list[tuple[str, int]]:
    """Shell commands, with their lines, that stand in a text of another language: data that a program hands to a shell,
    a fence of the wrong name."""
    lines = Lines(text)
    return [(m.group(1).replace('\\"', '"'), lines.at(m.start(1))) for m in _STRAY.finditer(text)]


_GIVEN = re.compile(
    r"\b(python3?|node)\s{1,3}(?:-c|-e|--eval)\s{1,3}(?:\"((?:[^\"\\]|\\.){4,}+)\"|'([^']{4,}+)')", re.DOTALL
)
_FED = re.compile(r"\b(python3?|node)\s{0,3}-?\s{0,3}<<-?\s{0,2}['\"]?(\w{2,20})['\"]?\n")
_FIRST_WORD = re.compile(r"^[ \t]*(\w{2,20})\b", re.MULTILINE)


def _given(text: str) -> Iterator[tuple[str, str, int]]:
    """(interpreter, program, offset) of programs that stand on a command line."""
    for match in _GIVEN.finditer(text):
        yield match.group(1), (match.group(2) or "").replace('\\"', '"') or match.group(3), match.start()


def _here_documents(text: str) -> Iterator[tuple[str, str, int]]:
    """The same of programs that are fed from below. Where each word begins a line is looked up once for all of them."""
    begun: dict[str, list[int]] = {}
    for match in _FIRST_WORD.finditer(text) if "<<" in text else ():
        begun.setdefault(match.group(1), []).append(match.start())
    end = 0
    for match in _FED.finditer(text) if begun else ():
        ends = begun.get(match.group(2), [])
        place = bisect_left(ends, match.end())
        if match.start() >= end and place < len(ends):
            end = ends[place]
            yield match.group(1), text[match.end() : end], match.start()


def _program_of(source: Source, read: Callable[[str], Program]) -> Program:
    return source.reading.once(read).placed(source.path, 1).put_together(source.plain)


def _python_fence(text: str) -> Program:
    return read_python(text, origin="fence")


def _javascript_fence(text: str) -> Program:
    return read_javascript(text, origin="fence")


_PLAIN = {lang: partial(read_statements, lang=lang) for lang in LANGS}


def _read_piece(piece: Placed) -> Program | None:
    if piece.lang == "python":
        return read_python(piece.text, piece.line, piece.file, "part", piece.block)
    if piece.lang == "javascript":
        return read_javascript(piece.text, piece.line, piece.file, "part", piece.block)
    if piece.lang in LANGS:
        return read_statements(piece.text, piece.lang, piece.line, piece.file, "part", piece.block)
    return None


def _fenced(block: Block, read: Callable[[str], Program]) -> Program:
    return reading_of(block.text).once(read).placed(block.file, block.line, block).put_together(block.plain_code)


def _name_interpreters(program: Program) -> None:
    """Of a command whose program is the interpreter itself, sys.executable, only the options are texts."""
    for call in program.calls:
        if call.kind == p.RUNS_SHELL and call.texts and call.texts[0].startswith("-"):
            call.texts = ("python3", *call.texts)


def _said(first: str, texts: tuple[str, ...]) -> Iterator[str]:
    """The commands that a call runs, which may be handed one text, one of several, or words."""
    if " " in first.strip():
        yield first
        yield from (text for text in texts[1:] if text != first and " " in text.strip() and _COMMAND.match(text))
        return
    held: list[str] = []
    for word in texts:
        held.append(word if re.fullmatch(r"[\w./:=@%+-]+", word) else repr(word))
        if sum(map(len, held)) > WORDS:
            # So many words came together by several ways.
            yield " ".join(held)
            held = held[:1]
    yield " ".join(held)


class CodeReader:
    """Gathers commands and programs once, and follows code into code (python -c, os.system, decoded text)."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    @cached_property
    def commands(self) -> list[Command]:
        out: list[Command] = []
        for source in self.texts.sources:
            if source.lang in ("shell", "makefile", "dockerfile", "justfile", "batch", "powershell"):
                text = as_shell(source.text, source.lang)
                out += commands_of(text, 1, source.path, "file")
            elif source.text.startswith("#!") and _SHELL_LINE.match(source.text):
                # Whoever starts the file by its name starts a shell, whatever its name says.
                out += commands_of(source.text, 1, source.path, "file")
            elif source.path.endswith("package.json"):
                out += self._lifecycle(source.path, source.text)
            elif source.lang in ("json", "yaml", "toml", "other"):
                for words, line in source.reading.once(_strays):
                    out += commands_of(words, line, source.path, "file")
        for block in self.texts.blocks:
            if block.kind == "fence":
                if block.lang in SHELL_FENCES or (block.lang in UNNAMED and _LOOKS_SHELL.search(block.text)):
                    out += commands_of(block.text, block.line, block.file, "fence", block)
                else:
                    for words, line in _strays(block.text):
                        out += commands_of(words, block.line + line - 1, block.file, "fence", block)
            elif block.kind != "front":
                out += self._inline(block)
        out += self._of_pieces(self.pieces)
        out += self._front_matter()
        out += self._run_by_programs()
        out += self._decoded()
        out += self._of_pieces(filled_in(self.texts.sources, self.texts.blocks, self.texts.budget.note))
        out += self._of_pieces(taken_from_data(self.programs, self.texts.sources, self.texts.budget.note))
        out += self._of_pieces(printed(out, self.texts.budget))
        inner, whole = opened(out)
        out += inner
        if not whole:
            self.texts.budget.note("commands within commands, deeper or more than are read")
        for program in unclear(self.texts, self.programs, out):
            self.texts.budget.note(
                f"{program.file}: a broken program of which a piece may be run, from line {program.left_out} on"
            )
        for command in out:
            if command.cut:
                self.texts.budget.note(
                    f"{command.file}: a statement in line {command.line} that is too long to be held"
                )
        return out

    @cached_property
    def pieces(self) -> list[Placed]:
        return pieces_of(self.texts)

    @staticmethod
    def _of_pieces(pieces: Iterable[Placed]) -> list[Command]:
        out: list[Command] = []
        for piece in pieces:
            if piece.lang == "shell":
                out += commands_of(plainly(piece.text, "shell").text, piece.line, piece.file, piece.origin, piece.block)
        return out

    def _inline(self, block: Block) -> list[Command]:
        out: list[Command] = []
        for text, line in block.spans:
            if _COMMAND.match(text) or "| bash" in text or "|bash" in text or "| sh" in text or "$(" in text:
                out += commands_of(text, line, block.file, "inline", block)
        if "!`" in block.text:
            for match in _BANG.finditer(block.text):
                out += commands_of(match.group(1), block.line, block.file, "hook", block)
        bare = block.text.strip(" >*-")
        if "`" not in block.text and _COMMAND.match(bare) and re.search(r" -|/|\||=", bare):
            out += commands_of(bare, block.line, block.file, "inline", block)
        else:
            for text, line in spoken(block):
                out += commands_of(text, line, block.file, "inline", block)
        return out

    def _lifecycle(self, path: str, text: str) -> list[Command]:
        out: list[Command] = []
        for one in fields_of(text, "json"):
            if one.keys[:1] == ("scripts",) and len(one.keys) == 2:
                hook = one.keys[1] in ("preinstall", "install", "postinstall", "prepare", "prepublish", "preprepare")
                out += commands_of(one.text, one.line, path, "hook" if hook else "file")
        return out

    def _front_matter(self) -> list[Command]:
        """Install recipes of OpenClaw, hooks of Claude: any `command:` in the front matter is run by somebody."""
        entry = self.texts.entry
        if entry is None:
            return []
        out: list[Command] = []
        for match in _TICKED.finditer(entry.front) if "`" in entry.front else ():
            if _COMMAND.match(match.group(1)) and not _DESCRIBES.match(
                entry.front[: match.start()].rsplit("\n", 1)[-1]
            ):
                out += commands_of(match.group(1), 2 + entry.front.count("\n", 0, match.start()), entry.path, "inline")
        if "command" not in entry.front:
            return out
        for match in re.finditer(
            r"[\"']?(?:command|run|script)[\"']?\s{0,3}:\s{0,3}(?:\"((?:[^\"\\\n]|\\.){2,}+)\"|'([^'\n]{2,}+)'"
            r"|([^\s\"'{\[][^\n]{2,}+))",
            entry.front,
        ):
            text = match.group(1) or match.group(2) or match.group(3)
            line = 2 + entry.front.count("\n", 0, match.start())
            out += commands_of(text.replace('\\"', '"').replace("\\n", "\n"), line, entry.path, "recipe")
        return out

    def _run_by_programs(self) -> list[Command]:
        out: list[Command] = []
        for program in self.programs:
            for call in program.calls:
                if call.kind != p.RUNS_SHELL or not call.texts:
                    continue
                first = call.texts[0]
                if (
                    first in ("sh", "bash", "/bin/sh", "/bin/bash", "zsh")
                    and call.texts[1:2] == ("-c",)
                    and call.texts[2:]
                ):
                    first = call.texts[2]
                for text in _said(first, call.texts):
                    out += commands_of(text, call.line, program.file, "program", program.block)
        return out + self._of_pieces(written_by(self.programs, self.texts.budget))

    def _decoded(self) -> list[Command]:
        out: list[Command] = []
        for hidden in self.texts.layers:
            text = hidden.layer.text
            if text and (_COMMAND.match(text) or _LOOKS_SHELL.search(text) or "/bin/" in text[:40]):
                text = self._held(text, hidden)
                out += commands_of(text, hidden.line, hidden.file, "decoded")
                for command in out[-3:]:
                    command.within = command.within or hidden.layer.how
        return out

    def _held(self, text: str, hidden: Hidden) -> str:
        """What was decoded, as far as it is parsed; that it was longer is told."""
        held, whole = gist(text, DECODED)
        if not whole:
            self.texts.budget.note(f"{hidden.file}: more decoded text in line {hidden.line} than is parsed")
        return held

    @cached_property
    def programs(self) -> list[Program]:
        out: list[Program] = []
        for source in self.texts.sources:
            if source.lang in ("python", "javascript"):
                reader = read_python if source.lang == "python" else read_javascript
                if source.sifted is None:
                    out.append(_program_of(source, reader))
                else:
                    out += [reader(text, line, source.path, "part") for text, line in source.sifted.kept.parts]
            elif source.lang in LANGS:
                out.append(_program_of(source, _PLAIN[source.lang]))
            elif source.lang == "html" and page.has_scripts(source.text):
                out += self._page(source.path, source.text)
            elif source.path.endswith(".mdx") and (script := page.module_of(source.text)):
                out.append(read_javascript(script, 1, source.path))
        for block in self.texts.blocks:
            if block.kind == "fence":
                out += self._fence(block)
            elif block.spans and ("python" in block.text or "node -e" in block.text):
                for text, line in block.spans:
                    out += self._one_liners(text, line, block.file, block)
        for piece in self.pieces:
            if piece.lang == "shell" and (piece.block is None or piece.where):
                out += self._one_liners(piece.text, piece.line, piece.file, piece.block)
            elif program := _read_piece(piece):
                out.append(program)
        for hidden in self.texts.layers:
            text = hidden.layer.text
            if text and _LOOKS_PYTHON.search(text):
                text = self._held(text, hidden)
                out.append(read_python(text, hidden.line, hidden.file, "decoded"))
        with_stores(out, self.texts.sources, self.texts.budget.note)
        for program in out:
            program.entry = True
            _name_interpreters(program)
            if program.cut:
                self.texts.budget.note(f"{program.file}: {program.cut} (line {program.cut_at})")
        return out

    def _fence(self, block: Block) -> list[Program]:
        if block.lang in PYTHON_FENCES or (block.lang in UNNAMED and _LOOKS_PYTHON.search(block.text)):
            return [_fenced(block, _python_fence)]
        if block.lang in SCRIPT_FENCES:
            return [_fenced(block, _javascript_fence)]
        if block.lang in SHELL_FENCES | UNNAMED and re.search(r"python3?|node", block.text):
            return self._one_liners(block.text, block.line, block.file, block)
        lang = PLAIN_FENCES.get(block.lang) or language(f"x.{block.lang}", "")
        return [_fenced(block, _PLAIN[lang])] if lang in LANGS else []

    @staticmethod
    def _one_liners(text: str, line: int, file: str, block: Block | None = None) -> list[Program]:
        """python -c '...', node -e '...', and here-documents fed to either."""
        if not ("-c" in text or "-e" in text or "<<" in text):
            return []
        lines, out = Lines(text), []
        for name, body, at in [*_given(text), *_here_documents(text)]:
            reader = read_python if name.startswith("python") else read_javascript
            out.append(reader(body, line + lines.at(at) - 1, file, "fence", block))
        return out

    @staticmethod
    def _page(path: str, text: str) -> list[Program]:
        lines = Lines(text)
        out = [read_javascript(body, lines.at(offset), path) for body, offset in page.scripts_of(text)]
        for program in out:
            # What stands in a page may be a part of a function, or be filled in later.
            if program.calls or len(program.text) <= 200:
                program.error = ""
        return out
