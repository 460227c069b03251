#!/bin/bash
# The counts are right, like messages were folded, and the first row is the loudest error with its first time.
set -eu
grep -qx -- '- lines: 81' triage.md
grep -qx -- '- errors: 17' triage.md
first=$(grep '^| [0-9]' triage.md | head -n 1)
[ "$first" = '| 15 | 2026-03-02T08:01:10Z | 2026-03-02T08:57:10Z | database timeout after # ms |' ]
grep -q '^| 2 | 2026-03-02T08:17:30Z | .* | worker # died at #' triage.md
