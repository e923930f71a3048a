#!/bin/sh
# run.sh: runs every unit test program of $B/tests and every script of tests/cli, and counts.
# Silent on what passes; a failure shows its output, a skip its name. The last line is
# "N passed, N failed, N skipped". Exit 1 when something failed or nothing ran.
#
# A script passes with exit 0 and skips with 77. It runs in the top folder and finds WEVGEN, WEVCORPUS, WEVFUZZ, B and a
# scratch folder T in the environment. TESTS="test_types cli/judge" picks some; TEST_TIMEOUT is in seconds.
set -u
B=${B:-build}
top=$(pwd)
export B WEVGEN="$top/$B/wevgen" WEVCORPUS="$top/$B/wevcorpus" WEVFUZZ="$top/$B/wevfuzz"
export CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"
unset MAKEFLAGS MFLAGS MAKELEVEL
# ThreadSanitizer is an order slower: a share of the units, said here so that it is no secret.
[ -z "${TSAN:-}" ] || export WEV_TEST_SHARE="${WEV_TEST_SHARE:-20}"

# One test, as a child of xargs below: its output and exit status go to files.
if [ "${1:-}" = --one ]; then
    name=$3 log=$2/$(echo "$3" | tr / _)
    T=$(mktemp -d)
    export T
    case $name in
    cli/*) set -- sh "tests/$name.sh" ;;
    *) set -- "$B/tests/$name" ;;
    esac
    timeout -k 5 "${TEST_TIMEOUT:-150}" "$@" >"$log.out" 2>&1 </dev/null
    echo $? >"$log.status"
    rm -rf "$T"
    exit 0
fi

names=
for f in tests/test_*.c; do [ -f "$f" ] && names="$names $(basename "$f" .c)"; done
[ -f tests/example.c ] && names="$names example"
for f in tests/cli/*.sh; do [ -f "$f" ] && names="$names cli/$(basename "$f" .sh)"; done
names=${TESTS:-$names}

logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
trap 'exit 130' INT TERM
jobs=${TEST_JOBS:-$(nproc 2>/dev/null || echo 2)}
# shellcheck disable=SC2086
[ -z "$names" ] || printf '%s\n' $names | xargs -P "$jobs" -n 1 sh "$0" --one "$logs"

passed=0 failed=0 skipped=0
for name in $names; do
    log=$logs/$(echo "$name" | tr / _)
    status=$(cat "$log.status" 2>/dev/null || echo 'not run')
    # TAP lines count one by one; cmocka writes skips as "ok N # SKIP" or "not ok N # SKIP", by version.
    skips=$(grep -cE '^(not )?ok .*# SKIP' "$log.out")
    good=$(grep -E '^ok ' "$log.out" | grep -vc '# SKIP')
    wrong=$(grep -E '^not ok ' "$log.out" | grep -vc '# SKIP')
    if [ "$skips" -gt 0 ]; then
        grep -E '^(not )?ok .*# SKIP' "$log.out" | sed "s|.*# SKIP *|skipped: $name: |"
    fi
    if [ "$status" = 77 ] && [ $((good + wrong + skips)) -eq 0 ]; then
        echo "skipped: $name: $(tail -n 1 "$log.out")"
        skips=1
    elif [ "$status" = 0 ] && [ $((good + wrong + skips)) -eq 0 ]; then
        good=1
    elif [ "$status" != 0 ] && [ "$wrong" -eq 0 ] && [ "$status" != 77 ]; then
        wrong=1
    fi
    if [ "$wrong" -gt 0 ]; then
        case $status in
        124 | 137) echo "FAILED: $name (timed out)" ;;
        *) echo "FAILED: $name (exit status $status)" ;;
        esac
        [ ! -f "$log.out" ] || grep -vE '^ok |^1\.\.[0-9]+$' "$log.out" | tail -n 60 | sed 's/^/  /'
    fi
    passed=$((passed + good)) failed=$((failed + wrong)) skipped=$((skipped + skips))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
