#!/bin/sh
# mutator.sh: the two libraries as a stranger links and loads them: what they export, what they need, which schema they read.
set -eu
fails=0
not_ok() {
    echo "not ok - $*"
    fails=$((fails + 1))
}
lib=build/libwevmutator.a so=build/wevmutator.so
cc=$(command -v gcc || command -v clang || command -v cc)

names=$(nm -g --defined-only "$lib" | sed -n 's/.* //p' | sort | tr '\n' ' ')
[ "$names" = 'LLVMFuzzerCustomCrossOver LLVMFuzzerCustomMutator ' ] || not_ok "$lib exports $names"
names=$(nm -D --defined-only "$so" | sed -n 's/.* //p' | grep -vc '^afl_custom_' || true)
[ "$names" = 0 ] || not_ok "$so exports more than AFL++ asks for"
! nm "$lib" | grep -q ' wev_decode' || not_ok "$lib has a decoder inside"

# Complete but for three libraries: a program that is no fuzzer, and prints mutations of its argument's file.
cat >"$T/user.c" <<'END'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t cap, unsigned int seed);
int main(int argc, char **argv)
{
    static uint8_t in[4096], p[4096];
    FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
    size_t n = f ? fread(in, 1, sizeof(in), f) : 0;
    for (unsigned seed = 0; seed < 3000; seed++) {
        memcpy(p, in, n);
        size_t m = LLVMFuzzerCustomMutator(p, n, sizeof(p), seed);
        if (!m || m > sizeof(p)) { return 1; }
        fwrite(p, 1, m, stdout);
        putchar('\n');
    }
    return 0;
}
END
"$cc" -o "$T/user" "$T/user.c" -Lbuild -lwevmutator -lmxml -lxxhash -lm || not_ok 'linking with -lwevmutator -lmxml -lxxhash -lm'
"$WEVGEN" -q -n 1 -s 7 >"$T/seed.xml"
"$T/user" "$T/seed.xml" >"$T/one" && "$T/user" "$T/seed.xml" >"$T/two" || not_ok 'a run of it'
cmp -s "$T/one" "$T/two" || not_ok 'the same seeds give other bytes'
! grep -q ConnectionGuid "$T/one" || not_ok 'fields of a schema that was not named'
WEV_SCHEMA=tests/bench/foreign.man "$T/user" "$T/seed.xml" | grep -q "'ConnectionGuid'" || not_ok 'WEV_SCHEMA: its fields are not seen'
status=0
WEV_SCHEMA="$T/none.man" "$T/user" "$T/seed.xml" >"$T/out" 2>"$T/err" || status=$?
[ "$status" = 2 ] || not_ok "a schema that is not there: status $status"
grep -q "^wevmutator: $T/none.man: " "$T/err" || not_ok "a schema that is not there: $(cat "$T/err")"

# libFuzzer takes it up by itself.
echo 'int LLVMFuzzerTestOneInput(const unsigned char *p, unsigned long n) { return p && n > 100000 ? -1 : 0; }' >"$T/t.c"
if clang -fsanitize=fuzzer -o "$T/t" "$T/t.c" -Lbuild -lwevmutator -lmxml -lxxhash -lm 2>/dev/null; then
    mkdir "$T/corpus" && cp "$T/seed.xml" "$T/corpus"
    "$T/t" -runs=3000 -seed=1 "$T/corpus" >"$T/log" 2>&1 || not_ok "libFuzzer: $(tail -n 3 "$T/log")"
    grep -q 'found LLVMFuzzerCustomMutator' "$T/log" || not_ok 'libFuzzer does not see the mutator'
else
    echo 'ok 1 - in libFuzzer # SKIP no clang with libFuzzer'
fi

# AFL++ loads it, and finds by it.
if command -v afl-fuzz >/dev/null && command -v afl-clang-fast >/dev/null; then
    cat >"$T/a.c" <<'END'
#include <string.h>
int LLVMFuzzerTestOneInput(const unsigned char *p, unsigned long n);
int LLVMFuzzerTestOneInput(const unsigned char *p, unsigned long n)
{
    static volatile int seen;
    for (unsigned long k = 0; k + 9 < n; k++) { if (!memcmp(p + k, "S-1-5-18<", 9)) { seen = 1; } }
    return 0;
}
END
    mkdir "$T/in" && cp "$T/seed.xml" "$T/in"
    AFL_QUIET=1 afl-clang-fast -fsanitize=fuzzer -o "$T/a" "$T/a.c" 2>/dev/null || not_ok 'afl-clang-fast'
    env -u ASAN_OPTIONS -u UBSAN_OPTIONS AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_CUSTOM_MUTATOR_LIBRARY=$(pwd)/$so \
        AFL_CUSTOM_MUTATOR_ONLY=1 AFL_DISABLE_TRIM=1 timeout -k 2 120 afl-fuzz -E 2000 -V 100 -s 1 -m none -i "$T/in" -o "$T/found" -- "$T/a" >"$T/log" 2>&1 || not_ok "afl-fuzz: $(tail -n 3 "$T/log")"
    ls "$T"/found/default/queue | grep -Eq 'value-|tree-|event-|cross-' || not_ok 'AFL++: the queue has nothing of the mutator'
else
    echo 'ok 2 - in AFL++ # SKIP no AFL++'
fi

[ "$fails" = 0 ]
