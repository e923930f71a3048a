#!/bin/sh
# demo.sh: the main job, seen: three events, 100,000 more on disk with their ground truth, judged, the figures.
set -eu
gen=${WEVGEN:-build/wevgen} corpus=${WEVCORPUS:-build/wevcorpus}
out=build/demo count=100000
mkdir -p "$out"

bold='' tag='' name='' value='' off=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    esc=$(printf '\033')
    bold="${esc}[1m" tag="${esc}[34m" name="${esc}[36m" value="${esc}[33m" off="${esc}[0m"
fi
title() { printf '\n%s%s%s\n' "$bold" "$1" "$off"; }
# Attribute values first: what comes later adds escapes, and those hold no quotes.
colour() {
    if [ -z "$off" ]; then cat; return; fi
    sed -e "s/='\([^']*\)'/=$value'\1'$off/g" -e "s/\(>\)\([^<>]\{1,\}\)\(<\)/\1$name\2$off\3/g" \
        -e "s/\(<\/\{0,1\}\)\([A-Za-z]\{1,\}\)/\1$tag\2$off/g"
}

title "Three events: $gen -n 3 -s 7"
"$gen" -q -n 3 -s 7 | colour

title "$count more, with their ground truth: $gen -n $count -s 7 -o $out/events.xml --labels $out/labels.jsonl"
"$gen" -n $count -s 7 -o "$out/events.xml" --labels "$out/labels.jsonl" 2>&1
printf 'first label: %s\n' "$(head -n 1 "$out/labels.jsonl")"

title "Judged by the decoder, which shares no code with the generator: $corpus judge -q $out/events.xml"
"$corpus" judge -q "$out/events.xml"
echo "every one of the $count events was accepted"

title 'Broken on purpose: one event cut short'
"$gen" -q -n 1 -s 7 | head -c 700 >"$out/cut.xml"
"$corpus" judge "$out/cut.xml" || true

title 'Figures'
bytes=$(wc -c <"$out/events.xml")
printf '%s events, %s bytes, %s bytes an event\n' "$count" "$bytes" $((bytes / count))
"$gen" -n 2000000 -s 7 -o /dev/null 2>&1 | tail -n 1 | sed 's/^/to nowhere, on one core: /'

title 'Next'
cat <<END
  $gen --list events                 what it can make
  $gen -n 3 -f rendered              the same events as a collector gets them
  $gen -n 1000000 -j 2 -o big.xml    a million, the same bytes at any -j
  $corpus judge FILE                 a verdict on your own events
  make test                              every test
END
