#!/bin/sh
# interop.sh: the adapters that need no install, over the whole suite, held to what is documented of their libraries; the
# tables and their drivers on parsers and fuzzers that cannot be had; wevcorpus results.
set -u
. tests/expect.sh
SEEDS=corpus/seeds/index.jsonl
# ask STATUS NAME ARGS...: a run in frames, its results in NAME.json
ask() {
    status=$1 parser=$2
    shift 2
    run "$status" "$parser" --persistent --json "$T/$parser.json" --name "$parser" "$@"
}
# classes FILTER...: of the index's lines that have all these texts
classes() {
    cp "$SEEDS" "$T/lines"
    for text in "$@"; do grep -F -e "$text" "$T/lines" >"$T/lines.new" && mv "$T/lines.new" "$T/lines"; done
    sed 's/.*"class":"\([^"]*\)".*/\1/' "$T/lines" | sort -u
}
# failures RESULT: classes that the last run has under it
failures() { sed -n "s/^$1  *[yni]_\(.*\)_[^_]*\$/\1/p" "$T/out" | sort -u; }
same() {
    cmp -s "$T/want" "$T/got" || {
        diff "$T/want" "$T/got" | sed 's/^/    /' | head -n 10
        not_ok "$1"
    }
}

cc=${EXAMPLE_CC:-cc}
xml2=$(pkg-config --cflags --libs libxml-2.0)
build() { # NAME SOURCE FLAGS...
    name=$1 source=$2
    shift 2
    # shellcheck disable=SC2086
    $cc -std=c11 -D_GNU_SOURCE -I. -O1 -o "$T/$name" "tests/interop/c/$source" tests/interop/c/adapter.c "$@" 2>"$T/err" ||
        not_ok "$name does not build"
}
# lists of words
# shellcheck disable=SC2086
{
    build expat expat.c -lexpat
    build libxml2 libxml2.c $xml2
    build mxml target.c -DTARGET='"mxml"' $WEV
    build mxml-strict target.c -DTARGET='"mxml-strict"' $WEV
    build wevgen target.c -DTARGET='"reference"' $WEV
}

# expat in namespace mode refuses what XML and Namespaces forbid, but some of its versions take any number of a version, or half
# of a surrogate pair, as a direct call of it tells; entities of a DOCTYPE are XML, and its limit on what they expand to stops
# the laughs.
cat >"$T/direct.c" <<'END'
#include <expat.h>
#include <stdio.h>
int main(void)
{
    static char text[1 << 20];
    size_t n = fread(text, 1, sizeof(text), stdin);
    return XML_Parse(XML_ParserCreate(NULL), text, (int)n, 1) != XML_STATUS_OK;
}
END
$cc -o "$T/direct" "$T/direct.c" -lexpat 2>"$T/err" || not_ok 'a direct call of expat does not build'
taken() {
    for class in xml.declaration-version-9.9 bytes.utf16-high-surrogate; do
        if "$T/direct" <"corpus/seeds/n_${class}_5059.xml"; then echo $class; fi
    done
}
ask 1 expat -- "$T/expat" --frames
failures SHOULD_HAVE_FAILED >"$T/got"
{ classes '"rule":"our rule: event XML' '"verdict":"n"' | grep -v '^xml\.entity-laughs$'
  taken; } | sort >"$T/want"
same 'what expat wrongly accepts'
for result in SHOULD_HAVE_PASSED WRONG_VALUE CRASH TIMEOUT; do
    grep -q "^$result" "$T/out" && not_ok "expat: $result"
done

# libxml2 takes what its row names as its own way, and namespace errors are reports to it: no other.
ask 1 libxml2 -- "$T/libxml2" --frames
"$WEVGEN" --list classes --json | sed -n 's/.*"class":"\([^"]*\)".*"witness_differs".*/\1/p' >"$T/differ"
classes '"rule":"Namespaces 1.0 NSC' >>"$T/differ"
failures SHOULD_HAVE_FAILED >"$T/got"
sort -u "$T/differ" | comm -13 - "$T/got" >"$T/more"
[ ! -s "$T/more" ] || not_ok "libxml2 accepts what no row says: $(tr '\n' ' ' <"$T/more")"
grep -q '^xml\.namespace-undeclared$' "$T/got" || not_ok 'libxml2 returned no tree for an undeclared prefix'
grep -qE '^(SHOULD_HAVE_PASSED|WRONG_VALUE|CRASH|TIMEOUT)' "$T/out" && not_ok 'libxml2 refuses or misreads'

# Our own decoder is right in every layer, with the manifests that documents name.
ask 0 wevgen --layers all --manifests -- "$T/wevgen" --frames

# Mini-XML reads a CDATA value as absent; a careful program's checks refuse NUL and what is not UTF-8.
ask 1 mxml -- "$T/mxml" --frames
grep -q '^[A-Z_]* *y_xml\.cdata-whole_' "$T/out" || not_ok 'mxml reads a CDATA value'
ask 1 mxml-strict -- "$T/mxml-strict" --frames
failures SHOULD_HAVE_FAILED | grep -E '^bytes\.(nul|utf8-(overlong|surrogate|5|above|cut|latin|continuation|fe-ff|ff$))' &&
    not_ok 'mxml-strict accepts NUL or what is not UTF-8'

# The frame answers one document as it answers many.
mkdir "$T/some"
cp corpus/seeds/[yni]_xml.c*.xml corpus/seeds/[yni]_bytes.u*.xml "$T/some"
for name in expat libxml2 mxml; do
    "$WEVCORPUS" run --memory 0 --suite "$T/some" -- "$T/$name" | sed 's/, [0-9.]* s$//' >"$T/want"
    "$WEVCORPUS" run --memory 0 --suite "$T/some" --persistent -- "$T/$name" --frames | sed 's/, [0-9.]* s$//' >"$T/got"
    same "$name: one by one and in frames"
done

# A value may hold U+0000: it is wrong, and no crash. So is what begins as the right one.
cat >"$T/nul" <<'END'
#!/bin/sh
while read -r n; do
    head -c "$n" >/dev/null
    echo '{"data":{"ReturnCode":"0x0\u0000"}}'
done
END
mkdir "$T/one"
grep -F '"file":"y_xml.cdata-empty_' "$SEEDS" >"$T/one/index.jsonl"
cp corpus/seeds/y_xml.cdata-empty_*.xml "$T/one"
run 1 'a value with U+0000' --suite "$T/one" --persistent -- sh "$T/nul"
says 'a value with U+0000' 'WRONG_VALUE'

# The suite's values were read with ElementTree: it must find them again.
if command -v python3 >/dev/null; then
    ask 1 elementtree -- python3 -B tests/interop/python/adapter.py elementtree --frames
    grep -qE '^(SHOULD_HAVE_PASSED|WRONG_VALUE|CRASH|TIMEOUT)' "$T/out" && not_ok 'ElementTree refuses or misreads'
    ask 1 regex -- python3 -B tests/interop/python/adapter.py regex --frames
    grep -q '^WRONG_VALUE *y_xml.charref-decimal_' "$T/out" || not_ok 'the regex decodes a reference'
fi

# The table: every row whole, its folder and groups there.
awk -F '\t' '!/^#/ && NF != 8 { print "row of " NF " columns: " $1; bad = 1 } END { exit bad }' tests/interop/parsers.tsv >"$T/out" ||
    not_ok 'parsers.tsv'
awk -F '\t' '!/^#/ && $5 != "-" { n = split($3, g, " "); for (k = 1; k <= n; k++) print g[k] }' tests/interop/parsers.tsv | sort -u |
    while read -r group; do grep -q "^$group|" .ci/setup || echo "$group"; done >"$T/out"
[ ! -s "$T/out" ] || not_ok 'groups that .ci/setup does not know'

# What cannot be had is named and stops nothing.
{
    grep '^expat	' tests/interop/parsers.tsv | sed 's/	interop-c	/	build	/'
    printf 'broken\tc\tbuild\techo no such library >&2; false\t$B/broken\t-\t--layers bytes\tdoes not build\n'
    printf 'silent\tc\tbuild\t-\tfalse\techo 1\t--suite %s\tends at once\n' "$T/none"
    printf 'refused\t-\t-\t-\t-\t-\t-\tno registry has it\n'
} >"$T/table"
NO_APT=1 OUT=$T/interop TABLE=$T/table PARSERS='expat broken silent refused' sh tests/interop/interop.sh >"$T/out" 2>"$T/err"
[ $? -eq 1 ] || not_ok 'a run with parsers that are missing: exit status'
grep -q '^expat .* 452 cases' "$T/out" || grep -q '^expat .* cases, ' "$T/out" || not_ok 'the parser that is there did not run'
for text in 'broken .*not run: it does not build: no such library' 'silent .*not run: .*none' 'refused .*cannot be had: no registry has it' \
    '1 parsers ran, 2 did not'; do
    grep -q "$text" "$T/out" || not_ok "a run with parsers that are missing does not say: $text"
done
[ -s "$T/interop/results.html" ] || not_ok 'no page'

# The fuzzers' table, and its driver: a fault must be found, by the engine that the row says, and be an exit status.
awk -F '\t' '!/^#/ && NF != 7 { print "row of " NF " columns: " $1; bad = 1 } END { exit bad }' tests/interop/engines.tsv >"$T/out" ||
    not_ok 'engines.tsv'
awk -F '\t' '!/^#/ { n = split($3, g, " "); for (k = 1; k <= n; k++) print g[k] }' tests/interop/engines.tsv | sort -u |
    while read -r group; do grep -q "^$group|" .ci/setup || echo "$group"; done >"$T/out"
[ ! -s "$T/out" ] || not_ok 'groups of engines.tsv that .ci/setup does not know'
fault='echo "ValueError: invalid literal for int"; echo Custom'
{
    printf 'finds\tgo\tbuild\tls $C | grep -q .\t%s; exit 77\techo 1\tCustom\n' "$fault"
    printf 'healthy\tgo\tbuild\ttrue\techo Custom\techo 1\tCustom\n'
    printf 'zero\tgo\tbuild\ttrue\t%s\techo 1\tCustom\n' "$fault"
    printf 'plain\tgo\tbuild\ttrue\t%s; exit 1\techo 1\tour mutator\n' "$fault"
    printf 'slow\tgo\tbuild\ttrue\tsleep 60\techo 1\tCustom\n'
    printf 'absent\tgo\tbuild\techo no such package; false\ttrue\techo 1\tCustom\n'
} >"$T/engines"
NO_APT=1 ENGINE_TIMEOUT=2 ENGINE_OUT=$T/fuzzers ENGINE_TABLE=$T/engines sh tests/interop/engines.sh >"$T/out" 2>"$T/err"
[ $? -eq 1 ] || not_ok 'engines that fail: exit status'
for text in 'finds  *1  *found the fault' 'healthy .*did not find the fault (exit status 0)' 'zero .*its exit status is 0' \
    'plain .*its log lacks: our mutator' 'slow .*did not find the fault (exit status 124)' 'absent .*not run: no such package' \
    '1 fuzzers found their fault, 5 did not'; do
    grep -q "$text" "$T/out" || not_ok "the fuzzers' driver does not say: $text"
done
NO_APT=1 ENGINE_OUT=$T/fuzzers ENGINE_TABLE=$T/engines ENGINES=finds sh tests/interop/engines.sh >"$T/out" 2>"$T/err" || not_ok 'a fuzzer that finds'

# results: its numbers are those of the suite, its words those of the options.
page() { "$WEVCORPUS" results "$@" >"$T/out" 2>"$T/err"; }
page -o "$T/R.md" --not-run "$T/interop/not-run.tsv" "$T/expat.json" "$T/mxml.json" || not_ok 'results'
y=$(grep -c '"verdict":"y"' "$SEEDS")
grep -q "^| expat | $y of $y | 0 |" "$T/R.md" || not_ok 'results: the table'
grep -q "Made by .wevcorpus results. of wevgen .* on [0-9]*-[0-9]*-[0-9]*: $(grep -c . "$SEEDS") documents, 2 parsers" "$T/R.md" ||
    not_ok 'results: the head'
grep -q '^- wrongly accepts [0-9]*: .*`xml.xxe-{file,http}`' "$T/R.md" || not_ok 'results: classes'
grep -q '^- refused: no registry has it$' "$T/R.md" || not_ok 'results: what was not run'
wrong() { # NAME TEXT ARGS...
    name=$1 text=$2
    shift 2
    rm -f "$T/no.md"
    page -o "$T/no.md" "$@"
    [ $? -eq 2 ] && grep -q "$text" "$T/err" && [ ! -e "$T/no.md" ] || not_ok "results: $name"
}
echo '{"cases": [' >"$T/cut.json"
echo '{}' >"$T/empty.json"
"$WEVCORPUS" run -q --suite "$T/some" --json "$T/other.json" -- true >/dev/null
wrong 'no such file' none.json "$T/none.json"
wrong 'not JSON' 'cut.json:' "$T/cut.json"
wrong 'no results' 'not what run --json wrote' "$T/empty.json"
wrong 'two suites' 'another suite' "$T/expat.json" "$T/other.json"
wrong 'a line without a tab' 'index.jsonl:1: not a name' --not-run "$SEEDS" "$T/expat.json"
page "$T/expat.json"
[ $? -eq 2 ] || not_ok 'results without -o'
page -o /nonexistent/R.md "$T/expat.json"
[ $? -eq 2 ] || not_ok 'results into a folder that is not there'
exit $failed
