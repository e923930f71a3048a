#!/bin/sh
# wevfuzz_triage.sh: what fuzzers left, sorted by bug: planted targets, with and without sanitizers.
set -u
. tests/expect.sh
export ASAN_OPTIONS=handle_abort=1:detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
planted "$T/plain" -DPLANTED_MAIN || not_ok 'cannot compile the planted target'
sanitized=
planted "$T/san" -DPLANTED_MAIN -fsanitize=address,undefined 2>/dev/null && sanitized=1

# One bug through many files is one bucket; its smallest input, its class, its command.
mkdir -p "$T/left/default/crashes" "$T/left/default/hangs" "$T/left/queue" "$T/seeds"
printf '<a>!n</a>' >"$T/left/queue/id:000000,orig:seed" # no find: a queue is not looked at
n=0
while [ $n -lt 12 ]; do
    printf '<a>%s<b c="%d">!n</b></a>' $n $n >"$T/left/crash-$n"
    n=$((n + 1))
done
printf '<a>!a</a>' >"$T/left/default/crashes/id:000000,sig:06,src:000000"
printf '<a>nothing</a>' >"$T/left/leak-0"
fuzz 1 'triage' triage "$T/left" -o "$T/tri" --timeout 20 --minimise 100 -- "$T/plain" @@
says 'triage' '12 inputs led here'
says 'triage' '2 buckets, 2 new; 1 input did nothing when run again'
bucket=$(echo "$T"/tri/buckets/SIGSEGV*)
[ -d "$bucket" ] || not_ok "triage: no one bucket for the null pointer: $bucket"
[ "$(cat "$bucket/input")" = '!n' ] || not_ok "triage: not as small as it can be: $(cat "$bucket/input")"
grep -q '"verdict": "n"' "$bucket/bucket.json" && grep -q '"layer": "xml"' "$bucket/bucket.json" || not_ok 'triage: no class by the decoder'
sh "$bucket/replay.sh" >/dev/null 2>&1
[ $? -eq 139 ] || not_ok 'triage: the command does not replay it'
[ -f "$T/tri/buckets/assertion.plant_assert/input" ] || not_ok 'triage: the assertion has no bucket of its function'
[ "$(find "$T/left" -type f | wc -l)" -eq 15 ] || not_ok 'triage: DIR was changed'
# whether a debugger works here is asked of itself: it may be there, and not be allowed to
stacks= function=-
printf '!n' >"$T/null"
! gdb -nx -batch -ex run -ex bt --args "$T/plain" "$T/null" 2>/dev/null | grep -q 'in plant_null' || stacks=1 function=plant_hang
[ -z "$stacks" ] || [ -d "$T/tri/buckets/SIGSEGV.plant_null" ] || not_ok "triage: gdb works here, and the bucket has no function"

# A hang: a bucket of its function, and its input as small as it can be.
mkdir -p "$T/slow/default/hangs"
printf '<a>%s<b c="d">!h</b>%s</a>' "$(seq -s, 90)" "$(seq -s, 90)" >"$T/slow/default/hangs/id:000000,src:000000"
fuzz 1 'a hang' triage "$T/slow" -o "$T/slow-tri" --timeout 1 --minimise 100 -- "$T/plain" @@
says 'a hang' '1 bucket, 1 new'
has_buckets "$T/slow-tri" "timeout.$function" || not_ok 'a hang: no bucket of its function'
[ "$(cat "$T"/slow-tri/buckets/timeout.*/input)" = '!h' ] || not_ok "a hang: not as small as it can be: $(cat "$T"/slow-tri/buckets/timeout.*/input)"
fuzz 0 'a baseline' triage "$T/left" -o "$T/tri2" --timeout 20 --minimise 0 --baseline "$T/tri/buckets" --junit "$T/j.xml" --sarif "$T/s.sarif" -- "$T/plain" @@
says 'a baseline' '2 buckets, 0 new'
[ "$(xmllint --xpath 'string(//testsuite/@skipped)' "$T/j.xml")" = 2 ] || not_ok 'JUnit: known buckets'
rm -r "$T/tri/buckets/assertion.plant_assert"
fuzz 1 'a new bucket' triage "$T/left" -o "$T/tri3" --timeout 20 --minimise 0 --baseline "$T/tri/buckets" --junit "$T/j.xml" --sarif "$T/s.sarif" -- "$T/plain" @@
says 'a new bucket' '2 buckets, 1 new'
[ "$(xmllint --xpath 'string(//failure/@type)' "$T/j.xml")" = assertion ] || not_ok 'JUnit: the new bucket'
grep -q '"level": "error"' "$T/s.sarif" && grep -q '"bucket": "assertion.plant_assert"' "$T/s.sarif" || not_ok 'SARIF'
printf '%s\n' "$T/plain" >"$T/left/default/cmdline"
fuzz 1 'the target that AFL++ wrote down' triage "$T/left/default" -o "$T/tri4" --timeout 20 --minimise 0
says 'the target that AFL++ wrote down' 'as AFL++ wrote down'
fuzz 2 'no target' triage "$T/seeds" -o "$T/tri5"
says 'no target' '--target'
fuzz 2 'nothing to sort' triage "$T/seeds" -o "$T/tri5" -- "$T/plain"
says 'nothing to sort' 'no crash-*'

# Kinds by sanitizer.
if [ -n "$sanitized" ]; then
    mkdir "$T/kinds"
    for k in o f l i a b s n; do printf '<a>!%s</a>' $k >"$T/kinds/crash-$k"; done
    fuzz 1 'sanitizers' triage "$T/kinds" -o "$T/tri6" --timeout 60 --minimise 0 -- "$T/san" @@
    says 'sanitizers' '8 buckets, 8 new'
    for k in heap-use-after-free.plant_free leak.plant_leak ubsan-signed-integer-overflow.plant_integer assertion.plant_assert \
        ABRT.plant_abort stack-overflow.plant_even; do
        [ -d "$T/tri6/buckets/$k" ] || not_ok "sanitizers: no bucket $k"
    done
    ls "$T/tri6/buckets" | grep -q '\.plant_overflow$' || not_ok 'sanitizers: no bucket of plant_overflow'
fi

[ -n "$stacks" ] || echo 'ok 2 - stacks of programs without a sanitizer # SKIP gdb is not installed or may not trace (Debian: gdb)'
[ -n "$sanitized" ] || echo 'ok 3 - kinds by sanitizer # SKIP the compiler has no sanitizers'
exit $failed
