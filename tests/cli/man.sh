#!/bin/sh
# man.sh: forall programs and subcommands: what --help lists is what the man page describes, and what README uses is there.
# A subcommand's section is the one whose title names it; a program's own options stand in DESCRIPTION or OPTIONS.
set -u
failed=0
not_ok() {
    echo "not ok - $1"
    failed=1
}

# Options in text: long ones, and short ones that stand alone.
options() {
    tr '\t' ' ' | grep -oE '(^|[^A-Za-z0-9-])(--[a-z][a-z0-9-]*|-[A-Za-z]($|[^A-Za-z0-9-]))' |
        grep -oE -e '--[a-z][a-z0-9-]*|-[A-Za-z]' | sort -u
}
# The page as text: requests and fonts gone. sections TITLE-PATTERN: their lines. tags: what stands behind .TP.
plain() { sed -e 's/\\f[A-Z]//g' -e 's/\\-/-/g' -e 's/\\&//g' -e 's/^\.[BIR]\{1,2\} //' -e 's/" *"//g' -e 's/"//g'; }
section() { # to the next title of its rank
    awk -v want="$1" '/^\.S[HS]/ { gsub(/"/, ""); rank = substr($0, 3, 1)
            if ((" " toupper(substr($0, 5)) " ") ~ ("[ ,]" want "[ ,]")) { on = rank } else if (rank == "H" || on == "S") { on = "" } }
        on' "$2"
}
tags() { awk 'tag { print; tag = 0 } /^\.T[PQ]/ { tag = 1 }'; }

# same WHAT HELP-TEXT-FILE SECTION-FILE: each option of one is in the other
same() {
    options <"$2" | grep -vxE -e '--help|--version' >"$T/help.options"
    plain <"$3" | options >"$T/page.options"
    tags <"$3" | plain | options | grep -vxE -e '--help|--version' >"$T/tag.options"
    for o in $(comm -23 "$T/help.options" "$T/page.options"); do not_ok "$1: --help has $o, the man page has not"; done
    for o in $(comm -13 "$T/help.options" "$T/tag.options"); do not_ok "$1: the man page has $o, --help has not"; done
    checked=$((checked + $(grep -c . "$T/help.options")))
}
commands() { sed -n '/^usage:.*COMMAND/,$s/^  \([a-z][a-z-]*\)  *[A-Za-z].*/\1/p' "$1"; }

programs=0 checked=0
for program in "$B"/wev*; do
    [ -f "$program" ] && [ -x "$program" ] || continue
    case $program in *.so) continue ;; esac # what AFL++ loads; its page is in section 7
    name=$(basename "$program")
    "$program" --help >"$T/$name.help" 2>/dev/null || { not_ok "$name --help fails"; continue; }
    page=$(ls ./*/"$name.1" 2>/dev/null)
    [ -f "$page" ] || { not_ok "$name has no man page"; continue; }
    programs=$((programs + 1))
    commands "$T/$name.help" >"$T/$name.commands"
    if [ ! -s "$T/$name.commands" ]; then
        cp "$T/$name.help" "$T/$name..help"
        same "$name" "$T/$name.help" "$page"
        continue
    fi
    while read -r command; do
        "$program" "$command" --help >"$T/$name.$command.help" 2>/dev/null || { not_ok "$name $command --help fails"; continue; }
        section "$(echo "$command" | tr a-z A-Z)" "$page" >"$T/section"
        [ -s "$T/section" ] || { not_ok "$page has no section $(echo "$command" | tr a-z A-Z)"; continue; }
        same "$name $command" "$T/$name.$command.help" "$T/section"
    done <"$T/$name.commands"
done
[ "$programs" -ge 3 ] && [ "$checked" -ge 60 ] || not_ok "only $programs programs and $checked options were looked at"

# README's commands, one a line: from the program's name to a pipe, a comment, or what is somebody else's.
grep -noE '(^|[ `/(])wev[a-z]+ [^`|;#&<>]*' README.md | sed -e 's/^\([0-9]*\):[ `/(]*/\1 /' -e 's/ -- .*//' >"$T/readme"
used=0
while read -r line name words; do
    [ -f "$T/$name.help" ] || continue
    command=$(echo "$words" | sed -n 's/^\([a-z][a-z-]*\).*/\1/p')
    [ ! -s "$T/$name.commands" ] || [ -n "$command" ] || command=-
    grep -qx -e "$command" "$T/$name.commands" || command=
    help=$T/$name.$command.help
    [ -f "$help" ] || help=$T/$name.help
    for o in $(echo "$words" | options); do
        used=$((used + 1))
        options <"$help" | grep -qx -e "$o" || not_ok "README.md:$line: $name${command:+ $command} has no $o"
    done
done <"$T/readme"
[ "$used" -ge 20 ] || not_ok "only $used options of README were looked at"
exit $failed
