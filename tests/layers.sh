#!/bin/sh
# layers.sh: who may include what, and what may not be called. Prints each breach as grep does; exit 1 on any.
set -eu
bad=0

# breach WHAT: reads hits from stdin and reports them under WHAT.
breach() {
    hits=$(cat)
    [ -n "$hits" ] || return 0
    echo "layers: $1"
    echo "$hits" | sed 's/^/  /'
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

includes schema '(gen|corpus|fuzz|tests)/' | breach 'schema/ includes upward'
includes gen '(corpus|fuzz|tests)/' | breach 'gen/ includes upward'
includes corpus '(fuzz|tests)/' | breach 'corpus/ includes upward'
includes gen 'schema/' | grep -vE '"schema/(base\.h|event\.h|verdict\.def|manifest\.h|profile\.h|wev\.h|builtin\.h)"' |
    breach 'gen/ includes of schema/ only base, event, verdict, manifest, profile, wev and builtin'
sources . | xargs -r grep -nE '# *include *[<"]mxml\.h' /dev/null | grep -vE '^\./(schema/tree\.c|fuzz/|build/)' |
    breach 'mxml.h belongs to schema/tree.c and fuzz/ alone'
code gen | grep -v '^gen/main\.c:' |
    grep -E '\b(float|double)\b|\b(time|clock|clock_gettime|gettimeofday|localtime|localtime_r|gmtime_r|strftime|setlocale|strtod|strtof|getenv|random|rand)\(' |
    breach 'gen/ knows no floating point, clock, locale or environment'
code schema gen corpus |
    grep -E '\b(strcpy|strcat|sprintf|vsprintf|strtok|sscanf|atoi|atol|gmtime|rand|alloca|gets)\(' |
    breach 'call that the style forbids'
exit $bad
