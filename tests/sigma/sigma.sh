#!/bin/sh
# sigma.sh: what each Sigma rule flags in a world, as the table that README shows: RUNS of every attack (20) among EVENTS
# (100,000) benign ones, in which the attacks' benign twins run, too.
set -eu
python=${SIGMA_PYTHON:-build/sigma/bin/python}
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
runs=${RUNS:-20} events=${EVENTS:-100000}
python3 tests/sigma/rules.py "$WEVGEN" schema/sigma
"$python" tests/sigma/engine.py cases schema/sigma tests/cases/sigma
# every scenario once a run: NAME:RUNS,...; what of it is malicious comes on top of the benign events
"$WEVGEN" --list scenarios >"$T/list"
scenarios=$(cut -f 1 "$T/list" | sed "s/\$/:$runs/" | paste -s -d ,)
attacks=$(awk -F '\t' -v runs="$runs" '$2 == "malicious" { n += runs * $4 } END { print n + 0 }' "$T/list")
"$WEVGEN" -q -n $((events + attacks)) -s 7 --scenario "$scenarios" --labels "$T/labels.jsonl" -o "$T/events.xml"
"$WEVCORPUS" judge --json --values "$T/events.xml" >"$T/events.jsonl"
"$python" tests/sigma/engine.py world schema/sigma tests/sigma/detects.tsv "$T/events.jsonl" "$T/labels.jsonl"
