#!/bin/sh
# bugbench.sh: what the mutator is worth. Six ways of fuzzing one hand-written decoder with planted bugs, from one seed file,
# for the same time each, in one run: bugs found, executions and seconds to each. Prints a table and writes it to $B/bugbench.
#
# RUNS (10) runs of SECONDS_EACH (60) a way, JOBS (1) at once; SETUPS picks some of
# libfuzzer libfuzzer-dict libfuzzer-mutator afl afl-dict-cmplog afl-mutator.
# Stopped by ^C or SIGTERM it prints the table of the campaigns that ended; RESUME=1 goes on from there, if decoder, mutator and
# time are the same. However it ends, none of its processes lives on.
# Exit 2: something could not be run; 130: stopped, whether or not a campaign ended before. Never fails on what was found.
set -eu
B=$(cd "${B:-build}" && pwd)
RUNS=${RUNS:-10} SECONDS_EACH=${SECONDS_EACH:-60} JOBS=${JOBS:-1}
SETUPS=${SETUPS:-libfuzzer libfuzzer-dict libfuzzer-mutator afl afl-dict-cmplog afl-mutator}
export B RUNS SECONDS_EACH JOBS SETUPS
dir=$B/bugbench sources='tests/bench/bugs/prey.c tests/bench/bugs/prey_values.c tests/bench/bugs/prey_second.c tests/bench/bugs/prey_third.c tests/bench/bugs/prey_fourth.c'
max_len=4096 overtime=60

fail() {
    echo "bugbench: $*" >&2
    exit 2
}

# The command of one campaign, kept together: what it leaves behind ends with it.
keep() {
    "$dir/bugbench" keep $((SECONDS_EACH + overtime)) "$@" >"$work/log" 2>&1
}

fuzz() {
    case $setup in
    libfuzzer*)
        binary=$dir/prey-libfuzzer
        [ "$setup" != libfuzzer-mutator ] || binary=$dir/prey-libfuzzer-mutator
        set -- -max_total_time="$SECONDS_EACH" -max_len="$max_len" -seed="$run" -artifact_prefix="$work/" -verbosity=0
        [ "$setup" != libfuzzer-dict ] || set -- "$@" -dict="$B/event.dict"
        keep "$binary" "$@" "$work/in"
        ;;
    afl*)
        export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
        set -- -V "$SECONDS_EACH" -G "$max_len" -s "$run" -m none -i "$work/in" -o "$work/out"
        [ "$setup" != afl-dict-cmplog ] || set -- "$@" -x "$B/event.dict" -c "$dir/prey-afl-cmplog"
        [ "$setup" != afl-mutator ] || export AFL_CUSTOM_MUTATOR_LIBRARY="$B/wevmutator.so"
        keep afl-fuzz "$@" -- "$dir/prey-afl"
        ;;
    esac
}

# One campaign: SETUP RUN. Its canary file stays; `done` says that it is whole, and of what.
one() {
    setup=$1 run=$2
    work=$dir/work/$setup-$run
    ! cmp -s "$work/done" "$dir/identity" || return 0
    rm -rf "$work"
    mkdir -p "$work/in"
    cp tests/bench/bugs/sample.xml "$work/in/sample"
    export BUGBENCH_CANARY="$work/canary"
    status=0
    fuzz || status=$?
    rm -rf "$work/in" "$work/out"
    if [ $status = 0 ] && [ -s "$work/canary" ]; then
        cp "$dir/identity" "$work/done.part" && mv "$work/done.part" "$work/done"
        echo "bugbench: $setup, run $run of $RUNS" >&2
    else
        echo "bugbench: $setup, run $run: exit status $status: $(tail -n 3 "$work/log" | tr '\n' ' ')" >&2
    fi
}

case ${1:-} in
--one)
    one "$2" "$3"
    exit
    ;;
--all) # round by round, so that a machine that gets slower does so for all
    for run in $(seq "$RUNS"); do
        for setup in $SETUPS; do echo "$setup $run"; done
    done | xargs -P "$JOBS" -L 1 sh "$0" --one
    exit
    ;;
esac

for setup in $SETUPS; do
    case $setup in
    libfuzzer | libfuzzer-dict | libfuzzer-mutator | afl | afl-dict-cmplog | afl-mutator) ;;
    *) fail "\"$setup\" is not a way of fuzzing" ;;
    esac
done

build() {
    mkdir -p "$dir"
    flags='-std=c11 -D_GNU_SOURCE -I. -O2 -g'
    # The canary itself is never instrumented: nothing of it steers a fuzzer.
    clang $flags -c -o "$dir/canary.o" tests/bench/bugs/canary.c
    clang $flags -fsanitize=fuzzer -o "$dir/prey-libfuzzer" $sources "$dir/canary.o"
    clang $flags -fsanitize=fuzzer -o "$dir/prey-libfuzzer-mutator" $sources "$dir/canary.o" -L"$B" -lwevmutator -lmxml -lxxhash -lm
    clang $flags -o "$dir/mutate" tests/bench/mutate.c -L"$B" -lwevmutator -lmxml -lxxhash -lm
    case " $SETUPS " in
    *' afl'*)
        AFL_QUIET=1 afl-clang-fast $flags -fsanitize=fuzzer -o "$dir/prey-afl" $sources "$dir/canary.o"
        AFL_QUIET=1 AFL_LLVM_CMPLOG=1 afl-clang-fast $flags -fsanitize=fuzzer -o "$dir/prey-afl-cmplog" $sources "$dir/canary.o"
        ;;
    esac
}

build >"$B/bugbench.log" 2>&1 || { cat "$B/bugbench.log"; fail 'the decoder could not be built'; }
# of what a campaign is: who goes on must go on with the same
cat $sources tests/bench/bugs/canary.c tests/bench/bugs/sample.xml "$B/libwevmutator.a" "$B/wevmutator.so" "$B/event.dict" | cksum >"$dir/identity"
echo "$SECONDS_EACH s, $max_len bytes" >>"$dir/identity"
[ -n "${RESUME:-}" ] || rm -rf "$dir/work"
load=$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')

stopped=
"$dir/bugbench" keep 0 sh "$0" --all &
keeper=$!
trap 'stopped=1; kill "$keeper" 2>/dev/null || true' INT TERM HUP
wait "$keeper" || true
[ -z "$stopped" ] || wait "$keeper" || true
trap '' INT TERM HUP

campaigns=0 wanted=0
set -- "$SECONDS_EACH"
for setup in $SETUPS; do
    files=
    for run in $(seq "$RUNS"); do
        wanted=$((wanted + 1))
        cmp -s "$dir/work/$setup-$run/done" "$dir/identity" || continue
        campaigns=$((campaigns + 1))
        files="$files${files:+,}$dir/work/$setup-$run/canary"
    done
    [ -z "$files" ] || set -- "$@" "$setup=$files"
done
if [ $# -le 1 ]; then
    [ -z "$stopped" ] || { echo 'bugbench: stopped before any campaign ended' >&2; exit 130; }
    fail 'no campaign has ended'
fi
{
    echo "# $campaigns campaigns of $wanted, $RUNS a way, $SECONDS_EACH s each, $JOBS at once on $(nproc) cores, load before: $load, after: $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')"
    echo "# the mutator: $("$dir/mutate" tests/bench/bugs/sample.xml 200000)"
    "$dir/bugbench" table "$@"
} >"$dir/table.part"
mv "$dir/table.part" "$dir/table.tsv"
cat "$dir/table.tsv"
if [ -n "$stopped" ]; then
    echo 'bugbench: stopped; RESUME=1 goes on' >&2
    exit 130
fi
[ $campaigns -eq $wanted ] || fail "$((wanted - campaigns)) campaigns could not be run"
