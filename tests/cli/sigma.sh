#!/bin/sh
# sigma.sh: the rules of schema/sigma are well-formed and name fields that events have; in a Sigma engine each hits its
# hand-made cases and leaves the near misses alone. `make sigma` installs the engine.
set -eu
fails=0
ok() { echo "ok - $1"; }
no() { echo "not ok - $1"; fails=1; sed 's/^/  /' "$T/out" | head -n 20; }
command -v python3 >/dev/null && python3 -c 'import yaml' 2>/dev/null ||
    { echo 'python3 with PyYAML is not installed (.ci/setup test installs it)'; exit 77; }

rules() { python3 tests/sigma/rules.py "$WEVGEN" "$1" >"$T/out" 2>&1; }
if rules schema/sigma; then ok 'the rules are well-formed'; else no 'the rules are well-formed'; fi

# A rule that is wrong in one place is named, with what is wrong. sed's expression, what is said
wrong() {
    rm -rf "$T/r" && mkdir "$T/r" && sed "$1" schema/sigma/bulk_machine_key_export.yml >"$T/r/x.yml"
    if ! rules "$T/r" && grep -qF -e "$2" "$T/out" && ! grep -q Traceback "$T/out"; then ok "wrong: $2"; else no "wrong: $2"; fi
}
wrong 's/ReturnCode:/ReturnCod:/' "have no field 'ReturnCod'"
wrong 's/EventID: 5059/EventID: 5999/' 'the schema has no event 5999'
wrong 's/condition: selection/condition: selektion/' "no selection 'selektion'"
wrong 's/        - Computer/        - Host/' "no event has the field 'Host'"
wrong 's/- machine_key_export/- other/' "correlation of 'other'"
wrong 's/timespan: 30s/timespan: soon/' "timespan is 'soon'"
wrong 's/^level: high/level: huge/' "level 'huge'"
wrong 's/^id: .*/id: 12/' 'id 12 is no text'
wrong 's/attack.t1552.004/attack.t1/' "tag 'attack.t1'"
wrong 's/^status/title: x\nstatus/' "the key 'title' stands twice"
wrong 's/^title:/title/' 'x.yml: '
wrong 's/^id: .*/id: 919e5242-3238-4bb4-8724-c6638d1bca7b/' 'stands in'

if [ -f build/sigma/.ready ]; then
    if build/sigma/bin/python tests/sigma/engine.py cases schema/sigma tests/cases/sigma >"$T/out" 2>&1; then
        ok 'each rule hits its cases and no near miss'
    else
        no 'each rule hits its cases and no near miss'
    fi
    # in a world every rule flags every run of its scenario
    if RUNS=2 EVENTS=20000 sh tests/sigma/sigma.sh >"$T/out" 2>&1 && grep -q '2 of 2' "$T/out"; then
        ok 'each rule flags every run of its scenario'
    else
        no 'each rule flags every run of its scenario'
    fi
else
    echo 'ok - rules in a Sigma engine # SKIP "make sigma" has not installed pySigma under build/sigma'
fi
[ $fails = 0 ]
