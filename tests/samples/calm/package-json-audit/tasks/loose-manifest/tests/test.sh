#!/bin/bash
# Exactly the five problems are reported, and the manifest was left alone.
set -eu
found=$(jq -r '.problems[] | .rule + " " + .where' package-report.json | sort)
wanted=$(sort <<'LIST'
install-script scripts.postinstall
loose-range dependencies.chart-kit
loose-range dependencies.tide-math
no-engines engines.node
twice devDependencies.luxon
LIST
)
[ "$found" = "$wanted" ]
[ "$(jq -r .name package-report.json)" = "tide-table" ]
[ "$(jq '[.problems[] | select((.fix // "") == "")] | length' package-report.json)" = 0 ]
[ "$(jq -r '.dependencies."chart-kit"' package.json)" = "*" ]
