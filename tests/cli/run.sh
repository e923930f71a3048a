#!/bin/sh
# run.sh: wevcorpus run on parsers that are right, wrong and hostile.
set -u
. tests/expect.sh

# A small suite by names, and one with an index.
mkdir -p "$T/s" "$T/i" "$T/empty"
"$WEVGEN" -q -n 1 -s 3 >"$T/s/y_bytes.plain_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class xml.tags-mismatched >"$T/s/n_xml.tags-mismatched_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class bytes.bom >"$T/s/i_bytes.bom_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class rule.header-level >"$T/s/n_rule.header-level_1.xml"
cp "$T/s/y_bytes.plain_1.xml" "$T/i/y.xml"
cat >"$T/i/index.jsonl" <<'END'
{"file":"y.xml","class":"plain","layer":"none","verdict":"y","reason":"ok","rule":"none","why":"test","expect":{"header":{"EventID":"5059"},"data":[["ReturnCode","0x0"]]}}
END

cat >"$T/parser" <<'END'
#!/bin/sh
# Our own decoder as somebody else's program.
"$WEVCORPUS" judge -q --one ${1:--} >/dev/null
END
chmod +x "$T/parser"

run 1 'a parser that accepts all' --suite "$T/s" -- true
says 'a parser that accepts all' 'SHOULD_HAVE_FAILED n_xml.tags-mismatched_1.xml'
grep -q 'SHOULD_HAVE_FAILED n_rule' "$T/out" && not_ok 'a layer that it does not claim is counted'
says 'a parser that accepts all' '4 cases, 2 counted: 1 failed'
run 1 'a parser that refuses all' --suite "$T/s" -- false
says 'a parser that refuses all' 'SHOULD_HAVE_PASSED y_bytes.plain_1.xml'
run 1 'all layers' --suite "$T/s" --layers bytes,xml,schema,type,rule -- true
says 'all layers' 'SHOULD_HAVE_FAILED n_rule.header-level_1.xml'
run 0 'our decoder, on standard input' --suite "$T/s" --layers bytes,xml,schema,type,rule -- "$T/parser"
run 0 'our decoder, on a file' --suite "$T/s" --layers bytes,xml,schema,type,rule -- "$T/parser" @@
cat >"$T/strict" <<'END'
#!/bin/sh
# The same with the manifest that a document needs.
"$WEVCORPUS" judge -q --one ${WEV_MANIFEST:+--schema "$WEV_MANIFEST"} - >/dev/null
END
chmod +x "$T/strict"
run 0 'our decoder, on the curated suite, all layers' --layers all --manifests -- "$T/strict"
says 'our decoder, on the curated suite, all layers' '452 cases, 420 counted: 0 failed, 0 known failures'

# Ends that are no answer.
run 1 'a signal' --suite "$T/s" -- sh -c 'kill -SEGV $$'
says 'a signal' '4 failed'
grep -c '^CRASH' "$T/out" | grep -qx 4 || not_ok 'a signal: not four crashes'
run 1 'another status' --suite "$T/s" -- sh -c 'exit 3'
says 'another status' 'CRASH'
run 1 'a status that rejects' --suite "$T/s" --reject-exit 2-4 -- sh -c 'exit 3'
says 'a status that rejects' 'SHOULD_HAVE_PASSED'
run 1 'a report of a sanitizer' --suite "$T/s" -- sh -c 'echo "==1==ERROR: AddressSanitizer: heap-buffer-overflow" >&2; exit 1'
says 'a report of a sanitizer' 'CRASH'
run 1 'a hang' --suite "$T/s" --timeout 0.3 -j 4 -- sleep 60.5
says 'a hang' 'TIMEOUT'
run 1 'one that ignores SIGTERM and forks' --suite "$T/s" --timeout 0.3 -j 4 -- sh -c 'trap "" TERM; sleep 61.5 & sleep 61.5'
says 'one that forks' 'TIMEOUT'
run 0 'one that leaves a child behind' --suite "$T/i" -- sh -c 'setsid sleep 62.5 >/dev/null 2>&1 & exit 0'
run 0 'one whose child holds the pipes' --suite "$T/i" --timeout 20 -- sh -c 'sleep 63.5 & exit 0'
run 1 'one that prints without end' --suite "$T/i" -- yes
says 'one that prints without end' 'CRASH'
run 1 'one that prints 1 GB' --suite "$T/i" --timeout 60 -- sh -c 'head -c 1000000000 /dev/zero'
says 'one that prints 1 GB' 'CRASH'
run 0 'one whose grandchildren have children' --suite "$T/i" -- sh -c 'setsid sh -c "sleep 62.5 & sleep 62.5" >/dev/null 2>&1 & sleep 0.1; exit 0'
run 0 'one that reads nothing' --suite "$T/i" -- sh -c 'exec <&-; exit 0'
run 1 'too much memory' --suite "$T/i" --memory 64 -- sh -c 'x=a; while :; do x=$x$x; done'

# children: how many sleeps of these lengths live
children() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -oE 'sleep 6[0-4]\.5' | grep -c .; }
sleep 64.5 &
[ "$(children)" -eq 1 ] || not_ok "the search for children finds $(children), wanted its own alone"
kill $!

# Interrupted: no report, no child, and at once. wevcorpus itself has the words in its arguments, too.
for how in '' --persistent; do
    # shellcheck disable=SC2086
    "$WEVCORPUS" run -q --suite "$T/s" --timeout 100 --json "$T/never.json" $how -- sleep 60.5 >"$T/out" 2>"$T/err" &
    pid=$!
    tries=0
    while [ "$(children)" -lt 2 ] && [ $tries -lt 1000 ]; do tries=$((tries + 1)); done
    kill -TERM $pid
    wait $pid
    [ $? -eq 130 ] || not_ok "interrupted $how: not 130"
    says "interrupted $how" 'interrupted'
    [ ! -e "$T/never.json" ] && [ "$(children)" -eq 0 ] || not_ok "interrupted $how: something is left"
done

# Values.
run 0 'right values' --suite "$T/i" -- echo '{"header":{"EventID":5059},"data":{"ReturnCode":"0x0"}}'
run 1 'a wrong value' --suite "$T/i" -- echo '{"data":{"ReturnCode":"0x1"}}'
says 'a wrong value' 'WRONG_VALUE'
# What is left out is not passed over: forall ways of leaving it out.
left_out() { # NAME ANSWER [OPTIONS]: WRONG_VALUE, and the report says of what
    name=$1 answer=$2
    shift 2
    run 1 "left out: $name" --suite "$T/i" --json "$T/left.json" "$@" -- echo "$answer"
    says "left out: $name" 'WRONG_VALUE'
}
left_out 'a field' '{"header":{"EventID":"5059"},"data":{}}'
grep -q 'no value of ReturnCode' "$T/left.json" || not_ok 'left out: a field is not named'
left_out 'all fields' '{"header":{"EventID":"5059"}}'
left_out 'another name' '{"data":{"returncode":"0x0"}}'
left_out 'the header, where all is asked for' '{"data":{"ReturnCode":"0x0"}}' --values all
left_out 'no JSON' '{"data":{"ReturnCode":"0x0"'
run 0 'the header, where it is not' --suite "$T/i" -- echo '{"data":{"ReturnCode":"0x0"}}'
run 0 'all is there' --suite "$T/i" --values all -- echo '{"header":{"EventID":5059},"data":{"ReturnCode":"0x0"}}'
run 0 'a parser of few fields' --suite "$T/i" --values printed -- echo '{"header":{"EventID":5059}}'
run 1 'a parser of few fields, one wrong' --suite "$T/i" --values printed -- echo '{"header":{"EventID":5058}}'
run 0 'an object without values' --suite "$T/i" -- echo '{"accepted":true}'
run 2 'values of what?' --suite "$T/i" --values some -- true
says 'values of what?' '--values: not data, all or printed: "some"'

# An index of more than 64 MiB is read through a buffer of one line: 1,300 lines of 56 kB in 120 MB of address space.
mkdir -p "$T/long"
cp "$T/i/y.xml" "$T/long/y.xml"
note=$(head -c 56000 /dev/zero | tr '\0' x)
k=0
while [ $k -lt 1300 ]; do
    printf '{"file":"y.xml","class":"c%d","layer":"xml","verdict":"y","note":"%s"}\n' $((k % 7)) "$note"
    k=$((k + 1))
done >"$T/long/index.jsonl"
[ "$(wc -c <"$T/long/index.jsonl")" -gt $((64 << 20)) ] || not_ok 'a long index: it is short'
cat >"$T/yes.sh" <<'END'
while read -r n; do head -c "$n" >/dev/null; echo accept; done
END
case $WEVCORPUS in
*/san/* | *-san/* | */tsan/*) run 0 'a long index' -j 1 --suite "$T/long" --persistent -- sh "$T/yes.sh" ;; # their shadow is larger
*) (ulimit -v 120000 && "$WEVCORPUS" run -j 1 --suite "$T/long" --persistent -- sh "$T/yes.sh") >"$T/out" 2>"$T/err" || not_ok 'a long index: its memory' ;;
esac
says 'a long index' '1300 cases, 1300 counted: 0 failed'
printf '{"file":"y.xml","verdict":"y","note":"' >"$T/long/index.jsonl"
head -c 5000000 /dev/zero | tr '\0' x >>"$T/long/index.jsonl"
run 2 'a line of 5 MB' --suite "$T/long" -- true
says 'a line of 5 MB' 'index.jsonl:1: a line of 4 MiB or more'
rm -r "$T/long"

# Reports: read back by other programs.
run 1 'reports' --suite "$T/s" --json "$T/r.json" --junit "$T/r.xml" --sarif "$T/r.sarif" --write-baseline "$T/base" -- true
[ "$(xmllint --xpath 'string(//testsuite/@failures)' "$T/r.xml")" = 1 ] || not_ok 'JUnit: failures'
[ "$(xmllint --xpath 'count(//testcase)' "$T/r.xml")" = 4 ] || not_ok 'JUnit: cases'
"$WEVCORPUS" run -q --suite "$T/s" --json /dev/stdout -- true >"$T/out"
grep -q '"cases"' "$T/out" && [ -L /dev/stdout ] || not_ok 'a report on standard output'
grep -q '"version": "2.1.0"' "$T/r.sarif" && grep -q '"ruleId": "xml.tags-mismatched"' "$T/r.sarif" || not_ok 'SARIF'
[ "$(grep -c '"result":' "$T/r.json")" -eq 4 ] || not_ok 'JSON: cases'
printf 'n_xml.tags-mismatched_1.xml\tSHOULD_HAVE_FAILED\n' | cmp -s - "$T/base" || not_ok 'the baseline'
run 0 'a known failure' --suite "$T/s" --baseline "$T/base" -- true
says 'a known failure' '0 failed, 1 known failures'
printf 'n_xml.tags-mismatched_1.xml\tCRASH\n' >"$T/base"
run 1 'another failure than the known one' --suite "$T/s" --baseline "$T/base" -- true
says 'another failure than the known one' 'no more: n_xml.tags-mismatched_1.xml CRASH, now SHOULD_HAVE_FAILED'

# The order and the results are the same at any number of parsers.
"$WEVCORPUS" run -j 1 --memory 0 -- xmllint --noout @@ | sed 's/, [0-9.]* s$//' >"$T/one"
"$WEVCORPUS" run -j 7 --memory 0 -- xmllint --noout @@ | sed 's/, [0-9.]* s$//' >"$T/seven"
cmp -s "$T/one" "$T/seven" || not_ok '-j changes the report'

# The page of several parsers.
"$WEVCORPUS" run -q --suite "$T/s" --json "$T/second.json" -- false >/dev/null
"$WEVCORPUS" html -o "$T/page.html" "$T/r.json" "$T/second.json" || not_ok 'html'
grep -q '@DATA@' "$T/page.html" && not_ok 'html: no data in the page'
sed -n 's|.*id="data" type="application/json">\(.*\)</script>.*|\1|p' "$T/page.html" >"$T/data"
[ "$(grep -o '"kind":"SHOULD_HAVE_FAILED"' "$T/data" | grep -c .)" -eq 2 ] || not_ok 'html: what a lenient parser accepts'
[ "$(grep -o '"kind":"SHOULD_HAVE_PASSED"' "$T/data" | grep -c .)" -eq 1 ] || not_ok 'html: what a strict parser refuses'
grep -q '"parsers":\["true","false"\]' "$T/data" || not_ok 'html: the parsers'
grep -qE '(src|href)="?https?:' "$T/page.html" && not_ok 'html: the page needs the network'
"$WEVCORPUS" html -o "$T/page2.html" "$T/r.xml" 2>"$T/err"
[ $? -eq 2 ] && [ ! -e "$T/page2.html" ] || not_ok 'html: results that are no JSON'
says 'html: results that are no JSON' 'r.xml:1:'

# Mistakes.
run 2 'no CMD' --suite "$T/s"
run 2 'no such CMD' --suite "$T/s" -- "$T/not-there"
says 'no such CMD' 'not-there'
run 2 'no such suite' --suite "$T/not-there" -- true
says 'no such suite' 'not-there'
run 2 'an empty folder' --suite "$T/empty" -- true
says 'an empty folder' 'no case'
echo 'not json' >>"$T/i/index.jsonl"
run 2 'an index line that is not JSON' --suite "$T/i" -- true
says 'an index line that is not JSON' 'index.jsonl:2:'
echo '{"file":"../y.xml","verdict":"y"}' >"$T/i/index.jsonl"
run 2 'a file elsewhere' --suite "$T/i" -- true
echo '{"file":"gone.xml","verdict":"y"}' >"$T/i/index.jsonl"
run 2 'a file that is not there' --suite "$T/i" -- true
says 'a file that is not there' 'gone.xml'
echo '{"file":"y.xml","verdict":"y","manifest":"gone.man"}' >"$T/i/index.jsonl"
run 2 'a manifest that is not there' --suite "$T/i" -- true
says 'a manifest that is not there' 'index.jsonl:1: No such file or directory "gone.man"'
echo '["y.xml"]' >"$T/i/index.jsonl"
run 2 'an index line that is no object' --suite "$T/i" -- true
says 'an index line that is no object' 'index.jsonl:1: not an object'
rm "$T/i/index.jsonl" && mkdir "$T/i/index.jsonl"
run 2 'an index that is a folder' --suite "$T/i" -- true
says 'an index that is a folder' 'index.jsonl'
run 2 'a suite that is a file' --suite "$T/parser" -- true
says 'a suite that is a file' "$T/parser"
# shellcheck disable=SC2046
run 2 'too many arguments' --suite "$T/s" -- true $(seq 300)
run 2 'a timeout that is none' --timeout soon -- true
says 'a timeout that is none' '"soon"'
run 2 'a layer that is none' --layers bytes,html -- true
run 2 'a status that accepts' --reject-exit 0 -- true
run 2 'a report that cannot be written' --suite "$T/s" --json "$T/not-there/r.json" -- true
says 'a report that cannot be written' 'not-there/r.json'
echo 'no tab' >"$T/base"
run 2 'a baseline that is none' --suite "$T/s" --baseline "$T/base" -- true
says 'a baseline that is none' 'base:1:'
exit $failed
