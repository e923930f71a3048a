#!/bin/sh
# seeds-go.sh SEEDS OUT: the documents of SEEDS as a seed corpus of go test -fuzz (its format is a line, then a Go literal).
set -eu
mkdir -p "$2"
for f in "$1"/*.xml; do
    name=$(basename "$f" .xml)
    # every byte as \xNN: right for any bytes
    { printf 'go test fuzz v1\n[]byte("'; od -An -v -tx1 "$f" | sed 's/ *$//; s/ \([0-9a-f][0-9a-f]\)/\\x\1/g' | tr -d '\n'; printf '")\n'; } >"$2/$name.part"
    mv "$2/$name.part" "$2/$name"
done
