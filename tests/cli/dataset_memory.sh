#!/bin/sh
# dataset_memory.sh: forall n: a dataset of n events takes the memory of one of n / 10: peaks of two runs, held against each other.
set -u
command -v python3 >/dev/null || { echo 'python3 is not installed (.ci/setup page installs it)'; exit 77; }
[ -z "${SAN:-}${TSAN:-}" ] || { echo 'a sanitizer keeps what was freed, so the memory is not that of the program'; exit 77; }
cat >"$T/peak.py" <<'E2'
"""peak.py COMMAND...: its peak memory in KiB, that of the processes which it started not counted."""
import os
import subprocess
import sys
import time

process = subprocess.Popen(sys.argv[1:])
peak = 0
while process.poll() is None:
    try:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM:")])
    except OSError:
        pass
    time.sleep(0.005)
assert process.returncode == 0
print(peak)
E2
[ -r /proc/self/status ] && grep -q VmHWM /proc/self/status || { echo 'the system does not say what a process has used (/proc/PID/status)'; exit 77; }
fails=0
for formats in jsonl,csv parquet; do
    # what acknowledges each shard and writes a file for it, as DuckDB would
    printf '#!/usr/bin/env python3\nimport json, sys\nprint("ready 1", flush=True)\nfor line in sys.stdin:\n    open(json.loads(line)[1], "w").close()\n    print("done", flush=True)\n' >"$T/python"
    chmod +x "$T/python"
    few=$(python3 "$T/peak.py" "$WEVGEN" dataset "$T/few" -q -n 15000 --hosts 240 --formats $formats --python "$T/python") &&
        many=$(python3 "$T/peak.py" "$WEVGEN" dataset "$T/many" -q -n 150000 --hosts 240 --formats $formats --python "$T/python") || exit 2
    rm -rf "$T/few" "$T/many"
    if [ "$few" -gt 0 ] && [ "$many" -le $((few + few / 4)) ] && [ "$many" -le 65536 ]; then
        echo "ok - $formats: ten times the events, the same memory"
    else
        echo "not ok - $formats: $few KiB for 15,000 events, $many KiB for 150,000"
        fails=$((fails + 1))
    fi
done
[ $fails = 0 ]
