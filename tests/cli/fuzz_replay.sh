#!/bin/sh
# fuzz_replay.sh: every harness, without an engine, on its regressions and its first corpus; and the replay main itself.
set -eu
sh fuzz/seeds.sh "$T/seeds"
kept=0
for h in "$T"/seeds/*; do
    name=$(basename "$h")
    [ -d "tests/regress/$name" ] && "$B/fuzz/$name" "tests/regress/$name" >"$T/out"
    options=$ASAN_OPTIONS
    if [ "$name" = mxml ]; then
        # Mini-XML 3 reads past its input at these bytes (upstream issue 355) and leaks at a bad start tag (278): that is for
        # its fuzzing to find, not for every test run to die of.
        options=$options:detect_leaks=0
        for f in "$h"/*; do
            if LC_ALL=C grep -qaP '\xfe\xff|\xff\xfe' "$f"; then rm "$f"; else kept=$((kept + 1)); fi
        done
        [ $kept -gt 400 ]
    fi
    want=$(find "$h" -type f | wc -l)
    [ "$want" -gt 2 ]
    ASAN_OPTIONS=$options "$B/fuzz/$name" "$h" >"$T/out" || { echo "$name died"; exit 1; }
    [ "$(cat "$T/out")" = "$want inputs" ]
done
for d in tests/regress/*; do [ -x "$B/fuzz/$(basename "$d")" ]; done

# what the replay main owes
fails() { # STATUS TEXT COMMAND...
    want=$1 text=$2
    shift 2
    status=0
    "$@" >"$T/out" 2>"$T/err" || status=$?
    [ $status = "$want" ] || { echo "$*: $status, not $want"; cat "$T/err"; exit 1; }
    grep -qF -e "$text" "$T/out" "$T/err" || { echo "$*: no \"$text\""; cat "$T/out" "$T/err"; exit 1; }
}
mkdir "$T/none"
fails 2 'usage: ' "$B/fuzz/decode"
fails 2 'usage: ' "$B/fuzz/decode" --rate
fails 2 'usage: ' "$B/fuzz/decode" --rate x corpus/seeds
fails 2 'no inputs' "$B/fuzz/decode" "$T/none"
fails 2 'No such file' "$B/fuzz/decode" "$T/nothing"
fails 0 'exit status' "$B/fuzz/decode" --help
fails 0 ' a second' "$B/fuzz/decode" --rate 0.1 tests/cases/judge
# a schema that does not load ends the harness, and says why
fails 2 'tests/cases/profiles/colours.tsv' env WEV_SCHEMA=tests/cases/profiles/colours.tsv "$B/fuzz/decode" tests/cases/judge
fails 0 '3 inputs' env WEV_SCHEMA=tests/cases/profiles/example.man:tests/cases/profiles/example.profile.xml "$B/fuzz/decode" tests/cases/judge
# another schema makes other events of the same tape
head -c 64 tests/golden/README.md >"$T/tape"
WEV_SCHEMA=tests/cases/manifests/types.man "$B/fuzz/tape" "$T/tape" >"$T/out"
