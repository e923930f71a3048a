#!/bin/sh
# world.sh: a world on the command line. Threads, shards and starts give the same bytes and labels; a world file's names are the
# ones in the events; mistakes in world and scenario files say file:line, what, the value, and leave nothing behind.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=$((fails + 1)); }
check() { name=$1; shift; if "$@"; then ok "$name"; else no "$name"; head -n 5 err 2>/dev/null | sed 's/^/  /'; fi; }
cd "$T"
: >err
w="--world --attack-rate 5% --hosts 3000 --time-zone +02:00 -s 9 -q"

# shellcheck disable=SC2086
{
"$WEVGEN" $w -n 9001 -o one --labels one.labels
for j in 2 5; do
    "$WEVGEN" $w -n 9001 -j $j -o many --labels many.labels 2>err
    check "$j threads: the same bytes" cmp -s one many
    check "$j threads: the same labels" cmp -s one.labels many.labels
done
: >parts
for k in 1 2 3 4; do
    "$WEVGEN" $w -n 9001 --shard $k/4 -o part
    cat part >>parts
done
check 'the shards, one behind the other, are the whole' cmp -s one parts
"$WEVGEN" $w --from 8000 -n 1001 -o part
tail -n 1001 one >want
check '--from starts in the middle of the same run' cmp -s want part
}
"$WEVGEN" -q --rate 2.5 --hosts 40 --start 2024-02-28T00:00:00Z --end 2024-03-02T12:00:00Z -o rated
check '40 hosts, 3.5 days, 2.5 a day: 350 events' sh -c '[ $(wc -l <rated) = 350 ]'
"$WEVCORPUS" judge -q one >judged
check 'the judge accepts each' grep -qx '9001 documents: 9001 y, 0 n, 0 i' judged
check 'a scenario line has label, run, step and techniques' grep -qE \
    '"label":"malicious","scenario":"[a-z-]+","run":[0-9]+,"step":[0-9]+,"techniques":\["T[0-9.]+"(,"T[0-9.]+")*\]\}$' one.labels
"$WEVGEN" --list scenarios >list
check 'at least nine malicious scenarios and nine others' sh -c '[ $(grep -c malicious list) -ge 9 ] && [ $(grep -c benign list) -ge 9 ]'

"$WEVGEN" --world --list fields >list
check '--list fields: those of every event that a world has' sh -c '[ "$(cut -f 1 list | sort -u | tr "\n" " ")" = "5058:0 5058:1 5059:0 5059:1 5061:0 " ] && grep -q "^5058:1	KeyFilePath	win:UnicodeString" list && [ -z "$(sort list | uniq -d)" ]'

# By the calendar's weights a working day has 62 parts from 7 to 8 on the wall, 114 to 9 and 102 to 10. Summer time begins 2024-03-31.
"$WEVGEN" -q --time-zone CET-1CEST,M3.5.0,M10.5.0/3 --start 2024-03-25T00:00:00Z --end 2024-04-06T00:00:00Z -n 60000 -o summer
hours() { grep -cE "SystemTime='2024-$1T$2:" summer; }
check 'before summer time 7 UTC is 8 on the wall' [ $((3 * $(hours '03-2[5-9]' 06))) -lt $((2 * $(hours '03-2[5-9]' 07))) ]
check 'in it 6 UTC is' [ "$(hours '04-0[2-5]' 06)" -gt "$(hours '04-0[2-5]' 07)" ]
check 'and 5 UTC is 7' [ $((3 * $(hours '04-0[2-5]' 05))) -lt $((2 * $(hours '04-0[2-5]' 06))) ]
"$WEVGEN" -q --time-zone +01:00 --start 2024-03-25T00:00:00Z --end 2024-03-30T00:00:00Z -n 9000 -o plain
"$WEVGEN" -q --time-zone CET-1CEST,M3.5.0,M10.5.0/3 --start 2024-03-25T00:00:00Z --end 2024-03-30T00:00:00Z -n 9000 -o ruled
check 'out of summer time a rule is its offset' cmp -s plain ruled

# ---- names of one's own
cat >mine.xml <<'END'
<profile xmlns="urn:wevgen:profile:1">
 <count entity="host" value="300"/>
 <pin entity="domain" attr="netbios" value="CONTOSO"/>
 <pin entity="domain" attr="fqdn" value="corp.contoso.example"/>
 <pin entity="host" attr="label" where="role" is="ca"><is>PKI-ROOT</is><is>PKI-SUB</is></pin>
 <pin entity="account" attr="name" file="users.tsv" column="login"/>
 <pin entity="pool" attr="name" file="pools.tsv" column="pool"/>
</profile>
END
{ echo 'weight	pool'; for k in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do echo '1	Payroll'; done; } >pools.tsv
printf 'weight\tlogin\n1\tada.lovelace\n1\tgrace.hopper\n' >users.tsv
"$WEVGEN" -q --world mine.xml --scenario golden-certificate:3,ca-backup:3 -n 20000 -o own --labels own.labels
check 'each computer in the domain has its name' sh -c '! grep -oE "<Computer>[^<]*\.[^<]*" own | grep -qv "\.corp\.contoso\.example$"'
check 'a laptop aside, each netbios domain is CONTOSO' sh -c 'grep -c ">CONTOSO<" own | grep -qvx 0'
check 'golden certificates are taken where the names say' sh -c \
    'grep golden-certificate own.labels | grep -vcE "computer\":\"PKI-(ROOT|SUB)\.corp" | grep -qx 0'
# SHA-1 of "payroll" in UTF-16LE by Python's hashlib
check 'a pool of my own has the SID of its name' sh -c 'grep -oE "SubjectUserSid.>[^<]*</Data><Data Name=.SubjectUserName.>Payroll<" own | sort -u | grep -xF "SubjectUserSid'"'>S-1-5-82-686153788-124249503-353227956-548553053-3639140695</Data><Data Name='SubjectUserName'"'>Payroll<"'
check 'a certification authority is named by its domain and host, or as somebody liked' sh -c \
    'grep -oE "<Computer>PKI-.*KeyName.>[^<]*CA[^<]*<" own | sed "s/<Computer>\([^.]*\).*KeyName.>\([^<]*\)</\1 \2/" | grep -E "CA( [1-4])?$" | sort -u >cas &&
    [ "$(wc -l <cas)" = 2 ] && [ "$(cut -d " " -f 1 cas | tr "\n" " ")" = "PKI-ROOT PKI-SUB " ] &&
    ! grep -vE "^(PKI-[A-Z]*) (contoso-\1-CA|.* CA [1-4])$" cas'
check 'the first user has the first name' grep -q '>ada.lovelace<' own

# ---- mistakes
wrong() {
    name=$1 message=$2
    shift 2
    "$WEVGEN" -o out "$@" >got 2>err && status=0 || status=$?
    if [ $status = 2 ] && [ "$(cat err)" = "wevgen: $message" ] && [ ! -s got ] && [ ! -e out ]; then ok "$name"; else
        no "$name: exit status $status"
        echo "wevgen: $message" | diff - err | sed 's/^/  /' || true
    fi
    rm -f out
}
file() { { echo '<profile xmlns="urn:wevgen:profile:1">'; cat; echo '</profile>'; } >p.xml; }

wrong 'the end before the start' '--end is 3600 s before --start, or the same' --start 2024-03-04T08:00:00Z --end 2024-03-04T07:00:00Z -n 5
wrong 'a window too small' '20000000 events of 240 hosts in 1 s: the window holds 1 to 5000000' --end 2024-03-04T08:00:01Z -n 20000000
wrong 'an unknown scenario' 'unknown scenario "user-exprt", did you mean "user-export"?; see --list scenarios' --scenario user-exprt -n 500
wrong 'no hosts' '--hosts: "0" is not 1 or more' --hosts 0 -n 5 
file <<'END'
 <pin entity="hots" attr="label" value="A"/>
END
wrong 'a pin of an unknown entity' 'p.xml:2: unknown entity "hots", did you mean "host"?' --world p.xml -n 5
file <<'END'
 <pin entity="host" attr="lable" value="A"/>
END
wrong 'a pin of an unknown attribute' 'p.xml:2: unknown attribute "lable", did you mean "label"?' --world p.xml -n 5
file <<'END'
 <count entity="host" value="1"/>
 <pin entity="host" attr="label"><is>A</is><is>B</is></pin>
END
wrong 'more names than hosts' 'p.xml:3: 2 names for 1 of the entity "host"' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="evil"><act><step event="5059"/></act></scenario>
END
wrong 'an unknown label' 'p.xml:2: label "evil" is neither malicious nor benign' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="malicious" techniques="T1649; T1552"><act><step event="5059"/></act></scenario>
END
wrong 'techniques that are none' 'p.xml:2: techniques "T1649; T1552" is not a list such as T1649,T1552.004' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="malicious"><act><step event="4688"/></act></scenario>
END
wrong 'a step of an unknown event' 'p.xml:2: no loaded manifest has event "4688"' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="malicious">
  <act><step event="5059"><field name="KeyNam" value="x"/></step></act>
 </scenario>
END
wrong 'a step with an unknown field' 'p.xml:3: event 5059 has no field "KeyNam"' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="malicious">
  <let name="host" entity="server" each="run"/>
  <act><step event="5059"/></act>
 </scenario>
END
wrong 'a scenario of an unknown entity' 'p.xml:3: unknown entity "server"' --world p.xml -n 5
file <<'END'
 <scenario name="mine" label="malicious">
  <let name="host" entity="host" each="always"/>
  <act><step event="5059"/></act>
 </scenario>
END
wrong 'an unknown word for each' 'p.xml:3: unknown word for each "always"' --world p.xml -n 5
for hours in 18 18- 18-18 24-3 3-25 a-b; do
    echo " <scenario name=\"mine\" label=\"benign\" hours=\"$hours\"><act><step event=\"5059\"/></act></scenario>" | file
    wrong "hours that are none: $hours" "p.xml:2: hours \"$hours\" is not two hours of a day such as 18-22" --world p.xml -n 5
done
file <<'END'
 <scenario name="mine" label="benign" hours="22-4"><act><step event="5059"/></act><act after="1h"><step event="5059"/></act></scenario>
END
wrong 'hours of acts that are far apart' 'p.xml:2: hours are for a scenario whose acts are less than an hour apart' --world p.xml -n 5
file <<'END'
 <scenario name="mine" weight="3" hours="22-4"><act><step event="5059"/></act></scenario>
END
wrong 'hours of an everyday scenario' 'p.xml:2: an everyday scenario has no hours: the calendar says when it happens' --world p.xml -n 5
for sid in '<sid prefix="S-1-5-80" name="n"/>' '<sid prefix="S-1-5-80" case="upper"/>' '<sid prefix="S-1-5-80" name="n" case="upper" random="1"/>'; do
    echo " <entity name=\"e\" count=\"1\"><attr name=\"n\" value=\"a\"/><attr name=\"s\" type=\"SID\">$sid</attr></entity>" | file
    wrong "not the SID of a name: $sid" 'p.xml:2: <sid> of a name has a prefix, the name, case="upper" or "lower", and nothing else' --world p.xml -n 5
done
file <<'END'
 <calendar><day kind="a" people="1 2 3" machines="1"/></calendar>
END
wrong 'a day of three hours' 'p.xml:2: people "1 2 3" is not 24 numbers up to 100' --world p.xml -n 5
file <<'END'
 <calendar><week mon="a" tue="a" wed="a" thu="a" fri="a" sat="a" sun="a"/></calendar>
END
wrong 'a week of unknown days' 'p.xml:2: unknown kind of day "a"' --world p.xml -n 5
[ $fails = 0 ]
