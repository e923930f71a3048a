#!/bin/sh
# realism.sh: the rules over several records, on a hand-made triple (5058, 5061, 5059) and on it with one thing wrong; a made
# world keeps them, and its picture is well-formed.
set -u
command -v python3 >/dev/null || { echo 'python3 is not installed (.ci/setup test installs it)'; exit 77; }
failed=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; failed=1; sed 's/^/  /' "$T/out" | head -n 30; }
"$WEVGEN" -q -n 6000 -s 7 --world | "$WEVCORPUS" judge --json --values - >"$T/fleet"
head -n 300 "$T/fleet" >"$T/few"

# of STATUS NAME SED SAYS: the triple with a change by sed
of() {
    sed "$3" tests/cases/realism/triple.jsonl >"$T/triple.jsonl"
    "$WEVCORPUS" support --json "$T/triple.jsonl" >"$T/real"
    python3 tests/realism/realism.py "$T/real" "$T/few" "$T/plot.svg" >"$T/out" 2>&1
    got=$?
    if [ $got = "$1" ] && grep -qF -e "$4" "$T/out"; then ok "$2"; else no "$2 (exit status $got, wanted $1: $4)"; fi
}
of 0 'a recorded triple keeps every rule' '' 'real: 5058, 5061, 5059                    1 checked      0 broken'
of 1 'another order is named' 's/"48760"/"0"/; s/"48761"/"48760"/; s/"EventRecordID": "0"/"EventRecordID": "48761"/' 'stands 5058 %%2458'
of 1 'another thread is named' '2s/"2980"/"2984"/' 'in the same thread'
of 1 'another client is named' '1s/"6184"/"6188"/' 'stands 5058 %%2458'
of 0 'neighbours that are not there are not held against it' '1,2d' '1 exports without their neighbours'
of 1 "a key file of another name is named, with the right one" '1s/Keys\\\\de7cf8a7/Keys\\\\de7cf8a8/' 'has the file de7cf8a7901d2ad13e5c67c29e5d1662_'
of 1 'eight digits are named' '1s/101000100Z/10100010Z/' 'seven digits, or nine that end in 00'
of 1 'nine digits of which the last are not 0 are named' '1s/101000100Z/101000123Z/' 'seven digits, or nine that end in 00'
of 1 'one computer, two kinds of digits' '2s/101000200Z/1010002Z/' 'digits before'
of 1 'a value that does not fit is named' '3s/ECDSA_P256/RSA4096/' "AlgorithmName is 'RSA4096': the profile cannot make this value; nearest: RSA"
of 1 'a rule that is broken is named' '3s/0x8020000000000000/0x8010000000000000/' 'return code 0 is an audit success'

: >"$T/real"
python3 tests/realism/realism.py "$T/real" "$T/fleet" "$T/plot.svg" >"$T/out" 2>&1
if [ $? = 0 ] && grep -q 'none given' "$T/out" && grep -q 'published 5061' "$T/out"; then ok 'a made world keeps every rule'; else no 'a made world keeps every rule'; fi
if xmllint --noout "$T/plot.svg" >"$T/out" 2>&1; then ok 'the picture is well-formed'; else no 'the picture is well-formed'; fi
exit $failed
