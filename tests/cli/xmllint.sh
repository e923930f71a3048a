#!/bin/sh
# libxml2 as the outside witness: 10,000 events of every form that is XML are well-formed and valid by
# schema/event.xsd, as one document and each for itself; a broken one is neither. Real records too, with WEV_SAMPLES.
set -eu
command -v xmllint >/dev/null || { echo 'xmllint is not installed'; exit 77; }
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
xsd=$(pwd)/schema/event.xsd
types=$(pwd)/tests/cases/manifests/types.man
wild=$(pwd)/tests/cases/manifests/wild.man
hostile="--schema $(pwd)/tests/golden/hostile.man --profile $(pwd)/tests/golden/hostile.profile.xml"
cd "$T"

# <Events> has no namespace and stands in no schema of Windows: this one takes it, with events inside.
cat >events.xsd <<END
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:e="http://schemas.microsoft.com/win/2004/08/events/event">
 <xs:import namespace="http://schemas.microsoft.com/win/2004/08/events/event" schemaLocation="$xsd"/>
 <xs:element name="Events"><xs:complexType><xs:sequence>
  <xs:element ref="e:Event" minOccurs="0" maxOccurs="unbounded"/>
 </xs:sequence></xs:complexType></xs:element>
</xs:schema>
END

formed() { xmllint --huge --noout "$@" 2>err; }
valid() { xsd_used=$1; shift; xmllint --huge --noout --schema "$xsd_used" "$@" 2>err; }
judged() { "$WEVCORPUS" judge -q "$@" >err; }
show() { head -n 5 err | cut -c 1-300 | sed 's/^/  /'; }
good() { if "$@"; then ok "$name"; else no "$name"; show; fi; }
bad() { if "$@"; then no "$name"; else ok "$name"; fi; }
unview() { sed 's/^- </</'; }
wrap() { echo '<Events>'; cat; echo '</Events>'; }

for form in xml rendered view events; do
    "$WEVGEN" -q -n 10000 -e all -f $form >made
    case $form in
    events) cp made doc ;;
    view) unview <made | wrap >doc ;;
    *) wrap <made >doc ;;
    esac
    [ "$(grep -c '<Event ' doc)" = 10000 ] && ok "$form: 10,000 events are there" || no "$form: 10,000 events are there"
    name="$form: 10,000 events are well-formed"
    good formed doc
    name="$form: 10,000 events are valid by event.xsd"
    good valid events.xsd doc
done
name='view: as copied it is text between elements, which the schema refuses'
"$WEVGEN" -q -n 1 -f view | wrap >doc
bad valid events.xsd doc

# One file an event: no wrapper hides what a single document would show.
"$WEVGEN" -q -n 2000 -e all -o files/
name='xml: 2,000 documents are well-formed and valid'
good valid "$xsd" files/*

# Every inType, arrays, structs, UserData, escapes.
for form in xml rendered view; do
    {
        "$WEVGEN" -q -n 500 -f $form --schema "$types" -e Types/1,Types/2
        "$WEVGEN" -q -n 500 -f $form --schema "$wild" -e Wild-One/1,Wild-One/65535
        # shellcheck disable=SC2086
        "$WEVGEN" -q -n 10 -f $form $hostile -e 1:7,2
    } | unview | wrap >doc
    name="$form: foreign manifests are well-formed"
    good formed doc
    name="$form: foreign manifests are valid by event.xsd"
    good valid events.xsd doc
done

# Negative controls: one break of one good event, which our own decoder must refuse as well. Each row: what, the edit,
# whether it is still well-formed.
"$WEVGEN" -q -n 1 -e 5059:1 >one.xml
broken() {
    sed "$2" one.xml >broken.xml
    if cmp -s one.xml broken.xml; then no "$1: the edit changed nothing"; return; fi
    name="refused as not well-formed: $1"
    if [ "$3" = n ]; then bad formed broken.xml; fi
    name="refused by event.xsd: $1"
    bad valid "$xsd" broken.xml
    name="refused by wevcorpus: $1"
    bad judged broken.xml
}
name='the event before it is broken is valid'
good valid "$xsd" one.xml
broken 'an end tag is missing' 's|</EventData>||' n
broken 'end tags cross' 's|</Data></EventData>|</EventData></Data>|' n
broken 'a bare ampersand' 's|<Data Name=.SubjectUserName.>|&\& |' n
broken 'a control character' "s|<Channel>Security|<Channel>$(printf '\001')Security|" n
broken 'not UTF-8' "s|<Channel>Security|<Channel>$(printf '\377')Security|" n
broken 'an attribute twice' "s|ProcessID=|ThreadID='1' ProcessID=|" n
broken 'an attribute without quotes' "s|Name='KeyName'|Name=KeyName|" n
broken 'a second root' 's|$|<Event/>|' n
broken 'cut' 's|<Data Name=.ReturnCode.*||' n
broken 'another namespace' 's|events/event|events/other|' y
broken 'no Computer' 's|<Computer>[^<]*</Computer>||' y
broken 'System in another order' 's|<Level>0</Level><Task>\([0-9]*\)</Task>|<Task>\1</Task><Level>0</Level>|' y
broken 'EventID is no number' 's|<EventID>5059|<EventID>5o59|' y
broken 'EventID does not fit' 's|<EventID>5059|<EventID>65536|' y
broken 'Version does not fit' 's|<Version>1|<Version>256|' y
broken 'Keywords is no hex number' 's|<Keywords>0x|<Keywords>|' y
broken 'a day that is none' "s|SystemTime='2024-03-04|SystemTime='2024-02-30|" y
broken 'a Guid without braces' "s|Guid='{\([^}]*\)}'|Guid='\1'|" y
broken 'an unknown child' 's|<Security/>|<Security/><Safety/>|' y
broken 'text inside EventData' 's|<EventData>|<EventData>x|' y
broken 'an element inside Data' 's|<Data Name=.KeyName.>[^<]*|&<b/>|' y
broken 'EventData before System' 's|\(<System>.*</System>\)\(<EventData>.*</EventData>\)|\2\1|' y
broken 'RenderingInfo without Culture' 's|</Event>|<RenderingInfo/></Event>|' y

# Both orders of Task and Opcode in RenderingInfo, as Windows writes it and as its schema says.
"$WEVGEN" -q -n 1 -f rendered >rendered.xml
sed 's|\(<Task>[A-Z][^<]*</Task>\)\(<Opcode>[A-Z][^<]*</Opcode>\)|\2\1|' rendered.xml >turned.xml
if cmp -s rendered.xml turned.xml; then no 'RenderingInfo was turned'; fi
name='RenderingInfo: either order of Task and Opcode'
good valid "$xsd" rendered.xml turned.xml

if [ -n "${WEV_SAMPLES:-}" ]; then
    sed 's/^.*\]: <Event/<Event/' "$WEV_SAMPLES/real/5061_v0.syslog.xml.txt" >syslog.xml
    unview <"$WEV_SAMPLES/real/5059_v0_eventviewer.xml.txt" >viewer.xml
    for f in syslog.xml viewer.xml "$WEV_SAMPLES/formats/wef-renderedxml-4689.xml"; do
        name="real record ${f##*/} is valid by event.xsd"
        good valid "$xsd" "$f"
    done
    # python-evtx's own spelling: empty attributes and a blank in the time, which no schema of Windows takes
    for f in "$WEV_SAMPLES"/real/*.pyevtx.xml; do
        name="python-evtx's ${f##*/} is well-formed"
        good formed "$f"
        name="python-evtx's ${f##*/} is not valid by event.xsd"
        bad valid "$xsd" "$f"
    done
else
    echo 'ok - real records are valid by event.xsd # SKIP set WEV_SAMPLES to a folder of them'
fi
[ $fails = 0 ]
