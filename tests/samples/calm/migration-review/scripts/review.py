#!/usr/bin/env python3
"""List the statements of SQL migrations that deserve a second look. Nothing is executed."""

import argparse
import json
import re
import sys
from pathlib import Path

RULES = (
    ("lock-index", re.compile(r"^create\s+(?:unique\s+)?index\s+(?!concurrently).*?\bon\s+(?:only\s+)?(?P<table>[\w.\"]+)")),
    ("lock-not-null", re.compile(r"^alter\s+table\s+(?P<table>[\w.\"]+).*\bset\s+not\s+null")),
    ("lock-foreign-key", re.compile(r"^alter\s+table\s+(?P<table>[\w.\"]+).*\bforeign\s+key\b(?!.*\bnot\s+valid)")),
    ("lock-type", re.compile(r"^alter\s+table\s+(?P<table>[\w.\"]+).*\balter\s+(?:column\s+)?[\w\"]+\s+(?:set\s+data\s+)?type\b")),
    ("loss-drop-column", re.compile(r"^alter\s+table\s+(?P<table>[\w.\"]+).*\bdrop\s+column\b")),
    ("loss-drop-table", re.compile(r"^drop\s+table\s+(?:if\s+exists\s+)?(?P<table>[\w.\"]+)")),
    ("loss-update-all", re.compile(r"^(?:update|delete\s+from)\s+(?P<table>[\w.\"]+)(?!.*\bwhere\b)")),
)
CREATED = re.compile(r"^create\s+table\s+(?:if\s+not\s+exists\s+)?(?P<table>[\w.\"]+)")


def statements(sql: str):
    """(line, statement on one line) for each statement; comments are dropped, line numbers stay true."""
    bare = re.sub(r"--[^\n]*", "", sql)
    line = 1
    for part in bare.split(";"):
        lead = len(part) - len(part.lstrip())
        text = " ".join(part.split())
        if text:
            yield line + part[:lead].count("\n"), text
        line += part.count("\n")


def review(path: Path):
    fresh = set()
    for line, text in statements(path.read_text(encoding="utf-8")):
        lower = text.lower()
        if created := CREATED.match(lower):
            fresh.add(created["table"])
        for rule, pattern in RULES:
            hit = pattern.match(lower)
            if hit and hit["table"] not in fresh:
                yield {"file": path.name, "line": line, "rule": rule, "statement": text}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--output", type=Path, default=Path("review.json"))
    options = parser.parse_args()
    if not options.folder.is_dir():
        print(f"{options.folder} is not a folder", file=sys.stderr)
        return 1
    found = [entry for path in sorted(options.folder.glob("*.sql")) for entry in review(path)]
    options.output.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found)} statement(s) to look at -> {options.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
