#!/bin/bash
# Passes when the totals are right, the order number was left out and the rows were counted.
set -eu
python3 - <<'PY'
import json

report = json.load(open("totals.json"))["sales.csv"]
assert report["rows"] == 4, report
assert abs(report["totals"]["net"] - 11830.0) < 1e-6, report
assert report["totals"]["units"] == 16, report
assert set(report["totals"]) == {"net", "units"}, report
assert sorted(report["skipped"]) == ["customer", "order_id"], report
PY
