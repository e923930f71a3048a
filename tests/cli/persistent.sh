#!/bin/sh
# persistent.sh: wevcorpus run on parsers that stay, right and hostile: each fault is put down to its document, and no other
# result is lost.
set -u
. tests/expect.sh

# Nine documents that must be accepted; the fifth is the one that provokes.
mkdir -p "$T/s"
for k in 1 2 3 4 6 7 8 9; do echo "<a n='$k'/>" >"$T/s/y_xml.plain_$k.xml"; done
echo "<mark n='5'/>" >"$T/s/y_xml.plain_5.xml"

cat >"$T/stay.c" <<'END'
// A parser that stays, and misbehaves as argv[1] says, on documents with "mark" or always.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static char buf[1 << 20];
static void say(const char *s) { if (write(1, s, strlen(s)) < 0) { _exit(9); } }
static int is(const char *a, const char *b) { return !strcmp(a, b); }
static char line[32];
static size_t head(void)
{
    size_t k = 0;
    for (; k < sizeof(line) - 1 && read(0, line + k, 1) == 1 && line[k] != '\n'; k++) {}
    line[k] = 0;
    return k;
}
int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "good";
    int count = 0;
    if (is(how, "early")) { say("accept\n"); }
    while (head()) {
        size_t n = strtoul(line, NULL, 10), got = 0;
        if (is(how, "partly")) { // of the mark it reads five bytes, and answers
            for (; got < n && got < 5; got++) { if (read(0, buf + got, 1) != 1) { return 1; } }
            if (n >= 5 && !memcmp(buf, "<mark", 5)) { say("accept\n"); continue; }
        }
        while (got < n) { ssize_t k = read(0, buf + got, n - got); if (k <= 0) { return 1; } got += (size_t)k; }
        int mark = n > 5 && !memcmp(buf, "<mark", 5);
        count++;
        if (is(how, "zero") && buf[0] == '0') { raise(SIGSEGV); } // no document has it
        if (mark && is(how, "die")) { raise(SIGSEGV); }
        if (mark && is(how, "exit")) { return 0; }
        if (mark && is(how, "hang")) { for (;;) { pause(); } }
        if (mark && is(how, "stubborn")) { signal(SIGTERM, SIG_IGN); if (fork() == 0) { setsid(); } for (;;) { pause(); } }
        if (mark && is(how, "junk")) { say("perhaps\n"); continue; }
        if (mark && is(how, "empty")) { say("\n"); continue; }
        if (mark && is(how, "flood")) { for (;;) { say("accept accept accept accept accept accept"); } }
        if (mark && is(how, "own")) { say("crash stack overflow\n"); continue; }
        if (mark && is(how, "report")) { fputs("x.c:1:2: runtime error: signed integer overflow\n", stderr); }
        if (mark && is(how, "half")) { say("acc"); return 0; }
        if (count == 6 && is(how, "state")) { raise(SIGABRT); }
        say(is(how, "refuse") ? "reject because\n" : is(how, "crlf") ? "accept\r\n" : is(how, "words") ? "accept it is fine\n" : "accept\n");
        if (mark && is(how, "twice")) { say("accept\n"); }
        if (mark && is(how, "after")) { raise(SIGSEGV); }
        if (is(how, "once")) { return 0; }
    }
    if (is(how, "last")) { say("accept\n"); }
    if (is(how, "end")) { raise(SIGSEGV); }
    return is(how, "status") ? 3 : 0;
}
END
${CC:-cc} -O1 -o "$T/stay" "$T/stay.c" 2>"$T/err" || { not_ok 'cannot compile the parser'; exit 1; }

for j in 1 3; do
    for how in good crlf words status zero; do
        run 0 "$how, -j $j" -j $j --suite "$T/s" --persistent -- "$T/stay" $how
        says "$how, -j $j" '9 cases, 9 counted: 0 failed'
    done
    run 1 "refuses, -j $j" -j $j --suite "$T/s" --persistent -- "$T/stay" refuse
    says "refuses, -j $j" '9 cases, 9 counted: 9 failed'
    while read -r how result what; do
        run 1 "$how, -j $j" -j $j --suite "$T/s" --timeout 1 --json "$T/said.json" --persistent -- "$T/stay" "$how"
        grep -qxE "$result +y_xml.plain_5.xml" "$T/out" || not_ok "$how, -j $j: is not $result on the fifth"
        says "$how, -j $j" '9 cases, 9 counted: 1 failed'
        says "$how, -j $j" "$what"
    done <<END
die CRASH              signal 11
exit CRASH              ended with exit status 0 instead of an answer
half CRASH              ended with exit status 0 instead of an answer
hang TIMEOUT            killed for its time
stubborn TIMEOUT            killed for its time
junk CRASH              its line is not accept
empty CRASH              its line is not accept
flood CRASH              killed for what it printed
own CRASH              says itself that it crashed
report CRASH              runtime error
twice CRASH              more than
after CRASH              signal 11
END
done
for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe")" != "$T/stay" ] || not_ok "a parser lives on: ${process#/proc/}"
done

# Faults that no one document has: all results are there, and one says what happened.
run 1 'dies of the sixth, whichever it is' -j 1 --suite "$T/s" --json "$T/said.json" --persistent -- "$T/stay" state
says 'dies of the sixth' '9 cases, 9 counted: 1 failed'
says 'dies of the sixth' 'signal 6 (Aborted), after other documents, though not of this one alone'
run 1 'dies at its end' -j 1 --suite "$T/s" --json "$T/said.json" --persistent -- "$T/stay" end
says 'dies at its end' 'signal 11 (Segmentation fault), at its end, after 9 documents'
says 'dies at its end' '9 cases, 9 counted: 1 failed'
# One that is an answer ahead, or says one more at the end, is right about nothing.
for how in early last; do
    run 1 "an answer too many: $how" -j 1 --suite "$T/s" --json "$T/said.json" --persistent -- "$T/stay" $how
    says "an answer too many: $how" 'more than'
    says "an answer too many: $how" '9 cases, 9 counted: 9 failed'
done
run 1 'one that does not stay' -j 1 --suite "$T/s" --json "$T/said.json" --persistent -- "$T/stay" once
says 'one that does not stay' 'instead of an answer'

# One that reads a document in part: what is left, without a line feed, runs into the next frame's length, and each answer after
# it is one to other bytes, though never one too many. Those after it have their own answers all the same.
mkdir -p "$T/part"
k=10
while [ $k -lt 99 ]; do
    printf "<a n='%d'/>" $k >"$T/part/y_xml.c${k}_a.xml"
    printf "<b n='%d'/>" $k >"$T/part/n_xml.c${k}_b.xml"
    k=$((k + 1))
done
printf "<mark n='5'/>" >"$T/part/y_xml.c50_a.xml"
sed -e 's|say(is(how, "refuse") ?|say(buf[1] == 98 ?|' "$T/stay.c" >"$T/reads.c" # refuses <b>
${CC:-cc} -O1 -o "$T/reads" "$T/reads.c" 2>"$T/err" || { not_ok 'cannot compile the other parser'; exit 1; }
for j in 1 3; do
    run 0 "reads all, -j $j" -j $j --suite "$T/part" --persistent -- "$T/reads" good
    says "reads all, -j $j" '178 cases, 178 counted: 0 failed'
    run 1 "reads a part, -j $j" -j $j --suite "$T/part" --json "$T/said.json" --persistent -- "$T/reads" partly
    says "reads a part, -j $j" 'CRASH              y_xml.c50_a.xml'
    says "reads a part, -j $j" '178 cases, 178 counted: 1 failed'
    grep -qE 'did not read its document to the end|said more than one line' "$T/said.json" || not_ok "reads a part, -j $j: does not say so"
done

# Documents larger than a pipe, and none at all.
mkdir -p "$T/large"
{ echo '<a>'; head -c 900000 /dev/zero | tr '\0' x; echo '</a>'; } >"$T/large/y_xml.large_1.xml"
: >"$T/large/n_xml.empty_1.xml"
run 1 'large and empty documents' --suite "$T/large" --persistent -- "$T/stay"
says 'large and empty documents' '2 cases, 2 counted: 1 failed'

# Shell and Python, as the man page has them.
cat >"$T/stay.sh" <<'END'
while read -r n; do
    if head -c "$n" | grep -q '<a'; then echo accept; else echo reject no a; fi
done
END
run 1 'a shell script' -j 1 --suite "$T/s" --persistent -- sh "$T/stay.sh"
says 'a shell script' '9 cases, 9 counted: 1 failed'
if command -v python3 >/dev/null; then
    cat >"$T/stay.py" <<'END'
import sys, xml.dom.minidom
for line in iter(sys.stdin.buffer.readline, b""):
    document = sys.stdin.buffer.read(int(line))
    try:
        xml.dom.minidom.parseString(document)
        print("accept", flush=True)
    except Exception as e:
        print("reject", repr(e), flush=True)
END
    run 0 'a Python script' --suite "$T/s" --persistent -- python3 "$T/stay.py"
fi

# Values, and manifests: one process for each manifest.
mkdir -p "$T/m"
cp "$T/s/y_xml.plain_1.xml" "$T/m/a.xml" && cp "$T/m/a.xml" "$T/m/b.xml" && cp "$T/m/a.xml" "$T/m/c.xml" && : >"$T/m/x.man"
cat >"$T/m/index.jsonl" <<'END'
{"file":"a.xml","class":"a","layer":"xml","verdict":"y","expect":{"header":{"EventID":"1"},"data":[["A","x"]]}}
{"file":"b.xml","class":"b","layer":"xml","verdict":"y","expect":{"header":{"EventID":"2"},"data":[["A","y"]]},"manifest":"x.man"}
{"file":"c.xml","class":"c","layer":"type","verdict":"n","manifest":"x.man"}
END
cat >"$T/values.sh" <<'END'
while read -r n; do
    head -c "$n" >/dev/null
    case ${WEV_MANIFEST:-} in
    */x.man) echo '{"header":{"EventID":2},"data":{"A":"y"}}' ;;
    '') echo '{"header":{"EventID":1},"data":{"A":"x"}}' ;;
    esac
done
END
run 0 'values by manifest' -j 1 --suite "$T/m" --persistent -- sh "$T/values.sh"
says 'values by manifest' '3 cases, 2 counted: 0 failed'
run 0 'without manifests' -j 1 --suite "$T/m" --persistent --layers all -- sh "$T/values.sh"
says 'without manifests' '3 cases, 1 counted: 0 failed'
run 1 'with manifests' -j 1 --suite "$T/m" --persistent --layers all --manifests -- sh "$T/values.sh"
says 'with manifests' '3 cases, 3 counted: 1 failed'
WEV_MANIFEST=stray run 0 'a manifest from outside' -j 1 --suite "$T/m" --persistent -- sh "$T/values.sh"

# Mistakes.
run 2 'no such CMD' --suite "$T/s" --persistent -- "$T/not-there"
says 'no such CMD' 'not-there'
run 2 'a file for one that stays' --suite "$T/s" --persistent -- "$T/stay" @@
says 'a file for one that stays' '@@'
run 2 'a shared object stays anyway' --suite "$T/s" --persistent --so x.so:f

# Staying is at least ten times as fast as a process a case: the same documents, CPU of both sides.
ticks() { # CPU of this shell's children that ended
    read -r line </proc/$$/stat
    # shellcheck disable=SC2086
    set -- ${line##*) }
    echo $((${14} + ${15}))
}
before=$(ticks)
"$WEVCORPUS" run -q -j 1 --memory 0 --units 2 -- "$T/stay" one >"$T/out" 2>&1
middle=$(ticks)
"$WEVCORPUS" run -q -j 1 --memory 0 --units 20 --persistent -- "$T/stay" >"$T/out" 2>&1
after=$(ticks)
ones=$(((middle - before) * 10)) stays=$((after - middle))
[ -n "${SAN:-}${TSAN:-}" ] || [ "$ones" -gt $((10 * stays)) ] || not_ok "staying saves too little: $stays of $ones ticks"
exit $failed
