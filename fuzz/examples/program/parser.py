#!/usr/bin/env python3
"""Any program is a target: this one reads standard input, or the file it is given, and dies on a value that int() refuses."""
import re
import sys

text = open(sys.argv[1], "rb").read() if len(sys.argv) > 1 else sys.stdin.buffer.read()
found = re.search(rb"<EventRecordID>([^<]*)</EventRecordID>", text)
if not found:
    sys.exit(1)
record = int(found.group(1))
sys.exit(0 if record >= 0 else 1)
