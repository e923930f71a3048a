#!/bin/sh
# units.sh: wevcorpus run on documents made on the fly: which, how they are named, and that each can be made again.
set -u
. tests/expect.sh
PATH=$(dirname "$WEVGEN"):$PATH

# A parser that keeps what it gets, by name of its checksum.
mkdir -p "$T/kept"
cat >"$T/keep" <<'END'
#!/bin/sh
cat "$2" >"$1/$$.doc" && mv "$1/$$.doc" "$1/$(xxhsum -H2 "$1/$$.doc" | cut -d ' ' -f 1)"
END
chmod +x "$T/keep"

# Every class is there as often as was asked, and the verdicts are those of the classes.
run 1 'each class' --units 2 --json "$T/said.json" --persistent -- sh -c 'while read -r n; do head -c "$n" >/dev/null; echo accept; done'
classes=$("$WEVGEN" --list classes --json | grep -vc '"weight":0,')
grep -o '"class": "[^"]*"' "$T/said.json" | sort | uniq -c >"$T/counts"
homeless=$(sed -n 's/^no event has a place for \([0-9]*\) class.*/\1/p' "$T/out")
[ "$(grep -c . "$T/counts")" -eq $((classes + 1 - homeless)) ] || not_ok "each class: $(grep -c . "$T/counts") of $classes"
grep -qv '^ *2 ' "$T/counts" && not_ok "each class: not twice: $(grep -v '^ *2 ' "$T/counts" | head -n 3)"
grep -q '"valid"' "$T/counts" || not_ok 'each class: no whole events'

# Its own schema gives the others a place.
run 1 'a schema' --units 1 --schema tests/cases/manifests/types.man --class 'type.boolean-*' --layers all --manifests --json "$T/said.json" -- \
    sh -c '[ "$WEV_MANIFEST" = tests/cases/manifests/types.man ]'
says 'a schema' '3 cases, 3 counted: 3 failed'
says 'a schema' 'wevgen -q -n 1 -s 1 --from 0 --class type.boolean-2 --schema tests/cases/manifests/types.man'

# Each document is what its command makes, and what the decoder says it is.
run 1 'commands' --units 2 --seed 18446744073709551615 --class 'xml.*' --json "$T/said.json" -- "$T/keep" "$T/kept" @@
sed -n 's/^ *"make": "\(.*\)",*$/\1/p' "$T/said.json" >"$T/commands"
[ "$(grep -c . "$T/commands")" -eq "$(grep -c '"unit":' "$T/said.json")" ] || not_ok 'commands: not one a document'
awk 'NR % 7 == 1' "$T/commands" >"$T/some"
while read -r command; do
    sh -c "$command" >"$T/doc" || not_ok "commands: $command"
    cmp -s "$T/doc" "$T/kept/$(xxhsum -H2 "$T/doc" | cut -d ' ' -f 1)" || not_ok "commands: no parser got what this makes: $command"
done <"$T/some"
[ "$(grep -c . "$T/some")" -gt 20 ] || not_ok 'commands: too few were tried'
grep -q '"seed": "18446744073709551615"' "$T/said.json" || not_ok 'commands: the seed'
[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'wevcorpus.*' -newer "$T/keep" -user "$(id -un)" 2>/dev/null)" ] || not_ok 'commands: documents stay behind'

# Our decoder is right about them, at another seed; tests/test_break.c asks it about every class.
cat >"$T/parser" <<'END'
#!/bin/sh
exec "$WEVCORPUS" judge -q --one ${WEV_MANIFEST:+--schema "$WEV_MANIFEST"} -
END
chmod +x "$T/parser"
run 0 'our decoder' --units 1 --seed 5 --class 'rule.*' --layers all -- "$T/parser"
# The values that a JSON answer is held to are those of the document.
cat >"$T/name.sh" <<'END'
while read -r n; do
    head -c "$n" | tr -d '\n' | sed "s|.*Name='KeyName'>\([^<]*\)<.*<EventID>\([0-9]*\)<.*|{\"header\":{\"EventID\":\2},\"data\":{\"KeyName\":\"\1\"}}|;
        s|.*<EventID>\([0-9]*\)<.*Name='KeyName'>\([^<]*\)<.*|{\"header\":{\"EventID\":\1,\"Guid\":\"any\"},\"data\":{\"KeyName\":\"$1\2\"}}|"
    echo
done
END
for class in type.time-year-1601; do
    run 0 "right values, $class" --units 5 --events 5059 --class $class --values printed --persistent -- sh "$T/name.sh" ''
    says "right values, $class" '5 cases, 5 counted: 0 failed'
    run 1 "wrong values, $class" --units 5 --events 5059 --class $class --values printed --persistent -- sh "$T/name.sh" x
    says "wrong values, $class" "WRONG_VALUE        $class: 5 of 5 units"
    run 1 "values left out, $class" --units 5 --events 5059 --class $class --persistent -- sh "$T/name.sh" ''
    says "values left out, $class" "WRONG_VALUE        $class: 5 of 5 units"
done

# Reports: one row a class, and a baseline by unit.
run 1 'reports' --units 4 --class 'bytes.utf8-*' --html "$T/r.html" --junit "$T/r.xml" --sarif "$T/r.sarif" --write-baseline "$T/base" -- true
says 'reports' 'SHOULD_HAVE_FAILED bytes.utf8-overlong2: 4 of 4 units'
grep -q 'n_bytes.utf8-overlong2_[0-9]*.s1-u[0-9]*.xml	SHOULD_HAVE_FAILED' "$T/base" || not_ok 'reports: the baseline'
grep -q 'wevgen -q -n 1 -s 1 --from' "$T/r.sarif" || not_ok 'reports: SARIF has no command'
xmllint --noout "$T/r.xml" && grep -q 'wevgen -q -n 1 -s 1 --from' "$T/r.xml" || not_ok 'reports: JUnit has no command'
grep -q '"bad":4,"all":4' "$T/r.html" || not_ok 'reports: the page does not count'
run 0 'a known failure' --units 4 --class 'bytes.utf8-*' --baseline "$T/base" -- true
run 1 'another seed is new' --units 4 --seed 2 --class 'bytes.utf8-*' --baseline "$T/base" -- true

# Huge ones, only by name.
grep -q '"xml.size-depth-100000"' "$T/counts" && not_ok 'a huge class was not asked for'
run 1 'a huge class' --units 1 --class xml.size-depth-100000 -- true
says 'a huge class' '1 cases, 1 counted: 1 failed'

# Mistakes.
run 2 'no class' --units 1 --class xml.tags-mismatchd -- true
says 'no class' 'xml.tags-mismatched'
run 2 'no place' --units 1 --class type.boolean-2 -- true
says 'no place' 'no event has a place'
run 2 'no number' --units some -- true
run 2 'none' --units 0 -- true
run 2 'too many' --units 1000000 --class 'xml.*' -- true
says 'too many' 'units'
run 2 'no event' --units 1 --events 1 -- true
run 2 'no schema' --units 1 --schema "$T/not-there.man" -- true
says 'no schema' 'not-there.man'
run 2 'a suite besides' --units 1 --suite "$T" -- true
run 2 'a seed of nothing' --seed 3 -- true
TMPDIR=$T/not-there run 2 'no folder for documents' --units 1 -- true
says 'no folder for documents' 'not-there'
exit $failed
