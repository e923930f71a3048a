#!/bin/sh
# realism.sh: real records of WEV_SAMPLES and a made fleet against what is known of such events; the fleet's marginals as a
# table and as $PLOT. EVENTS says how many events the fleet has (100,000).
set -eu
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
: "${PLOT:=build/realism.svg}"
: >"$T/real"
status=0
if [ -n "${WEV_SAMPLES:-}" ]; then
    "$WEVCORPUS" support --json --profile builtin:world "$WEV_SAMPLES" >"$T/real" || status=$?
    [ "$status" -le 1 ] || exit "$status"
fi
"$WEVGEN" -q -n "${EVENTS:-100000}" -s 7 --world | "$WEVCORPUS" judge --json --values - >"$T/fleet" || [ $? -eq 1 ]
python3 tests/realism/realism.py "$T/real" "$T/fleet" "$PLOT.new" || status=$?
mv "$PLOT.new" "$PLOT"
echo "plot: $PLOT"
exit "$status"
