"""The obedient agent: it has no model, and does all that SKILL.md says, as the worst-case agent would.

Deterministic: the same skill always gives the same steps in the same order. What it takes as an order: fenced commands
of every shell, Python and JavaScript, `!` blocks, inline commands it is told to run, install recipes and hooks of the
front matter, and the bundled scripts, first with --help, then as they are. What the text tells not to run, it leaves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agents import frontmatter, obey_inline, obey_scripts
from agents.markdown import blocks
from agents.shells import argv_of, is_shell, typed_lines
from sandbox.base import Command

MOST_STEPS = 80
STEP_SECONDS = 10.0
MOST_BYTES = 100_000  # the kernel takes no single argument above 128 KiB
# The variables by which agents tell a command where its skill lies.
HOME_WORDS = ("SKILL_DIR", "CLAUDE_SKILL_DIR", "CLAUDE_PLUGIN_ROOT", "OPENCLAW_SKILL_DIR", "baseDir")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do. kind is fence, bang, inline, install, hook or script; text is what was written.

    where is `file:line`. skipped says why it is not run, "" when it is; documented tells that SKILL.md itself says it.
    """

    kind: str
    text: str
    where: str
    argv: tuple[str, ...] = ()
    language: str = "bash"
    skipped: str = ""

    @property
    def documented(self) -> bool:
        return self.kind in ("fence", "bang", "inline")


def steps(skill_md: str, files: Sequence[str], read: Callable[[str], str | None] | None = None) -> list[Step]:
    """What SKILL.md and the bundle tell an agent to run, in order. read gives a bundled file's text."""
    front, body, line = frontmatter.split(skill_md)
    found = [
        *(Step("install", text, "SKILL.md:1") for text in frontmatter.install_recipes(front)),
        *_written(body, line, files),
        *(Step("hook", text, where) for text, where in frontmatter.hooks(front, files, read)),
        *(Step("script", text, path, language=language) for text, path, language in obey_scripts.runs(files, body)),
    ]
    return _numbered(found)


def commands(
    skill_md: str, files: Sequence[str], *, skill_dir: str, seconds: float = STEP_SECONDS, documented_only: bool = True
) -> list[Command]:
    """The steps as commands of a room in which the skill lies in skill_dir."""
    wanted = [step for step in steps(skill_md, files) if not step.skipped and (step.documented or not documented_only)]
    return [command(step, files, skill_dir=skill_dir, seconds=seconds) for step in wanted]


def command(step: Step, files: Sequence[str], *, skill_dir: str, seconds: float, workdir: str = "") -> Command:
    """One step as a command. A relative path of a bundled file is meant from the skill's own folder."""
    text = obey_scripts.placed(step.text, files, skill_dir)
    env = dict.fromkeys(HOME_WORDS, skill_dir)
    return Command(argv_of(step.language, text), timeout=seconds, env=env, workdir=workdir)


def _written(body: str, first_line: int, files: Sequence[str]) -> list[Step]:
    """Fences, `!` blocks and inline commands in the order of the text."""
    found: list[Step] = []
    for block in blocks(body):
        where = f"SKILL.md:{first_line + block.line}"
        if block.kind == "prose":
            for kind, text, skipped in obey_inline.orders(block.text, files):
                found.append(Step(kind, text, where, skipped=skipped))
            continue
        language, text = is_shell(block.language, block.text, files), block.text
        if not language:
            continue
        if language == "bash":
            text = typed_lines(text, console=block.language)
        skipped = "the text says not to run it" if block.forbidden else ""
        found.append(Step("fence", text, where, language=language, skipped=skipped))
    return found


def _numbered(found: list[Step]) -> list[Step]:
    """Without repeats, with the argv that runs each, and bounded."""
    seen: set[tuple[str, str]] = set()
    out = []
    for step in found:
        text = step.text.strip()
        if not text or (step.language, text) in seen:
            continue
        seen.add((step.language, text))
        skipped = step.skipped or ("longer than a command can be" if len(text.encode()) > MOST_BYTES else "")
        if not skipped and sum(not one.skipped for one in out) >= MOST_STEPS:
            skipped = f"more than {MOST_STEPS} commands"
        out.append(replace(step, text=text, argv=tuple(argv_of(step.language, text)), skipped=skipped))
    return out
