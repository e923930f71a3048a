#!/bin/sh
# dataset.sh: CPU per event and events per second of wevgen dataset, format by format, two threads. What starting costs is left
# out: each figure is the difference of a run of BENCH_N events and one of a fifth, medians of BENCH_ROUNDS rounds. PYTHON: an
# interpreter with duckdb; without it Parquet is left out, and the last line says so. Peak memory is that of wevgen, or of the
# largest of its DuckDB processes.
set -eu
B=${B:-build} CC=${CC:-cc} CFLAGS=${CFLAGS:--O2 -g}
gen=${WEVGEN:-$B/wevgen} python=${PYTHON:-python3}
n=${BENCH_N:-500000} rounds=${BENCH_ROUNDS:-3}
few=$((n / 5))
dir=$B/bench/dataset
rm -rf "$dir"
mkdir -p "$dir"
trap 'rm -rf "$dir/out" "$dir"/out.*' EXIT
# shellcheck disable=SC2086
$CC -std=c11 -D_GNU_SOURCE $CFLAGS -o "$dir/measure" tests/bench/measure.c

# DuckDB's processes say what they took; the pipe from wevgen stays their standard input.
cat >"$dir/python" <<END
#!/bin/sh
"$python" "\$@"
status=\$?
times >"$dir/times.\$\$" # not in a pipe: that would be another shell's
tail -n 1 "$dir/times.\$\$" >>"$dir/duckdb.times"
rm "$dir/times.\$\$"
exit \$status
END
chmod +x "$dir/python"
formats='csv jsonl csv,jsonl'
if "$python" -c 'import duckdb' 2>/dev/null; then formats="$formats parquet"; fi

# one NAME COUNT FORMATS: appends CPU ns, wall ns, peak KiB and DuckDB's CPU ns to the file NAME.
one() {
    rm -rf "$dir/out" "$dir/duckdb.times"
    result=$("$dir/measure" "$gen" dataset "$dir/out" -q -s 1 -n "$2" --world --attack-rate 1% -j 2 --formats "$3" --python "$dir/python")
    duckdb=$(cat "$dir/duckdb.times" 2>/dev/null | tr 'ms' '  ' | awk '{ s += 60 * ($1 + $3) + $2 + $4 } END { printf "%.0f", 1e9 * s }')
    echo "$result $duckdb" >>"$dir/$1"
    cat "$dir/out/data/"* | wc -c >"$dir/$1.bytes"
}
round=0
while [ $round -lt "$rounds" ]; do
    for f in $formats; do
        one "$f.$few" "$few" "$f"
        one "$f.$n" "$n" "$f"
    done
    round=$((round + 1))
done

median() { sort -n -k "$2" "$dir/$1" | awk -v k="$2" '{ v[NR] = $k } END { print v[int((NR + 1) / 2)] }'; }
each() { echo "$(median "$1.$n" "$2") $(median "$1.$few" "$2") $((n - few))" | awk '{ print ($1 - $2) / $3 }'; }
cat <<END
$(uname -m), $(nproc) cores, $n events of a world, --attack-rate 1%, -j 2, medians of $rounds rounds

| format | CPU µs per event | of them DuckDB's | events per second | bytes per event | peak memory, MiB |
|---|---|---|---|---|---|
END
for f in $formats; do
    echo "$(each "$f" 1) $(each "$f" 4) $(each "$f" 2) $(cat "$dir/$f.$n.bytes") $n $(median "$f.$n" 3)" | awk -v f="$f" '
        { printf "| %s | %.1f | %s | %.0f | %.0f | %.0f |\n", f, $1 / 1000, ($2 > 0 ? sprintf("%.1f", $2 / 1000) : ""), 1e9 / $3, $4 / $5, $6 / 1024 }'
done
case $formats in
*parquet*) echo "$(each parquet 4)" | awk '{ printf "\nDuckDB alone: %.0f events per second and core\n", 1e9 / $1 }' ;;
*) printf '\nParquet is left out: %s has no package duckdb\n' "$python" ;;
esac
