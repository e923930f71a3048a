#!/bin/sh
# wevfuzz_tree.sh: what wevfuzz does in a source tree, in a small one of its own: it builds what is missing, says why it cannot,
# and keeps inputs as regressions. There, too: a shared object with coverage under libFuzzer.
set -u
. tests/expect.sh
top=$(pwd) tree=$T/tree
mkdir -p "$tree/build" "$tree/fuzz" "$T/seeds"
cp "$WEVFUZZ" "$tree/build/wevfuzz"
own=$tree/build/wevfuzz
: >"$tree/fuzz/fuzz.mk"
cp "$planted" "$tree/fuzz/fuzz_planted.c"
# the rules that wevfuzz asks for, of a harness that is a program
cat >"$tree/Makefile" <<END
build/fuzz/planted: fuzz/fuzz_planted.c
	@mkdir -p build/fuzz
	${CC:-cc} -g -O1 -DPLANTED_MAIN fuzz/fuzz_planted.c -o \$@
build/libfuzzer/fuzz/call: $top/fuzz/call_so.c
	@mkdir -p build/libfuzzer/fuzz
	clang -std=c11 -D_GNU_SOURCE -I$top -g -O1 -fsanitize=fuzzer,address -rdynamic $top/fuzz/call_so.c ${WEV:-} -ldl -o \$@
build/libwevmutator.a:
	: >\$@
build/event.dict:
	echo '"<a>"' >\$@
mxml-source:
END
printf '<a>%0300d<b c="1">!a</b></a>' 0 >"$T/seeds/crashes"
printf '<a>!z</a>' >"$T/seeds/fine"
mkdir "$T/more"
printf '<a>!n</a>' >"$T/more/crashes"
cp "$T/seeds/fine" "$T/more/fine"
WEVFUZZ=$own

fuzz 1 'a harness is built' run --engine replay --target planted --corpus "$T/seeds" --runs 30 --minimise 100 -j 1 --keep
says 'a harness is built' 'wevfuzz: make build/fuzz/planted'
kept=$tree/tests/regress/planted/assertion.plant_assert
[ -f "$kept" ] || not_ok '--keep: no input of the assertion'
if [ -f "$kept" ]; then
    [ "$(cat "$kept")" = '!a' ] || not_ok "--keep: the input is not the one that was made as small as it can be: $(cat "$kept")"
    "$tree/build/fuzz/planted" "$kept" 2>/dev/null
    [ $? -eq 134 ] || not_ok '--keep: what was kept does not crash it'
fi
count=$(find "$tree/tests/regress" -type f | wc -l)
says '--keep' "$count input"
# known by now, all of them
mkdir "$T/again"
cp "$tree"/build/campaign/planted/crashes/* "$T/again/"
cp -R "$tree/build/campaign/planted/buckets" "$T/known"
rm -r "$tree/tests"
fuzz 0 '--keep, nothing new' triage "$T/again" -o "$T/tri" --target planted --minimise 0 --timeout 1 --baseline "$T/known" --keep
says '--keep, nothing new' '0 inputs kept'
[ "$(find "$tree/tests" -type f | wc -l)" -eq 0 ] || not_ok '--keep: a known bucket was kept'
fuzz 2 '--keep of a program' run --engine replay --corpus "$T/seeds" --runs 4 --keep -- "$tree/build/fuzz/planted" @@
says '--keep of a program' 'no harness'
mkdir -p "$T/installed/bin"
cp "$own" "$T/installed/bin/wevfuzz"
WEVFUZZ=$T/installed/bin/wevfuzz
fuzz 2 '--keep, installed' run --engine replay -o "$T/kept" --runs 4 --keep -- cat
says '--keep, installed' 'not in one'
WEVFUZZ=$own

# A target that does not build: the compiler's word, and no campaign of what was built before.
echo 'int broken = "no number" * 2;' >>"$tree/fuzz/fuzz_planted.c"
fuzz 2 'one that does not build' run --engine replay --target planted --corpus "$T/seeds" --runs 4
says 'one that does not build' 'build/fuzz/planted does not build: '
says 'one that does not build' 'fuzz/fuzz_planted.c:'
says 'one that does not build' 'error: '
[ -z "$(find "$tree/build" -name 'wevfuzz-*.log')" ] || not_ok 'one that does not build: the log stays'

# A shared object whose coverage libFuzzer sees, behind the harness for any of them.
why=
[ -z "${SAN:-}${TSAN:-}" ] || why='our libraries have the sanitizers of another compiler'
clang -g -O1 -shared -fPIC -fsanitize=fuzzer-no-link,address "$planted" -o "$T/planted.so" 2>/dev/null ||
    why='clang with libFuzzer is not installed (Debian: clang libclang-rt-dev)'
if [ -z "$why" ]; then
    # the seed's own bug, and one that it finds behind it; and more edges than those of our own part of the program
    edges() { [ "$(sed -n 's/.* coverage \([0-9]*\).*/\1/p' "$T/err" | sort -n | tail -n 1)" -ge 10 ] 2>/dev/null; }
    also=edges campaign 'an object with coverage' 'SEGV.plant_null *.plant_[!n]*' "$T/object" --engine libfuzzer --corpus "$T/more" \
        --target "$T/planted.so:LLVMFuzzerTestOneInput"
    ! grep -q 'has no coverage' "$T/err" || not_ok 'an object with coverage: it says that there is none'
    edges || not_ok 'an object with coverage: none is seen'
    sh "$T/object/buckets/SEGV.plant_null/replay.sh" >"$T/out" 2>&1
    says 'an object with coverage: replay' 'in plant_null'
fi
[ "$failed" -eq 0 ] || exit 1
[ -z "$why" ] || { echo "a shared object with coverage was not run: $why"; exit 77; }
