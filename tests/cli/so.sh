#!/bin/sh
# so.sh: functions of shared objects as parsers, in workers that are forked once and again after a crash.
set -u
. tests/expect.sh
served() { grep -o 'served [0-9]*' "$T/said.json" | sort | tr '\n' ' '; }

mkdir -p "$T/s"
"$WEVGEN" -q -n 1 -s 3 >"$T/s/y_bytes.plain_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class xml.tags-mismatched >"$T/s/n_xml.tags-mismatched_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class bytes.bom >"$T/s/i_bytes.bom_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class rule.header-level >"$T/s/n_rule.header-level_1.xml"

cat >"$T/mine.c" <<'END'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int parse(const uint8_t *p, size_t n) { return n == 0 || p[0] != '<' || memchr(p, 0, n) != NULL; }
int crash(const uint8_t *p, size_t n) { return n ? *(volatile int *)(uintptr_t)(p[0] - p[0]) : 0; }
int count(const uint8_t *p, size_t n)
{
    static int served;
    fprintf(stderr, "served %d\n", ++served);
    puts("reject"); // what a parser prints is no answer
    return parse(p, n);
}
int bom(const uint8_t *p, size_t n)
{
    int status = count(p, n);
    if (n && p[0] == 0xef) { abort(); }
    return status;
}
int hang(const uint8_t *p, size_t n) { for (;;) { pause(); } return !p + !n; }
int leave(const uint8_t *p, size_t n) { exit(n ? p[0] == '<' : 0); }
int overflow(const uint8_t *p, size_t n) { volatile int big = 0x7fffffff; return parse(p, n) + (n && p[0] == 0xef ? (big + (int)n) & 1 : 0); }
int beyond(const uint8_t *p, size_t n) { return n && p[0] == 0xef ? p[n + 3] & 1 : parse(p, n); }
int leak(const uint8_t *p, size_t n) { static char *volatile keep; keep = malloc(n + 1); keep[0] = (char)p[0]; keep = NULL; return parse(p, n); }
END
build() { ${CC:-cc} -g -shared -fPIC "$@" "$T/mine.c" 2>"$T/err"; }
build -o "$T/mine.so" || { not_ok 'cannot compile the shared object'; exit 1; }

run 1 'a shared object' --suite "$T/s" --so "$T/mine.so:parse"
says 'a shared object' '4 cases, 2 counted: 1 failed'
run 1 'it crashes' --suite "$T/s" --so "$T/mine.so:crash"
says 'it crashes' '4 failed'
[ "$(grep -c '^CRASH' "$T/out")" -eq 4 ] || not_ok 'it crashes: not four crashes'
run 1 'it hangs' --suite "$T/s" --timeout 0.5 --so "$T/mine.so:hang"
[ "$(grep -c '^TIMEOUT' "$T/out")" -eq 4 ] || not_ok 'it hangs: not four timeouts'
run 1 'it ends the process' --suite "$T/s" --so "$T/mine.so:leave"
[ "$(grep -c '^CRASH' "$T/out")" -eq 4 ] || not_ok 'it ends the process: not four crashes'

# One process serves them all; a crash costs a fork, and no other result.
run 1 'a worker is kept' --suite "$T/s" -j 1 --json "$T/said.json" --so "$T/mine.so:count"
[ "$(served)" = 'served 1 served 2 served 3 served 4 ' ] || not_ok "a worker is kept: $(served)"
says 'a worker is kept' '4 cases, 2 counted: 1 failed'
run 1 'a new worker' --suite "$T/s" -j 1 --json "$T/said.json" --so "$T/mine.so:bom"
[ "$(served)" = 'served 1 served 1 served 2 served 3 ' ] || not_ok "a new worker: $(served)"
says 'a new worker' 'CRASH              i_bytes.bom_1.xml'
says 'a new worker' '4 cases, 3 counted: 2 failed'
grep -q 'signal 6 (Aborted)' "$T/said.json" || not_ok 'a new worker: does not name the signal'

# Sanitizers in the library are heard: whether they go on, end the process, or report at its end.
one_crash() {
    grep -qx 'CRASH              i_bytes.bom_1.xml' "$T/out" || not_ok "$1: is no crash"
    says "$1" '4 cases, 3 counted: 2 failed'
}
if build -fsanitize=undefined -fno-sanitize=address -o "$T/ub.so"; then
    run 1 'undefined behaviour' --suite "$T/s" --memory 0 --so "$T/ub.so:overflow"
    one_crash 'undefined behaviour'
fi
asan=$(gcc -print-file-name=libasan.so 2>/dev/null)
if [ -z "${SAN:-}${TSAN:-}" ] && [ -e "$asan" ] && gcc -g -shared -fPIC -fsanitize=address -o "$T/asan.so" "$T/mine.c" 2>"$T/err"; then
    run 2 'no runtime of the sanitizer' --suite "$T/s" --memory 0 --so "$T/asan.so:beyond"
    ASAN_OPTIONS=detect_leaks=1 LD_PRELOAD=$asan run 1 'beyond the end' --suite "$T/s" --memory 0 --so "$T/asan.so:beyond"
    one_crash 'beyond the end'
    ASAN_OPTIONS=detect_leaks=1 LD_PRELOAD=$asan run 1 'a leak' --suite "$T/s" -j 1 --memory 0 --json "$T/said.json" --so "$T/asan.so:leak"
    [ "$(grep -c '^CRASH' "$T/out")" -eq 1 ] || not_ok 'a leak: is no crash'
    grep -q 'at its end, after 4 documents' "$T/said.json" && grep -q 'LeakSanitizer' "$T/said.json" || not_ok 'a leak: does not say which'
fi

# The function by itself.
"$WEVCORPUS" call "$T/mine.so:parse" <"$T/s/y_bytes.plain_1.xml" || not_ok 'call: refuses what it accepts'
printf 'x' | "$WEVCORPUS" call "$T/mine.so:parse"
[ $? -eq 1 ] || not_ok 'call: accepts what it refuses'
[ "$(printf '3\n<a>2\nxy0\n' | "$WEVCORPUS" call --frames "$T/mine.so:parse" | tr '\n' ' ')" = 'accept reject reject ' ] || not_ok 'call --frames'
for frame in 'three\n<a>' '999999999999\n<a>' '5\n<a>'; do
    # shellcheck disable=SC2059
    printf "$frame" | "$WEVCORPUS" call --frames "$T/mine.so:parse" >"$T/out" 2>"$T/err"
    [ $? -eq 125 ] || not_ok "call --frames: $frame"
done

# Mistakes.
run 2 'no such symbol' --suite "$T/s" --so "$T/mine.so:nothing"
says 'no such symbol' 'nothing'
run 2 'no such library' --suite "$T/s" --so "$T/not-there.so:parse"
says 'no such library' 'not-there.so'
run 2 'no library' --suite "$T/s" --so "$T/mine.c:parse"
says 'no library' 'mine.c'
run 2 'no symbol' --suite "$T/s" --so "$T/mine.so"
run 2 'a CMD besides' --suite "$T/s" --so "$T/mine.so:parse" -- true
exit $failed
