#!/bin/sh
# examples.sh: fuzz/examples, each as its own comment says. What lacks its tool here is named on the last line.
set -u
. tests/expect.sh
skipped=
examples=$(pwd)/fuzz/examples
mkdir "$T/seeds"
for k in 1 2 3; do "$WEVGEN" -q -n 1 -s $k >"$T/seeds/$k.xml"; done

# Any executable, on standard input and on a file.
"$WEVGEN" -q -n 1 | sed 's|<EventRecordID>[0-9]*|<EventRecordID>1e3|' >"$T/seeds/record.xml"
command -v python3 >/dev/null && hows='- @@' || { hows='' skipped="$skipped programs: python3;"; }
for how in $hows; do
    [ "$how" != - ] || how=
    # shellcheck disable=SC2086
    campaign "program $how" 'ValueError*' "$T/program$how" --engine replay --corpus "$T/seeds" -- python3 "$examples/program/parser.py" $how
done

# A shared object without a change to its source.
"$WEVGEN" -q -n 1 | sed "s|<EventID>|<EventID>$(printf '%0400d' 0)|" >"$T/seeds/id.xml"
${CC:-cc} -g -O1 -shared -fPIC -o "$T/object.so" "$examples/c/parser.c" || not_ok 'object: does not compile'
campaign 'object' '*' "$T/object" --engine replay --target "$T/object.so:parse" --corpus "$T/seeds"

# C with LLVMFuzzerTestOneInput and the mutator's library.
if command -v clang >/dev/null && make -s build/libwevmutator.a >"$T/err" 2>&1 && pkg-config --exists mxml libxxhash &&
    clang -g -fsanitize=fuzzer,address "$examples/c/harness.c" "$examples/c/parser.c" build/libwevmutator.a -lmxml -lxxhash -lm -o "$T/mine" 2>"$T/err"; then
    campaign 'C' '*take_id' "$T/c" --engine libfuzzer --corpus "$T/seeds" -- "$T/mine"
else
    skipped="$skipped C: clang, libclang-rt-dev;"
fi

# The mutator from Python, as Atheris gets it.
if command -v python3 >/dev/null && make -s build/wevmutator.so >"$T/err" 2>&1; then
    "$WEVGEN" -q -n 1 | WEV_MUTATOR=build/wevmutator.so python3 "$examples/python/harness.py" --check 300 >"$T/out" 2>"$T/err" || not_ok 'Python: the mutator'
    different=$(sed -n 's/.* \([0-9]*\) different.*/\1/p' "$T/out")
    [ "${different:-0}" -ge 200 ] || not_ok 'Python: few different mutations'
else
    skipped="$skipped Python: python3;"
fi

# The seeds for go test: a line and a literal that holds every byte.
mkdir "$T/bytes"
printf '<a>"\\\000\377\n</a>' >"$T/bytes/one.xml"
sh "$examples/seeds-go.sh" "$T/bytes" "$T/go"
printf '%s\n' 'go test fuzz v1' '[]byte("\x3c\x61\x3e\x22\x5c\x00\xff\x0a\x3c\x2f\x61\x3e")' | cmp -s - "$T/go/one" || { cp "$T/go/one" "$T/out"; not_ok 'go: the seed'; }
[ $failed -eq 0 ] || exit 1
[ -z "$skipped" ] || { echo "not run:$skipped"; exit 77; }
