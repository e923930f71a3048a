#!/bin/sh
# wevfuzz_libfuzzer.sh: campaigns of libFuzzer on planted targets: a program of its own, a shared object with coverage and one without.
set -u
command -v clang >/dev/null || { echo 'clang is not installed (Debian: clang libclang-rt-dev)'; exit 77; }
. tests/expect.sh
clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o "$T/lf" "$planted" 2>"$T/err" ||
    { echo "clang has no libFuzzer (Debian: libclang-rt-dev)"; exit 77; }
# one bug that stops every job at once, and others behind it
mkdir "$T/seeds"
printf '<a>!n</a>' >"$T/seeds/crashes"
printf '<a>!z</a>' >"$T/seeds/fine"
# the seed's bug, and one that it finds when it goes on behind that
figured() { grep -q 'coverage [0-9]' "$T/err"; }
also=figured campaign 'libFuzzer' 'ubsan-load-of-null-pointer-of-type.plant_null *.plant_[!n]*' "$T/run" --engine libfuzzer --corpus "$T/seeds" -- "$T/lf"
figured || not_ok 'libFuzzer: no coverage in the status'
[ "$(find "$T/run/crashes" -type f | wc -l)" -ge 2 ] || not_ok 'libFuzzer: the finds are not kept'
[ "$(find "$T/seeds" -type f | wc -l)" -eq 2 ] || not_ok 'libFuzzer: it wrote to --corpus'
cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -q "$T/l[f]" && not_ok 'libFuzzer: processes live on'
"$WEVFUZZ" run --engine libfuzzer --corpus "$T/seeds" -o "$T/none" --time 200 -- sh -c 'kill -9 0' >"$T/out" 2>"$T/err"
[ $? -eq 2 ] || not_ok 'a program that is none of libFuzzer: exit status'
# the target takes the engine with it
printf '<a>!k</a>' >"$T/seeds/kills"
PLANTED_KILL=1 "$WEVFUZZ" run --engine libfuzzer --corpus "$T/seeds" -o "$T/kill" --time 200 --minimise 0 -- "$T/lf" >"$T/out" 2>"$T/err"
[ $? -eq 2 ] || not_ok 'the target kills the engine: exit status'
grep -q 'killed with its whole process group' "$T/err" || not_ok 'the target kills the engine: it does not say so'
exit $failed
