"""Python into calls with their flows, by its own syntax tree. A text that does not parse says so and gives no calls.

python_tree.py lays the tree out, python_values.py says what an expression may hold, python_flow.py follows that through
assignments and functions, python_names.py knows what names stand for.
"""

import ast
import re
import textwrap
import warnings

from vetting.reading.programs import Program
from vetting.reading.python_flow import Flow
from vetting.reading.value import names_something

LIMIT = 600_000  # bytes of one program
LINES_BLANKED = 12
_GOES_ON = re.compile(r"[)\]}]|(?:else|elif|except|finally)\b")


def read_python(text: str, line: int = 1, file: str = "", origin: str = "file", block: object = None) -> Program:
    program = Program(file, line, "python", text, origin, block=block)
    if len(text) > LIMIT:
        program.error = "longer than the parser's limit"
        return program
    if origin in ("fence", "part"):
        text = textwrap.dedent(text)
    try:
        Flow(_parse(text, program), program).read()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        program.error = _said(error)
        if origin == "file":
            program.was_cut("a program that could not be understood", line)
    return program


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:120]}"


def _parse(text: str, program: Program) -> ast.Module:
    """The tree; where lines do not parse they are blanked one by one, for fences are often only nearly Python."""
    rows = text.split("\n")
    for _ in range(LINES_BLANKED):
        try:
            return _tree("\n".join(rows))
        except (SyntaxError, RecursionError, MemoryError) as error:
            at = min(max((getattr(error, "lineno", 0) or 1) - 1, 0), len(rows) - 1)
            program.error = program.error or f"{type(error).__name__} in line {at + 1}: {str(error)[:80]}"
            if len(text) > 60_000 or not isinstance(error, SyntaxError) or not rows[at].strip():
                break
            _left_out(rows[at : at + 1], at, program)
            rows[at] = ""
    return _in_parts(rows, program)


def _tree(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _in_parts(rows: list[str], program: Program) -> ast.Module:
    """What stands at the left margin begins a part; each is parsed alone, so that a broken one takes no other along."""
    starts = [at for at, row in enumerate(rows) if row[:1].strip() and not _GOES_ON.match(row)] or [0]
    body: list[ast.stmt] = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        try:
            part = _tree("\n".join(rows[start:end]))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            _left_out(rows[start:end], start, program)
        else:
            body += ast.increment_lineno(part, start).body
    if not body:
        raise SyntaxError("not Python")
    return ast.Module(body=body, type_ignores=[])


def _left_out(rows: list[str], at: int, program: Program) -> None:
    """Lines that do not parse are told where they name what checks look for; a fence may be no program at all."""
    if program.origin == "file" and any(map(names_something, rows)):
        program.was_cut("lines that do not parse as Python", program.line + at)
