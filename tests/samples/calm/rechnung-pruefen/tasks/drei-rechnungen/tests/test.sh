#!/bin/bash
# Die richtige Rechnung ist frei, die beiden anderen tragen genau ihre Mängel.
set -eu
[ "$(jq -r '."a-100.json".ok' pruefbericht.json)" = true ]
[ "$(jq -r '."a-100.json".maengel | length' pruefbericht.json)" = 0 ]
[ "$(jq -c '."b-200.json".maengel | sort' pruefbericht.json)" = '["iban","steuer"]' ]
[ "$(jq -c '."c-300.json".maengel | sort' pruefbericht.json)" = '["pflichtangabe","summe"]' ]
[ "$(jq -r '."c-300.json".ok' pruefbericht.json)" = false ]
