#!/bin/sh
# mxml-source.sh FOLDER: Mini-XML's source package as this machine's own distribution has it, unpacked into FOLDER with the
# distribution's patches. The list of sources is made from the machine's own and kept beside it; nothing of the system's
# package lists is changed. MXML_SUITE=NAME takes another suite. Exit 0 also when it cannot be had: the line says why.
set -eu
out=$1
without() {
    echo "fuzz: no source of Mini-XML ($1): the system's library is linked instead"
    exit 0
}
command -v apt-get >/dev/null && command -v dpkg-source >/dev/null || without 'apt-get and dpkg-dev are needed'
[ -z "${NO_APT:-}" ] || without 'NO_APT is set'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir -p "$work/parts" "$work/lists/partial" "$work/archives/partial" "$work/src"

# deb822 files and one-line files, binary sources turned to source ones. Only what the distribution itself signs.
for f in /etc/apt/sources.list.d/*.sources; do
    [ -f "$f" ] || continue
    grep -qi '^Components:.*main' "$f" || continue
    sed -e 's/^Types:.*/Types: deb-src/' ${MXML_SUITE:+-e "s/^Suites:.*/Suites: $MXML_SUITE/"} "$f" >"$work/parts/$(basename "$f")"
done
for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$f" ] || continue
    sed -n -e 's/^deb\( .*main.*\)/deb-src\1/p' "$f" >"$work/parts/$(basename "$f" .list).list"
done

apt() {
    apt-get -q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$work/parts" -o Dir::State::Lists="$work/lists" \
        -o Dir::Cache="$work" -o Dir::Cache::archives="$work/archives" -o APT::Sandbox::User=root "$@" </dev/null
}
apt update >"$work/log" 2>&1 || true # one suite of several may be missing
(cd "$work/src" && apt source mxml) >>"$work/log" 2>&1 || without "$(grep '^E:' "$work/log" | head -n 1 | cut -c 1-120)"
tree=$(find "$work/src" -mindepth 1 -maxdepth 1 -type d | head -n 1)
[ -f "$tree/mxml.h" ] || without 'the package holds no mxml.h'
mkdir -p "$(dirname "$out")"
rm -rf "$out"
cp -R "$tree" "$out"
echo "fuzz: Mini-XML $(dpkg-parsechangelog -l "$out/debian/changelog" -S Version 2>/dev/null) from its source package, in $out"
