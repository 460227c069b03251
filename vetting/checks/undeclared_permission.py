"""Does more than its permissions say

Compares `allowed-tools` with what the skill's text and code do: running commands, reaching the network, writing files
while the list names no such tool; or a list that grants everything.

Why it matters: The list of permissions is what a user reads before installing. One that is too short hides what the
skill does; one that is too long lets an injected instruction do anything.
"""

import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading import programs as p
from vetting.reading.deeds import is_fetch
from vetting.reading.hit import Hit

CODE, AXIS = "SK-OVER", Axis.PRIVILEGE
SEVERITY, CONFIDENCE = Severity.MEDIUM, Confidence.MEDIUM
FIX = "List in `allowed-tools` the tools the skill uses, as narrowly as they can be written, e.g. `Bash(git:*)`."

BAD = [
    "---\nname: a\ndescription: b\nallowed-tools: Read\n---\n```bash\ncurl -s https://api.github.com\n```\n",
    '---\nname: a\ndescription: b\nallowed-tools: "*"\n---\nHello\n',
]
GOOD = [
    (
        "---\nname: a\ndescription: b\nallowed-tools: Read, Bash(curl:*)\n---\n```bash\n"
        "curl -s https://api.github.com\n```\n"
    ),
    "---\nname: a\ndescription: b\n---\n```bash\ncurl -s https://api.github.com\n```\n",
]

_RUNS = re.compile(r"bash|shell|exec|terminal|command|computer|process|run", re.I)
_NET = re.compile(r"bash|shell|exec|web|fetch|http|browser|network|curl|search|mcp", re.I)
_WRITE = re.compile(r"write|edit|bash|shell|exec|notebook|file|create", re.I)


def find(skill):
    tools = tuple(getattr(skill.manifest, "allowed_tools", ()) or ())
    if not tools:
        return
    listed = " ".join(tools)
    where = skill.entry.path if skill.entry else "SKILL.md"
    line = next((n for n, row in enumerate(skill.front.split("\n"), 2) if "tools" in row), 1)
    if any(tool.strip() in ("*", "Bash(*)", "all", "All", "Bash(*:*)") for tool in tools):
        yield Hit(
            where,
            line,
            f"allowed-tools: {listed}",
            why="The list grants every tool or every command, so it protects from nothing.",
        )
    commands = [c for c in skill.commands if c.origin in ("fence", "file", "hook", "recipe")]
    reachable = [g for g in skill.programs if g.origin == "file"]
    if (commands or reachable) and not _RUNS.search(listed):
        shown = commands[0].raw if commands else reachable[0].file
        yield Hit(
            where,
            line,
            f"allowed-tools: {listed}",
            why=f"The skill runs commands ({shown[:80]}), but the list names no tool that does.",
        )
    elif any(is_fetch(c) for c in commands) and not _NET.search(listed):
        yield Hit(
            where,
            line,
            f"allowed-tools: {listed}",
            why="The skill reaches the network, but the list names no tool that does.",
        )
    writes = [c for g in skill.programs if g.origin == "file" for c in g.calls if c.kind in (p.WRITES, p.DELETES)]
    if writes and not _WRITE.search(listed):
        yield Hit(
            where,
            line,
            f"allowed-tools: {listed}",
            severity=Severity.LOW,
            why="The skill's code writes files, but the list names no tool that does.",
        )
