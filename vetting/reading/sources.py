"""One readable text of a bundle, or one that stayed shut; and the language that its name promises."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from vetting.reading.effort import Sifted
from vetting.reading.letters import fold
from vetting.reading.pieced import NOTHING_KNOWN, Plain
from vetting.reading.plainly import plainly
from vetting.reading.shelf import Reading, reading_of
from vetting.reading.text import spelled_out, unpadded, without_controls

_LANGS = {
    "md": "markdown",
    "markdown": "markdown",
    "mdx": "markdown",
    "txt": "markdown",
    "rst": "markdown",
    "mdc": "markdown",
    "rmd": "markdown",
    "qmd": "markdown",
    "rest": "markdown",
    "adoc": "markdown",
    "asciidoc": "markdown",
    "asc": "markdown",
    "org": "markdown",
    "py": "python",
    "pyw": "python",
    "pyi": "python",
    "sh": "shell",
    "bash": "shell",
    "zsh": "shell",
    "command": "shell",
    "fish": "shell",
    "ksh": "shell",
    "csh": "shell",
    "tcsh": "shell",
    "bats": "shell",
    "just": "justfile",
    "mk": "makefile",
    "dockerfile": "dockerfile",
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
    "jsonc": "json",
    "json5": "json",
    "code-workspace": "json",
    "sublime-project": "json",
    "yaml": "yaml",
    "yml": "yaml",
    "toml": "toml",
    "html": "html",
    "htm": "html",
    "svg": "html",
    "xml": "html",
    "vue": "html",
    "svelte": "html",
    "astro": "html",
    "rb": "ruby",
    "pl": "perl",
    "php": "php",
    "go": "go",
    "rs": "rust",
    "applescript": "applescript",
    "scpt": "applescript",
    "ipynb": "notebook",
    "lua": "lua",
    "swift": "swift",
    "java": "java",
    "kt": "java",
    "kts": "java",
    "groovy": "java",
    "cs": "csharp",
    "css": "css",
    "csv": "data",
    "tsv": "data",
    "r": "r",
    "rprofile": "r",
    "gradle": "java",
    "rake": "ruby",
    "gemspec": "ruby",
    "podspec": "ruby",
    "awk": "awk",
}
# Files that are named by what reads them, not by an ending.
_NAMED = {
    "gemfile": "ruby", "rakefile": "ruby", "vagrantfile": "ruby", "podfile": "ruby", "brewfile": "ruby", "fastfile": "ruby",
    "guardfile": "ruby", "capfile": "ruby", "jenkinsfile": "java", "cmakelists.txt": "other", ".envrc": "shell",
    ".rprofile": "r", "sconstruct": "python", "wscript": "python", "build": "other", "build.bazel": "other",
    "workspace": "other", "dockerfile": "dockerfile", "makefile": "makefile", "justfile": "justfile", "gnumakefile": "makefile",
    "containerfile": "dockerfile", ".justfile": "justfile", "procfile": "markdown", "pipfile": "toml", ".replit": "toml",
}  # fmt: skip
_SHELL_START = (
    ".bash", ".zsh", ".profile", ".zprofile", ".xprofile", ".xinitrc", ".xsession", ".kshrc", ".cshrc", ".tcshrc",
)  # fmt: skip
_FRONT = re.compile(r"\A\s{0,10}---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)


@dataclass(slots=True)
class Unread:
    """A file that could not be read as text, what it is, and how sure it is harmless media."""

    path: str
    what: str
    kind: str  # program, bytecode, archive, locked, media, binary, damaged, polyglot, loads, acts
    size: int
    strings: str = ""
    names: tuple[str, ...] = ()  # of bytecode: every name and string constant


@dataclass(eq=False)
class Source:
    """One readable text. text is folded (see text.py) and has plain line ends, raw is as written; reach says how near it is to SKILL.md:
    entry, linked (a file SKILL.md leads to), loose, fixture, packed (inside an archive)."""

    path: str
    raw: str
    encoding: str
    lang: str
    reach: str = "loose"
    executable: bool = False
    plain: Plain = NOTHING_KNOWN  # what is known of its texts once it is read, but the text itself
    sifted: Sifted | None = None  # where the text was too long to be read closely: raw is what was kept of it

    @cached_property
    def reading(self) -> Reading:
        """What is found in the text alone; skills that ship the same file share it."""
        text = unpadded(fold(self.raw)).replace("\r\n", "\n")
        text = without_controls(spelled_out(text)) if self.lang in ("markdown", "html") else text
        plain = plainly(text, self.lang)
        self.plain = replace(plain, text="")
        return reading_of(plain.text)

    @cached_property
    def text(self) -> str:
        return self.reading.text

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
    base = path.replace("!", "/").rsplit("/", 1)[-1].lower()
    if base in _NAMED and not text.startswith("#!"):
        return _NAMED[base]
    if base.startswith(_SHELL_START) and "history" not in base:
        return "shell"
    if base.endswith(".pth"):
        # Python runs the lines that begin so; the others name folders.
        return "python" if _PTH.search(text) else "other"
    if "." in base and (found := _LANGS.get(base.rsplit(".", 1)[-1])):
        return found
    if base.startswith(("dockerfile.", "containerfile.")):
        return "dockerfile"
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
    if "." not in base.lstrip(".") and _is_script(text):
        return "shell"
    return "markdown" if "." not in base else "other"


_PTH = re.compile(r"(?m)^import[ \t]")
_SCRIPT_ROW = re.compile(
    r"^\s*(?:[A-Za-z_]\w*=|(?:if|for|while|until|case|select)\s.*;?\s*(?:then|do|in)?$"
    r"|(?:fi|done|esac|then|else|do)\b|\w[\w-]*\s?\(\)\s*\{|[{}]$"
    r"|(?:sudo|set|export|source|cd|echo|printf|exec|eval|cat|curl|wget|find|tar|rm|cp|mv|mkdir|chmod|git"
    r"|python3?|node|npm|npx|pip3?|bash|sh|test|trap|umask|unset|exit|return|local|read|sleep|touch|grep|sed|awk"
    r"|jq|docker|kubectl|ssh|scp|nc|base64|openssl|\[|\.)\s)"
)


_SETS = re.compile(r"^\s*(?:export\s+)?[A-Za-z_][\w.]*=\S*\s*$")


def _is_script(text: str) -> bool:
    """A text without an ending or a first line that tells: nearly all of its first lines are shell."""
    rows = [row for row in text[:4000].split("\n") if row.strip() and not row.lstrip().startswith("#")][:30]
    if all(_SETS.match(row[:300]) for row in rows):
        return False
    return sum(bool(_SCRIPT_ROW.match(row[:300])) for row in rows) >= 0.7 * len(rows)


def is_text_name(path: str) -> bool:
    """Does the name promise text?"""
    base = path.rsplit("/", 1)[-1].lower()
    return base in _NAMED or base.rsplit(".", 1)[-1] in _LANGS
