#!/bin/sh
# engines.sh: builds fuzz/examples with the fuzzers of other languages that engines.tsv names, and lets each find the fault
# that its example has. Run by make interop, in the top folder, after the parsers.
#
# ENGINES="jazzer" picks some; ENGINE_TABLE is another table, ENGINE_OUT another folder than build/interop/engines,
# ENGINE_TIMEOUT the seconds that each may take. What cannot be had is named with the reason and stops nothing. Exit
# status: 0 each found its fault, 1 one did not or was not run.
set -u
TOP=$(pwd)
OUT=${ENGINE_OUT:-$TOP/build/interop/engines}
TABLE=${ENGINE_TABLE:-$TOP/tests/interop/engines.tsv}
WEVGEN=${WEVGEN:-$TOP/build/wevgen}
LIB=${LIB:-$TOP/build}
# what any example says of its planted fault, by its language
FAULT='a record id: ParseIntError|NumberFormatException|ValueError: invalid literal for int|a record id: strconv'
export TOP LIB PYTHONDONTWRITEBYTECODE=1
tab=$(printf '\t')
found=0 missed=0

miss() {
    printf '%-26s %s\n' "$name" "$1"
    missed=$((missed + 1))
}

last_line() { grep -v '^[[:space:]]*$' "$1" | tail -n 1 | cut -c 1-160; }

# Each time anew: what a fuzzer left would be its next seeds.
lay_out() {
    B=$OUT/$name S=$OUT/$name/example/$folder C=$OUT/$name/seeds
    export B S C
    rm -rf "$B/example" "$C"
    mkdir -p "$B/example"
    cp -R "$TOP/fuzz/examples/$folder" "$S"
    cp "$TOP/fuzz/examples/seeds-go.sh" "$B/example/"
    "$WEVGEN" -q -n 20 -s 7 -o "$C/"
}

one() {
    log=$OUT/$name.log
    for group in $groups; do
        "$TOP/.ci/setup" "$group" >"$log" 2>&1 || { miss "not run: $(last_line "$log")"; return; }
    done
    lay_out >"$log" 2>&1 && (eval "$prepare") >>"$log" 2>&1 || { miss "not run: $(last_line "$log")"; return; }
    export run
    timeout -k 5 "${ENGINE_TIMEOUT:-120}" sh -c 'eval "$run"' >"$log" 2>&1
    status=$?
    grep -qE "$FAULT" "$log" || { miss "did not find the fault (exit status $status): $(last_line "$log")"; return; }
    [ "$status" -ne 0 ] || { miss 'found the fault, and its exit status is 0'; return; }
    grep -qE "$uses" "$log" || { miss "found the fault, but its log lacks: $uses"; return; }
    printf '%-26s %-14s found the fault\n' "$name" "$( (eval "$version") 2>/dev/null | head -n 1 | cut -c 1-14)"
    found=$((found + 1))
}

mkdir -p "$OUT"
while IFS="$tab" read -r name folder groups prepare run version uses; do
    case $name in '#'* | '') continue ;; esac
    case " ${ENGINES:-$name} " in *" $name "*) ;; *) continue ;; esac
    one </dev/null
done <"$TABLE"
echo "$found fuzzers found their fault, $missed did not"
[ "$missed" -eq 0 ] && [ "$found" -gt 0 ]
