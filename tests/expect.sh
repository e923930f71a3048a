# expect.sh: what the tests of wevcorpus run and of wevfuzz share; sourced. T is their scratch folder, `failed` their exit status.
failed=0
not_ok() {
    echo "not ok - $1"
    [ ! -f "$T/out" ] || sed 's/^/    /' "$T/out" | head -n 30
    [ ! -f "$T/err" ] || sed 's/^/    /' "$T/err" | head -n 10
    failed=1
}
# run STATUS NAME ARGS...: wevcorpus run's exit status is that. What it says is in out, err and, if asked for, said.json.
run() {
    want=$1 name=$2
    shift 2
    rm -f "$T/said.json"
    # a sanitized program, which some of these parsers are, reserves more addresses than the default gives
    case " $* " in *' --memory '*) ;; *) [ -z "${SAN:-}${TSAN:-}" ] || set -- --memory 0 "$@" ;; esac
    "$WEVCORPUS" run "$@" >"$T/out" 2>"$T/err"
    got=$?
    [ "$got" -eq "$want" ] || not_ok "$name: exit status $got, wanted $want"
}
# fuzz STATUS NAME ARGS...: wevfuzz's exit status is that.
fuzz() {
    want=$1 name=$2
    shift 2
    "$WEVFUZZ" "$@" >"$T/out" 2>"$T/err"
    got=$?
    [ "$got" -eq "$want" ] || not_ok "$name: exit status $got, wanted $want"
}
# await TENTHS COMMAND...: no more than so many tenths of a second for it to be true; a busy machine needs them.
await() {
    tenths=$1
    shift
    until "$@"; do
        [ "$tenths" -gt 0 ] || return 1
        tenths=$((tenths - 1))
        sleep 0.1
    done
}
# has_buckets FOLDER GLOBS: each of these names is that of a bucket there.
has_buckets() {
    set -f
    for glob in $2; do
        set +f # which names there are is asked of the folder alone
        # shellcheck disable=SC2086
        ls -d "$1"/buckets/$glob >/dev/null 2>&1 || return 1
    done
    set +f
}
# campaign NAME GLOBS OUT ARGS...: wevfuzz run goes on until buckets of these names are there, and $also holds if that is set, however
# long a busy machine takes; exit 1.
campaign() {
    name=$1 globs=$2 folder=$3
    shift 3
    "$WEVFUZZ" run -o "$folder" --time 100 --minimise 0 -j 1 "$@" >"$T/out" 2>"$T/err" &
    pid=$!
    while kill -0 $pid 2>/dev/null && ! { has_buckets "$folder" "$globs" && ${also:-true}; }; do sleep 0.2; done
    kill -INT $pid 2>/dev/null
    wait $pid
    got=$?
    [ "$got" -eq 1 ] || not_ok "$name: exit status $got, wanted 1"
    has_buckets "$folder" "$globs" || not_ok "$name: not all buckets of $globs: $(ls "$folder/buckets")"
}
# planted FLAGS... FILE: the parser with planted bugs as a program.
planted=$(pwd)/tests/cases/fuzz/planted.c
planted() { ${CC:-cc} -g -O1 "$planted" -o "$@"; }
says() { cat "$T/out" "$T/err" "$T/said.json" 2>/dev/null | grep -qF -e "$2" || not_ok "$1: does not say \"$2\""; }
