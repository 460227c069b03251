#!/usr/bin/env bash
# Condense a log into a triage note on stdout. Usage: triage.sh LOGFILE
set -euo pipefail

log=${1:?usage: triage.sh LOGFILE}
if [ ! -r "$log" ]; then
    echo "triage.sh: cannot read $log" >&2
    exit 1
fi

lines=$(wc -l < "$log")
errors=$(awk '$2 == "ERROR" || $2 == "FATAL"' "$log" | wc -l)

printf '# Triage of %s\n\n' "$(basename "$log")"
printf -- '- lines: %d\n- errors: %d\n\n' "$lines" "$errors"
printf '| count | first seen | last seen | message |\n|---:|---|---|---|\n'

awk '
    $2 == "ERROR" || $2 == "FATAL" {
        when = $1
        $1 = ""; $2 = ""
        sub(/^ +/, "")
        gsub(/0x[0-9a-fA-F]+|[0-9]+/, "#")
        count[$0]++
        if (!($0 in first)) first[$0] = when
        last[$0] = when
    }
    END { for (m in count) printf "%d\t%s\t%s\t%s\n", count[m], first[m], last[m], m }
' "$log" | sort -t "$(printf '\t')" -k1,1nr -k4,4 | head -n 10 |
    awk -F '\t' '{ printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }'
