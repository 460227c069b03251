"""Python into calls with their flows, by its own syntax tree. A text that does not parse says so and gives no calls.

parts.py makes the tree and tree.py lays it out, values.py says what an expression may hold,
flow.py follows that through assignments and functions, names.py knows what names stand for.
"""

import textwrap

from vetting.reading.pieced import IN_PIECES
from vetting.reading.prefilter import known
from vetting.reading.programs import Program
from vetting.reading.python.flow import Flow
from vetting.reading.python.parts import parsed
from vetting.reading.python.plain import plain_python

LIMIT = 600_000  # bytes of one program


def read_python(text: str, line: int = 1, file: str = "", origin: str = "file", block: object = None) -> Program:
    text = known(text)
    program = Program(file, line, "python", text, origin, block=block)
    if len(text) > LIMIT:
        program.error = "longer than the parser's limit"
        return program
    if origin in ("fence", "part"):
        text = textwrap.dedent(text)
    plain = plain_python(text)
    if plain.text != text:
        text = program.text = known(plain.text)
        program.made = [(word, line + row) for word, row in plain.made]
    if not plain.whole:
        program.was_cut(IN_PIECES, line)
    try:
        Flow(parsed(text, program), program).read()
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        program.error = program.error or _said(error)
        if origin == "file" and not isinstance(error, SyntaxError):
            program.was_cut("a program that could not be understood", line)
    if program.left_out and not program.broken:
        program.was_cut("lines that do not parse as Python", program.left_out)
    return program


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:120]}"
