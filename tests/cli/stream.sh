#!/bin/sh
# stream.sh: records that are right one by one, in a stream that is not. The judge, which shares no code with the generator, says
# of each record what its label says, on 20,000 units of every class; what is left out is left out, and nothing else.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
check() { name=$1; shift; if "$@"; then ok "$name"; else no "$name"; head -n 5 err 2>/dev/null | sed 's/^/  /'; fi; }
cd "$T"
: >err
w="--world --attack-rate 4% --hosts 900 -s 5 -n 20000 -q"
made() { sed -nE 's/.*"offset":([0-9]+).*"class":"rule\.stream-.*"reason":"([a-z-]+)".*/\1 \2/p' "$1"; }
judged() { sed -nE 's/.*"offset":([0-9]+).*"verdict":"n","layer":"rule","reason":"([a-z-]+)".*/\1 \2/p' "$1"; }
units() { sed -E 's/^\{"unit":([0-9]+),.*/\1/' "$1"; }
lines() { grep -c '' "$1" || :; }

# ---- forall classes, units: the label is what the judge says
# shellcheck disable=SC2086
"$WEVGEN" $w -o whole --labels whole.l
"$WEVCORPUS" judge -q --stream whole >said
check 'a world is a stream without a fault' grep -qx '20000 documents: 20000 y, 0 n, 0 i' said
for class in export-alone export-unread export-unopened record-twice record-back '*'; do
    # shellcheck disable=SC2086
    "$WEVGEN" $w --class "rule.stream-$class" -o broken --labels broken.l
    made broken.l >want
    check "$class: more than 1,500 records break" [ "$(lines want)" -gt 1500 ]
    "$WEVCORPUS" judge --json --stream broken >json || :
    judged json >got
    check "$class: the judge finds these, for the same reason" cmp -s want got
    "$WEVCORPUS" judge -q broken >said
    check "$class: each record by itself is right" grep -q ': [0-9]* y, 0 n, 0 i$' said
    "$WEVCORPUS" judge -q --stream --labels broken.l broken >said
    check "$class: all as labelled" grep -q '; 0 not as labelled$' said
    units broken.l >kept
    units whole.l | grep -vxFf kept >gone || :
    grep '"reason":"stream-incomplete"' broken.l >exports || :
    units exports >ends
    case $class in
    export-alone) awk '{ print $1 - 2; print $1 - 1 }' ends >want ;;
    export-unread) awk '{ print $1 - 2 }' ends >want ;;
    export-unopened) awk '{ print $1 - 1 }' ends >want ;;
    record-*) : >want ;;
    *) awk '{ print $1 - 2; print $1 - 1 }' ends | grep -xFf gone >want ;; # of each one or both
    esac
    check "$class: exactly the records before those are gone" cmp -s want gone
    [ "$class" != '*' ] || continue
    { sed 's/^/gone /' gone; cat whole; } | awk '$1 == "gone" { gone[$2]; next } !(unit++ in gone)' >left
    sed -E 's|<EventRecordID>[0-9]+<|<EventRecordID><|' left >left.x
    sed -E 's|<EventRecordID>[0-9]+<|<EventRecordID><|' broken >broken.x
    check "$class: all that is left is as it was, but for record ids" cmp -s left.x broken.x
done

# ---- the same bytes, whoever makes them
# shellcheck disable=SC2086
{
b="$w --class rule.stream-* --malformed 60%"
set -f
"$WEVGEN" $b -o one --labels one.l
"$WEVGEN" $b -j 3 -o many --labels many.l
check '3 threads: the same bytes' cmp -s one many
check '3 threads: the same labels' cmp -s one.l many.l
: >parts
for k in 1 2 3 4 5 6 7; do "$WEVGEN" $b --shard $k/7 >>parts; done
check 'the shards, one behind the other, are the whole' cmp -s one parts
set +f
"$WEVGEN" --world -q -n 300 --class 'rule.stream-export-*' -o files/
check 'of a record that is left out there is no file' sh -c '[ "$(find files -type f | wc -l)" -lt 300 ] && ! find files -type f -empty | grep -q .'
"$WEVCORPUS" judge -q --stream files >said || :
check 'a folder is a stream, file by file' grep -qE '^[0-9]+ documents: [0-9]+ y, [1-9][0-9]* n, 0 i$' said
}

# An operation that the run's end cuts off breaks nothing.
for n in 1 2 3 4 5; do
    for seed in 1 2 3 4 5 6 7 8; do
        "$WEVGEN" --world -q -n $n -s $seed --class 'rule.stream-*' -o short --labels short.l
        "$WEVCORPUS" judge -q --stream --labels short.l short >said || no "$n events, seed $seed: not as labelled"
        [ "$(lines short)" -eq "$(lines short.l)" ] || no "$n events, seed $seed: a label too many"
    done
done

# ---- by hand: what the judge may say, and what it must not
event() { # ID RECORD THREAD [COMPUTER]
    sed -E "s|<EventID>[0-9]+|<EventID>$1|; s|<EventRecordID>[0-9]+|<EventRecordID>$2|; s|ThreadID='[0-9]+'|ThreadID='$3'|; s|<Computer>[^<]*|<Computer>${4:-PC1}|" "$1.xml"
}
awk 'NR > 60' whole | grep -m 1 -A 0 '<EventID>5059<' >5059.xml
thread=$(sed -E "s/.*ThreadID='([0-9]+)'.*/\1/" 5059.xml)
record=$(sed -E 's/.*<EventRecordID>([0-9]+)<.*/\1/' 5059.xml)
name=$(sed -E 's/.*<Computer>([^<]*)<.*/\1/' 5059.xml)
grep "<Computer>$name<" whole | grep "<EventRecordID>$((record - 1))<" >5061.xml
grep "<Computer>$name<" whole | grep "<EventRecordID>$((record - 2))<" >5058.xml
t=$thread
other() { event 5061 "$1" 1 PC2; }
says() { # NAME WANT
    "$WEVCORPUS" judge --json --stream in >json 2>err || :
    sed -nE 's/.*"reason":"([a-z0-9-]+)".*/\1/p' json | tr '\n' ' ' >got
    check "$1" grep -qx "$2 " got
}
{ other 1; other 2; event 5058 10 "$t"; event 5061 11 "$t"; event 5059 12 "$t"; } >in
says 'all three: right' 'ok ok ok ok ok'
{ other 1; other 2; event 5058 10 "$t"; other 3; event 5061 11 "$t"; other 4; event 5059 12 "$t"; } >in
says 'other computers between them do not matter' 'ok ok ok ok ok ok ok'
{ other 1; other 2; event 5058 10 "$t"; event 5061 11 7; event 5059 12 "$t"; } >in
says 'a 5061 of another thread is not its own' 'ok ok ok ok stream-incomplete'
{ other 1; other 2; event 5061 10 "$t"; event 5058 11 "$t"; event 5059 12 "$t"; } >in
says 'nor is the other order' 'ok ok ok ok stream-incomplete'
{ other 1; other 2; event 5059 12 "$t"; } >in
says 'nothing before it' 'ok ok stream-incomplete'
{ event 5059 12 "$t"; event 5059 13 "$t"; } >in
says 'at the begin of the stream nothing is known' 'ok ok'
{ other 1; other 2; event 5058 10 "$t"; event 5061 11 "$t" | sed 's|</EventData>||'; event 5059 12 "$t"; } >in
"$WEVCORPUS" judge --json --stream in >json || :
check 'nor behind a record that cannot be read' sh -c '! grep -q stream-incomplete json && grep -q "\"verdict\":\"n\"" json'
{ event 5061 5 1; event 5061 5 1; event 5061 4 1; event 5061 6 1; } >in
says 'ids: twice, back, and on from there' 'ok stream-record-twice stream-record-back ok'
"$WEVCORPUS" judge --json in >json
check 'without --stream each stands alone' sh -c '! grep -q stream- json'

# ---- mistakes
wrong() {
    name=$1 message=$2
    shift 2
    status=0
    "$@" >out 2>err || status=$?
    check "$name: exit 2" [ "$status" -eq 2 ]
    check "$name: says so" grep -qF -- "$message" err
}
wrong 'a class of streams without a world' 'a class of streams needs a world (--world): "rule.stream-record-back"' "$WEVGEN" --class rule.stream-record-back
wrong 'streams and documents' 'classes of streams and of documents exclude each other' "$WEVGEN" --world --malformed '5%,rule.stream-*=9'
wrong 'a twin of a stream' '--breaks and --twin are for classes of documents' "$WEVGEN" --world --twin --class 'rule.stream-*'
wrong 'a store holds documents' 'needs a world' "$WEVCORPUS" build store --class 'rule.stream-*'
wrong 'a dataset holds documents' 'no class of streams' "$WEVGEN" dataset --world -n 3000 --class 'rule.stream-*' data
wrong 'a label of a stream, judged alone' 'judge it with --stream' "$WEVCORPUS" judge --labels broken.l broken
[ "$fails" -eq 0 ]
