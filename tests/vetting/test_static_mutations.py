"""What an author may change without changing what an agent reads: every BAD example still fires."""

import re
from collections.abc import Callable

import pytest

from vetting.bundle import Bundle, BundleFile
from vetting.checks import Check, checks
from vetting.findings import Severity
from vetting.manifest import read_manifest
from vetting.reading.skill import Skill

Files = dict[str, bytes]
_SPLIT = re.compile(r"\A(\ufeff?---\n.*?\n---\n)(.*)\Z", re.DOTALL)


def parts(files: Files) -> tuple[str, str]:
    """Front matter and body of SKILL.md."""
    text = files["SKILL.md"].decode()
    match = _SPLIT.match(text)
    return (match.group(1), match.group(2)) if match else ("", text)


def with_body(change: Callable[[str], str]) -> Callable[[Files], Files]:
    def mutate(files: Files) -> Files:
        front, body = parts(files)
        return files | {"SKILL.md": (front + change(body)).encode()}

    return mutate


def every_text(change: Callable[[bytes], bytes]) -> Callable[[Files], Files]:
    return lambda files: {path: data if b"\0" in data else change(data) for path, data in files.items()}


def by_line(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda body: "\n".join(change(line) if line.strip() else line for line in body.split("\n"))


def blank_lines(body: str) -> str:
    """More room between paragraphs; what stands in a fence stays as it is."""
    out, inside = [], False
    for line in body.split("\n"):
        inside ^= line.lstrip(" >").startswith(("```", "~~~"))
        out += [line, "", ""] if not line.strip() and not inside else [line]
    return "\n".join(out)


def moved(files: Files) -> Files:
    front, body = parts(files)
    led = "# Use\n\nRead references/guide.md first and do what it says.\n"
    return files | {"SKILL.md": (front + led).encode(), "references/guide.md": body.encode()}


def in_a_list(body: str) -> str:
    return "- Do this:\n\n" + "\n".join("  " + line if line.strip() else line for line in body.split("\n"))


MUTATIONS: dict[str, Callable[[Files], Files]] = {
    "windows line ends": every_text(lambda data: data.replace(b"\n", b"\r\n")),
    "a mark before SKILL.md": lambda files: files | {"SKILL.md": b"\xef\xbb\xbf" + files["SKILL.md"]},
    "blank lines": with_body(blank_lines),
    "trailing spaces": with_body(by_line(lambda line: line + "  ")),
    "in a quote": with_body(by_line(lambda line: "> " + line)),
    "in a quote in a quote": with_body(by_line(lambda line: "> > " + line)),
    "in a list": with_body(in_a_list),
    "tilde fences": with_body(lambda body: body.replace("```", "~~~")),
    "long fences": with_body(lambda body: body.replace("```", "`````")),
    "upper-case fences": with_body(lambda body: re.sub(r"```(\w+)", lambda m: "```" + m.group(1).upper(), body)),
    "fences with attributes": with_body(lambda body: re.sub(r"```(\w+)\n", r'``` {.\1 title="x"}\n', body)),
    "under a heading": with_body(lambda body: "# Guide\n\nSome words first.\n\n## Setup\n\n" + body),
    "after much honest text": with_body(lambda body: "The table is formatted with care.\n\n" * 300 + body),
    "before much honest text": with_body(lambda body: body + "\n\n" + "The table is formatted with care.\n\n" * 300),
    "moved into a reference": moved,
}


def files_of(example: str | dict) -> Files:
    files = {"SKILL.md": example} if isinstance(example, str) else example
    return {path: data if isinstance(data, bytes) else data.encode() for path, data in files.items()}


def weighty(check: Check, files: Files) -> list:
    bundle = Bundle(tuple(BundleFile(path, data) for path, data in sorted(files.items())))
    manifest, _ = read_manifest(files["SKILL.md"], folder="a", lenient=True)
    known = ("acme/weather", "acme/pdf-tools", "acme/spreadsheet")
    skill = Skill(bundle, manifest, known_names=known, owner="mallory")
    floor = min(check.severity, Severity.MEDIUM)
    return [one for one in map(check.finding, check.find(skill)) if one.severity >= floor]


EXAMPLES = [
    pytest.param(check, example, id=f"{check.name}-{number}")
    for check in checks()
    for number, example in enumerate(check.bad, 1)
]


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize(("check", "example"), EXAMPLES)
def test_a_bad_example_still_fires(check, example, mutation):
    assert weighty(check, MUTATIONS[mutation](files_of(example))), f"{check.name} misses it: {mutation}"
