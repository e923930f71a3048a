#!/bin/sh
# bugbench.sh: what the mutator is worth. Six ways of fuzzing one hand-written decoder with planted bugs, from one seed file,
# for the same time each, in one run: bugs found, executions and seconds to each. Prints a table and writes it to $B/bugbench.
#
# RUNS (10) runs of SECONDS_EACH (60) a way, JOBS (1) at once; SETUPS picks some of
# libfuzzer libfuzzer-dict libfuzzer-mutator afl afl-dict-cmplog afl-mutator.
# Exit 2: something could not be run. Never fails on what was found.
set -eu
B=${B:-build}
RUNS=${RUNS:-10} SECONDS_EACH=${SECONDS_EACH:-60} JOBS=${JOBS:-1}
SETUPS=${SETUPS:-libfuzzer libfuzzer-dict libfuzzer-mutator afl afl-dict-cmplog afl-mutator}
dir=$B/bugbench sources='tests/bench/bugs/prey.c tests/bench/bugs/prey_values.c tests/bench/bugs/prey_second.c tests/bench/bugs/prey_third.c'
max_len=4096

fail() {
    echo "bugbench: $*" >&2
    exit 2
}

# One campaign: SETUP RUN. Its canary file stays.
one() {
    setup=$1 run=$2
    work=$(pwd)/$dir/work/$setup-$run
    rm -rf "$work"
    mkdir -p "$work/in"
    cp tests/bench/bugs/sample.xml "$work/in/sample"
    export BUGBENCH_CANARY="$work/canary"
    case $setup in
    libfuzzer*)
        binary=$dir/prey-libfuzzer
        [ "$setup" != libfuzzer-mutator ] || binary=$dir/prey-libfuzzer-mutator
        set -- -max_total_time="$SECONDS_EACH" -max_len="$max_len" -seed="$run" -artifact_prefix="$work/" -verbosity=0
        [ "$setup" != libfuzzer-dict ] || set -- "$@" -dict="$B/event.dict"
        "$binary" "$@" "$work/in" >"$work/log" 2>&1 || { tail -n 5 "$work/log"; exit 1; }
        ;;
    afl*)
        export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1
        set -- -V "$SECONDS_EACH" -G "$max_len" -s "$run" -m none -i "$work/in" -o "$work/out"
        [ "$setup" != afl-dict-cmplog ] || set -- "$@" -x "$B/event.dict" -c "$dir/prey-afl-cmplog"
        [ "$setup" != afl-mutator ] || export AFL_CUSTOM_MUTATOR_LIBRARY="$(pwd)/$B/wevmutator.so"
        afl-fuzz "$@" -- "$dir/prey-afl" >"$work/log" 2>&1 || { tail -n 5 "$work/log"; exit 1; }
        ;;
    *) fail "\"$setup\" is not a way of fuzzing" ;;
    esac
    rm -rf "$work/in" "$work/out"
}

if [ "${1:-}" = --one ]; then
    one "$2" "$3"
    exit
fi

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
rm -rf "$dir/work"
load=$(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')
# Round by round, so that a machine that gets slower does so for all.
for run in $(seq "$RUNS"); do
    for setup in $SETUPS; do echo "$setup $run"; done
done | xargs -P "$JOBS" -L 1 sh "$0" --one || fail 'a campaign could not be run'

set -- "$SECONDS_EACH"
for setup in $SETUPS; do
    files=
    for run in $(seq "$RUNS"); do files="$files${files:+,}$dir/work/$setup-$run/canary"; done
    set -- "$@" "$setup=$files"
done
{
    echo "# $RUNS runs of $SECONDS_EACH s each, $JOBS at once on $(nproc) cores, load before: $load, after: $(cut -d' ' -f1 /proc/loadavg 2>/dev/null || echo '?')"
    echo "# the mutator: $("$dir/mutate" tests/bench/bugs/sample.xml 200000)"
    "$dir/bugbench" table "$@"
} | tee "$dir/table.tsv"
