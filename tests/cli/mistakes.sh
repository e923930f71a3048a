#!/bin/sh
# Mistakes in manifests and profiles as a person meets them: both programs say file:line: what, the value, the
# nearest valid name, on one line, exit with 2, print nothing else and leave no file. The whole tables of messages are in
# test_manifest.c and test_profile.c.
set -eu
fails=0
cd "$T"

# wrong NAME MESSAGE ARGUMENT...
wrong() {
    name=$1 message=$2
    shift 2
    for program in wevgen wevcorpus; do
        case $program in
        wevgen) timeout 60 "$WEVGEN" -n 1 "$@" -o out >got 2>err && status=0 || status=$? ;;
        *) timeout 60 "$WEVCORPUS" judge "$@" event >got 2>err && status=0 || status=$? ;;
        esac
        printf '%s: %s\n' $program "$message" >expected
        if [ $status = 2 ] && cmp -s expected err && [ ! -s got ] && [ -z "$(ls out* 2>/dev/null)" ]; then
            echo "ok - $program: $name"
        else
            echo "not ok - $program: $name"
            echo "  exit status $status"
            diff -u expected err | sed 's/^/  /' || true
            head -n 3 got | sed 's/^/  /'
            ls out* 2>/dev/null || true
            rm -f out*
            fails=$((fails + 1))
        fi
    done
}
manifest() { { echo '<provider name="P" guid="{54849625-5478-4994-a5ba-3e3b0328c30d}">'; cat; echo '</provider>'; } >"$1"; }
profile() { { echo '<profile xmlns="urn:wevgen:profile:1">'; cat; echo '</profile>'; } >p.xml; }

"$WEVGEN" -q -n 1 -o event
manifest good.man <<'END'
<templates><template tid="t"><data name="Size" inType="win:UInt32"/></template></templates>
<events><event value="1" template="t"/><event value="2"/></events>
END
"$WEVGEN" -q -n 1 --schema good.man -e P/1 >got && grep -q "<Data Name='Size'>" got && echo 'ok - the manifest without a mistake loads'

# ---- manifests

manifest a.man <<'END'
<templates><template tid="t">
<data name="F" inType="win:UnicodeStrng"/></template></templates>
END
wrong 'unknown inType' 'a.man:3: unknown inType "UnicodeStrng", did you mean "UnicodeString"?' --schema a.man
manifest a.man <<'END'
<templates><template tid="KeyArgs"/></templates><events>

<event value="1" template="KeyArg"/></events>
END
wrong 'an event without its template' 'a.man:4: unknown template "KeyArg", did you mean "KeyArgs"?' --schema a.man
manifest a.man <<'END'
<events><event value="1"/>
<event value="1"/></events>
END
wrong 'an event twice' 'a.man:3: event 1 version 0 stands twice in provider "P"' --schema a.man
printf '{"a": 1}\n' >a.man
wrong 'not XML at all: JSON' 'a.man:1: not XML that we take: not well-formed (invalid token)' --schema a.man
printf 'MZ\220\0\003' >a.man
wrong 'not XML at all: a program' 'a.man:1: a NUL byte' --schema a.man
: >a.man
wrong 'not XML at all: nothing' 'a.man:1: not XML that we take: no element found' --schema a.man
printf '<?xml version="1.0"?>\n<!DOCTYPE p [<!ENTITY x SYSTEM "/etc/passwd">]>\n<provider/>\n' >a.man
wrong 'a DOCTYPE' 'a.man:2: not XML that we take: a DOCTYPE, which no manifest or profile needs' --schema a.man
truncate -s 100M large
wrong 'a manifest of 100 MB' 'large: 104857600 bytes, the limit is 16777216' --schema large
{ echo '<events>'; yes '<provider/>' | head -c 20000000; } >large
wrong 'a manifest of 20 MB of XML' 'large: 20000009 bytes, the limit is 16777216' --schema large
yes '<a>' | head -n 1000000 | tr -d '\n' >deep
wrong 'a million elements deep' 'deep:1: not XML that we take: elements nest deeper than 64' --schema deep
wrong 'a folder' '.: is a folder' --schema .
wrong 'a device' '/dev/zero: is neither a file nor a pipe' --schema /dev/zero
wrong 'no file' 'nosuch.man: No such file or directory' --schema nosuch.man
wrong 'the second of two' 'nosuch.man: No such file or directory' --schema good.man --schema nosuch.man
printf '<provider name="x\n' >"$(printf 'a\nb\033.man')"
wrong 'a name with control bytes stays on one line' 'a?b?.man:1: not XML that we take: unclosed token' --schema "$(printf 'a\nb\033.man')"
manifest a.man <<'END'
<templates><template tid="t"><data name="F" inType="a&#10;b&#9;c"/></template></templates>
END
wrong 'a value with line ends stays on one line' 'a.man:2: unknown inType "a?b?c"' --schema a.man

# ---- profiles

profile <<'END'
<event provider="P" id="1"><field name="Size">
<choice><value weight="heavy">1</value></choice></field></event>
END
wrong 'a weight that is no number' 'p.xml:3: weight "heavy" is not a number' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1"><field name="Size">
<choice><value weight="-1">1</value></choice></field></event>
END
wrong 'a weight below nothing' 'p.xml:3: weight "-1" is not a number' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1"><rule name="r">

<then ref="Sise" eq="1"/></rule></event>
END
wrong 'a rule that names an unknown field' 'p.xml:4: nothing is called "Sise" here, did you mean "Size"?' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1">
<field name="Sise" value="1"/></event>
END
wrong 'a field that the event does not have' 'p.xml:3: no such event has a field "Sise", did you mean "Size"?' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="2">
<field name="Size" value="1"/></event>
END
wrong 'a field of an event without a template' 'p.xml:3: no such event has a field "Size"' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="9"/>
END
wrong 'an event that no manifest has' 'p.xml:2: no loaded manifest has event "9" of provider "P"' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1"><field name="Size" ref="Size"/></event>
END
wrong 'recursion: a field of itself' 'p.xml:2: recursion: Size -> Size' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1"><header name="ProcessID" ref="ThreadID"/>
<header name="ThreadID" ref="ProcessID"/></event>
END
wrong 'recursion: two headers' 'p.xml:3: recursion: ProcessID -> ThreadID -> ProcessID' --schema good.man --profile p.xml
profile <<'END'
<event provider="P" id="1"><header name="Level">
 <switch><when ref="Size" eq="1" value="1"/><otherwise value="2"/></switch></header>
 <field name="Size" ref="Level"/></event>
END
wrong 'recursion: by way of a condition' 'p.xml:3: recursion: Size -> Level -> Size' --schema good.man --profile p.xml
wrong 'a manifest for a profile' 'good.man:1: the root is "provider", not profile' --schema good.man --profile good.man
truncate -s 100M large
wrong 'a profile of 100 MB' 'large: 104857600 bytes, the limit is 16777216' --schema good.man --profile large
profile <<'END'
<event provider="P" id="1"><field name="Size">
<pool file="colours.tsv"/></field></event>
END
printf 'value\tweight\tsource\n1\tmany\tx\n' >colours.tsv
wrong 'a pool whose weight is no number' 'colours.tsv:2: weight "many" is not a number of 32 bits' --schema good.man --profile p.xml
rm colours.tsv
wrong 'a pool that is not there' 'p.xml:3: pool colours.tsv: No such file or directory' --schema good.man --profile p.xml
[ $fails = 0 ]
