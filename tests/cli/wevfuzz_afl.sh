#!/bin/sh
# wevfuzz_afl.sh: campaigns of AFL++ on a planted target: instrumented, blind, and four instances that share a directory.
set -u
command -v afl-fuzz >/dev/null && command -v afl-clang-fast >/dev/null || { echo 'AFL++ is not installed (Debian: afl++)'; exit 77; }
. tests/expect.sh
afl-clang-fast -g -O1 -DPLANTED_MAIN -o "$T/afl" "$planted" >"$T/err" 2>&1 || { echo 'afl-clang-fast does not compile'; exit 77; }
planted "$T/plain" -DPLANTED_MAIN || not_ok 'cannot compile the planted target'
mkdir "$T/seeds"
printf '<a>!n</a>' >"$T/seeds/crashes"
printf '<a>!z</a>' >"$T/seeds/fine"
mutated() { cat "$T/run/afl/main0/fuzzer_stats" "$T/run/log/main0.log" 2>/dev/null | grep -qi 'custom'; }
also=mutated campaign 'AFL++' 'SIGSEGV*' "$T/run" --engine afl --corpus "$T/seeds" -j 2 -- "$T/afl" @@ # the seed that crashes
grep -Eq '; [1-9][0-9]* executions' "$T/out" || not_ok 'AFL++: no executions'
mutated || not_ok 'AFL++: without our mutator'
"$WEVFUZZ" run --engine afl --corpus "$T/seeds" -o "$T/blind" --time 100 --runs 10 --minimise 0 -j 1 -- "$T/plain" >"$T/out" 2>"$T/err"
[ $? -le 1 ] || not_ok 'AFL++, blind: exit status'
says 'AFL++, blind' 'has no coverage of this engine'
executions=$(sed -n 's/.*; \([0-9]*\) executions in.*/\1/p' "$T/out")
[ "${executions:-0}" -ge 10 ] || not_ok "AFL++, blind: ${executions:-no} executions"

# Four instances. Three start at once, so that they are after the main together; the fourth comes when the main is there and has not
# the seed that nobody guesses: it gets it from the main. They run until that is so, however long it takes here.
start() { # NUMBER SEEDS
    "$WEVFUZZ" run -q --engine afl --sync "$T/sync" --corpus "$2" -o "$T/four$1" --time 120 --timeout 1 --minimise 0 -j 1 -- "$T/afl" @@ \
        >"$T/out$1" 2>"$T/err$1" &
    pids="$pids $!"
}
begun() { [ "$(find "$T/sync" -name fuzzer_stats 2>/dev/null | wc -l)" -ge "$1" ]; }
shared() { grep -lr magic-5059 "$T"/sync/*-s0/queue 2>/dev/null | grep -q ',sync:.*-main0,'; }
mkdir "$T/magic"
cp "$T/seeds/fine" "$T/magic/fine"
printf '<a>!magic-5059</a>' >"$T/magic/seed"
pids=
for k in 1 2 3; do start $k "$T/magic"; done
await 600 begun 3 || not_ok '--sync: three instances did not begin'
start 4 "$T/seeds"
await 600 begun 4 || not_ok '--sync: the fourth instance did not begin'
await 300 shared || not_ok '--sync: nothing was shared'
mains=$(ls "$T/sync" | grep -c -- '-main0$')
# shellcheck disable=SC2086
kill -INT $pids
wait
for k in 1 2 3 4; do cat "$T/out$k" "$T/err$k"; done >"$T/out"
ls "$T/sync" >"$T/err"
[ "$(ls "$T/sync" | wc -l)" -eq 4 ] || not_ok '--sync: not four instances'
[ "$mains" -eq 1 ] || not_ok "--sync: $mains mains"
for k in 1 2 3 4; do
    how=$(find "$T/four$k/log" -name '*.log')
    case $how in *-main0.log) [ "$k" -le 3 ] || not_ok '--sync: the last to come is the main' ;; esac
done
exit $failed
