#!/bin/sh
# build.sh: every harness into $OUT, each with its dictionary, options and seed corpus beside it. As ClusterFuzzLite and
# OSS-Fuzz call it: CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, OUT and SANITIZER are theirs; what is not set is set for a
# build by hand with clang and libFuzzer. Libraries are linked statically where the machine has them so, since the runner
# has none. WEV_HARNESSES="decode tape" builds these alone.
set -eu
cd "$(dirname "$0")"
[ -f Makefile ] || cd ..
[ -f Makefile ] || cd "${SRC:-/src}/wevgen"
: "${OUT:?build.sh: OUT is where harnesses go}" "${SANITIZER:=address}" "${CC:=clang}" "${CXX:=clang++}"
: "${LIB_FUZZING_ENGINE:=-fsanitize=fuzzer}"
case $SANITIZER in
address) flags='-fsanitize=address,fuzzer-no-link' ;;
undefined) flags='-fsanitize=undefined,fuzzer-no-link -fno-sanitize-recover=undefined' ;;
coverage) flags='-fprofile-instr-generate -fcoverage-mapping' ;;
none | introspector) flags= ;;
*) echo "build.sh: SANITIZER=$SANITIZER: address, undefined, coverage and none are what these libraries can be built for"; exit 2 ;;
esac
: "${CFLAGS:=-O1 -g -fno-omit-frame-pointer $flags}"
export CC CXX CFLAGS LIB_FUZZING_ENGINE
mkdir -p "$OUT"
jobs=$(nproc 2>/dev/null || echo 2)

# flavours of this project's own are no part of what is asked for here
unset SAN TSAN FUZZ
make mxml-source
harnesses=${WEV_HARNESSES:-$(for f in fuzz/fuzz_*.c; do basename "$f" .c | sed 's/^fuzz_//'; done)}
# shellcheck disable=SC2046,SC2086
make -j "$jobs" FUZZ=engine STATIC=1 build/engine/wevgen $(printf 'build/engine/fuzz/%s ' $harnesses)

seeds=$(mktemp -d)
trap 'rm -rf "$seeds"' EXIT
sh fuzz/seeds.sh "$seeds/all"
pack() { # FOLDER ZIP
    rm -f "$2"
    if command -v zip >/dev/null; then
        (cd "$1" && zip -q -X -r "$2" .)
    else
        (cd "$1" && python3 -m zipfile -c "$2" ./*)
    fi
}
for h in $harnesses; do
    install -m 755 "build/engine/fuzz/$h" "$OUT/$h"
    pack "$seeds/all/$h" "$(cd "$OUT" && pwd)/${h}_seed_corpus.zip"
    # An event record holds 64 KiB; a profile or manifest takes longer than an event, under a sanitizer and on a busy machine.
    { echo '[libfuzzer]'; echo 'max_len = 65536'; echo 'timeout = 30'; echo 'rss_limit_mb = 2560'; } >"$OUT/$h.options"
    ASAN_OPTIONS=detect_leaks=0 build/engine/wevgen --list dict >"$OUT/$h.dict"
done
