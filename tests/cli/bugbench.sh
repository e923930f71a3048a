# The planted bugs of make bugbench: each proof of concept sets off its own, the sample none.
set -eu
"$B/bugbench/bugbench" check tests/bench/bugs/sample.xml
