#!/bin/sh
# embed.sh FILE...: prints the C source of the table of built-in files (schema/builtin.h).
# .incbin reads each file when the source is compiled, from the top folder.
set -eu
echo '#include "schema/builtin.h"'
echo
i=0
for f; do
    cat <<END
__asm__(".pushsection .rodata\n"
        ".globl wev_builtin_begin_$i\n.hidden wev_builtin_begin_$i\nwev_builtin_begin_$i:\n"
        ".incbin \"$f\"\n"
        ".globl wev_builtin_end_$i\n.hidden wev_builtin_end_$i\nwev_builtin_end_$i:\n"
        ".byte 0\n.popsection\n");
extern const char wev_builtin_begin_$i[], wev_builtin_end_$i[];
END
    i=$((i + 1))
done
echo
echo 'const struct wev_builtin_entry wev_builtin_entries[] = {'
i=0
for f; do
    echo "    {\"builtin:${f#schema/}\", wev_builtin_begin_$i, wev_builtin_end_$i},"
    i=$((i + 1))
done
[ $i -gt 0 ] || echo '    {"", "", ""},'
echo '};'
echo "const size_t wev_builtin_entry_count = $i;"
