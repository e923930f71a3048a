#!/bin/sh
# seeds.sh FOLDER: the first corpus of every harness, FOLDER/HARNESS/, made of corpus/seeds, schema/ and tests/cases. Nothing
# is written into a folder that is committed: libFuzzer adds to the first folder that it is given.
set -eu
out=$1
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
rm -rf "$out.new"
put() { # HARNESS FILE...: copies, named so that two folders' files of one name stay two
    to=$out.new/$1
    shift
    mkdir -p "$to"
    for f in "$@"; do
        [ ! -f "$f" ] || cp "$f" "$to/$(echo "${f#./}" | tr / -)"
    done
}
for f in fuzz/fuzz_*.c; do
    h=$(basename "$f" .c)
    put "${h#fuzz_}"
done
documents="corpus/seeds/*.xml tests/cases/judge/*"
for h in decode mxml mxml_strict diff doc; do
    # shellcheck disable=SC2086
    put $h $documents
done
# shellcheck disable=SC2086
put split $documents
cat corpus/seeds/y_*.xml >"$out.new/split/many"
{ echo '<Events>'; cat corpus/seeds/y_schema.*.xml; echo '</Events>'; } >"$out.new/split/events"
put manifest schema/security/*.man tests/cases/manifests/* tests/cases/profiles/*.man tests/golden/*.man tests/bench/*.man
put profile schema/*.profile.xml schema/security/*.profile.xml tests/cases/profiles/*.profile.xml tests/golden/*.profile.xml

# For the mutator: a seed, 8 KiB of room, the second input's length, then both inputs (fuzz_mutator.c).
n=0
for f in corpus/seeds/*.xml tests/bench/bugs/sample.xml; do
    n=$((n + 1))
    { printf "\\0\\0\\0\\0\\0\\0\\$(printf '%03o\\%03o' $((n / 256)) $((n % 256)))\\040\\0\\0\\$(printf %03o $((n % 2 * 200)))"; cat "$f"; } >"$out.new/mutator/$n"
done

put report tests/cases/reports/*

# Any bytes are a tape. One of zeros is the plainest event; the first byte chooses what is made (fuzz_tape.c).
for k in 0 1 2 3 4 5 6 7 8 9 10 11; do
    printf "\\$(printf %03o $k)" >"$out.new/tape/plain-$k"
    { cat "$out.new/tape/plain-$k"; head -c 400 schema/pools/ksp.tsv; } >"$out.new/tape/text-$k"
    { cat "$out.new/tape/plain-$k"; gzip -nc schema/event.xsd | tail -c +11 | head -c 600; } >"$out.new/tape/mixed-$k"
done
# "/tmp" is there, and so are the folder's other rows of an index
head -n 40 corpus/seeds/index.jsonl | sed 's/"file":"[^"]*"/"file":"tmp"/' >"$out.new/suite/index.jsonl"
grep -m 4 '"expect"' corpus/seeds/index.jsonl | sed 's/"file":"[^"]*"/"file":"etc"/' >"$out.new/suite/expect.jsonl"
printf '1,2,10-20' >"$out.new/suite/rejects"

n=0
option() { n=$((n + 1)); printf "\\$(printf %03o "$1")%s" "$2" >"$out.new/options/$n"; }
for e in 5059 5059:1 5058,5059 all 5058=3,5059=1 Microsoft-Windows-Security-Auditing/5059:1; do option 0 "$e"; done
for m in 0.05 5% '0.05,xml.*=3' '0.2,bytes.*=0,xml.escaping-*=50' 1; do option 1 "$m"; done
for c in '*' 'type.sid-*' bytes.utf16-le 'xml.*,type.*'; do option 2 "$c"; done
for t in 2024-03-04T08:00:00Z 2024-02-29T23:59:59.1234567Z 1601-01-01T00:00:00Z; do option 3 "$t"; done
for t in xml view rendered events text; do option 4 "$t"; done

mkdir -p "$(dirname "$out")"
rm -rf "$out"
mv "$out.new" "$out"
