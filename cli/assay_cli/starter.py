"""The skill that `skill init` writes: it works as it stands, and every part shows where yours goes."""

SKILL_MD = """\
---
name: {name}
description: Counts the words of the text files in a folder and writes them as JSON. Use to learn how long texts are.
license: MIT
compatibility: Needs Python 3.9 or newer; works offline.
allowed-tools: Bash(python3:*) Read Write
metadata:
  version: "0.1.0"
---

# Word count

Run this in the folder that holds the texts. It reads every `*.txt` and writes `words.json`:

```bash
python3 scripts/count.py . words.json
```

Then answer with the longest and the shortest text, and the total.

## What counts as a word

Anything between white space. `can't` is one word, `well-known` is one word, a lone dash is none.
"""

COUNT_PY = '''\
#!/usr/bin/env python3
"""Count the words of every text file in a folder and write the counts as JSON."""

import json
import sys
from pathlib import Path


def words(text: str) -> int:
    return sum(1 for word in text.split() if any(sign.isalnum() for sign in word))


def main() -> int:
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    counts = {path.name: words(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))}
    target.write_text(json.dumps({"files": counts, "total": sum(counts.values())}, indent=2) + "\\n", encoding="utf-8")
    print(f"{len(counts)} file(s) -> {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''

TASK_TOML = """\
# One exam: the agent gets instruction.md and the files of environment/, with the skill and without it. tests/test.sh
# then decides in a container of its own. Ask for a result, do not name the skill.
schema_version = "1.4"

[task]
name = "two-texts"
description = "Count the words of two short texts."

[agent]
timeout_sec = 120

[verifier]
timeout_sec = 30
"""

INSTRUCTION = """\
Count the words of every `*.txt` file in the current folder. Write `words.json`:

`{"files": {"<file name>": <words>, …}, "total": <sum>}`

A word is anything between white space that holds at least one letter or digit.
"""

TEST_SH = """\
#!/bin/bash
# Exit 0 when the result is right.
set -eu
python3 - <<'PY'
import json

report = json.load(open("words.json"))
assert report == {"files": {"a.txt": 5, "b.txt": 3}, "total": 8}, report
PY
"""

SOLVE_SH = """\
#!/bin/bash
# Shows that the task can be solved at all.
set -eu
echo '{"files": {"a.txt": 5, "b.txt": 3}, "total": 8}' > words.json
"""

FILES = {
    "SKILL.md": SKILL_MD,
    "scripts/count.py": COUNT_PY,
    "tasks/two-texts/task.toml": TASK_TOML,
    "tasks/two-texts/instruction.md": INSTRUCTION,
    "tasks/two-texts/environment/a.txt": "It can't rain – well-known fact.\n",
    "tasks/two-texts/environment/b.txt": "One, two, three\n",
    "tasks/two-texts/tests/test.sh": TEST_SH,
    "tasks/two-texts/solution/solve.sh": SOLVE_SH,
}
