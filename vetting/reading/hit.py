"""What a check yields: a place, its evidence and, where they differ from the check's own, how grave and how sure.

said is the block whose words alone were judged. It is None for what runs, for what is hidden, and where a check knows
that its words are at once the harm: such a hit is not asked what else is at stake (see stages/weighed.py).
"""

from dataclasses import dataclass

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.markdown import Block
from vetting.reading.programs import Call, Program
from vetting.reading.shell import Command


@dataclass(frozen=True, slots=True)
class Hit:
    file: str
    line: int
    evidence: str
    severity: Severity | None = None
    confidence: Confidence | None = None
    decoded: str = ""
    why: str = ""
    axis: Axis | None = None
    blocklisted: bool = False
    said: Block | None = None


def in_block(block: Block, words: str = "", **extra) -> Hit:
    """A hit in Markdown, at the line where the words begin."""
    line = block.line_of(words) if words else block.line
    rows = block.text.split("\n")
    row = rows[line - block.line] if 0 <= line - block.line < len(rows) else block.text
    return Hit(block.file, line, row.strip() or block.text, **{"said": block, **extra})


def in_command(command: Command, **extra) -> Hit:
    return Hit(command.file, command.line, command.statement, **extra)


def in_call(program: Program, call: Call, **extra) -> Hit:
    return Hit(program.file, call.line, call.source, **extra)
