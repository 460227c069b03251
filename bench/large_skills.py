"""What the largest skills cost the static stage without scanners: CPU seconds and memory, each in a fresh process.

    python -m bench.large_skills SHAPE

prints both for one shape, and how much the process had before it read anything.
"""

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.rows import Row

ROOT = Path(__file__).resolve().parent.parent
HEAD = "---\nname: calm\ndescription: Formats tables nicely.\n---\n# Calm\n\nFormat the table.\n"
MEGABYTE = 1_000_000
SIZE, LINE, FILES = 10 * MEGABYTE, 20 * MEGABYTE, 1000
CPU_SECONDS, MEMORY = 3, 300
WORDS = (
    "the table column renders every value report chart format style width user data sort group total average when then"
    " before after each input output file line number string list should must use read write open make keep show add"
    " remove update check create run test send"
).split()

Files = dict[str, str | bytes]


def prose(size: int, line_end: str = "\n") -> str:
    chance = random.Random(size)  # noqa: S311
    one = 70
    return line_end.join(" ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(size // one + 1))


def python(size: int) -> str:
    one = (
        "def render_{n}(rows, width={n}):\n    cells = [str(row).ljust(width) for row in rows if row]\n"
        "    with open('out/{n}.txt', 'w') as out:\n        out.write(' '.join(cells))\n\n\n"
    )
    return "".join(one.format(n=n) for n in range(size // len(one) + 1))


def shell(size: int) -> str:
    one = 'render_{n}() {{\n  if [ -f "$1" ]; then\n    sort -k2 "$1" | uniq > "out/{n}.txt"\n  fi\n}}\n\n'
    return "".join(one.format(n=n) for n in range(size // len(one) + 1))


def script(size: int) -> str:
    one = (
        "function render{n}(rows) {{\n  const cells = rows.map((row) => String(row).padEnd({n}));\n"
        "  fs.writeFileSync('out/{n}.txt', cells.join(' '));\n}}\n\n"
    )
    return "".join(one.format(n=n) for n in range(size // len(one) + 1))


def data(size: int) -> str:
    words = prose(4000).split("\n")
    rows = [{"id": n, "name": f"item {n}", "note": words[n % len(words)]} for n in range(size // 120 + 1)]
    return json.dumps(rows, indent=1)


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311


KINDS: dict[str, tuple[str, Callable[[int], str | bytes]]] = {
    "Markdown": ("md", prose),
    "Python": ("py", python),
    "shell": ("sh", shell),
    "JavaScript": ("js", script),
    "JSON": ("json", data),
    "binary": ("bin", noise),
}


def shapes() -> dict[str, Callable[[], Files]]:
    made: dict[str, Callable[[], Files]] = {}
    for name, (end, make) in KINDS.items():
        made[f"10 MB of {name}, one file"] = lambda end=end, make=make: {f"a.{end}": make(SIZE)}
        made[f"10 MB of {name}, {FILES} files"] = lambda end=end, make=make: {
            f"d/{n:04}.{end}": make(SIZE // FILES + n) for n in range(FILES)
        }
    made["10 MB of all of these"] = lambda: {f"a.{end}": make(SIZE // len(KINDS)) for end, make in KINDS.values()}
    made["20 MB on one line of Markdown"] = lambda: {"a.md": prose(LINE, " ")[: LINE - 1000]}
    made["20 MB on one line of shell"] = lambda: {"a.sh": "echo " + prose(LINE, "; echo ")[: LINE - 1000]}
    return made


def rows() -> list[Row]:
    out = []
    for name in shapes():
        spent, held, before = measured(name)
        out.append(Row(name, "CPU s", [spent], note="static stage without scanners").at_most(CPU_SECONDS))
        out.append(Row(name, "MB", [held], note=f"the process had {before:g} MB before").at_most(MEMORY))
    return out


def measured(name: str) -> tuple[float, float, float]:
    """CPU seconds, the most memory the process ever had, and what it had before."""
    answer = subprocess.run(
        [sys.executable, "-m", "bench.large_skills", name], cwd=ROOT, capture_output=True, text=True, check=True
    )
    spent, held, before = map(float, answer.stdout.split())
    return spent, held, before


def main(name: str) -> None:
    from vetting.bundle import Bundle, BundleFile
    from vetting.checks import checks
    from vetting.manifest import read_manifest
    from vetting.stages.static import findings_in

    checks()
    before = _memory("VmRSS")
    files = {"SKILL.md": HEAD, **shapes()[name]()}
    raw = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    bundle = Bundle(tuple(BundleFile(path, raw[path]) for path in sorted(raw)))
    manifest, _ = read_manifest(raw["SKILL.md"], folder="calm", lenient=True)
    del files, raw
    begin = time.process_time()
    findings_in(bundle, manifest, scanners=False)
    print(f"{time.process_time() - begin:.2f} {_memory('VmHWM')} {before}")


def _memory(what: str) -> int:
    found = re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found.group(1)) // 1024 if found else 0


if __name__ == "__main__":
    main(sys.argv[1])
