#!/bin/sh
# wevcorpus judge as a person meets it: what it prints for each kind of input, and its exit status.
# Each case is a status, arguments and the whole output, standard error included.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
cases=$(pwd)/tests/cases
samples=${WEV_SAMPLES:-}
cd "$T"

# is NAME STATUS ARGUMENT...: output on standard input
is() {
    name=$1 want=$2
    shift 2
    cat >expected
    timeout 60 "$WEVCORPUS" judge "$@" >got 2>&1 <"${input:-/dev/null}" && status=0 || status=$?
    if [ "$status" = "$want" ] && cmp -s expected got; then
        ok "$name"
    else
        no "$name"
        echo "  exit status $status, expected $want"
        diff -u expected got | head -n 20 | sed 's/^/  /' || true
    fi
}

a=$cases/judge/5059.xml b=$cases/judge/5061.xml
cp "$a" a.xml
cp "$b" b.xml
cat a.xml b.xml a.xml >stream
sed '2s/%%2480/%%2464/;3s/<Level>/<Lvl>/' stream >mixed

# ---- kinds of input

is 'one document' 0 a.xml <<'END'
a.xml:0: y 5059:1
END
is 'a stream of one-line events' 0 stream <<'END'
stream:0: y 5059:1
stream:1174: y 5061:0
stream:2202: y 5059:1
3 documents: 3 y, 0 n, 0 i
END
is 'a stream of which two are wrong' 1 mixed <<'END'
mixed:0: y 5059:1
mixed:1174+953: n rule rule operation "the operation is one of this event's own"
mixed:2202+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i
END
input=mixed
is 'standard input' 1 - <<'END'
-:0: y 5059:1
-:1174+953: n rule rule operation "the operation is one of this event's own"
-:2202+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i
END
input=
sed 's/$/\r/' mixed >crlf
is 'lines that end in CR LF' 1 crlf <<'END'
crlf:0: y 5059:1
crlf:1175+953: n rule rule operation "the operation is one of this event's own"
crlf:2204+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i
END
printf '%s' "$(cat stream)" >no_newline
is 'the last line without its end' 0 no_newline <<'END'
no_newline:0: y 5059:1
no_newline:1174: y 5061:0
no_newline:2202: y 5059:1
3 documents: 3 y, 0 n, 0 i
END
{ echo '<Events>'; cat mixed; echo '</Events>'; } >events
is 'an <Events> document' 1 events <<'END'
events:0+0: i schema wrapper-events "an Events wrapper around the events"
events:9: y 5059:1
events:1183+953: n rule rule operation "the operation is one of this event's own"
events:2211+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i
END
{ echo '<?xml version="1.0" encoding="utf-8"?>'; echo '<Events>'; tr -d '\n' <stream; echo '</Events>'; } >events
is 'an <Events> document with a declaration, all on one line' 0 events <<'END'
events:0+39: i schema wrapper-events "an Events wrapper around the events"
events:48: y 5059:1
events:1221: y 5061:0
events:2248: y 5059:1
3 documents: 3 y, 0 n, 0 i
END
{ echo '<Events>'; head -c 2000 stream; } >cut
is 'an <Events> document that is cut' 1 cut <<'END'
cut:0+0: i schema wrapper-events "an Events wrapper around the events"
cut:9: y 5059:1
cut:1183+826: n bytes truncated "the document ends too early"
cut:2009+0: n bytes truncated "the document ends too early"
3 documents: 1 y, 2 n, 0 i
END
{ printf '<Events a="1" a="2">'; cat a.xml; printf '</Events \n>\n'; cat b.xml; } >events
is 'an <Events> tag that is wrong, and the stream that goes on after it' 1 events <<'END'
events:0+14: n xml xml-attribute "an attribute twice"
events:20: y 5059:1
events:1206: y 5061:0
3 documents: 2 y, 1 n, 0 i
END
{ printf '<Events>'; cat a.xml; printf '</Eventsx>'; } >events
is 'an end tag that is wrong where </Events> should be' 1 events <<'END'
events:0+0: i schema wrapper-events "an Events wrapper around the events"
events:8: y 5059:1
events:1182+1: n xml xml-syntax "not well-formed"
events:1192+0: n bytes truncated "the document ends too early"
3 documents: 1 y, 2 n, 0 i
END
printf '<Events/>' >events
is 'an <Events> document without events' 0 events <<'END'
events:0+0: i schema wrapper-events "an Events wrapper around the events"
END
is 'a stream taken as one document' 1 --one stream <<'END'
stream:0+1174: n xml xml-outside "text or an element outside the root"
END
: >empty
is 'an empty file' 1 empty <<'END'
empty:0+0: n bytes empty "no bytes, or blanks alone"
END
printf ' \r\n\n' >blank
is 'blanks alone' 1 blank <<'END'
blank:4+0: n bytes empty "no bytes, or blanks alone"
END
head -c 100000 /dev/zero >zeros
is 'bytes that are no text' 1 zeros <<'END'
zeros:0+0: n bytes char "a character that XML does not allow"
END
printf '\357\273\277' | cat - a.xml >bom
is 'a byte order mark' 0 bom <<'END'
bom:0+0: i bytes bom "a byte order mark before UTF-8"
END
if command -v iconv >/dev/null; then
    { printf '\377\376'; iconv -f UTF-8 -t UTF-16LE a.xml; } >wide
    is 'UTF-16' 0 wide <<'END'
wide:0+0: i bytes utf16 "UTF-16"
END
fi

# ---- folders and several inputs

mkdir d d/below nothing nothing/below
cp a.xml d/2
cp mixed d/1
cp a.xml d/below/3
: >d/4
ln -s ../a.xml d/5
is 'a folder: one document a file, in order, without links and what is below' 1 d <<'END'
d/1:0+1174: n xml xml-outside "text or an element outside the root"
d/2:0: y 5059:1
d/4:0+0: n bytes empty "no bytes, or blanks alone"
3 documents: 1 y, 2 n, 0 i
END
is 'a folder with a slash is the same' 1 d/ <<'END'
d/1:0+1174: n xml xml-outside "text or an element outside the root"
d/2:0: y 5059:1
d/4:0+0: n bytes empty "no bytes, or blanks alone"
3 documents: 1 y, 2 n, 0 i
END
is 'a folder without files' 2 nothing <<'END'
wevcorpus: nothing: no files in this folder
END
is 'a path that is not there' 2 nosuch <<'END'
wevcorpus: nosuch: No such file or directory
END
is 'what is there is judged all the same' 2 a.xml nosuch b.xml <<'END'
wevcorpus: nosuch: No such file or directory
a.xml:0: y 5059:1
b.xml:0: y 5061:0
2 documents: 2 y, 0 n, 0 i
END
if [ "$(id -u)" != 0 ]; then
    cp a.xml locked
    chmod 000 locked
    is 'a path that may not be read' 2 locked <<'END'
wevcorpus: locked: Permission denied
END
fi
ln -s loop loop
is 'a link to itself' 2 loop <<'END'
wevcorpus: loop: Too many levels of symbolic links
END
: >"$(printf 'new\nline\001\377')"
is 'a name with control bytes stays on one line' 1 "$(printf 'new\nline\001\377')" <<'END'
new?line??:0+0: n bytes empty "no bytes, or blanks alone"
END

# ---- options

cp "$cases/judge/5059.view" view
is 'a copy from Event Viewer is named' 1 view <<'END'
view:0+0: n schema wrapper-view "the Event Viewer copy with its '- ' marks"
END
is '--view reads it' 0 --view view <<'END'
view:0: y 5059:1
END
is '--view leaves a plain event alone' 0 --view a.xml <<'END'
a.xml:0: y 5059:1
END
sed 's|0x1296b</Data>|0x1296b-</Data>|' view >dash
is '--view leaves a dash inside a line alone' 1 --view dash <<'END'
dash:0+846: n type hex "not 0x and hexadecimal digits"
END
sed 's/%%2464/%%2480/' view >broken
is '--view: offsets are those of the copy' 1 --view broken <<'END'
broken:0+1195: n rule rule operation "the operation is one of this event's own"
END
printf '<180>May  6 16:43:53 host app[1]: ' | cat - a.xml >syslog
is 'a syslog line is named' 1 syslog <<'END'
syslog:0+0: n schema wrapper-syslog "a syslog header before the event"
END
is '--syslog reads it' 0 --syslog syslog <<'END'
syslog:0: y 5059:1
END
sed 's/%%2464/%%2480/' syslog >broken
is '--syslog: offsets are those of the line' 1 --syslog broken <<'END'
broken:0+1140: n rule rule operation "the operation is one of this event's own"
END
cat syslog syslog >lines
is '--syslog reads a log of them' 0 --syslog lines <<'END'
lines:0: y 5059:1
lines:1208: y 5059:1
2 documents: 2 y, 0 n, 0 i
END
"$WEVGEN" -q -n 1 --schema "$cases/profiles/example.man" --profile "$cases/profiles/example.profile.xml" -e Contoso-Badge/100 >badge
is 'an event that no schema knows may be read or not' 0 badge <<'END'
badge:0+164: i schema event-unknown "no loaded schema knows this event: its fields are not checked"
END
is '--schema knows it' 0 --schema "$cases/profiles/example.man" badge <<'END'
badge:0: y 100:0
END
is '--schema --profile: its rules hold' 0 --schema "$cases/profiles/example.man" --profile "$cases/profiles/example.profile.xml" badge <<'END'
badge:0: y 100:0
END
sed "s|<Level>[0-9]*|<Level>3|;s|'Result'>[^<]*|'Result'>0x80070005|;s|'Seconds'>[0-9]*|'Seconds'>7|" badge >broken
is '--profile: a rule that is broken has its own words' 1 --schema "$cases/profiles/example.man" --profile "$cases/profiles/example.profile.xml" broken <<'END'
broken:0+702: n rule rule refused "who is refused does not pass, and that is a warning"
END
is '--quiet prints the figures alone' 1 -q mixed <<'END'
3 documents: 1 y, 2 n, 0 i
END
is '--json: one object a document' 1 --json mixed <<'END'
{"file":"mixed","offset":0,"length":1173,"verdict":"y","layer":"none","reason":"ok","at":1173,"text":"accepted","event":5059,"version":1,"also":[]}
{"file":"mixed","offset":1174,"length":1027,"verdict":"n","layer":"rule","reason":"rule","rule":"operation","at":953,"text":"the operation is one of this event's own","event":5061,"version":0,"also":[]}
{"file":"mixed","offset":2202,"length":1171,"verdict":"n","layer":"xml","reason":"xml-tag","at":228,"text":"tags do not match","event":5059,"version":1,"also":[]}
END
: >"$(printf 'q"b\\s\377')"
# Values as Python's ElementTree and json read them: header and data of a stream, long and hostile text, and of what is cut.
python3 - a.xml >odd <<'END' || true
import re, sys
a = open(sys.argv[1], encoding="utf-8").read().strip()
long = "\u00e9x\u20ac\U0001f511\"\\\\&lt;" * 700
print(a)
print(re.sub("(<Data Name='KeyName'>)[^<]*", lambda m: m[1] + long, a))
print(a[:300])
END
if command -v python3 >/dev/null; then
    "$WEVCORPUS" judge --json --values odd >odd.json || true
    if python3 - odd odd.json >got <<'END'; then ok '--values: header and data as ElementTree reads them'; else no '--values: header and data as ElementTree reads them'; sed 's/^/  /' got; fi
import json, sys
import xml.etree.ElementTree as ET
space = "{http://schemas.microsoft.com/win/2004/08/events/event}"
documents, rows = open(sys.argv[1], encoding="utf-8").read().split("\n"), [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
assert [r["verdict"] for r in rows] == ["y", "y", "n"], rows
for text, row in zip(documents[:2], rows):
    root = ET.fromstring(text)
    data = [[d.get("Name"), d.text or ""] for d in root.iter(space + "Data")]
    assert row["data"] == data, (row["data"], data)
    system = root.find(space + "System")
    assert row["header"]["EventID"] == system.find(space + "EventID").text
    assert row["header"]["Keywords"] == system.find(space + "Keywords").text
    assert row["header"]["Guid"] == system.find(space + "Provider").get("Guid")
    assert row["header"]["TimeCreated"] == system.find(space + "TimeCreated").get("SystemTime")
    assert row["header"]["ThreadID"] == system.find(space + "Execution").get("ThreadID")
    assert row["header"]["Computer"] == system.find(space + "Computer").text and "UserID" not in row["header"]
assert len(dict(rows[1]["data"])["KeyName"]) == 8 * 700 and rows[2]["data"] == []
END
else
    echo 'ok - --values: header and data as ElementTree reads them # SKIP python3 is not installed'
fi
is '--values without --json' 2 --values a.xml <<'END'
wevcorpus: --values goes with --json
END
is '--json: a hostile name is escaped' 1 --json "$(printf 'q"b\\s\377')" <<'END'
{"file":"q\"b\\s\ufffd","offset":0,"length":0,"verdict":"n","layer":"bytes","reason":"empty","at":0,"text":"no bytes, or blanks alone","also":[]}
END
if command -v jq >/dev/null; then
    "$WEVCORPUS" judge --json mixed events cut view bom syslog badge "$(printf 'q"b\\s\377')" >lines.json || true
    if jq -e . <lines.json >/dev/null; then ok '--json: jq reads every line'; else no '--json: jq reads every line'; fi
fi

# More than twenty that are accepted: what is wrong stands out.
for k in 1 2 3 4 5 6 7 8; do cat stream; done >many
{ cat many; sed 1d mixed; cat many; } >some
is 'of many only those that are not accepted are shown' 1 some <<'END'
some:27008+953: n rule rule operation "the operation is one of this event's own"
some:28036+228: n xml xml-tag "tags do not match"
50 documents: 48 y, 2 n, 0 i
END

# ---- limits: each has its own reason, and the deepest or longest input is as quick as any

head='<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="x"/><EventID>1</EventID><Computer>c</Computer></System>'
{ printf '%s<UserData>' "$head"; yes '<x>' | head -n 1000000 | tr -d '\n'; } >deep
is 'a million elements deep' 1 deep <<'END'
deep:0+248: n xml limit-depth "elements nest deeper than the limit"; also event-unknown
END
{ printf '%s<UserData><x' "$head"; k=0; while [ $k -lt 65 ]; do printf ' a%d="1"' $k; k=$((k + 1)); done; echo '/></UserData></Event>'; } >wide
is 'more attributes than the limit' 1 wide <<'END'
wide:0+158: n xml limit-attributes "more attributes on one element than the limit"; also event-unknown
END
{ printf '%s<EventData>' "$head"; yes '<Data/>' | head -n 4097 | tr -d '\n'; echo '</EventData></Event>'; } >fields
is 'more fields than the limit' 1 fields <<'END'
fields:0+28831: n schema limit-fields "more fields than the limit"; also event-unknown
END
{ printf '%s<EventData><Data>' "$head"; head -c 1048577 /dev/zero | tr '\0' x; echo '</Data></EventData></Event>'; } >long
is 'a value longer than the limit' 1 long <<'END'
long:0+165: n xml limit-field "one value is longer than the limit"; also event-unknown
END
{ printf '<!--'; head -c 5000000 /dev/zero | tr '\0' x; echo '-->'; cat a.xml; } >large
is 'a document larger than the limit, and the one after it' 1 large <<'END'
large:0+4194304: n bytes limit-size "the document is larger than the limit"
END

# ---- constant memory: 300 MB through a pipe with room for less than that. The schema reserves 256 MB of addresses
# that it does not touch; sanitizers reserve terabytes.
if [ -z "${SAN:-}${TSAN:-}" ]; then
    count() { ( ulimit -v 340000; "$WEVCORPUS" judge -q - ) 2>&1; }
    if [ "$("$WEVGEN" -q -n 260000 -e all | count)" = '260000 documents: 260000 y, 0 n, 0 i' ]; then
        ok '300 MB of events in constant memory'
    else
        no '300 MB of events in constant memory'
    fi
    if [ "$("$WEVGEN" -q -n 90000 -f events | count)" = '90000 documents: 90000 y, 0 n, 0 i' ]; then
        ok '100 MB of one <Events> document in constant memory'
    else
        no '100 MB of one <Events> document in constant memory'
    fi
    if [ "$(head -c 300000000 /dev/zero | tr '\0' x | count)" = '1 document: 0 y, 1 n, 0 i' ]; then
        ok 'one line of 300 MB in constant memory'
    else
        no 'one line of 300 MB in constant memory'
    fi
else
    echo 'ok - constant memory # SKIP a sanitizer reserves more than any limit'
fi

# ---- labels

cat >labels <<'END'
{"unit":0,"offset":0,"length":1173,"verdict":"y"}
{"unit":1,"offset":1174,"length":1027,"verdict":"n"}
{"unit":2,"offset":2202,"length":1171,"verdict":"n"}
END
is '--labels: all as labelled, the rejected too' 0 --labels labels mixed <<'END'
mixed:0: y 5059:1
mixed:1174+953: n rule rule operation "the operation is one of this event's own"
mixed:2202+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i; 0 not as labelled
END
sed '2s/"n"/"i"/;1s/"y"/"n"/' labels >wrong
is '--labels: labels that are wrong' 1 --labels wrong mixed <<'END'
mixed:0: labelled n, is y 5059:1
mixed:1174+953: labelled i, is n rule rule operation "the operation is one of this event's own"
mixed:2202+228: n xml xml-tag "tags do not match"
3 documents: 1 y, 2 n, 0 i; 2 not as labelled
END
"$WEVGEN" -q -n 3000 -e all -f rendered -j 3 -o data --labels labels
is "--labels: wevgen's own labels" 0 -q --labels labels data <<'END'
3000 documents: 3000 y, 0 n, 0 i; 0 not as labelled
END
echo 'no label' >labels
is '--labels: a line that is none' 2 --labels labels mixed <<'END'
wevcorpus: labels:1: not a label: an object with offset, length and verdict
0 documents: 0 y, 0 n, 0 i; 0 not as labelled
END
echo '{"offset":999999,"length":10,"verdict":"y"}' >labels
is '--labels: a slice behind the end' 2 --labels labels mixed <<'END'
wevcorpus: mixed: ends before the last label's slice
0 documents: 0 y, 0 n, 0 i; 0 not as labelled
END
is '--labels: a stream has no slices' 2 --labels labels - <<'END'
wevcorpus: -: --labels needs a regular file
0 documents: 0 y, 0 n, 0 i; 0 not as labelled
END

# ---- what cannot be run

is 'nothing to judge' 2 <<'END'
wevcorpus: judge what? Name a file, a folder or -; try judge --help
END
is 'an unknown option' 2 --jsn a.xml <<'END'
wevcorpus: unrecognized option '--jsn'
wevcorpus: try judge --help
END
is 'a schema that is not there' 2 --schema nosuch.man a.xml <<'END'
wevcorpus: nosuch.man: No such file or directory
END
is 'a schema that is wrong' 2 --schema a.xml a.xml <<'END'
wevcorpus: a.xml:1: no provider in it: the root "Event" is not an instrumentation manifest
END
"$WEVCORPUS" judge a.xml 2>err >/dev/full && status=0 || status=$?
if [ $status = 2 ] && grep -q 'standard output: No space left on device' err; then ok 'a full disk is exit 2'; else no 'a full disk is exit 2'; fi
"$WEVCORPUS" >got 2>&1 && status=0 || status=$?
if [ $status = 2 ] && grep -q '^usage: wevcorpus COMMAND' got; then ok 'no command: usage, exit 2'; else no 'no command: usage, exit 2'; fi
"$WEVCORPUS" jdge >got 2>&1 && status=0 || status=$?
if [ $status = 2 ] && grep -q 'unknown command "jdge"' got; then ok 'an unknown command is named'; else no 'an unknown command is named'; fi
"$WEVCORPUS" judge --help >got 2>err && status=0 || status=$?
if [ $status = 0 ] && grep -q -- '--json' got && [ ! -s err ]; then ok 'judge --help'; else no 'judge --help'; fi

# ---- real records

if [ -n "$samples" ]; then
    cp "$samples/real/5059_v0_eventviewer.xml.txt" viewer
    is 'real: the Microsoft page with --view' 0 --view viewer <<'END'
viewer:0: y 5059:0
END
    cp "$samples/real/5061_v0.syslog.xml.txt" real_syslog
    is 'real: the QRadar line with --syslog: its SID was anonymised' 1 --syslog real_syslog <<'END'
real_syslog:0+682: n type sid-prefix "a SID that does not begin with S-1-"; also provider-guid
END
    cp "$samples/real/5058_v0.pyevtx.xml" pyevtx
    is "real: python-evtx's own spelling" 0 pyevtx <<'END'
pyevtx:0+209: i schema attribute-empty "an optional attribute is written, but empty"; also time-blank, time-zone, hex-zeros
END
else
    echo 'ok - verdicts of real records # SKIP set WEV_SAMPLES to a folder of them'
fi
[ $fails = 0 ]
