"""A workflow that runs strangers' code with the repository's secrets

Finds GitHub workflows that start on pull_request_target, fetch the branch of the pull request, and run what is in it
while secrets are at hand; and workflows that put the title or the body of an issue straight into a shell.

Why it matters: Anybody can open a pull request. With this workflow, doing so is enough to run commands with the
repository's own rights and to read its secrets.
"""

import re

from vetting.findings import Axis, Confidence, Severity
from vetting.reading.hit import Hit

CODE, AXIS = "SK-VULN", Axis.VULNERABILITY
SEVERITY, CONFIDENCE = Severity.HIGH, Confidence.MEDIUM
FIX = "Start on pull_request, or check out nothing of the pull request; pass texts of strangers through env."

BAD = [
    {
        "SKILL.md": "---\nname: ci\ndescription: Makes workflows\n---\nCopy `l.yml`.\n",
        "l.yml": (
            "on:\n  pull_request_target:\njobs:\n  l:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
            "          ref: ${{ github.event.pull_request.head.sha }}\n      - run: npm ci && npm test\n"
        ),
    },
    (
        "---\nname: ci\ndescription: Makes workflows\n---\n```yaml\non: issues\njobs:\n  l:\n    steps:\n"
        '      - run: echo "${{ github.event.issue.title }}"\n```\n'
    ),
]
GOOD = [
    {
        "SKILL.md": "---\nname: ci\ndescription: Makes workflows\n---\nCopy `l.yml`.\n",
        "l.yml": (
            "on: [pull_request]\njobs:\n  l:\n    steps:\n      - uses: actions/checkout@v4\n        with:\n"
            "          ref: ${{ github.event.pull_request.head.sha }}\n      - run: npm ci && npm test\n"
        ),
    },
    {
        "SKILL.md": "---\nname: ci\ndescription: Makes workflows\n---\nCopy `l.yml`.\n",
        "l.yml": "on: pull_request_target\njobs:\n  l:\n    steps:\n      - uses: actions/labeler@v5\n",
    },
]

_TARGET = re.compile(r"\b(?:pull_request_target|workflow_run)\b")
_HEAD = re.compile(
    r"\bref:\s{0,3}[\"']?\$\{\{[^}\n]{0,60}(?:pull_request\.head|head_ref|workflow_run\.head)|refs/pull/\$\{\{"
    r"|gh\s{1,3}pr\s{1,3}checkout"
)
_RUNS = re.compile(r"(?m)^[ \t]{0,40}(?:-[ \t]{1,4})?run\s{0,3}:")
_WRITTEN = re.compile(
    r"\$\{\{\s{0,3}github\.(?:event\.(?:issue|pull_request|comment|review|discussion|head_commit)\.(?:title|body"
    r"|message)|head_ref)\b"
)


def find(skill):
    if skill.is_about_security:
        return
    for piece in skill.code.pieces:
        if piece.where == "run" and "github." in piece.text and (match := _WRITTEN.search(piece.text)):
            row = piece.text.count("\n", 0, match.start())
            yield Hit(piece.file, piece.line + row, piece.text.split("\n")[row].strip())
    texts = [(s.path, 1, s.text) for s in skill.sources if s.lang == "yaml" and s.reach != "fixture"]
    texts += [(b.file, b.line, b.text) for b in skill.blocks if b.kind == "fence" and b.lang in ("yaml", "yml")]
    for file, first, text in texts:
        match = _HEAD.search(text) if "${{" in text and _TARGET.search(text) else None
        if match and _RUNS.search(text, match.end()):
            line = text.count("\n", 0, match.start())
            yield Hit(file, first + line, text.split("\n")[line].strip())
