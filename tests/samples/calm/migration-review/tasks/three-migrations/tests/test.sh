#!/bin/bash
# Exactly the four risky statements are named, each at its line.
set -eu
found=$(jq -r '.[] | "\(.file) \(.line) \(.rule)"' review.json | sort)
wanted=$(sort <<'LIST'
0001_orders.sql 5 lock-index
0002_customers.sql 1 lock-not-null
0002_customers.sql 3 loss-drop-column
0003_cleanup.sql 3 loss-update-all
LIST
)
[ "$found" = "$wanted" ]
