#!/bin/sh
# mxml_known.sh [SECONDS]: does the Mini-XML harness find, from our seeds, the three faults that are known in Mini-XML? Each
# gets so many seconds (60), ends when it is there, and is shown as its bucket: what the sanitizer calls it, and the first
# function that is not the system's. Exit 1: one was not found. Needs `make fuzz`, and Mini-XML's source (make mxml-source).
set -eu
limit=${1:-60}
src=${MXML_SRC:-build/mxml/src}
[ -f "$src/mxml.h" ] || { echo 'mxml_known: no source of Mini-XML; make mxml-source'; exit 2; }
major=$(sed -n 's/.*MXML_MAJOR_VERSION[^0-9]*\([0-9]*\).*/\1/p' "$src/mxml.h")

work=$(mktemp -d)
pid=
finish() {
    [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
sh fuzz/seeds.sh "$work/seeds"

# bucket BINARY INPUT: "KIND FUNCTION"
bucket() {
    "$1" "$2" 2>&1 | awk -f tests/bench/bucket.awk
}

# find_it FOLDER NAME BINARY "KIND FUNCTION"
find_it() {
    mkdir -p "$work/$1/corpus" "$work/$1/found"
    : >"$work/$1/seen"
    from=$(date +%s)
    "$3" -fork=1 -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 -max_total_time="$limit" -max_len=65536 \
        -artifact_prefix="$work/$1/found/" "$work/$1/corpus" "$work/seeds/mxml" >"$work/$1/log" 2>&1 &
    pid=$!
    while :; do
        running=0
        kill -0 "$pid" 2>/dev/null && running=1
        for f in "$work/$1/found"/*; do
            [ -f "$f" ] && ! grep -qxF "$f" "$work/$1/seen" || continue
            echo "$f" >>"$work/$1/seen"
            got=$(bucket "$3" "$f")
            [ "$got" = "$4" ] || continue
            took=$(($(date +%s) - from))
            echo "$2: $got, after $took s, $(wc -c <"$f") bytes"
            kill "$pid" 2>/dev/null || true
            wait "$pid" 2>/dev/null || true
            pid=
            return 0
        done
        [ $running = 1 ] || break
        sleep 1
    done
    pid=
    echo "$2: not found in $limit s"
    return 1
}

bad=0
if [ "$major" -ge 4 ]; then
    echo 'this Mini-XML is 4: the over-read of 355 is of 3 alone'
else
    find_it over-read 'FE FF (upstream issue 355)' build/libfuzzer/fuzz/mxml 'heap-buffer-overflow mxml_string_getc' || bad=1
fi
find_it leak 'start tag (upstream issue 278)' build/libfuzzer/fuzz/mxml 'leak mxml_new' || bad=1

# CVE-2026-5037 (upstream issue 350): index_sort counts below zero in the unsigned numbers that Mini-XML 4.0 to 4.0.4 has
# there. From a source of 4 the fix is taken out; in one of 3, whose numbers are signed, they are made unsigned, too.
own=build/libfuzzer/mxml
sed -e 's/tempr > 0 && left < /left < /' -e 's/\(index_sort(mxml_index_t \*ind, \)int left, int right/\1size_t left, size_t right/' \
    -e '/^index_sort(/,$s/\bint\([[:space:]]*\(left\|right\|templ\)\b\)/size_t\1/' "$own/mxml-index.c" >"$work/mxml-index.c"
san='-g -O1 -fsanitize=fuzzer-no-link,address,undefined'
cp "$own/libmxml.a" "$work/libmxml.a"
# shellcheck disable=SC2046,SC2086
{
    clang $san -w -I"$own" -c -o "$work/mxml-index.o" "$work/mxml-index.c"
    ar r "$work/libmxml.a" "$work/mxml-index.o" 2>/dev/null
    clang -fsanitize=fuzzer,address,undefined -o "$work/mxml_planted" build/libfuzzer/obj/fuzz/fuzz_mxml.o build/libfuzzer/libwevfuzz.a \
        build/libfuzzer/libwev.a "$work/libmxml.a" $(pkg-config --libs expat libxxhash $(pkg-config --exists libxml-2.0 && echo libxml-2.0)) -lpthread
}
find_it planted 'CVE-2026-5037' "$work/mxml_planted" 'heap-buffer-overflow index_sort' || bad=1
exit $bad
