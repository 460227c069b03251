"""Where each agent program looks for skills: (in the project, in the home folder)."""

from pathlib import Path

FOLDERS = {
    "claude-code": (".claude/skills", ".claude/skills"),
    "codex": (".agents/skills", ".agents/skills"),
    "openclaw": ("skills", ".openclaw/skills"),
    "opencode": (".opencode/skills", ".config/opencode/skills"),
    "kimi": (".agents/skills", ".kimi-code/skills"),
    "nanobot": ("skills", ".nanobot/workspace/skills"),
}
# Codex, OpenCode, Kimi, OpenClaw and Gemini all read it.
COMMON = ".agents/skills"


def skills_folder(folder: str | None, agent: str | None, for_user: bool) -> Path:
    """The folder that --dir, --agent and --user mean."""
    if folder:
        return Path(folder)
    in_project, at_home = FOLDERS[agent] if agent else (COMMON, COMMON)
    return Path.home() / at_home if for_user else Path(in_project)
