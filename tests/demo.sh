#!/bin/sh
# demo.sh: the main job, seen: three events, 100,000 more on disk with their ground truth, judged, the figures.
set -eu
gen=${WEVGEN:-build/wevgen} corpus=${WEVCORPUS:-build/wevcorpus} fuzz=${WEVFUZZ:-build/wevfuzz}
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

# number KEY: the last label's
number() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$out/broken.jsonl" | tail -n 1; }
# slice FROM COUNT: bytes of the broken event, on one line, what is not printable named
slice() { tail -c +$(($1 + 1)) "$out/broken.xml" | head -c "$2" | tr '\n' ' ' | cat -v; }
# broken CLASS: one event, the break underlined, and what the decoder says
broken() {
    "$gen" -q -n 1 -s 7 --class "$1" -o "$out/broken.xml" --labels "$out/broken.jsonl"
    at=$(number at) length=$(number at_length)
    from=$((at > 48 ? at - 48 : 0))
    before=$(slice $from $((at - from)); echo .) seen=$(slice "$at" $((length > 60 ? 60 : length)); echo .)
    before=${before%.} seen=${seen%.}
    printf '%s%s%s\n  %s%s%s\n' "$bold" "$1" "$off" "$before" "$seen" "$(slice $((at + length)) 24)"
    printf '  %*s%s%s%s\n' ${#before} '' "$value" "$(printf %s "${seen:-^}" | sed 's/./^/g')" "$off"
    "$corpus" judge "$out/broken.xml" | sed -n '1s/^[^:]*:/  the decoder: /p'
}
title "Broken on purpose, one class of each layer: $gen -n 1 -s 7 --class CLASS"
for class in bytes.utf8-overlong2 xml.charref-over-64 schema.data-twice-differ type.time-february-30 rule.outcome-success-failed; do
    broken $class
done

# suite RUN-OPTIONS...: the table, one wrong answer and the last line
suite() {
    echo
    echo "$corpus run $*"
    "$corpus" run --write-baseline "$out/known.tsv" "$@" >"$out/run.txt" || [ $? -eq 1 ]
    sed -n '1,3p;$p' "$out/run.txt"
    grep -m 1 -A 1 -E '^(SHOULD|WRONG|CRASH|TIMEOUT)' "$out/run.txt" | sed '1s/^/for instance /' || true
}
title 'Other parsers on the curated suite'
suite --persistent -- "$fuzz" target --frames mxml
if command -v xmllint >/dev/null; then
    suite -- xmllint --noout -
    echo
    echo "a new failure is one that $out/known.tsv does not have:"
    "$corpus" run -q --baseline "$out/known.tsv" --html "$out/page.html" -- xmllint --noout -
    echo "the same as a page, with every document: $out/page.html"
else
    echo 'xmllint is not installed (Debian: libxml2-utils)'
fi

title 'Figures'
bytes=$(wc -c <"$out/events.xml")
printf '%s events, %s bytes, %s bytes an event\n' "$count" "$bytes" $((bytes / count))
"$gen" -n 2000000 -s 7 -o /dev/null 2>&1 | tail -n 1 | sed 's/^/to nowhere, on one core: /'

harness=build/demo/mxml-harness found=$out/fuzz
title "Ten seconds of fuzzing Mini-XML, as C programs read events with it, from corpus/seeds: $fuzz run -- $harness"
if [ -x "$harness" ]; then
    rm -rf "$found"
    # Leaks, which it would find first, are left to make fuzz.
    ASAN_OPTIONS=detect_leaks=0:handle_abort=1 "$fuzz" run --engine libfuzzer --time 10 --minimise 3 --corpus corpus/seeds -o "$found" -- "$harness" \
        2>"$found.log" || [ $? -eq 1 ] || cat "$found.log"
    for replay in "$found"/buckets/*/replay.sh; do
        [ ! -f "$replay" ] || echo "replay it: sh $replay"
    done
    echo "make fuzz builds every harness, and $fuzz run --target NAME any one of them, for longer runs"
else
    echo 'clang with libFuzzer is not installed (Debian: clang, libclang-rt-dev; .ci/setup fuzz)'
fi

title 'Next'
cat <<END
  $gen --list events                 what it can make
  $gen -n 3 -f rendered              the same events as a collector gets them
  $gen --list classes                what can be wrong with one, each with its rule
  $gen -n 1000 --malformed 5%        a mix, with the truth in --labels
  $gen -n 1000000 -j 2 -o big.xml    a million, the same bytes at any -j
  $corpus judge FILE                 a verdict on your own events
  $corpus run -- ./your-parser       your own parser on the suite
  $fuzz run -- ./your-parser         your own parser under a fuzzer
  make fuzz, make afl                    every parser here under libFuzzer and AFL++
  make test                              every test
END
