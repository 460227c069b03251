"""What is left out of a bundle: .skillignore, else .gitignore, both in simple form, and what never belongs in one.

Understood: comments, `*`, `?`, `[...]`, `**`, a slash at the front or in the middle (anchored to the skill's folder), a
slash at the end (folders alone) and `!` (take back in). A .skillignore takes the place of the .gitignore. Such files in
lower folders are not read.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

NEVER = {".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", ".DS_Store", "Thumbs.db", ".skillignore"}
NEVER_ENDINGS = (".pyc", "~", ".swp")


@dataclass(frozen=True)
class Rule:
    pattern: re.Pattern[str]
    folders_only: bool
    take_back: bool


@dataclass(frozen=True)
class Rules:
    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, folder: Path) -> "Rules":
        for name in (".skillignore", ".gitignore"):
            path = folder / name
            if path.is_file() and not path.is_symlink():
                return cls(
                    tuple(filter(None, map(_rule, path.read_text(encoding="utf-8", errors="replace").splitlines())))
                )
        return cls()

    def leave_out(self, name: str, *, is_folder: bool) -> bool:
        """Whether the file or folder (relative to the skill) stays behind. The last rule that fits decides."""
        base = name.rpartition("/")[2]
        if base in NEVER or base.endswith(NEVER_ENDINGS):
            return True
        if name == "SKILL.md":
            return False
        left_out = False
        for rule in self.rules:
            if (is_folder or not rule.folders_only) and rule.pattern.fullmatch(name):
                left_out = not rule.take_back
        return left_out


@lru_cache(maxsize=512)
def _rule(raw: str) -> Rule | None:
    text = raw.strip()
    if not text or text.startswith("#"):
        return None
    take_back = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    text = text.rstrip("/")
    anchored = "/" in text
    text = text.removeprefix("/")
    if not text:
        return None
    body = "".join(_regex(part) for part in re.findall(r"\*\*/|\*\*|\*|\?|\[[^\]/]+\]|.", text))
    try:
        return Rule(re.compile(body if anchored else f"(?:.*/)?{body}", re.DOTALL), folders_only, take_back)
    except re.error:
        return None


def _regex(part: str) -> str:
    if part.startswith("[") and len(part) > 2:
        inner = part[1:-1].replace("\\", "\\\\")
        return f"[^{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
    return {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
