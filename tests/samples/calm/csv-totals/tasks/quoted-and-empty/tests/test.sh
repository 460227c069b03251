#!/bin/bash
# Decimal commas are read, empty cells add nothing, and a column with one word in it is text.
set -eu
python3 - <<'PY'
import json

report = json.load(open("totals.json"))
assert report["north.csv"]["totals"] == {"litres": 19.75}, report
assert report["north.csv"]["rows"] == 3, report
assert report["south.csv"]["totals"] == {"litres": 150}, report
assert "cost" in report["south.csv"]["skipped"], report
PY
