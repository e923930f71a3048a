#!/bin/sh
# page.sh: the report page in a browser, by key and click, light and dark, wide and narrow. WEV_SHOTS=DIR keeps the pictures.
set -u
for program in chromium chromedriver python3; do
    command -v $program >/dev/null || { echo "$program is not installed (.ci/setup page installs it)"; exit 77; }
done
run() { "$WEVCORPUS" run -q --memory 0 "$@" >/dev/null || [ $? -eq 1 ]; }

mkdir -p "$T/s" "$T/shots"
"$WEVGEN" -q -n 1 -s 3 >"$T/s/y_bytes.plain_1.xml"
"$WEVGEN" -q -n 1 -s 3 --class bytes.bom >"$T/s/i_bytes.bom_1.xml"
i=0
for class in $("$WEVGEN" --list classes --class 'xml.*' | sed -n 's/^\(xml[^ ]*\)  *y .*/\1/p' | head -n 18); do
    i=$((i + 1))
    "$WEVGEN" -q -n 1 -s 3 --class "$class" >"$T/s/y_${class}_$i.xml"
done
# an index, for places of breaks and rules: from the curated suite's own
for class in xml.tags-mismatched rule.header-level; do
    "$WEVGEN" -q -n 1 -s 3 --class $class -o "$T/s/n_${class}_1.xml" --labels "$T/label"
    sed -n "s/.*\"reason\":\"\([^\"]*\)\",\"at\":\([0-9]*\),\"at_length\":\([0-9]*\)}/\
{\"file\":\"n_${class}_1.xml\",\"class\":\"$class\",\"layer\":\"${class%%.*}\",\"verdict\":\"n\",\"reason\":\"\1\",\"at\":\2,\"at_length\":\3,\"rule\":\"the rule <b>of<\/b> $class\"}/p" \
        "$T/label" >>"$T/s/rows"
done
for f in "$T"/s/[yi]_*.xml; do
    f=${f##*/} class=${f#?_}
    class=${class%%_*}
    echo "{\"file\":\"$f\",\"class\":\"$class\",\"layer\":\"${class%%.*}\",\"verdict\":\"${f%%_*}\",\"rule\":\"XML 1.0\"}" >>"$T/s/rows"
done
mv "$T/s/rows" "$T/s/index.jsonl"

# Two parsers: one accepts all and prints markup, one looks at tags.
run --suite "$T/s" --json "$T/a.json" -- sh -c 'echo "<script>window.pwned = 1</script><img src=x onerror=window.pwned=1></script>"' || exit 1
run --suite "$T/s" --json "$T/b.json" -- xmllint --noout - || exit 1
"$WEVCORPUS" html -o "$T/page.html" "$T/a.json" "$T/b.json" || exit 1
run --units 4 --class 'bytes.utf8-*' --html "$T/units.html" -- true || exit 1
# run --html is html of what run --json writes
run --suite "$T/s" --html "$T/one.html" -- true && run --suite "$T/s" --json "$T/one.json" -- true || exit 1
"$WEVCORPUS" html -o "$T/two.html" "$T/one.json" && cmp "$T/one.html" "$T/two.html" || { echo 'not ok - run --html is another page'; exit 1; }

HOME=$T XDG_CONFIG_HOME=$T XDG_CACHE_HOME=$T python3 tests/cli/page.py "$T/page.html" "$T/units.html" "$T/shots" || exit 1
[ -z "${WEV_SHOTS:-}" ] || { mkdir -p "$WEV_SHOTS" && cp "$T"/shots/*.png "$WEV_SHOTS"; }
