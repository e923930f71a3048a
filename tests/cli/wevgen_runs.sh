#!/bin/sh
# Laws of a run, on the program: shards, threads and --from give the same bytes; labels tell the truth; nothing
# partial stays.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
check() { name=$1; shift; if "$@"; then ok "$name"; else no "$name"; fi; }
gen() { "$WEVGEN" -q "$@"; }
cd "$T"

for f in xml view rendered events text; do
    gen -n 3001 -s 9 -f $f >whole
    gen -n 3001 -s 9 -f $f -j 4 >threads
    for k in 1 2 3 4 5 6 7; do gen -n 3001 -s 9 -f $f --shard $k/7; done >shards
    check "$f: four threads give the same bytes" cmp -s whole threads
    check "$f: seven shards concatenated are the whole" cmp -s whole shards
done
gen -n 3000 >whole
gen -n 1000 >a; gen -n 2000 --from 1000 >>a
check "--from goes on where a run ended" cmp -s whole a
gen -n 100 -s 1 >a; gen -n 100 -s 2 >b
check "another seed gives other bytes" sh -c '! cmp -s a b'
gen -n 100 -e 5058,5059 >a; gen -n 100 -e 5059,5058 >b
check "the order of -e does not matter" cmp -s a b
check "--from a far unit is as quick as unit 0" timeout 5 "$WEVGEN" -q -n 1 --from 100000000000 -o far
check "default 5059 has both versions" sh -c "grep -q '<Version>0</Version>' whole && grep -q '<Version>1</Version>' whole"
check "-e 5059:1 has version 1 alone" sh -c "\"$WEVGEN\" -q -n 500 -e 5059:1 | grep -c '<Version>1</Version>' | grep -qx 500"
check "-e 5059:0 has version 0 alone" sh -c "\"$WEVGEN\" -q -n 500 -e 5059:0 | grep -c '<Version>0</Version>' | grep -qx 500"
check "-n 0 makes nothing" sh -c "[ \$(\"$WEVGEN\" -q -n 0 | wc -c) = 0 ]"

# labels: the slice at offset, length is the event, for one thread and for several, with a document's head before it
for f in xml events; do
    gen -n 700 -f $f -o data --labels labels -j 3
    gen -n 700 -f $f -o data1 --labels labels1
    check "$f: labels are the same at any -j" cmp -s labels labels1
    check "$f: one label an event" sh -c '[ $(wc -l <labels) = 700 ]'
    line=$(sed -n 512p labels)
    offset=${line#*\"offset\":}; offset=${offset%%,*}
    length=${line#*\"length\":}; length=${length%%,*}
    record=${line#*\"record_id\":}; record=${record%%,*}
    computer=${line#*\"computer\":\"}; computer=${computer%%\"*}
    tail -c +$((offset + 1)) data | head -c "$length" >slice
    check "$f: the slice is one whole event" sh -c "head -c 12 slice | grep -q '^<Event xmlns' && tail -n 1 slice | grep -q '</Event>$' && [ \$(grep -c '<Event ' slice) = 1 ]"
    check "$f: the slice has the label's record id and computer" grep -q "<EventRecordID>$record</EventRecordID>.*<Computer>$computer</Computer>" slice
done
check "label keys are in order" sh -c 'head -n 1 labels | grep -qE "^\{\"unit\":0,\"event\":5059,\"version\":[01],\"computer\":\"[^\"]+\",\"record_id\":[0-9]+,\"offset\":[0-9]+,\"length\":[0-9]+,\"xxh3\":\"[0-9a-f]{16}\",\"verdict\":\"y\"\}$"'
if command -v xxhsum >/dev/null; then
    want=$(sed -n '512s/.*"xxh3":"\([0-9a-f]*\)".*/\1/p' labels)
    check "xxh3 is XXH3-64 of the slice" sh -c "xxhsum -H3 slice | grep -qi '$want'"
else
    echo "ok - xxh3 against xxhsum # SKIP xxhsum is not installed"
fi

# sinks
gen -n 20 -o files/
check "a folder gets one file an event" sh -c '[ $(ls files | wc -l) = 20 ]'
gen -n 20 >whole
check "the files concatenated are the run" sh -c 'cat files/* | cmp -s - whole'
check "a full disk is exit 2" sh -c "\"$WEVGEN\" -q -n 100000 >/dev/full 2>err; [ \$? = 2 ]"
check "and the message says why" grep -q 'No space left on device' err
check "a closed pipe ends quietly" sh -c "{ \"$WEVGEN\" -n 1000000 2>err; echo \$? >status; } | head -n 1 >/dev/null; [ \$(cat status) = 0 ] && ! grep -qi 'pipe' err"
mkdir ro; chmod 555 ro
check "a path that cannot be written is exit 2" sh -c "\"$WEVGEN\" -q -o missing/x 2>err; [ \$? = 2 ] && grep -q 'missing/x' err"
( ulimit -f 64; trap '' XFSZ; "$WEVGEN" -q -n 100000 -o big 2>err; echo $? >status ) || true
check "a file that cannot grow is exit 2 and leaves nothing" sh -c '[ $(cat status) = 2 ] && [ ! -e big ] && ! ls big.* >/dev/null 2>&1'
"$WEVGEN" -n 200000000 -o cut 2>err &
pid=$!
until [ -s "cut.$pid.part" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
sleep 0.2
kill -INT $pid
wait $pid && status=0 || status=$?
check "SIGINT ends the run with status 130" [ $status = 130 ]
check "on a whole event" sh -c "tail -n 1 cut | grep -q '</Event>$'"
check "and says how many" grep -q 'events.*interrupted' err
rm -f cut
check "the last line has the figures" sh -c "\"$WEVGEN\" -n 5 2>&1 >/dev/null | grep -qE '^5 events, [0-9]+ bytes, [0-9.]+ s, [0-9]+ events/s, seed 1$'"

# usage
bad() { name=$1 want=$2; shift 2; if "$WEVGEN" "$@" >out 2>err; then status=0; else status=$?; fi
    if [ $status = 2 ] && grep -qF -- "$want" err && [ ! -s out ]; then ok "$name"; else no "$name"; sed 's/^/  /' err; fi; }
bad "unknown event" 'did you mean "5059"?' -e 50599
bad "unknown format" 'did you mean "xml"?' -f xm
bad "shard out of range" '"8/7" is not K/N' --shard 8/7
bad "count that is no number" '"ten" is not a number' -n ten
bad "negative count" '"-5" is not a number' -n -5
bad "bad start" '"2024-02-30T00:00:00Z"' --start 2024-02-30T00:00:00Z
bad "a unit past time" 'FILETIME' --from 18446744073709551615
bad "missing schema file" 'nosuch.man' --schema nosuch.man
bad "list of nothing" '"colours" is not' --list colours
bad "stray argument" 'unexpected argument "x"' x
check "--list events names 5059:1" sh -c "\"$WEVGEN\" --list events | grep -q '/5059:1	12 fields	Key migration operation'"
check "--list formats has five" sh -c "[ \$(\"$WEVGEN\" --list formats | wc -l) -ge 5 ]"
check "--list fields follows -e" sh -c "\"$WEVGEN\" --list fields -e 5059:1 | grep -q '^5059:1	ClientCreationTime	win:FILETIME'"
[ $fails = 0 ]
