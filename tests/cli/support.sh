#!/bin/sh
# support.sh: real records of each shape fit the profile; what does not is named with its field, its value and what is near.
set -u
failed=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; failed=1; sed 's/^/  /' "$T/out" | head -n 20; }
# is STATUS NAME ARGS...: the whole output on standard input
is() {
    want=$1 name=$2
    shift 2
    cat >"$T/expected"
    (cd tests/cases/support && "$WEVCORPUS" support "$@") >"$T/out" 2>&1
    got=$?
    if [ $got = "$want" ] && diff -u "$T/expected" "$T/out" >"$T/diff"; then ok "$name"; else cp "$T/diff" "$T/out"; no "$name (exit status $got)"; fi
}

is 0 'every shape that is read' geteventlog.json many.json messages.txt nxlog.json pyevtx.xml stream.xml view.txt wazuh.json winlogbeat7.json <<'END'
geteventlog.json:1: text 5059:1: fits
many.json:1: logstash 5061:0: fits
many.json:2: logstash 4624: no loaded schema knows this event
messages.txt:1: text 5059:1: fits (the rules were not checked, since a field is not told)
messages.txt:2: text 5061:0: fits
nxlog.json:1: nxlog 5059:1: fits
pyevtx.xml:1: python-evtx 5061:0: fits (python-evtx cuts the time to microseconds)
stream.xml:1: xml 5059:1: fits
stream.xml:2: xml 5061:0: fits
view.txt:1: view 5058:0: fits (AlgorithmName: markdown's backslashes taken out, KeyFilePath: markdown's backslashes taken out)
wazuh.json:1: wazuh 5058:1: fits
winlogbeat7.json:1: winlogbeat 5061:0: fits
12 records: 11 fit, 0 do not, 1 of events that no loaded schema knows
END
is 1 'what does not fit' misfit.xml <<'END'
misfit.xml:1: xml 5059:1: does not fit
  KeyName is "TB_x_bing.com": the profile cannot make this value; nearest: TB_<<0 to 3> or <4 to 15>>_<site.name>
misfit.xml:2: xml 5059:1: does not fit (the rules were not checked, since a field is not told)
  ReturnCode is "zero": not 0x and hexadecimal digits
misfit.xml:3: xml 5059:1: does not fit
  Keywords is "0x8010000000000000": the profile makes this value, but not beside the others
  outcome: return code 0 is an audit success, any other an audit failure
misfit.xml:4: xml 5061:0: does not fit (the rules were not checked, since a field is not told)
  KeyType: is not there
misfit.xml:5: xml 5061:0: does not fit
  Operation is "%%2464": the profile cannot make this value; nearest: %%2484
  operation: the operation is one of this event's own
misfit.xml:6: xml 5059:1: does not fit
  AlgorithmName is "RSA4096": the profile cannot make this value; nearest: RSA
  TimeCreated is "2020-09-22T06:17:50.594Z": the profile cannot make this value; nearest: <time of 9 digits>
6 records: 0 fit, 6 do not, 0 of events that no loaded schema knows
END
# One value of a record that fits is replaced: what Windows may write fits, though it is rare; what it does not write does not.
# Columns: fits or misfit, the event, then pairs of field and value.
head -n 1 tests/cases/support/misfit.xml | sed 's/TB_x_bing/TB_1_bing/' >"$T/5059"
sed -e 's/5059/5058/' -e "s|<Data Name='Operation'>%%2464|<Data Name='KeyFilePath'>C:\\\\Users\\\\a\\\\AppData\\\\Roaming\\\\Microsoft\\\\Crypto\\\\Keys\\\\de7cf8a7901d2ad13e5c67c29e5d1662_3ddc5665-97ba-4b2b-ae81-f278a7858996</Data><Data Name='Operation'>%%2458|" -e 's/ECDSA_P256/UNKNOWN/' "$T/5059" >"$T/5058"
n=0
tab=$(printf '\t')
while IFS="$tab" read -r want event pairs; do
    n=$((n + 1))
    cp "$T/$event" "$T/one"
    rest=$pairs
    while [ -n "$rest" ]; do
        field=${rest%%=*} value=${rest#*=}
        rest=
        case $value in *"$tab"*) rest=${value#*"$tab"} value=${value%%"$tab"*} ;; esac
        escaped=$(printf '%s' "$value" | sed 's/[\\&|]/\\&/g')
        sed -e "s|<Data Name='$field'>[^<]*|<Data Name='$field'>$escaped|" -e "s|$field='[0-9]*'|$field='$escaped'|" "$T/one" >"$T/two"
        if ! cmp -s "$T/one" "$T/two" || [ "$field" = same ]; then mv "$T/two" "$T/one"; else echo "not ok - row $n: $field is not there"; failed=1; fi
    done
    "$WEVCORPUS" support "$T/one" >"$T/out" 2>&1
    got=$?
    case $want$got in fits0 | misfit1) ;; *) no "row $n: $event, $pairs: $want" ;; esac
done <tests/cases/support/lawful.tsv
if [ "$n" -ge 60 ]; then ok "$n lawful and unlawful values"; else no "$n rows of lawful.tsv"; fi

# -q is that without what fits
(cd tests/cases/support && "$WEVCORPUS" support misfit.xml | grep -v ': fits$' >"$T/want"; "$WEVCORPUS" support -q misfit.xml) >"$T/out" 2>&1
if cmp -s "$T/want" "$T/out"; then ok '-q: what does not fit alone'; else no '-q: what does not fit alone'; fi

# forall events e of the generator: e fits
"$WEVGEN" -q -n 2000 -s 5 -e 5056,5057,5058,5059,5060,5061 -o "$T/made.xml"
"$WEVCORPUS" support -q "$T/made.xml" >"$T/out" 2>&1
if [ $? = 0 ] && grep -q '^2000 records: 2000 fit' "$T/out"; then ok 'what the generator makes fits'; else no 'what the generator makes fits'; fi
for form in view rendered text events; do
    "$WEVGEN" -q -n 200 -s 5 -f $form -e 5058,5059,5061 -o "$T/made.$form"
    "$WEVCORPUS" support -q "$T/made.$form" >"$T/out" 2>&1
    if [ $? = 0 ] && grep -q '^200 records: 200 fit' "$T/out"; then ok "form $form is read"; else no "form $form is read"; fi
done

# Bad input: an answer, and no crash.
"$WEVCORPUS" support "$T/nothing" >"$T/out" 2>&1
if [ $? = 2 ] && grep -q 'nothing: No such file' "$T/out"; then ok 'a file that is not there'; else no 'a file that is not there'; fi
printf '{"EventID":5059,"Message":' >"$T/bad1"
printf '<Event><System><EventID>5059' >"$T/bad2"
printf '<!DOCTYPE a [<!ENTITY b "c">]><Event><System><EventID>&b;</EventID></System></Event>' >"$T/bad3"
: >"$T/bad4"
head -c 100000 /dev/zero | tr '\0' '[' >"$T/bad5"
{ printf '<Event>'; head -c 100000 /dev/zero | tr '\0' x | sed 's/x/<a>/g'; printf '</Event>'; } >"$T/bad6"
printf '{"EventID":5059,"Version":99999999999999999999,"SubjectUserSid":[1]}\n{"header":{"EventID":5059},"data":[1,[2],{}]}' >"$T/bad7"
for k in 1 2 3 4 5 6 7; do
    timeout 30 "$WEVCORPUS" support "$T/bad$k" >"$T/out" 2>&1
    got=$?
    if [ $got = 2 ] || [ $got = 1 ] || { [ $got = 0 ] && grep -q ' 0 fit' "$T/out"; }; then ok "bad input $k"; else no "bad input $k (exit status $got)"; fi
done
"$WEVCORPUS" support --help >"$T/out" 2>&1 && grep -q -- --profile "$T/out" && ok 'support --help' || no 'support --help'

if [ -n "${WEV_SAMPLES:-}" ]; then
    if "$WEVCORPUS" support "$WEV_SAMPLES" >"$T/out" 2>&1; then ok 'real records fit'; else no 'real records fit'; fi
else
    echo 'ok - real records fit # SKIP set WEV_SAMPLES to a folder of real records'
fi
exit $failed
