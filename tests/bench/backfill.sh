#!/bin/sh
# backfill.sh: thirty days of 1,000 hosts with siblings, attacks and labels, on two threads, beside tuned.c for as many events of
# its own. BENCH_DAYS: fewer days.
set -eu
B=${B:-build} CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g}
gen=${WEVGEN:-$B/wevgen} days=${BENCH_DAYS:-30}
dir=$B/bench/backfill
mkdir -p "$dir"
for p in tuned measure; do
    # shellcheck disable=SC2086
    $CC -std=c11 -D_GNU_SOURCE $CFLAGS -o "$dir/$p" "tests/bench/$p.c"
done
fleet="--hosts 1000 --rate 333 --attack-rate 0.5% --start 2024-03-01T00:00:00Z"
end=$(date -u -d "2024-03-01 + $days days" +%Y-%m-%dT00:00:00Z)
# shellcheck disable=SC2086
said=$("$dir/measure" "$gen" $fleet --end "$end" -j 2 -o - --labels /dev/null 2>"$dir/said")
n=$(sed -n 's/^\([0-9]*\) .*/\1/p' "$dir/said" | tail -n 1)
tuned=$("$dir/measure" "$dir/tuned" "$n")
cat <<END
$(uname -m), $(nproc) cores: $days days of 1,000 hosts, $n events and their labels, -j 2, to /dev/null

| | seconds | CPU ns per event | of tuned | peak memory, MiB |
|---|---|---|---|---|
END
row() { echo "$2 $n $tuned" | awk -v name="$1" '{ printf "| %s | %.1f | %.0f | %.2f | %.1f |\n", name, $2 / 1e9, $1 / $4, $1 / $5, $3 / 1024 }'; }
row "wevgen, two threads" "$said"
row "tuned (by hand, one thread, no labels)" "$tuned"
