# The planted bugs of make bugbench: each proof of concept sets off its own, the sample none, plain events none of the blind set.
set -eu
"$B/bugbench/bugbench" check tests/bench/bugs/sample.xml
"$WEVGEN" -q -n 4000 -e all | "$B/bugbench/bugbench" plain
"$WEVGEN" -q -n 1000 -e all -f rendered | "$B/bugbench/bugbench" plain
"$WEVGEN" -q -n 1000 --world | "$B/bugbench/bugbench" plain
! sed 's/SystemTime=.2024/SystemTime='"'"'1969/' tests/bench/bugs/sample.xml | "$B/bugbench/bugbench" plain >"$T/odd" || {
    echo 'an event that is not plain passes for one'
    exit 1
}
grep -q '^not ok - 72 before-1970: ' "$T/odd"
