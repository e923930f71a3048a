#!/bin/sh
# bugbench_stop.sh: tests/bench/bugbench.sh stopped, killed and resumed: what has ended stays and is not run again, and no process
# lives on. The compiler here makes programs that only wait, or write an empty canary file: nothing is fuzzed, no clang is needed.
set -u
. tests/expect.sh
mkdir -p "$T/bin" "$T/b/bugbench"
cp "$B/bugbench/bugbench" "$T/b/bugbench/"
for f in event.dict libwevmutator.a wevmutator.so; do : >"$T/b/$f"; done
cat >"$T/bin/clang" <<'END'
#!/bin/sh
while [ "$1" != -o ]; do shift; done
cp "$STUB" "$2" && chmod +x "$2"
END
# a campaign: the first ENDS of all that were ever begun end at once, others when they are made to
cat >"$T/stub" <<'END'
#!/bin/sh
case $0 in *mutate) echo 'nothing'; exit ;; esac
echo begun >>"$BEGUN"
head -c 100000 /dev/zero >"$BUGBENCH_CANARY"
[ "$(wc -l <"$BEGUN")" -gt "$ENDS" ] || exit 0
setsid sleep "$MARK" &
sleep "$MARK"
END
chmod +x "$T/bin/clang"
export PATH="$T/bin:$PATH" STUB="$T/stub" BEGUN="$T/begun" MARK="1000.5$$" B="$T/b" SETUPS=libfuzzer RUNS=3 JOBS=1 SECONDS_EACH=500
: >"$BEGUN"
begun() { [ "$(wc -l <"$BEGUN")" -ge "$1" ]; }
alive() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -q "[s]leep $MARK"; }
dead() { ! alive; }
start() { # ENDS [RESUME=1]
    env ENDS="$1" ${2:-} sh tests/bench/bugbench.sh >"$T/out" 2>"$T/err" &
    pid=$!
}
ended() { # NAME STATUS
    wait $pid
    got=$?
    [ "$got" -eq "$2" ] || not_ok "$1: exit status $got, wanted $2"
    dead || not_ok "$1: processes live on"
}

start 0
await 600 begun 1 && await 600 alive || not_ok 'it does not begin'
kill -TERM $pid
ended 'stopped before a campaign ended' 130
says 'stopped before a campaign ended' 'stopped before any campaign ended'

: >"$BEGUN"
start 1
await 600 begun 2 && await 600 alive || not_ok 'the second campaign does not begin'
kill -TERM $pid
ended 'stopped' 130
says 'stopped' '# 1 campaigns of 3'
says 'stopped' 'RESUME=1 goes on'

start 100 RESUME=1
ended 'resumed' 0
says 'resumed' '# 3 campaigns of 3'
[ "$(wc -l <"$BEGUN")" -eq 4 ] || not_ok "resumed: $(wc -l <"$BEGUN") campaigns were begun, not the two and the two that were left"

SECONDS_EACH=400
start 100 RESUME=1
ended 'resumed with another time' 0
[ "$(wc -l <"$BEGUN")" -eq 7 ] || not_ok 'resumed with another time: what ended before counts'

# killed: nobody is left to end anything, but what each was started by
: >"$BEGUN"
start 1
await 600 begun 2 && await 600 alive || not_ok 'the second campaign does not begin'
kill -KILL $pid
wait $pid 2>/dev/null
await 300 dead || not_ok 'killed: processes live on'
start 100 RESUME=1
ended 'resumed after a kill' 0
says 'resumed after a kill' '# 3 campaigns of 3'
exit $failed
