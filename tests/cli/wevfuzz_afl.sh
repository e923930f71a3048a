#!/bin/sh
# wevfuzz_afl.sh: campaigns of AFL++ on a planted target: instrumented, blind, and four instances that share a directory.
set -u
command -v afl-fuzz >/dev/null && command -v afl-clang-fast >/dev/null || { echo 'AFL++ is not installed (Debian: afl++)'; exit 77; }
planted=$(pwd)/tests/cases/fuzz/planted.c
afl-clang-fast -g -O1 -DPLANTED_MAIN -o "$T/afl" "$planted" >"$T/err" 2>&1 || { echo 'afl-clang-fast does not compile'; exit 77; }
${CC:-cc} -g -O1 -DPLANTED_MAIN -o "$T/plain" "$planted"
failed=0
not_ok() {
    echo "not ok - $1"
    sed 's/^/    /' "$T/out" | head -n 40
    sed 's/^/    /' "$T/err" | head -n 10
    failed=1
}
mkdir "$T/seeds"
printf '<a>!n</a>' >"$T/seeds/crashes"
printf '<a>!z</a>' >"$T/seeds/fine"
"$WEVFUZZ" run --engine afl --corpus "$T/seeds" -o "$T/run" --time 6 --timeout 1 --minimise 0 -j 2 -- "$T/afl" @@ >"$T/out" 2>"$T/err"
[ $? -eq 1 ] || not_ok 'AFL++: exit status'
ls "$T/run/buckets" | grep -q '^SIGSEGV' || not_ok 'AFL++: the seed that crashes has no bucket'
grep -Eq '; [1-9][0-9]* executions' "$T/out" || not_ok 'AFL++: no executions'
grep -q custom "$T/run/afl/main0/fuzzer_stats" || grep -qi 'custom mutator' "$T/run/log/main0.log" || not_ok 'AFL++: without our mutator'
"$WEVFUZZ" run --engine afl --corpus "$T/seeds" -o "$T/blind" --time 3 --timeout 1 --minimise 0 -j 1 -- "$T/plain" >"$T/out" 2>"$T/err"
[ $? -le 1 ] || not_ok 'AFL++, blind: exit status'
grep -q 'has no coverage of this engine' "$T/err" || not_ok 'AFL++, blind: it does not say so'
# Four instances: each finds for itself, and takes over what the others found.
for k in 1 2 3 4; do
    "$WEVFUZZ" run -q --engine afl --sync "$T/sync" --corpus "$T/seeds" -o "$T/four$k" --time 8 --timeout 1 --minimise 0 -j 1 -- "$T/afl" @@ \
        >"$T/out$k" 2>"$T/err$k" &
done
wait
[ "$(ls "$T/sync" | wc -l)" -eq 4 ] || not_ok '--sync: not four instances'
[ "$(find "$T/sync" -path '*main*' -name fuzzer_stats | wc -l)" -eq 1 ] || not_ok '--sync: not one main'
find "$T/sync" -path '*/queue/*sync:*' | grep -q . || { ls -R "$T/sync" >"$T/out"; cat "$T"/err? >"$T/err"; not_ok '--sync: nothing was shared'; }
exit $failed
