#!/bin/sh
# malformed.sh: units that break, from the command line: labels that hold, twins, shards, lists, and mistakes.
set -u
failed=0
not_ok() {
    echo "not ok - $1"
    failed=1
}
gen() { "$WEVGEN" -q "$@"; }

# Labels hold: judged slice by slice, every verdict is as labelled.
gen -n 3000 -s 5 -e all --malformed 0.3 --twin -o "$T/a.xml" --labels "$T/a.jsonl" || not_ok 'a run with twins'
"$WEVCORPUS" judge -q --labels "$T/a.jsonl" "$T/a.xml" >"$T/judged"
grep -q ' 0 not as labelled$' "$T/judged" || not_ok "labels: $(cat "$T/judged")"
broken=$(grep -c '"class":' "$T/a.jsonl")
twins=$(grep -c '"twin_of":' "$T/a.jsonl")
[ "$broken" -gt 800 ] && [ "$broken" -lt 1000 ] || not_ok "$broken of 3000 units broken at 0.3"
[ "$broken" -eq "$twins" ] || not_ok "$broken broken, $twins twins"

# The same bytes in shards, with threads, and from the middle.
gen -n 3000 -s 5 -e all --malformed 0.3 --twin -j 3 -o "$T/b.xml" --labels "$T/b.jsonl"
cmp -s "$T/a.xml" "$T/b.xml" && cmp -s "$T/a.jsonl" "$T/b.jsonl" || not_ok 'three threads make other bytes'
for k in 1 2 3; do gen -n 3000 -s 5 -e all --malformed 0.3 --twin --shard $k/3; done >"$T/c.xml"
cmp -s "$T/a.xml" "$T/c.xml" || not_ok 'three shards make other bytes'

# One file an event: a broken unit and its twin beside it.
gen -n 40 -s 5 --class 'xml.tags-*' --twin -o "$T/dir/" || not_ok 'one file an event'
[ "$(find "$T/dir" -name '*.xml' | wc -l)" -eq 80 ] || not_ok 'files of units and twins'
[ "$(find "$T/dir" -name '*.twin.xml' | wc -l)" -eq 40 ] || not_ok 'files of twins'
"$WEVCORPUS" judge -q "$T"/dir/*.twin.xml | grep -q '^40 documents: 40 y' || not_ok 'twins are valid'

# A class alone, a glob, a weight.
gen -n 200 -e 5059 --class type.sid-16-subs --labels "$T/l" >/dev/null
[ "$(grep -c '"class":"type.sid-16-subs","layer":"type","reason":"sid-long"' "$T/l")" -gt 100 ] || not_ok 'one class'
gen -n 400 --malformed '1,*=0,bytes.nul-*=1' --labels "$T/l" >/dev/null
[ "$(grep -c '"class":"bytes.nul-' "$T/l")" -eq 400 ] || not_ok 'weights'
gen -n 2 --class xml.size-depth-10000 >"$T/deep"
[ "$(tr -cd '>' <"$T/deep" | wc -c)" -gt 40000 ] || not_ok 'a huge class on demand'

# Names of the system and links stay what they are.
(cd "$T" && "$WEVGEN" -q -n 1 --malformed 1 --labels /dev/stderr 2>labels >event)
grep -q '"class":' "$T/labels" && [ -L /dev/stderr ] || not_ok 'labels on standard error'
ln -s target.xml "$T/link.xml"
echo old >"$T/target.xml"
gen -n 3 -o "$T/link.xml"
[ -L "$T/link.xml" ] && [ "$(wc -l <"$T/target.xml")" -eq 3 ] || not_ok 'a link that leads to a file'

# Lists.
n=$("$WEVGEN" --list classes | wc -l)
[ "$n" -ge 200 ] || not_ok "$n classes"
[ "$("$WEVGEN" --list classes --class 'rule.*' | grep -vc '^rule\.')" -eq 0 ] || not_ok '--list classes --class'
[ "$("$WEVGEN" --list classes --json | grep -c '^{"class":".*}$')" -eq "$n" ] || not_ok '--list classes --json'

# Mistakes: exit 2, one line that names the value.
wrong() { # TEXT OPTIONS...
    text=$1
    shift
    gen -n 1 "$@" >"$T/out" 2>"$T/err"
    [ $? -eq 2 ] && [ "$(wc -l <"$T/err")" -eq 1 ] && grep -qF -e "$text" "$T/err" || not_ok "$*: $(cat "$T/err")"
    [ ! -s "$T/out" ] || not_ok "$*: output in spite of it"
}
wrong '"2"' --malformed 2
wrong '"lots"' --malformed lots
wrong 'did you mean "xml.doctype"' --class xml.doctyp
wrong '"text"' --malformed 1 -f text
wrong '1 to 8' --malformed 1 --breaks 0
wrong '1 to 8' --malformed 1 --breaks 9
wrong '--twin' --twin
wrong '"xml.*"' --malformed '0.1,xml.*'
exit $failed
