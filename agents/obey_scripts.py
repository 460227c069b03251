"""The bundled scripts: how each is started, and where a path in a command leads once the skill is installed."""

import re
from collections.abc import Iterator, Sequence

_STARTERS = {
    ".sh": "bash",
    ".bash": "bash",
    ".zsh": "bash",
    ".command": "bash",
    ".py": "python3",
    ".js": "node",
    ".mjs": "node",
    ".cjs": "node",
    ".pl": "perl",
}
_ASIDE = re.compile(r"(^|/)(node_modules|\.git|tests?|__tests__|evals|tasks|fixtures|vendor|environment|solution)/")
_SKILL_FOLDERS = re.compile(
    r"(?:~|\$HOME|\$\{HOME\}|/home/\w+|/root|/Users/\w+)?/?\.(?:claude|openclaw|clawdbot|moltbot|codex|agents|opencode|"
    r"kimi|nanobot|cursor|gemini|github)/(?:workspace/)?skills/[A-Za-z0-9._-]+"
)
_BASE_WORDS = re.compile(
    r"\{\{?\s*(?:baseDir|base_dir|skillDir|skill_dir|SKILL_DIR|CLAUDE_SKILL_DIR|CLAUDE_PLUGIN_ROOT)\s*\}?\}"
    r"|<(?:skill[-_ ]?dir(?:ectory)?|base[-_]?dir|path[-_/ ]to[-_/ ]skill|skill[-_ ]path|skill[-_ ]root)>"
    r"|(?<![\w/.])(?:/?path/to/(?:this[-_])?skill)(?=/)",
    re.IGNORECASE,
)
MOST_SCRIPTS = 20


def runs(files: Sequence[str], body: str) -> Iterator[tuple[str, str, str]]:
    """(command, path, language) for each bundled script: asked for help first, then started as it is."""
    scripts = [path for path in sorted(files) if _starter(path) and not _ASIDE.search(path)]
    for path in scripts[:MOST_SCRIPTS]:
        start = f"{_starter(path)} {quoted(path)}"
        yield f"{start} --help", path, "bash"
        yield start, path, "bash"


def placed(text: str, files: Sequence[str], skill_dir: str) -> str:
    """The command with every path to the skill's own files made absolute."""
    text = re.sub(r"\$\{?(?:CLAUDE_)?(?:SKILL_DIR|PLUGIN_ROOT)\}?", skill_dir, text)
    text = _BASE_WORDS.sub(lambda _: skill_dir, text)
    text = _SKILL_FOLDERS.sub(lambda _: skill_dir, text)
    tops = sorted({path.split("/", 1)[0] for path in files if "/" in path} - {"tasks", "evals"}, key=len, reverse=True)
    singles = [path for path in files if "/" not in path and path != "SKILL.md" and _starter(path)]
    names = [re.escape(top) + "/" for top in tops] + [re.escape(path) + r"(?![\w/.-])" for path in singles]
    if names:
        pattern = re.compile(r"(?<![\w/.$}~-])(?:\./)?(?=(?:" + "|".join(names) + r"))")
        text = pattern.sub(lambda _: f"{skill_dir}/", text)
    return text


def quoted(path: str) -> str:
    return path if re.fullmatch(r"[A-Za-z0-9._/-]+", path) else "'" + path.replace("'", "'\\''") + "'"


def _starter(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    return _STARTERS.get(name[name.rfind(".") :], "") if "." in name else ""
