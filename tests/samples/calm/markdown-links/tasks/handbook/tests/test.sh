#!/bin/bash
# Both broken links are listed with file, line and reason, and nothing else is.
set -eu
wanted=$(sort <<'LIST'
docs/index.md:3: setup.md#first-day: no such heading
docs/setup.md:5: office/forms.md: no such file
LIST
)
[ "$(sort broken-links.txt)" = "$wanted" ]
