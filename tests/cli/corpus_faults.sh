#!/bin/sh
# corpus_faults.sh: stores when the disk is full, read-only, or any one call fails or is the last: the store stays valid,
# what was told of is in it, and the same command finishes the job once it can.
set -u
failed=0
not_ok() {
    echo "not ok - $1"
    [ ! -f err ] || head -n 3 err | cut -c 1-200 | sed 's/^/    /'
    failed=1
}
skip() { echo "ok - $1 # SKIP corpus_faults: $1: $2"; }
memory=$(mktemp -d /dev/shm/corpus.XXXXXX 2>/dev/null) || memory=$T/faults
mkdir -p "$memory"
trap 'umount "$memory/full" 2>/dev/null; rm -rf "$memory"' EXIT
cd "$memory" || exit 1

# whole FOLDER NAME TOLD: it verifies, and holds every document that TOLD names
whole() {
    [ -e "$1/store" ] && [ -e "$1/index.jsonl" ] || { [ ! -s "$3" ] || not_ok "$2: told of documents before there was a store"; return; }
    "$WEVCORPUS" verify "$1" >said 2>err || { not_ok "$2: verify: exit status $?"; head -n 3 said; }
    sed -n 's/^\(objects[^ ]*\) .*/\1/p' "$3" | sort -u >told
    sed 's/.*"file":"\([^"]*\)".*/\1/' "$1/index.jsonl" | sort | comm -23 told - >lost
    [ ! -s lost ] || not_ok "$2: told of and lost: $(head -n 1 lost)"
}
# rest FOLDER NAME REFERENCE ARGS...: the same command without the fault finishes
rest() {
    folder=$1 name=$2 reference=$3
    shift 3
    "$WEVCORPUS" build "$folder" -q "$@" >out 2>err || not_ok "$name: the rerun: exit status $?"
    diff -r "$reference" "$folder" >err 2>&1 || not_ok "$name: the rerun does not give the whole store"
}

# A limit on the size of files: the index meets it between two lines, or inside one.
set -- -n 100 -s 3 --malformed 50% --batch 8
"$WEVCORPUS" build whole -q "$@" || not_ok 'a whole store'
for blocks in 3 16 40 45; do
    rm -rf limited
    (
        ulimit -f $blocks
        exec "$WEVCORPUS" build limited -v "$@" >limited.told 2>err
    )
    [ $? -eq 2 ] || not_ok "a limit of $blocks blocks: exit status $?"
    grep -q 'File too large' err || not_ok "a limit of $blocks blocks: not said"
    [ ! -e limited/aside ] || not_ok "a limit of $blocks blocks: something was left aside"
    whole limited "a limit of $blocks blocks" limited.told
    rest limited "a limit of $blocks blocks" whole "$@"
done
"$WEVCORPUS" build - -n 0 >/dev/full 2>err
[ $? -eq 2 ] || not_ok 'a last line that cannot be written'
rm -rf ./-
"$WEVCORPUS" build mute -v -n 5 >/dev/full 2>err
[ $? -eq 2 ] && "$WEVCORPUS" verify -q mute >said 2>err || not_ok 'documents that cannot be told of'

# A full disk, a small one of our own; then it grows.
mkdir -p full
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=200k none full 2>err; then
    "$WEVCORPUS" build full/s -v "$@" >full.told 2>err
    [ $? -eq 2 ] || not_ok "a full disk: exit status $?"
    grep -q 'No space left' err || not_ok 'a full disk: not said'
    whole full/s 'a full disk' full.told
    [ -s full.told ] || not_ok 'a full disk: nothing was told of before'
    "$WEVCORPUS" build full/s -v "$@" >full.told 2>err
    whole full/s 'a disk that is still full' full.told
    mount -o remount,size=8m full
    rest full/s 'a full disk' whole "$@"
    mount -o remount,ro full
    "$WEVCORPUS" build full/s -n 200 >out 2>err
    [ $? -eq 2 ] && grep -q 'Read-only file system' err || not_ok 'a read-only disk: build'
    "$WEVCORPUS" build full/new -n 1 >out 2>err
    [ $? -eq 2 ] && grep -q 'Read-only file system' err || not_ok 'a read-only disk: a new store'
    "$WEVCORPUS" dedupe --delete full/s >out 2>err
    [ $? -eq 2 ] || not_ok 'a read-only disk: dedupe'
    "$WEVCORPUS" verify full/s >out 2>err || not_ok 'a read-only disk: verify'
    "$WEVCORPUS" min -q full/s >out 2>err || not_ok 'a read-only disk: min'
    umount full
else
    skip 'a full disk' 'needs root and mount'
fi
if [ "$(id -u)" -ne 0 ]; then
    cp -r whole sealed && chmod -R a-w sealed
    "$WEVCORPUS" build sealed -n 200 >out 2>err
    [ $? -eq 2 ] || not_ok 'a read-only store: build'
    "$WEVCORPUS" verify sealed >out 2>err || not_ok 'a read-only store: verify'
    chmod -R u+w sealed
fi

# Two writers at once: the second waits, or says that it does not.
if command -v flock >/dev/null; then
    mkfifo held release
    flock whole/store sh -c 'echo >held; read -r line <release' &
    read -r line <held
    "$WEVCORPUS" add --no-wait whole whole/store >out 2>err
    [ $? -eq 2 ] && grep -q 'another writer is at work' err || not_ok 'a second writer that does not wait'
    "$WEVCORPUS" build whole -q "$@" >out 2>waits &
    writer=$! n=0
    until grep -q 'another writer is at work, waiting' waits || [ $n -eq 600 ]; do
        n=$((n + 1))
        sleep 0.05
    done
    [ $n -lt 600 ] || not_ok 'a second writer does not say that it waits'
    echo >release
    wait $writer || not_ok 'a second writer that waits'
    wait
else
    skip 'two writers' 'needs flock'
fi

# Each call that changes something, in turn, is the last one, or fails.
set -- -n 6 -s 3 --malformed 50% --batch 3
rm -rf whole && "$WEVCORPUS" build whole -q "$@" || not_ok 'a small whole store'
calls=mkdir,mkdirat,openat,write,pwrite64,close,renameat,ftruncate,fdatasync,syncfs,unlinkat,flock
find whole/objects -type f | sed 's|^whole/||' | sort >names
# inject CALL HOW N: the exit status; the store is in s, what was told of in told.s
inject() {
    rm -rf s
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace="$1" -e inject="$1:$2:when=$3" \
        "$WEVCORPUS" build s -v $args >told.s 2>err
}
args=$*
if ! command -v strace >/dev/null || ! strace -qq -o /dev/null true 2>/dev/null; then
    skip 'each call in turn' 'needs strace and ptrace'
elif [ -n "${SAN:-}${TSAN:-}" ]; then
    skip 'each call in turn' 'sanitizers and strace do not go together'
else
    tried=0
    rm -rf s && strace -f -qq -o calls -e trace=$calls "$WEVCORPUS" build s -v "$@" >told.s
    # What a power cut needs: documents are synced before they are renamed, names before the line, the line before it is told.
    awk '/openat\(.*"0000.*O_CREAT/ { wrote = 1 } /syncfs/ { wrote = renamed = 0 } /fdatasync/ { line = 0 }
        /renameat\(/ { if (wrote) { print "renamed before it was synced: " $0 } renamed = 1 }
        /write\([0-9]+, "\{/ { if (wrote || renamed) { print "in the index before its name was synced: " $0 } line = 1 }
        /write\(1, "objects/ { if (wrote || renamed || line) { print "told of before it was synced: " $0 } told = 1 }
        END { if (!told) { print "nothing was told of" } }' calls >err
    [ ! -s err ] || not_ok 'the order of writes and syncs'
    for call in $(echo $calls | tr , ' '); do
        n=$(grep -c "^[0-9]* *$call(" calls)
        while [ "$n" -gt 0 ]; do
            for how in signal=KILL error=ENOSPC; do
                inject $call $how "$n"
                status=$?
                tried=$((tried + 1))
                whole s "$call $n $how" told.s
                rest s "$call $n $how" whole "$@"
                case $how:$status in
                signal=KILL:137 | error=ENOSPC:[012] | error=ENOSPC:127) ;; # 127: a library that could not be opened
                *) not_ok "$call $n $how: exit status $status" ;;
                esac
                [ $status -ne 0 ] || grep -o '^objects[^ ]*' told.s | sort -u | cmp -s - names || not_ok "$call $n $how: exit status 0, and not all was told of"
            done
            n=$((n - 1))
        done
    done
    [ $tried -gt 100 ] || not_ok "each call in turn: only $tried"
    echo "# $tried calls failed or were the last"
fi
[ $failed = 0 ] && echo 'ok - faults'
exit $failed
