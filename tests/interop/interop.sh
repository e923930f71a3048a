#!/bin/sh
# interop.sh: installs, builds and runs the parsers of parsers.tsv on the suite, and writes what they made of it:
# build/interop/results/NAME.json, build/interop/results.html and corpus/RESULTS.md. Run by make interop, in the top folder.
#
# PARSERS="expat lxml" picks some, and then RESULTS.md stays as it is; TABLE is another table than parsers.tsv, OUT another
# folder than build/interop. What cannot be had is named with the reason and stops nothing. Exit status: 0 all ran that can
# be had, 1 some did not, 2 none.
set -u
TOP=$(pwd)
HERE=$TOP/tests/interop
OUT=${OUT:-$TOP/build/interop}
TABLE=${TABLE:-$HERE/parsers.tsv}
WEVCORPUS=${WEVCORPUS:-$TOP/build/wevcorpus}
CC=${CC:-cc} CXX=${CXX:-c++}
export TOP CC CXX WEV WEVCORPUS
# no __pycache__ beside the adapters
export PYTHONDONTWRITEBYTECODE=1
tab=$(printf '\t')
mkdir -p "$OUT/results" "$OUT/logs"
not_run=$OUT/not-run.tsv
: >"$not_run"
ran=0 missed=0 results=

# miss NAME WHY: it counts as a parser that should have run
miss() {
    printf '%s\t%s\n' "$1" "$2" >>"$not_run"
    printf '%-26s not run: %s\n' "$1" "$2"
    missed=$((missed + 1))
}

last_line() { grep -v '^[[:space:]]*$' "$1" | tail -n 1 | cut -c 1-160; }

# prepare FOLDER GROUPS: once a folder, again when a file of it changed. What failed is remembered for this run.
prepare() {
    B=$OUT/$1 S=$HERE/$1
    export B S
    mkdir -p "$B"
    for group in $2; do
        [ ! -e "$OUT/logs/$group.failed" ] || return 1
        if ! "$TOP/.ci/setup" "$group" >"$OUT/logs/$group.log" 2>&1; then
            cp "$OUT/logs/$group.log" "$OUT/logs/$group.failed"
            return 1
        fi
    done
    sum=$(cd "$HERE" && { find "$1" -type f | sort; echo prepare.sh; } | xargs cksum | cksum)
    [ "$(cat "$B/.prepared" 2>/dev/null)" != "$sum" ] || return 0
    [ ! -e "$OUT/logs/$1.failed" ] || return 1
    if ! sh "$HERE/prepare.sh" "$1" >"$OUT/logs/$1.log" 2>&1; then
        cp "$OUT/logs/$1.log" "$OUT/logs/$1.failed"
        return 1
    fi
    rm -f "$B"/.built-*
    echo "$sum" >"$B/.prepared"
}

why_not() { # FOLDER GROUPS
    for name in $2 $1; do
        [ ! -e "$OUT/logs/$name.failed" ] || last_line "$OUT/logs/$name.failed"
    done | head -n 1
}

one() {
    log=$OUT/logs/parser-$name.log json=$OUT/results/$name.json
    rm -f "$json"
    if ! prepare "$folder" "$groups"; then
        miss "$name" "$(why_not "$folder" "$groups")"
        return
    fi
    if [ "$build" != - ] && ! (eval "$build") >"$log" 2>&1; then
        miss "$name" "it does not build: $(last_line "$log")"
        return
    fi
    version=$( (eval "$version") 2>/dev/null | head -n 1)
    eval "set -- $run --frames"
    # options are words
    # shellcheck disable=SC2086
    "$WEVCORPUS" run -q --persistent --timeout 30 $options --name "$name${version:+ $version}" \
        --about "$about" --json "$json" -- "$@" >"$log" 2>&1
    if [ -s "$json" ]; then
        printf '%-26s %-14s %s\n' "$name" "$(echo "$version" | cut -c 1-14)" "$(last_line "$log")"
        results="$results $json"
        ran=$((ran + 1))
    else
        miss "$name" "$(last_line "$log")"
    fi
}

rm -f "$OUT"/logs/*.failed
while IFS="$tab" read -r name folder groups build run version options about; do
    case $name in '#'* | '') continue ;; esac
    case " ${PARSERS:-$name} " in *" $name "*) ;; *) continue ;; esac
    if [ "$run" = - ]; then
        printf '%s\t%s\n' "$name" "$about" >>"$not_run"
        printf '%-26s cannot be had: %s\n' "$name" "$about"
        continue
    fi
    one </dev/null
done <"$TABLE"

[ "$ran" -gt 0 ] || { echo 'no parser ran'; exit 2; }
# names of results are those of the table: no blanks
# shellcheck disable=SC2086
"$WEVCORPUS" html -o "$OUT/results.html" $results || exit 2
whole=
if [ -z "${PARSERS:-}" ]; then
    whole=', corpus/RESULTS.md'
    # shellcheck disable=SC2086
    "$WEVCORPUS" results -o "$TOP/corpus/RESULTS.md" --not-run "$not_run" $results || exit 2
fi
echo "$ran parsers ran, $missed did not: $OUT/results.html$whole"
[ "$missed" -eq 0 ]
