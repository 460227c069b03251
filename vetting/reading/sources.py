"""The texts of a bundle: every readable file, and the readable members of its archives, notebooks and office files."""

import json
import re
from dataclasses import dataclass
from functools import cached_property

from vetting.bundle import Bundle, BundleFile
from vetting.reading.layers import Budget, members_of, printable_runs
from vetting.reading.text import decode, fold

_LANGS = {
    "md": "markdown",
    "markdown": "markdown",
    "mdx": "markdown",
    "txt": "markdown",
    "rst": "markdown",
    "mdc": "markdown",
    "py": "python",
    "pyw": "python",
    "pyi": "python",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "command": "shell",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "ts": "javascript",
    "jsx": "javascript",
    "tsx": "javascript",
    "mts": "javascript",
    "cts": "javascript",
    "ps1": "powershell",
    "psm1": "powershell",
    "bat": "batch",
    "cmd": "batch",
    "vbs": "batch",
    "json": "json",
    "jsonl": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "html": "html",
    "htm": "html",
    "svg": "html",
    "xml": "html",
    "rb": "ruby",
    "pl": "perl",
    "php": "php",
    "go": "go",
    "rs": "rust",
    "applescript": "applescript",
    "scpt": "applescript",
    "ipynb": "notebook",
    "lua": "lua",
    "css": "css",
    "csv": "data",
    "tsv": "data",
}
_FIXTURE = re.compile(
    r"(?:^|/)(?:tests?|__tests__|fixtures?|testdata|test-data|specs?|__mocks__|mocks)/|(?:^|/)test_[^/]*$|\.(?:test|spec)\.[a-z]{1,4}$|_test\.[a-z]{1,4}$",
    re.I,
)
_ARCHIVES = re.compile(
    r"\.(?:zip|docx|xlsx|pptx|odt|ods|odp|jar|war|whl|egg|apk|xpi|vsix|tar|tgz|gz|bz2|xz|tbz2|txz|7z|rar|skill|epub)$",
    re.I,
)
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|webp|ico|bmp|tiff?|mp3|mp4|m4a|wav|ogg|flac|webm|mov|avi|woff2?|ttf|otf|eot|pdf|psd|heic|avif|icns|aiff?)$",
    re.I,
)
_MAGIC = {
    b"\x7fELF": "an ELF program",
    b"MZ": "a Windows program",
    b"\xcf\xfa\xed\xfe": "a macOS program",
    b"\xfe\xed\xfa\xcf": "a macOS program",
    b"\xca\xfe\xba\xbe": "a macOS or Java program",
    b"\xce\xfa\xed\xfe": "a macOS program",
    b"\0asm": "a WebAssembly program",
    b"dex\n": "an Android program",
    b"!<arch>": "a library",
}
_FRONT = re.compile(r"\A\s{0,10}---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass(slots=True)
class Unread:
    """A file that could not be read as text, what it is, and how sure it is harmless media."""

    path: str
    what: str
    kind: str  # program, bytecode, archive, locked, media, binary
    size: int
    strings: str = ""


@dataclass(eq=False)
class Source:
    """One readable text. text is folded (see text.py), raw is as written; reach says how near it is to SKILL.md:
    entry, linked (a file SKILL.md leads to), loose, fixture, packed (inside an archive)."""

    path: str
    raw: str
    encoding: str
    lang: str
    reach: str = "loose"
    executable: bool = False

    @cached_property
    def text(self) -> str:
        return fold(self.raw)

    @cached_property
    def _front(self) -> re.Match | None:
        return _FRONT.match(self.text[:200_000]) if self.lang == "markdown" else None

    @property
    def front(self) -> str:
        return self._front.group(1) if self._front else ""

    @property
    def body(self) -> str:
        return self.text[self._front.end() :] if self._front else self.text

    @property
    def body_line(self) -> int:
        return self.text.count("\n", 0, self._front.end()) + 1 if self._front else 1


def language(path: str, text: str) -> str:
    base = path.rsplit("/", 1)[-1].lower()
    if base in ("dockerfile", "makefile", "justfile"):
        return base
    if base.startswith((".bashrc", ".zshrc", ".profile")):
        return "shell"
    if "." in base and (found := _LANGS.get(base.rsplit(".", 1)[-1])):
        return found
    if text.startswith("#!"):
        first = text[:200].split("\n", 1)[0]
        for word, lang in (
            ("python", "python"),
            ("node", "javascript"),
            ("bun", "javascript"),
            ("deno", "javascript"),
            ("sh", "shell"),
        ):
            if word in first:
                return lang
    return "markdown" if "." not in base else "other"


def sources_of(bundle: Bundle, budget: Budget) -> tuple[list[Source], list[Unread]]:
    sources: list[Source] = []
    unread: list[Unread] = []
    for file in bundle:
        _file(file, budget, sources, unread)
    _reach(sources)
    sources.sort(key=lambda s: (s.reach != "entry", s.path))
    return sources, unread


def _file(file: BundleFile, budget: Budget, sources: list[Source], unread: list[Unread]) -> None:
    data = file.data
    program = next((what for magic, what in _MAGIC.items() if data.startswith(magic)), "")
    if program and not (data[:2] == b"MZ" and decode(data)):
        unread.append(Unread(file.path, program, "program", len(data), printable_runs(data)))
    elif file.path.endswith((".pyc", ".pyo")):
        unread.append(Unread(file.path, "compiled Python", "bytecode", len(data), printable_runs(data)))
    elif (
        data[:4] == b"PK\x03\x04"
        or data[:2] == b"\x1f\x8b"
        or data[:6] == b"\xfd7zXZ\0"
        or (_ARCHIVES.search(file.path) and not decode(data))
    ):
        _archive(file.path, data, budget, sources, unread)
    elif found := decode(data):
        _text(file.path, *found, "fixture" if _FIXTURE.search(file.path) else "loose", file.executable, sources)
    elif _MEDIA.search(file.path):
        unread.append(Unread(file.path, "media", "media", len(data)))
    else:
        unread.append(Unread(file.path, "binary data", "binary", len(data), printable_runs(data)))


def _text(path: str, text: str, encoding: str, reach: str, executable: bool, sources: list[Source]) -> None:
    lang = language(path, text)
    if lang == "notebook":
        cells = _notebook(text)
        if cells is not None:
            sources.extend(Source(f"{path}", cell, encoding, kind, reach) for kind, cell in cells)
            return
    sources.append(Source(path, text, encoding, lang, reach, executable))


def _notebook(text: str) -> list[tuple[str, str]] | None:
    try:
        cells = json.loads(text).get("cells", [])
        out = [
            ("markdown" if c.get("cell_type") == "markdown" else "python", "".join(c.get("source", []))) for c in cells
        ]
        shell = [
            ("shell", "\n".join(line.lstrip(" !") for line in body.split("\n") if line.lstrip().startswith("!")))
            for kind, body in out
            if kind == "python" and "!" in body
        ]
        return [(k, re.sub(r"(?m)^[ \t]*[!%].*$", "", b) if k == "python" else b) for k, b in out] + [
            s for s in shell if s[1]
        ]
    except (ValueError, AttributeError, TypeError, RecursionError):
        return None


def _archive(path: str, data: bytes, budget: Budget, sources: list[Source], unread: list[Unread]) -> None:
    office = bool(re.search(r"\.(?:docx|xlsx|pptx|od[tsp]|epub)$", path, re.I))
    for name, content, trouble in members_of(path, data, budget):
        if content is None:
            unread.append(Unread(name, trouble, "locked" if "password" in trouble else "archive", len(data)))
            continue
        if any(content.startswith(m) for m in _MAGIC):
            unread.append(Unread(name, "a program inside an archive", "program", len(content), printable_runs(content)))
        elif name.endswith("vbaProject.bin"):
            unread.append(Unread(name, "an office macro", "bytecode", len(content), printable_runs(content)))
        elif found := decode(content):
            text = re.sub(r"<[^>]{1,2000}>", " ", found[0]) if office and name.endswith(".xml") else found[0]
            if not office or name.endswith(("document.xml", "sharedStrings.xml")) or "/slide" in name:
                sources.append(Source(name, text, found[1], "markdown" if office else language(name, text), "packed"))


def _reach(sources: list[Source]) -> None:
    """SKILL.md leads to the files it names, those to the files they name: what an agent will come to read or run."""
    entry = next((s for s in sources if s.path == "SKILL.md"), None)
    if entry is None:
        entry = next((s for s in sources if s.path.lower().rsplit("/", 1)[-1] == "skill.md"), None)
    if entry is None:
        return
    entry.reach = "entry"
    waiting, rest = [entry], [s for s in sources if s is not entry and s.reach != "packed"]
    while waiting and rest:
        text = waiting.pop().text
        led, rest_after = [], []
        for source in rest:
            base = source.path.rsplit("/", 1)[-1]
            (led if len(base) > 3 and base in text else rest_after).append(source)
        for source in led:
            if source.reach != "fixture":
                source.reach = "linked"
        waiting += led
        rest = rest_after
