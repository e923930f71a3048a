#!/bin/sh
# dataset.sh: wevgen dataset, read back by Python's own csv, json and XML readers: both formats say the same, what they say is what
# wevgen itself makes, nothing is in two splits, and a run that fails leaves nothing.
set -u
command -v python3 >/dev/null || { echo 'python3 is not installed (.ci/setup page installs it)'; exit 77; }
fails=0
here=$(pwd)
cd "$T" || exit 2
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); [ ! -s err ] || sed 's/^/  /' err | head -n 5; }
check() { name=$1; shift; if "$@"; then ok "$name"; else no "$name"; fi; }
data() { "$WEVGEN" dataset "$@" -q 2>err; }
nothing() { [ -z "$(ls -d "$1" "$1".* 2>/dev/null)" ]; } # of a dataset that failed

# forall rows of a world with attacks and malformed documents
world='-n 6000 -s 11 --world --attack-rate 5% --malformed 10%'
# shellcheck disable=SC2086
{
    data whole $world --formats jsonl,csv && "$WEVGEN" -q $world -o stream --labels labels
    check "a dataset is what the stream says, in both formats" python3 "$here/tests/cli/dataset.py" whole stream labels
    check "its sums are right" sh -c 'cd whole && sha256sum --quiet -c SHA256SUMS && [ "$(grep -c . SHA256SUMS)" = "$(find . -type f ! -name SHA256SUMS | grep -c .)" ]'
    command=$(sed -n 's/^wevgen dataset DIR //p' whole/README.md)
    check "the card has the command" [ -n "$command" ]
    mkdir again && eval "data again/ $command"
    check "which makes every file again, byte for byte" diff -r whole again
    data threads $world --formats jsonl,csv -j 3
    check "by any number of threads" diff -r whole threads
    data csv $world --formats csv
    check "a format alone has the same bytes" cmp -s whole/data/train-00000-of-00001.csv csv/data/train-00000-of-00001.csv
    data level $world --formats csv,jsonl --balance label
    check "balanced by label" python3 "$here/tests/cli/dataset.py" level stream labels label
    data classes -n 6000 -s 3 --malformed 0.6 --class 'type.sid-1*' --balance class --formats jsonl,csv
    "$WEVGEN" -q -n 6000 -s 3 --malformed 0.6 --class 'type.sid-1*' -o stream3 --labels labels3
    check "balanced by class" python3 "$here/tests/cli/dataset.py" classes stream3 labels3 class
}
data three -n 3000 -e all --splits 60,0,40
check "a split of 0 has no file" sh -c 'ls three/data | tr "\n" " " | grep -qx "test-00000-of-00001.jsonl train-00000-of-00001.jsonl "'
if command -v xmllint >/dev/null; then
    check "plots are XML" xmllint --noout whole/plots/*.svg classes/plots/*.svg
else
    echo "ok - plots are XML # SKIP xmllint is not installed"
fi
cat >odd.man <<'END2'
<provider name="P" guid="{54849625-5478-4994-a5ba-3e3b0328c30d}">
<templates><template tid="t"><data name="label" inType="win:UInt32"/><data name="computer" inType="win:UnicodeString"/><data name="a &quot;b&quot;, c" inType="win:Double"/><data name="N" inType="win:UInt8"/><data name="Bin" inType="win:Binary" length="5"/><data name="Flag" inType="win:Boolean"/></template>
<template tid="u"><data name="N" inType="win:UInt8"/><data name="List" inType="win:UnicodeString" count="3"/></template></templates>
<events><event value="1" template="t"/><event value="2" template="u"/></events></provider>
END2
data odd -n 3000 --schema odd.man --formats jsonl,csv
"$WEVGEN" -q -n 3000 --schema odd.man -o stream4 --labels labels4
check "a card of a schema of one's own speaks of that schema alone" sh -c 'grep -qx "# Windows events of P" odd/README.md && ! grep -qiE "cryptograph|migrat|key storage|security-auditing" odd/README.md odd/croissant.json'
check "names that clash, arrays and every type" python3 "$here/tests/cli/dataset.py" odd stream4 labels4

# mistakes: exit 2, a message with the numbers, nothing left
wrong() {
    name=$1 want=$2
    shift 2
    "$WEVGEN" dataset "$@" >out 2>err && status=0 || status=$?
    if [ $status = 2 ] && grep -qF -- "$want" err && [ ! -s out ] && nothing bad && [ "$(grep -c . err)" = 1 ]; then ok "$name"; else no "$name ($status)"; ls -d bad*; fi
}
wrong "a split too small for its hosts" 'validation is to have 1 % of 1000 events, 10, and gets 0: 5 hosts with their accounts make 5 groups' bad -n 1000 --hosts 5 --splits 98,1,1
wrong "a label that is not there" 'train has no event of label "malicious"' bad -n 1000 --balance label
wrong "a class that is not there" 'has no event of class' bad -n 300 --malformed 50% --balance class
wrong "class without malformed" '--balance: class says nothing without' bad --balance class
wrong "percent that do not sum" '"80,10,20"' bad --splits 80,10,20
wrong "two percents" '"90,10"' bad --splits 90,10
wrong "a format that is none" '"jsonl,xlsx"' bad --formats jsonl,xlsx
wrong "a balance that is none" '"host"' bad --balance host
wrong "twins" '--twin' bad --malformed 5% --twin
wrong "a form that is one document" '"events"' bad -f events
wrong "no events" '"0"' bad -n 0
wrong "no folder" 'wevgen dataset DIR' -n 5
wrong "two folders" 'another: worse' bad worse
wrong "an option of streams" 'dataset takes no -o' bad -o x
wrong "a folder in none" 'missing/bad' missing/bad -n 100
wrong "the current folder" '"."' . -n 100
wrong "a Python that is none" 'no-python: No such file or directory (it is needed with the package duckdb)' bad --formats parquet --python ./no-python
printf '#!/bin/sh\nexec python3 -S -I "$@"\n' >bare && chmod +x bare
wrong "a Python without duckdb" 'has no package duckdb' bad --formats parquet --python ./bare
check "splits without dataset" sh -c '"$WEVGEN" --splits 80,10,10 2>err; [ $? = 2 ] && grep -q "wevgen dataset" err'
mkdir full && echo mine >full/file
"$WEVGEN" dataset full -n 100 >out 2>err && status=0 || status=$?
check "a folder that is not empty stays as it is" sh -c "[ $status = 2 ] && grep -q 'full: a dataset is written to a new or empty folder' err && [ \"\$(ls full)\" = file ] && ! ls -d full.* 2>/dev/null"
mkdir empty && data empty -n 1000
check "an empty one is taken" [ -f empty/README.md ]
( ulimit -f 64; trap '' XFSZ; "$WEVGEN" dataset bad -n 20000 2>err; echo $? >status )
check "a file that cannot grow: exit 2 and nothing left" sh -c '[ "$(cat status)" = 2 ] && grep -q "bad.*cannot write" err'
check "nothing of it" nothing bad
"$WEVGEN" dataset bad -n 100000000 2>err &
pid=$!
until [ -d "$(ls -d bad.*.part 2>/dev/null)/data" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done
check "meanwhile it stands aside" sh -c '[ -d "$(ls -d bad.*.part)/data" ] && [ ! -e bad ]'
kill -INT $pid
wait $pid && status=0 || status=$?
check "an interrupt: status 130" [ $status = 130 ]
check "and nothing left" nothing bad
printf '#!/bin/sh\necho ready 1\nread -r line\necho $$ >slow.pid\nexec sleep 60\n' >slow && chmod +x slow
"$WEVGEN" dataset bad -n 1000 --formats parquet --python ./slow 2>err &
pid=$!
n=0
while [ ! -s slow.pid ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
kill -TERM $pid
wait $pid && status=0 || status=$?
check "an interrupt while Parquet is written: status 130, DuckDB is gone" sh -c "[ $status = 130 ] && ! kill -0 \$(cat slow.pid) 2>/dev/null"
check "and nothing left of that" nothing bad
printf '#!/bin/sh\necho ready 1\nread -r line\necho "no such luck" >&2\nexit 3\n' >sad && chmod +x sad
wrong "DuckDB fails: its last word" 'DuckDB did not write it: no such luck' bad -n 1000 --formats parquet --python ./sad
printf '#!/bin/sh\necho ready 1\nread -r line\nkill -SEGV $$\n' >crash && chmod +x crash
wrong "DuckDB crashes: by which signal" 'DuckDB did not write it: signal 11' bad -n 1000 --formats parquet --python ./crash
printf '#!/bin/sh\necho ready 1\n' >early && chmod +x early
wrong "DuckDB leaves before it is asked" 'DuckDB did not write it' bad -n 1000 --formats parquet --python ./early
printf '#!/bin/sh\nexit 0\n' >mute && chmod +x mute
wrong "a Python that says nothing" 'DuckDB did not write it' bad -n 1000 --formats parquet --python ./mute
printf '#!/bin/sh\necho ready 1\nwhile read -r line; do echo done; done\n' >liar && chmod +x liar
wrong "DuckDB says that it is done, and no file is there" 'cannot rename into place: No such file' bad -n 1000 --formats parquet --python ./liar
( ulimit -f 64; trap '' XFSZ; "$WEVGEN" dataset bad -n 20000 --formats parquet --python ./liar 2>err; echo $? >status )
check "columns that do not fit on the disk: exit 2" sh -c '[ "$(cat status)" = 2 ] && grep -q "bad.*columns: cannot write" err'
check "and nothing of them" nothing bad
wrong "a time that Parquet cannot hold" 'unit 0: a time that no column of nanoseconds can hold' bad -n 1000 --start 1650-01-01T00:00:00Z --formats parquet --python ./liar
[ $fails = 0 ]
