"""How to install a release: for each agent the folder it reads skills from."""

from marketplace.models import Release

# The folder that each agent reads, as a project keeps it or as the agent keeps it for its person.
FOLDERS = {
    "Claude Code": ".claude/skills",
    "Codex": ".agents/skills",
    "OpenClaw": "skills",
    "OpenCode": ".opencode/skills",
    "Kimi": ".agents/skills",
    "Nanobot": "~/.nanobot/workspace/skills",
}


def ways(full_name: str, release: Release) -> list[dict]:
    """The commands, the plain one first and the one pinned to these very bytes last."""
    name = f"{full_name}@{release.version}"
    rows = [("Any agent", f"skill install {name} --dir .agents/skills")]
    rows += [(agent, f"skill install {name} --dir {folder}") for agent, folder in FOLDERS.items()]
    rows.append(("Pinned to these bytes", f"skill install {name} --digest {release.digest} --dir .agents/skills"))
    return [
        {"id": f"install-{number}", "title": title, "command": command, "label": f"Command for: {title}"}
        for number, (title, command) in enumerate(rows)
    ]
