#!/bin/bash
set -eu
cat > review.json <<'JSON'
[
  {"file": "0001_orders.sql", "line": 5, "rule": "lock-index", "statement": "CREATE INDEX orders_placed ON orders (placed_at)"},
  {"file": "0002_customers.sql", "line": 1, "rule": "lock-not-null", "statement": "ALTER TABLE customers ALTER COLUMN email SET NOT NULL"},
  {"file": "0002_customers.sql", "line": 3, "rule": "loss-drop-column", "statement": "ALTER TABLE customers DROP COLUMN fax"},
  {"file": "0003_cleanup.sql", "line": 3, "rule": "loss-update-all", "statement": "DELETE FROM sessions"}
]
JSON
