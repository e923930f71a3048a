"""The frame of every adapter in Python: a document on standard input, its values as JSON on standard output; with
--frames many of them, as "wevcorpus run --persistent" sends them.

An adapter is a module with read(bytes) -> (children of System, Data elements): (name, attributes, text) and (name, text).
Whatever it raises is a refusal. Run: python3 adapter.py MODULE [--frames].
"""
import importlib
import json
import sys

KEYS = {("Provider", "Name"): "Provider", ("Provider", "Guid"): "Guid", ("TimeCreated", "SystemTime"): "TimeCreated",
        ("Correlation", "ActivityID"): "ActivityID", ("Execution", "ProcessID"): "ProcessID",
        ("Execution", "ThreadID"): "ThreadID", ("Security", "UserID"): "UserID"}
TEXTS = {"EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer"}


def values(system, data):
    header = {}
    for name, attributes, text in system:
        for key, value in attributes.items():
            if (name, key) in KEYS:
                header[KEYS[name, key]] = value
        if name in TEXTS:
            header[name] = text or ""
    # a name with U+0000 cannot be told: no reader of JSON need take it
    return {"header": header, "data": {name.replace("\0", "\ufffd"): text or "" for name, text in data if name is not None}}


def one(read, document):
    """The line of an accepted document, or None and why it was refused."""
    try:
        return json.dumps(values(*read(document))), ""
    except Exception as why:  # every library has its own
        return None, f"{type(why).__name__}: {why}"


def frames(read):
    """Documents behind their length in decimal and LF; a line of answer to each."""
    while head := sys.stdin.buffer.readline():
        line, why = one(read, sys.stdin.buffer.read(int(head)))
        print(line if line is not None else "reject " + ascii(why)[:200], flush=True)
    return 0


def main():
    read = importlib.import_module(sys.argv[1]).read
    if sys.argv[2:] == ["--frames"]:
        return frames(read)
    line, why = one(read, sys.stdin.buffer.read())
    if line is None:
        print(why, file=sys.stderr)
        return 1
    print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
