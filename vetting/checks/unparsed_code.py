"""A program that was not understood

Finds program files whose language is known and whose text is not: too long or too costly to parse, or broken. Patterns
were looked for in them, but what flows where is not known. Of a file that no version of its language could run, a bracket
or a string that is never ended, what can be read part by part is read.

Why it matters: A file that a parser gives up on may still be run. The reader should know that vetting saw only its
surface.
"""

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.hit import Hit

CODE, AXIS = "SK-ART", Axis.QUALITY
SEVERITY, CONFIDENCE = Severity.LOW, Confidence.HIGH
FIX = "Mend the file, split it, or leave generated code out of the bundle."

BAD = [
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nRun a.py\n", "a.py": "def broken(:\n    pass\n"},
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nRun a.py\n", "a.py": "print('hello'\n"},
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nRun a.js\n", "a.js": "x = 1;\n" * 100_000},
]
GOOD = [
    {"SKILL.md": "---\nname: a\ndescription: b\n---\nRun a.py\n", "a.py": "print('hello')\n"},
    "---\nname: a\ndescription: b\n---\n```python\nfor each row: do it\n```\n",
]


def find(skill):
    for source in skill.sources:
        if source.sifted is not None and source.raw and source.lang in ("python", "javascript"):
            yield Hit(source.path, 1, f"{source.path.rsplit('/', 1)[-1]}: longer than is parsed as a whole")
    for program in skill.programs:
        if program.broken:
            yield Hit(
                program.file,
                program.broken_at,
                f"{program.file.rsplit('/', 1)[-1]}: {program.broken}",
                why=(
                    f"No version of Python can run this file: from line {program.broken_at} on it has {program.broken}."
                ),
            )
        elif program.error and program.origin == "file":
            at = program.broken_at if program.lang == "javascript" and program.broken_at else program.line
            yield Hit(program.file, at, f"{program.file.rsplit('/', 1)[-1]}: {program.error}")
