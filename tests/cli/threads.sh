#!/bin/sh
# Several threads at once, the way a run can end: whole, told to stop, with a reader that goes away, on a full disk.
# With TSAN=1 each of them is watched for races.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
check() { name=$1; shift; if "$@"; then ok "$name"; else no "$name"; head -n 40 err 2>/dev/null | sed 's/^/  /'; fi; }
cd "$T"
: >err
n=20000
[ -z "${SAN:-}${TSAN:-}" ] || n=4000

"$WEVGEN" -q -n $n -e all -f rendered -o one --labels one.labels
for j in 2 4 7 32; do
    "$WEVGEN" -q -n $n -e all -f rendered -j $j -o many --labels many.labels 2>err
    check "$j threads: the same bytes" cmp -s one many
    check "$j threads: the same labels" cmp -s one.labels many.labels
done
"$WEVGEN" -q -n 5 -j 32 -o few 2>err
check 'more threads than events' sh -c '[ $(wc -l <few) = 5 ]'
"$WEVGEN" -q -n 0 -j 4 -o none 2>err
check 'threads without an event' sh -c '[ ! -s none ]'
"$WEVGEN" -q -n 500 -j 4 -o files/ 2>err
check 'a folder: one file an event' sh -c '[ $(ls files | wc -l) = 500 ]'
"$WEVGEN" -q -n 500 -o whole
check 'a folder: the files concatenated are the run' sh -c 'cat files/* | cmp -s - whole'

{ "$WEVGEN" -n 1000000 -j 4 2>err; echo $? >status; } | head -n 1 >line
check 'the reader goes away: exit 0' grep -qx 0 status
check 'and nothing is said of it' sh -c '! grep -qiE "pipe|race|error" err'
"$WEVGEN" -q -n 1000000 -j 4 >/dev/full 2>err && status=0 || status=$?
check 'a full disk: exit 2' [ $status = 2 ]
check 'and one line says why' sh -c 'grep -q "No space left on device" err && [ $(wc -l <err) = 1 ]'

"$WEVGEN" -n 200000000 -j 4 -o cut 2>err &
pid=$!
until [ -s "cut.$pid.part" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done
sleep 0.2
kill -INT $pid
wait $pid && status=0 || status=$?
check 'SIGINT: exit 130' [ $status = 130 ]
check 'SIGINT: on a whole event' sh -c "tail -n 1 cut | grep -q '</Event>\$'"
check 'SIGINT: what is there is the start of the run' sh -c \
    "lines=\$(wc -l <cut); [ \$lines -gt 0 ] && grep -q \"^\$lines events\" err && head -n 5000 cut >a && \"$WEVGEN\" -q -n 5000 | head -n \$lines | cmp -s a -"
rm -f cut
[ $fails = 0 ]
