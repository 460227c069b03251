#!/bin/bash
set -eu
cat > broken-links.txt <<'LIST'
docs/index.md:3: setup.md#first-day: no such heading
docs/setup.md:5: office/forms.md: no such file
LIST
