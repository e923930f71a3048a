#!/bin/sh
# bench.sh: CPU per event of wevgen beside three programs that make the same 1,150-byte event, run in turn
# on one core; medians of BENCH_ROUNDS rounds of BENCH_N events. BENCH_ASSERT=1: exit 1 when a ratio is over
# its bound. Times are of this machine at this hour; the ratios and instructions are what travels.
set -eu
B=${B:-build} CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g}
gen=${WEVGEN:-$B/wevgen}
n=${BENCH_N:-1000000} rounds=${BENCH_ROUNDS:-5}
dir=$B/bench
mkdir -p "$dir"
rm -f "$dir"/*.cpu "$dir"/*.wall "$dir"/*.peak

for p in naive tuned floor measure; do
    # shellcheck disable=SC2086
    $CC -std=c11 -D_GNU_SOURCE $CFLAGS -o "$dir/$p" "tests/bench/$p.c"
done
"$dir/naive" 1 >"$dir/event.xml"

pin=
if command -v taskset >/dev/null; then
    core=$(taskset -cp $$ | sed 's/.*[ ,-]//') # the last one that we may use
    pin="taskset -c $core"
fi

# time_one NAME COMMAND...: appends CPU, wall and peak memory to the files of NAME.
time_one() {
    name=$1
    shift
    # shellcheck disable=SC2086
    result=$($on "$dir/measure" "$@") || { echo "bench: $* failed" >&2; exit 2; }
    set -- $result
    echo "$1" >>"$dir/$name.cpu"
    echo "$2" >>"$dir/$name.wall"
    echo "$3" >>"$dir/$name.peak"
}
median() { sort -n "$dir/$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# per COUNT FILE: nanoseconds per event
per() { echo "$(median "$2") $1" | awk '{ printf "%.0f", $1 / $2 }'; }
ratio() { awk "BEGIN { printf \"%.2f\", ($1) / ($2) }"; }
at_most() { awk "BEGIN { exit !($1 <= $2) }"; }

wevgen() { name=$1; shift; time_one "$name" "$gen" -q -s 1 "$@"; }
foreign="--schema tests/bench/foreign.man -e Wevgen-Bench-Foreign/100"
round=0
while [ $round -lt "$rounds" ]; do
    on=$pin
    time_one naive "$dir/naive" "$n"
    time_one tuned "$dir/tuned" "$n"
    time_one floor "$dir/floor" "$n" "$dir/event.xml"
    wevgen xml -n "$n" -f xml
    wevgen labels -n "$n" -f xml --labels /dev/null
    wevgen some -n "$n" -f xml --malformed 5%
    wevgen all -n "$n" -f xml --malformed 1
    # shellcheck disable=SC2086
    wevgen foreign -n "$n" $foreign
    wevgen start -n 1
    on=
    wevgen one -n $((2 * n)) -j 1
    wevgen two -n $((2 * n)) -j 2
    round=$((round + 1))
done

# The difference of two runs leaves start-up out.
instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
each=unknown each_some=unknown each_all=unknown
if command -v valgrind >/dev/null; then
    each=$((($(instructions "$gen" -q -s 1 -n 20000) - $(instructions "$gen" -q -s 1 -n 10000)) / 10000))
    each_some=$((($(instructions "$gen" -q -s 1 -n 20000 --malformed 5%) - $(instructions "$gen" -q -s 1 -n 10000 --malformed 5%)) / 10000))
    each_all=$((($(instructions "$gen" -q -s 1 -n 20000 --malformed 1) - $(instructions "$gen" -q -s 1 -n 10000 --malformed 1)) / 10000))
    each_tuned=$((($(instructions "$dir/tuned" 20000) - $(instructions "$dir/tuned" 10000)) / 10000))
    each_naive=$((($(instructions "$dir/naive" 20000) - $(instructions "$dir/naive" 10000)) / 10000))
fi

naive=$(per "$n" naive.cpu) tuned=$(per "$n" tuned.cpu) floor=$(per "$n" floor.cpu) xml=$(per "$n" xml.cpu)
own_bytes=$("$gen" -q -s 1 -n 10000 | wc -c)
# shellcheck disable=SC2086
foreign_bytes=$("$gen" -q -s 1 -n 10000 $foreign | wc -c)
to_naive=$(ratio "$xml" "$naive") to_tuned=$(ratio "$xml" "$tuned")

cat <<END
$(uname -m), $($CC --version | head -n 1), $n events, medians of $rounds rounds

| program | CPU ns per event | of naive | of tuned | instructions per event |
|---|---|---|---|---|
| naive (printf, rand) | $naive | 1.00 | $(ratio "$naive" "$tuned") | ${each_naive:-unknown} |
| **wevgen -f xml** | **$xml** | **$to_naive** | **$to_tuned** | **$each** |
| tuned (by hand, no realism) | $tuned | $(ratio "$tuned" "$naive") | 1.00 | ${each_tuned:-unknown} |
| floor (memcpy, write) | $floor | $(ratio "$floor" "$naive") | $(ratio "$floor" "$tuned") | |

| also | |
|---|---|
| bytes per event | $((own_bytes / 10000)) |
| labels, CPU of a run without | $(ratio "$(median labels.cpu)" "$(median xml.cpu)") |
| malformed at 5 %, CPU of a run without (instructions per event) | $(ratio "$(median some.cpu)" "$(median xml.cpu)") ($each_some) |
| malformed at 100 % | $(ratio "$(median all.cpu)" "$(median xml.cpu)") ($each_all) |
| two threads, speed of one | $(ratio "$(median one.wall)" "$(median two.wall)") |
| peak memory, MiB (two threads) | $(ratio "$(median xml.peak)" 1024) ($(ratio "$(median two.peak)" 1024)) |
| start-up and one event, ms | $(ratio "$(median start.wall)" 1000000) |
| foreign manifest, CPU per byte of our own | $(ratio "$(median foreign.cpu) / $foreign_bytes" "$(median xml.cpu) / $own_bytes") |
END

[ "${BENCH_ASSERT:-}" = 1 ] || exit 0
bad=0
at_most "$to_naive" 0.28 || { echo "over the bound: $to_naive of naive, at most 0.28"; bad=1; }
at_most "$to_tuned" 1.4 || { echo "over the bound: $to_tuned of tuned, at most 1.4"; bad=1; }
[ "$each" = unknown ] || [ "$each" -le 4000 ] || { echo "over the bound: $each instructions, at most 4000"; bad=1; }
at_most "$(ratio "$(median some.cpu)" "$(median xml.cpu)")" 1.1 || { echo 'over the bound: malformed at 5 %, at most 1.1'; bad=1; }
at_most "$(ratio "$(median all.cpu)" "$(median xml.cpu)")" 2 || { echo 'over the bound: malformed at 100 %, at most 2'; bad=1; }
exit $bad
