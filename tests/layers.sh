#!/bin/sh
# layers.sh: who may include what, and what may not be called. Prints each breach as grep does; exit 1 on any.
set -u
bad=0

# breach WHAT HITS
breach() {
    [ -n "$2" ] || return 0
    echo "layers: $1"
    echo "$2" | sed 's/^/  /'
    bad=1
}

sources() { find "$@" -name '*.[ch]' 2>/dev/null | sort; }

# Lines as file:line:text with // comments and string literals gone, so that prose does not count.
code() {
    for f in $(sources "$@"); do
        sed -e 's/"\([^"\\]\|\\.\)*"/""/g' -e 's|//.*||' "$f" | grep -n '' | sed "s|^|$f:|"
    done
}

includes() { # FOLDER PATTERN
    sources "$1" | xargs -r grep -nE "^ *# *include *\"($2)" /dev/null || true
}

impure='\b(float|double)\b|\b(time|clock|clock_gettime|gettimeofday|localtime|localtime_r|gmtime_r|strftime|setlocale|'
impure="$impure"'strtod|strtof|getenv|random|rand)\('
forbidden='\b(strcpy|strcat|sprintf|vsprintf|strtok|sscanf|atoi|atol|gmtime|rand|alloca|gets)\('

breach 'schema/ includes upward' "$(includes schema '(gen|corpus|fuzz|tests)/')"
breach 'gen/ includes upward' "$(includes gen '(corpus|fuzz|tests)/')"
breach 'corpus/ includes upward' "$(includes corpus '(fuzz|tests)/')"
breach 'gen/ includes of schema/ only base, san, event, verdict, manifest, profile, wev and builtin' \
    "$(includes gen 'schema/' |
        grep -vE '"schema/(base\.h|san\.h|event\.h|verdict\.h|manifest\.h|profile\.h|wev\.h|builtin\.h)"')"
breach 'mxml.h belongs to schema/mxml_shim.h alone, and that to schema/tree.c and fuzz/target_mxml.c' \
    "$(sources schema gen corpus fuzz tests | xargs -r grep -nE '# *include *([<"]mxml\.h|"schema/mxml_shim\.h)' /dev/null | grep -vE '^schema/(mxml_shim\.h|tree\.c):|^fuzz/target_mxml\.c:')"
breach 'gen/ knows no floating point, clock, locale or environment' \
    "$(code gen | grep -v '^gen/main\.c:' | grep -E "$impure")"
breach 'call that the style forbids' "$(code schema gen corpus | grep -E "$forbidden")"
exit $bad
