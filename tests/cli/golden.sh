#!/bin/sh
# The events of tests/golden/list against the bytes that a human has read, in every form.
# UPDATE=1 sh tests/cli/golden.sh writes the files again and shows what changed: read it, then say so in the commit.
set -eu
WEVGEN=${WEVGEN:-./build/wevgen}
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
dir=tests/golden/events
fails=0
tab=$(printf '\t')
grep -v '^#' tests/golden/list >"$made/list"
mkdir "$made/events"
while IFS=$tab read -r name forms arguments; do
    for form in $forms; do
        # shellcheck disable=SC2086
        "$WEVGEN" -q $arguments -f "$form" >"$made/events/$name.$form" </dev/null
    done
done <"$made/list"

if [ -n "${UPDATE:-}" ]; then
    git diff --no-index --stat -p -- "$dir" "$made/events" || true
    mkdir -p "$dir"
    rm -f "$dir"/*
    cp "$made/events"/* "$dir"
    exit 0
fi
for f in "$made/events"/*; do
    name=${f##*/}
    if cmp -s "$dir/$name" "$f"; then
        echo "ok - golden $name"
    else
        echo "not ok - golden $name"
        diff -u "$dir/$name" "$f" | head -n 40 | sed 's/^/  /' || true
        fails=$((fails + 1))
    fi
done
for f in "$dir"/*; do
    [ -f "$made/events/${f##*/}" ] || { echo "not ok - golden ${f##*/} is in no row of tests/golden/list"; fails=$((fails + 1)); }
done
[ $fails = 0 ]
