#!/bin/bash
# Each section says what is in the project.
set -eu
headings=$(grep '^## ' REPO_MAP.md | tr '\n' ';')
[ "$headings" = '## Files by ending;## Longest files;## Entry points;## Open notes;' ]
[ "$(grep -A2 '^## Files by ending' REPO_MAP.md | tail -n 1)" = '- py: 2' ]
[ "$(grep -A2 '^## Longest files' REPO_MAP.md | tail -n 1)" = '- ./src/main.py (11 lines)' ]
grep -A2 '^## Entry points' REPO_MAP.md | grep -qx -- '- ./src/main.py'
grep -q -- '- ./src/tide.py:5 .*FIXME: the period' REPO_MAP.md
