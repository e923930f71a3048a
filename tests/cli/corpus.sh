#!/bin/sh
# corpus.sh: stores from the command line: built, added to, verified, counted, made smaller, exported.
set -u
failed=0
not_ok() {
    echo "not ok - $1"
    [ ! -f "$T/out" ] || head -n 12 "$T/out" | cut -c 1-200 | sed 's/^/    /'
    [ ! -f "$T/err" ] || head -n 5 "$T/err" | cut -c 1-200 | sed 's/^/    /'
    failed=1
}
# run STATUS NAME ARGS...: the exit status is that
run() {
    want=$1 name=$2
    shift 2
    "$WEVCORPUS" "$@" >"$T/out" 2>"$T/err"
    got=$?
    [ "$got" -eq "$want" ] || not_ok "$name: exit status $got, wanted $want"
}
python() {
    if command -v python3 >/dev/null; then python3 "$@"; else echo 'ok - python # SKIP corpus: needs python3'; fi
}
says() { grep -qF -e "$2" "$T/out" "$T/err" || not_ok "$1: does not say \"$2\""; }
equal() { diff -r "$2" "$3" >"$T/out" 2>&1 || not_ok "$1"; }
seeds=$(pwd)/corpus/seeds types=$(pwd)/tests/cases/manifests/types.man wild=$(pwd)/tests/cases/manifests/wild.man
# many small files: in memory, where that can be had
if memory=$(mktemp -d /dev/shm/corpus.XXXXXX 2>/dev/null); then
    trap 'rm -rf "$memory"' EXIT
    T=$memory
fi
cd "$T" || exit 1
build() { folder=$1; shift; "$WEVCORPUS" build "$folder" --no-sync -q "$@" >out 2>err || not_ok "build $folder $*"; }

# What a store holds is what wevgen makes: the documents, their hashes, their labels.
"$WEVGEN" -q -n 300 -s 9 --malformed 70% --twin -o gen/ --labels labels
build s -n 300 -s 9 --malformed 70% --twin
xxhsum -q -H2 gen/* 2>/dev/null | cut -c 1-32 | sort -u >want
find s/objects -type f | sed 's|.*/||' | sort >got
cmp -s want got || not_ok 'the documents are not those of wevgen, or their names not the hashes of their bytes'
sed -n 's/.*"class":"\([^"]*\)".*/\1/p' labels | sort -u >want
sed -n 's/.*"class":"\([^"]*\)".*/\1/p' s/index.jsonl | sort -u >got
cmp -s want got || not_ok 'the classes are not those of the labels'
[ "$(wc -l <s/index.jsonl)" -eq "$(find s/objects -type f | wc -l)" ] || not_ok 'not a line a document'
[ -e s/aside ] && not_ok 'something was left aside'
run 0 'a store that is whole' verify s
says 'a store that is whole' ' 0 findings'

# Provenance: seed, unit and options make each document again.
grep -F '"unit":17,' s/index.jsonl | grep -vF '"twin":true' >line
file=$(sed 's/.*"file":"\([^"]*\)".*/\1/' line)
"$WEVGEN" -q -n 1 --from 17 -s 9 --malformed 70% -o again
cmp -s again "s/$file" || not_ok 'provenance: seed and unit do not give the document'
grep -q '"options":"--malformed 70% --twin"' line && grep -q '"schema":"[0-9a-f]\{32\}","generator":"[0-9.]*"' line || not_ok 'provenance: options, schema, generator'

# The same again changes nothing; parts in any order give the same documents; another store's documents are known.
cp -r s kept
build s -n 300 -s 9 --malformed 70% --twin
equal 'a rerun changes the store' kept s
build parts -n 300 -s 9 --malformed 70% --twin --shard 2/2 --batch 7
build parts -n 300 -s 9 --malformed 70% --twin --shard 1/2 --batch 1
cut -d, -f1 parts/index.jsonl | sort >got
cut -d, -f1 s/index.jsonl | sort | cmp -s - got || not_ok 'shards do not give the documents of the whole'
run 0 'a store into a store' add --no-sync parts s
says 'a store into a store' ' 0 new, '
run 0 'a copy of a store' add --no-sync copy s
sed 's/,"check.*//' s/index.jsonl >want
sed 's/,"check.*//' copy/index.jsonl | cmp -s want - || not_ok 'a copy says something else of its documents'
run 0 'an empty run' build --no-sync none -n 0
run 0 'forms that are no label' build --no-sync forms -n 20 -f view

# forall N: -j N makes the same store, huge documents and twins among them; a run that was stopped is finished by the same command.
for j in 2 3 16; do
    build "threads$j" -n 300 -s 9 --malformed 70% --twin -j $j
    equal "-j $j makes another store" s "threads$j"
done
build large -n 40 --class 'bytes.size-*' --batch 3
build large3 -n 40 --class 'bytes.size-*' --batch 3 -j 3
equal '-j 3 makes another store of large documents' large large3
build whole -n 20000 -s 2 --malformed 20%
n=0
for wait in 0.05 0.1 0.2; do
    "$WEVCORPUS" build stopped --no-sync -q -n 20000 -s 2 --malformed 20% -j 3 --batch 500 >out 2>err &
    pid=$!
    until [ "$(grep -c . stopped/index.jsonl 2>/dev/null)" -gt "$n" ] 2>/dev/null || ! kill -0 $pid 2>/dev/null; do sleep 0.01; done # it goes on
    sleep $wait
    kill -TERM $pid 2>/dev/null
    wait $pid
    case $? in 0 | 130) ;; *) not_ok 'a run that is stopped: exit status' ;; esac
    run 0 'a run that was stopped' verify stopped
    n=$(wc -l <stopped/index.jsonl)
    head -n "$n" whole/index.jsonl | cmp -s - stopped/index.jsonl || not_ok "a run that was stopped has not the first $n documents"
done
build stopped -n 20000 -s 2 --malformed 20% -j 2
equal 'a run that was stopped is not finished' whole stopped
run 2 'threads: none' build none -j 0
run 2 'threads: too many' build none -j 257

# verify --remake: seed, unit and options of each line make its document, in all forms and of any store that was added.
build forms -n 40 -s 4 -e all -f rendered --malformed 50%
build forms -n 40 -s 18446744073709551615 --from 77 --start 2020-01-01T00:00:00Z --breaks 3 --malformed 90%
build forms -n 40 --schema "$types" -e all
run 0 'a store into another' add --no-sync forms s
documents=$(wc -l <forms/index.jsonl) own=$(grep -c '"source":"wevgen"' forms/index.jsonl)
run 0 'made again' verify --remake --schema "$types" forms
[ "$own" -gt 400 ] && says 'made again' "$documents documents, 0 findings; $own made again, 0 that cannot be"

# A world: its documents are those that wevgen makes, whatever the threads, and their lines say how many units it had.
world='--attack-rate 5% --hosts 300 --time-zone CET-1CEST,M3.5.0,M10.5.0/3 -s 5'
# shellcheck disable=SC2086
{
build world $world -n 2500
build world3 $world -n 2500 -j 3
build world --rate 1 --hosts 5 -s 8 --end 2024-03-20T00:00:00Z
"$WEVGEN" -q $world -n 2500 -o worlds/
}
run 0 'a world made again' verify --remake world
says 'a world made again' '2578 documents, 0 findings; 2578 made again, 0 that cannot be'
xxhsum -q -H2 worlds/* | cut -d ' ' -f 1 | sort -u >made
find world3/objects -type f | sed 's|.*/||' | sort | diff made - >out || not_ok "a world's documents are wevgen's"
run 2 'a class of streams' build streams --world -n 100 --class rule.stream-record-back
says 'a class of streams' 'a class of streams breaks none of its documents'
[ ! -e streams ] || not_ok 'a class of streams leaves no store'
cp "$types" "a b\\c'd.man" # words that a shell would cut
build spaced -n 5 --schema "a b\\c'd.man" -e all
run 0 'a name with blanks' verify --remake --schema "a b\\c'd.man" spaced
says 'a name with blanks' '; 5 made again'
long=$(printf 'y%.0s' $(seq 230)).man
cp "$types" "$long"
run 2 'more options than a line keeps' build none --no-sync --schema "$long" --schema "./$long" --schema "././$long" --schema "./././$long" --schema "$T/$long"
says 'more options than a line keeps' 'more than the 1022 bytes'

# A line that lies, with a check that fits it.
forge() { # NUMBER SED-SCRIPT: line NUMBER of forged/index.jsonl, as if it had been written so
    line=$(sed -n "${1}p" s/index.jsonl | sed -E -e 's/,"check":"[0-9a-f]*"\}$//' -e "$2")
    check=$(printf '%s' "$line" | xxhsum -H3 - | grep -oE '[0-9a-f]{16}')
    printf '%s,"check":"%s"}\n' "$line" "$check" >line
    sed -i -e "${1}r line" -e "${1}d" forged/index.jsonl
}
cp -r s forged
broken=$(grep -n '"class"' s/index.jsonl | sed -n '3s/:.*//p')
forge 5 's/"unit":([0-9]+)/"unit":9\1/'
forge 8 's/"seed":9/"seed":8/'
forge 10 's/--malformed 70%/--malformed 71%/'
forge "$broken" 's/"class":"[a-z]+\.[^"]*"/"class":"xml.tags-crossed"/'
run 0 'lines that lie and have their check' verify forged
run 1 'lines that lie, made again' verify --remake forged
for k in 5 8 "$broken"; do says 'lines that lie, made again' "$(sed -n "${k}s/.*\"file\":\"\([^\"]*\)\".*/\1/p" forged/index.jsonl): made again: "; done
forge 12 's/"generator":"[^"]*"/"generator":"0.0.1"/'
forge 13 's/--malformed 70%/--malformed 7O%/'
forge 14 's/--twin/--twin --nonsense/'
run 1 'lines that cannot be made again' verify --remake forged
says 'lines that cannot be made again' 'cannot be made again: version 0.0.1 made it'
says 'lines that cannot be made again' ', 3 that cannot be'

# Files, folders, suites, streams.
mkdir -p files/deep/er empty
printf '<a/>' >files/a
printf '<a/>' >files/deep/b
: >files/deep/er/empty
"$WEVGEN" -q -n 3 -s 4 >stream
ln -s .. files/deep/round
run 0 'folders' add --no-sync f -v files
says 'folders' '2 new, 1 known'
grep -q ' known n schema root files/deep/b$' out || not_ok 'folders: what is told of a known document'
run 0 'a stream' add --no-sync f --split stream
says 'a stream' '3 documents: 3 new, 0 known; 3 y'
"$WEVCORPUS" add --no-sync f - <stream >out 2>err || not_ok 'standard input'
says 'standard input' '1 new'
run 0 'the curated suite' add --no-sync suite --schema "$types" --schema "$wild" "$seeds"
says 'the curated suite' "$(ls "$seeds"/*.xml | wc -l) documents: "
run 0 'the curated suite, verified' verify --schema "$types" --schema "$wild" suite
run 1 'a suite under another schema' add --no-sync other "$seeds"
says 'a suite under another schema' 'labelled'
run 1 'a store under another schema' verify suite
says 'a store under another schema' 'judged by another schema than is loaded'

# verify names each thing that is wrong, and changes nothing.
cp -r s broken
nth() { sed -n "${1}s/.*\"file\":\"\([^\"]*\)\".*/\1/p" s/index.jsonl; }
flipped=$(nth 3) gone=$(nth 5) cut=$(nth 7)
printf '\130' | dd of="broken/$flipped" bs=1 seek=20 conv=notrunc 2>/dev/null
rm "broken/$gone"
truncate -s 11 "broken/$cut"
echo x >broken/notes
echo x >broken/objects/00ff
mkdir -p broken/objects/ab
echo x >broken/objects/ab/abfeedabfeedabfeedabfeedabfeedab
sed -i -e '9s/"seed":9/"seed":8/' -e '11s/.*/no json/' broken/index.jsonl
sed -n 13p broken/index.jsonl >>broken/index.jsonl
printf '{"file"' >>broken/index.jsonl
cp -r broken before
run 1 'a broken store' verify broken
for what in "$flipped: its bytes were changed" "$gone: missing" "$cut: its bytes were changed" 'broken/notes: does not belong there' \
    'broken/objects/00ff: does not belong there' 'abfeedab: not in the index' 'index.jsonl:9: the line was changed' \
    'index.jsonl:11: not JSON' ': the second line of objects/' 'its last line has no end: 7 bytes'; do
    says 'a broken store' "$what"
done
says 'a broken store' ', 11 findings' # the eleventh: the document of line 11
equal 'verify changes a store' before broken

# A verdict that is not the decoder's, in a line that is otherwise right: made by another schema's decoder.
build typed -n 1 --schema "$types" -e all
run 0 'a verdict by its own schema' verify --schema "$types" typed
run 1 'a verdict by another schema' verify typed
says 'a verdict by another schema' 'verdict: the index says y ok'

# Lines that are wrong stop whoever would build on them, and nothing is lost.
cp -r s lines
sed -i '9s/"seed":9/"seed":8/' lines/index.jsonl
rm -rf before && cp -r lines before
for command in 'build lines -n 1' 'add lines files' 'dedupe --delete lines' 'min --delete lines' 'stat lines' 'export --as tar -o x lines'; do
    # shellcheck disable=SC2086
    run 2 "$command" $command
    says "$command" 'index.jsonl:9: the line was changed'
done
equal 'a refused command changes a store' before lines
[ ! -e x.tar ] || not_ok 'a refused export leaves a file'

# Mistakes.
run 2 'no such store' stat nowhere
says 'no such store' 'nowhere'
run 2 'not a store' verify files
says 'not a store' 'files: not a store'
run 2 'a folder of somebody' build --no-sync files -n 1
says 'a folder of somebody' 'neither empty nor a store'
run 2 'an empty folder' add --no-sync f empty
says 'an empty folder' 'empty: no files in this folder'
run 2 'a path that is not there' add --no-sync f not-there files
says 'a path that is not there' 'add: not-there: No such file'
says 'a path that is not there' '3 known'
run 2 'the store itself' add --no-sync f f
printf 'x\n' >empty/index.jsonl
run 2 'a suite that is no JSON' add --no-sync f empty
says 'a suite that is no JSON' 'empty/index.jsonl:1: not JSON'
printf '{"file":"../stream","verdict":"y"}\n' >empty/index.jsonl
run 2 'a suite that points elsewhere' add --no-sync f empty
run 2 'no such option' build f --nonsense
run 2 'a number that is none' build f -n many
run 2 'a form that is none' export --as libfuzer-zip -o x s
says 'a form that is none' 'did you mean "libfuzzer-zip"?'
if [ "$(id -u)" -ne 0 ]; then
    chmod 0 files/a
    run 2 'an unreadable file' add --no-sync f files/a
    says 'an unreadable file' 'files/a: '
    chmod 644 files/a
fi

# stat: counts that add up.
run 0 'stat' stat --json s
python - <<'END' || not_ok 'stat --json: counts do not add up'
import json
got = json.load(open('out'))
rows = [json.loads(line) for line in open('s/index.jsonl')]
assert got['documents'] == len(rows) and got['bytes'] == sum(r['size'] for r in rows)
for key in 'verdict', 'layer', 'reason':
    assert sum(got[key].values()) == len(rows)
    assert all(got[key][v] == sum(r[key] == v for r in rows) for v in got[key])
END

# dedupe: no shape twice, every kept document the first of its shape; a folder's files by their bytes.
run 1 'dedupe, to see' dedupe s
run 0 'dedupe' dedupe -o shapes s
run 0 'dedupe of what is single' dedupe -q shapes
run 0 'a store of shapes' verify shapes
cp -r s smaller
run 0 'dedupe in place' dedupe --delete smaller
equal 'dedupe in place is not dedupe into another store' shapes/index.jsonl smaller/index.jsonl
[ "$(find smaller/objects -type f | wc -l)" -eq "$(wc -l <smaller/index.jsonl)" ] || not_ok 'dedupe in place: files of dropped lines'
run 1 'the same bytes in a folder' dedupe files
says 'the same bytes in a folder' 'files/deep/b: same bytes as files/a'
run 0 'the same bytes in a folder, removed' dedupe --delete files
[ ! -e files/deep/b ] && [ -e files/a ] || not_ok 'dedupe removes the wrong file'

# min: every class, event and verdict with its reason is still there; what is kept needs all of it.
run 0 'min' min -o few s
for key in class event verdict reason; do
    sed -n "s/.*\"$key\":\"*\([^\",]*\).*/\1/p" s/index.jsonl | sort -u >want
    sed -n "s/.*\"$key\":\"*\([^\",]*\).*/\1/p" few/index.jsonl | sort -u | cmp -s want - || not_ok "min loses a $key"
done
run 0 'min of a minimum' min -q few
n=$(wc -l <few/index.jsonl)
says 'min of a minimum' "$n documents"
says 'min of a minimum' "$n kept"
sed 's/.*"file":"\([^"]*\)".*/\1/' s/index.jsonl | awk '{ print $0, "edge" NR % 3, NR == 40 ? "rare" : "" }' >features
run 0 'min by features' min --features features --only s
[ "$(grep -c '^s/objects' out)" -eq 3 ] || not_ok 'min by features: not three kept for three edges and a rare one'
grep -qF "$(nth 40)" out || not_ok 'min by features: the rare one is lost'
echo 'zzz edge' >features
run 2 'features of nothing' min --features features s
says 'features of nothing' 'features:1:'

# Exports: the same bytes again, and what other programs read of them is what the store holds.
mkdir one two
for form in libfuzzer-zip afl-dir go-fuzz jazzer pytest tar; do
    run 0 "export $form" export --as $form -o one/$form few
done
mkdir reversed && cp few/store reversed && ln -s ../few/objects reversed/objects && tac few/index.jsonl >reversed/index.jsonl
run 0 'the same documents in another order' add --no-sync shuffled reversed
for form in libfuzzer-zip afl-dir go-fuzz jazzer pytest tar; do run 0 "export $form again" export --as $form -o two/$form shuffled; done
equal 'an export is not the same twice' one two
run 2 'an export over a folder' export --as afl-dir -o one/afl-dir few
python - <<'END' || not_ok 'what Python reads of the exports is not what the store holds'
import glob, json, os, tarfile, zipfile
rows = [json.loads(line) for line in open('few/index.jsonl')]
want = {os.path.basename(r['file']): open('few/' + r['file'], 'rb').read() for r in rows}
key = lambda name: os.path.basename(name).split('_')[-1].removesuffix('.xml')
archive, tar = zipfile.ZipFile('one/libfuzzer-zip_seed_corpus.zip'), tarfile.open('one/tar.tar')
assert archive.testzip() is None
assert {key(n): archive.read(n) for n in archive.namelist()} == want
assert {key(n): tar.extractfile(n).read() for n in tar.getnames() if n != 'index.jsonl'} == want
for folder in 'afl-dir', 'jazzerInputs', 'pytest/documents':
    assert {key(n): open(n, 'rb').read() for n in glob.glob('one/' + folder + '/*')} == want
seeds = {}
for n in glob.glob('one/go-fuzz/*'):
    head, text = open(n, encoding='ascii').read().splitlines()
    assert head == 'go test fuzz v1' and text.startswith('[]byte("') and text.endswith('")')
    seeds[key(n)] = text[8:-2].encode('ascii').decode('unicode_escape').encode('latin-1')
assert seeds == want
for n in glob.glob('one/*.options'):
    text = open(n).read()
    assert text.startswith('[libfuzzer]\ndict = ') and os.path.exists('one/' + text.split()[3])
assert open('one/tar.dict').read() == open('one/jazzer.dict').read()
assert tar.getmembers()[0].mtime == 0 and archive.infolist()[0].date_time[0] == 1980
END
"$WEVGEN" --list dict >out && cmp -s out one/tar.dict || not_ok 'the dictionary is not wevgen --list dict'
run 0 'some verdicts' export --as tar -o some --verdict y --class none s
tar tf some.tar | grep -v '^y_none_\|^index.jsonl$' && not_ok 'some verdicts: others'
mkdir unpacked && tar xf one/tar.tar -C unpacked
run 0 'an export added' add --no-sync from-tar unpacked
says 'an export added' "$n documents: $n new"
run 0 'a store as a suite' run --suite few --memory 0 --layers bytes,xml,schema,type,rule -- "$WEVCORPUS" judge --one -q @@
says 'a store as a suite' "$n cases"
run 0 'an export as a suite' run --suite one/afl-dir --memory 0 --layers bytes,xml,schema,type,rule -- "$WEVCORPUS" judge --one -q @@

# What the programs that an export is for make of it.
if [ -z "${WEV_GO:-}" ]; then
    echo 'ok - go # SKIP corpus: go test on the export builds the library of Go, half a minute of CPU: set WEV_GO=1'
elif command -v go >/dev/null; then
    mkdir -p module/testdata/fuzz && cp -r one/go-fuzz module/testdata/fuzz/FuzzEvent
    printf 'module event\n\ngo 1.18\n' >module/go.mod
    cat >module/event_test.go <<'END'
package event

import (
    "crypto/sha256"
    "fmt"
    "os"
    "testing"
)

func FuzzEvent(f *testing.F) {
    f.Fuzz(func(t *testing.T, document []byte) {
        seen, err := os.OpenFile(os.Getenv("SEEN"), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o666)
        if err != nil {
            t.Fatal(err)
        }
        defer seen.Close()
        fmt.Fprintf(seen, "%x\n", sha256.Sum256(document))
    })
}
END
    (cd module && SEEN=$T/seen HOME=$T GOFLAGS=-mod=mod GOPROXY=off GOTOOLCHAIN=local go test ./... >"$T/out" 2>"$T/err") || not_ok 'go test on the export'
    find few/objects -type f -exec sha256sum {} + | cut -d' ' -f1 | sort >want
    sort seen | cmp -s - want || not_ok 'go test does not see the documents'
else
    echo 'ok - go # SKIP corpus: needs go'
fi
if python3 -m pytest --version >/dev/null 2>&1; then
    cat >one/pytest/test_event.py <<'END'
def test_event(wev_case):
    assert wev_case.verdict in "yni" and len(wev_case.document) == wev_case.row["size"]
END
    python3 -m pytest -q -p no:cacheprovider one/pytest >out 2>err || not_ok 'pytest on the export'
    says 'pytest on the export' "$n passed"
else
    echo 'ok - pytest # SKIP corpus: needs pytest'
fi

[ $failed = 0 ] && echo 'ok - corpus'
exit $failed
