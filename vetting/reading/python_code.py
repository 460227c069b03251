"""Python into calls with their flows, by its own syntax tree. A text that does not parse says so and gives no calls.

python_tree.py lays the tree out, python_values.py says what an expression may hold, python_flow.py follows that through
assignments and functions, python_names.py knows what names stand for.
"""

import ast
import textwrap
import warnings

from vetting.reading.programs import Program
from vetting.reading.python_flow import Flow

LIMIT = 600_000  # bytes of one program
LINES_BLANKED = 12


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
        program.error = f"{type(error).__name__}: {str(error)[:120]}"
    return program


def _parse(text: str, program: Program) -> ast.Module:
    """The tree; where lines do not parse they are blanked one by one, for fences are often only nearly Python."""
    rows = text.split("\n")
    for _ in range(LINES_BLANKED):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse("\n".join(rows))
        except SyntaxError as error:
            program.error = program.error or f"SyntaxError in line {error.lineno}: {str(error.msg)[:80]}"
            at = min(max((error.lineno or 1) - 1, 0), len(rows) - 1)
            if len(text) > 60_000 or not rows[at].strip():
                raise
            rows[at] = ""
    raise SyntaxError("not Python")
