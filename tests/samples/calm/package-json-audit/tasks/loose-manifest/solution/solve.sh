#!/bin/bash
set -eu
jq -n '{name: "tide-table", problems: [
  {rule: "install-script", where: "scripts.postinstall", fix: "Run it on purpose."},
  {rule: "loose-range", where: "dependencies.chart-kit", fix: "Pin it."},
  {rule: "loose-range", where: "dependencies.tide-math", fix: "Pin it."},
  {rule: "twice", where: "devDependencies.luxon", fix: "Keep one."},
  {rule: "no-engines", where: "engines.node", fix: "State the Node versions."}]}' > package-report.json
