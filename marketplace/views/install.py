"""How to install a release: for each agent the command that puts it where that agent looks."""

from django.conf import settings

from marketplace import documents
from marketplace.models import Release

# As `skill install --agent` calls them.
AGENTS = {
    "Claude Code": "claude-code",
    "Codex": "codex",
    "OpenClaw": "openclaw",
    "OpenCode": "opencode",
    "Kimi": "kimi",
    "Nanobot": "nanobot",
}
COMMON = ".agents/skills"


def ways(full_name: str, release: Release) -> list[dict]:
    """The commands: the plain one, one for each agent, and one that needs no CLI and is pinned to these very bytes."""
    name = f"{full_name}@{release.version}"
    rows = [("Any agent", f"skill install {name} --dir {COMMON}")]
    rows += [(title, f"skill install {name} --agent {agent}") for title, agent in AGENTS.items()]
    rows.append(("By digest, without the CLI", pinned(full_name, release)))
    return [
        {"id": f"install-{number}", "title": title, "command": command, "label": f"Command for: {title}"}
        for number, (title, command) in enumerate(rows)
    ]


def pinned(full_name: str, release: Release) -> str:
    """Fetch, compare with the digest, and only then unpack."""
    skill = full_name.partition("/")[2]
    bundle = settings.SITE_URL + documents.release_links(full_name, release.version)["bundle"]
    hexdigits, folder = release.digest.removeprefix("sha256:"), f"{COMMON}/{skill}"
    return (
        f"curl -fsS -o {skill}.tar {bundle} && echo '{hexdigits}  {skill}.tar' | sha256sum -c"
        f" && mkdir -p {folder} && tar -xf {skill}.tar -C {folder}"
    )
