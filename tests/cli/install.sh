# The installed tree is enough: the example builds against it by pkg-config, the programs run from it.
set -eu
${MAKE:-make} -s CC="${CC:-cc}" SAN="${SAN:-}" TSAN="${TSAN:-}" PREFIX=/opt/wev DESTDIR="$T/root" install >/dev/null
prefix=$T/root/opt/wev
for f in bin/wevgen bin/wevcorpus bin/wevfuzz libexec/wevgen/replay/decode lib/libwev.a include/wev.h share/man/man1/wevgen.1 \
    share/man/man1/wevcorpus.1 share/man/man1/wevfuzz.1 share/wevgen/security/security.man lib/libwevmutator.a lib/wevmutator.so \
    share/wevgen/event.dict share/man/man7/wevmutator.7; do
    [ -f "$prefix/$f" ] || { echo "not installed: $f"; exit 1; }
done
# The .pc file names PREFIX, which DESTDIR moved: pkg-config is told where it is now.
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
flags=$(pkg-config --define-variable=prefix="$prefix" --cflags --libs wev)
# shellcheck disable=SC2086
${EXAMPLE_CC:-cc} -std=c11 -o "$T/example" tests/example.c $flags
"$T/example"
"$prefix/bin/wevgen" -q -n 2 >"$T/two.xml"
"$prefix/bin/wevcorpus" judge -q "$T/two.xml"
# Installed, wevfuzz uses what is installed.
mkdir "$T/elsewhere" && cd "$T/elsewhere"
"$prefix/bin/wevfuzz" run -q --engine replay --target decode --runs 100 -j 1 >"$T/out"
[ -d "$T/elsewhere/wevfuzz-decode/buckets" ] || { echo 'wevfuzz: no campaign in the folder it was started in'; exit 1; }
