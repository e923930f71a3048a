#!/usr/bin/env python3
"""Holds real records and a made fleet against what is known of such events, and shows the fleet's marginals.

    realism.py REAL.jsonl FLEET.jsonl PLOT.svg

REAL is what `wevcorpus support --json` wrote of real records, FLEET what `wevcorpus judge --json --values` wrote of the
default fleet. Rules over several records are checked here, by code that the generator does not have: the sequence, the key
file's MD5, time digits. Exit 1: a record, real or made, breaks one; it is named with field, value and what would fit.
"""
import collections
import datetime
import hashlib
import json
import re
import sys

import plot

BASE = {"5061": 1302, "5058": 663, "5059": 185}  # WitFoo Precinct 6: 2.07 million events
READ, OPEN, EXPORT = "%%2458", "%%2480", "%%2464"
KINDS = [("device certificate", r"Microsoft Connected Devices Platform device certificate"), ("token binding", r"TB_\d+_.*"),
         ("enrolment te, tp, le", r"(te|tp|le)-.*"), ("GUID in braces", r"\{[0-9A-Fa-f-]{36}\}"), ("GUID", r"[0-9A-Fa-f-]{36}"),
         ("CAPI file name", r"[0-9a-f]{32}_[0-9a-f-]{36}"), ("Remote Desktop", r"TSSecKeySet1"),
         ("IIS, .NET, ConfigMgr", r"iis.*|IIS .*|NetFramework.*|ConfigMgr.*"), ("key wrapping", r"Key2Wrap.*"), ("a CA's name", r".*CA.*")]
UNTOLD = [("failures", "one failing 5061 (0x80090016 on open) is public, no failing 5058 or 5059"),
          ("imports", "no 5059 with %%2465 is public"),
          ("smart cards", "no event of the Microsoft Smart Card Key Storage Provider is public")]


class Record:
    """One record with what several rules need of it."""

    def __init__(self, row):
        self.header, self.data = row["header"], {k: v for k, v in row["data"] if k}
        self.where = f"{row['file']}:{row.get('record', row.get('offset'))}"
        self.row = row
        self.id = str(self.header.get("EventID"))
        self.number = int(self.header["EventRecordID"]) if str(self.header.get("EventRecordID", "")).isdigit() else None

    def get(self, name):
        """A field; Wazuh writes its first letter small."""
        return self.data.get(name, self.data.get(name[:1].lower() + name[1:]))

    def same(self, other, names):
        return all(self.get(n) is None or other.get(n) is None or self.get(n) == other.get(n) for n in names)


class Report:
    def __init__(self):
        self.broken = []

    def fails(self, record, field, value, fits):
        self.broken.append(f"{record.where}: {field} is {value!r}: {fits}")

    def line(self, name, checked, broken, note=""):
        print(f"  {name:<34} {checked:>8} checked {broken:>6} broken  {note}".rstrip())


# ---- rules

def key_hash(name, wide):
    """The key container's file name: MD5 of the lower-case name and a NUL, its words in little-endian order."""
    data = (name.lower() + "\0").encode("utf-16-le" if wide else "latin-1", "replace")
    digest = hashlib.md5(data).digest()
    return "".join(f"{int.from_bytes(digest[k:k + 4], 'little'):08x}" for k in range(0, 16, 4))


def key_files(records, report):
    """Files whose name is not the hash of the key's, or the key's own name. Keys that a page shortened have none."""
    checked = broken = 0
    for r in records:
        path, name = r.get("KeyFilePath"), r.get("KeyName")
        if not path or not name or not re.search(r"[0-9a-f]{32}_[0-9A-Fa-f-]{36}$", path):
            continue
        folder, _, file = path.rpartition("\\")
        wide = "\\CRYPTO\\RSA\\" not in folder.upper() + "\\"
        checked += 1
        if file.lower() != name.lower() and file[:32] != key_hash(name, wide):
            broken += 1
            report.fails(r, "KeyFilePath", path, f"the key {name!r} has the file {key_hash(name, wide)}_<MachineGuid>")
    return checked, broken


def sequences(records, report):
    """Before an export stand its read and its open: the next numbers, thread, subject, key and client the same."""
    by_place = {(r.header.get("Computer"), r.number): r for r in records if r.number is not None}
    checked = broken = alone = 0
    wanted = [(2, "5058", READ), (1, "5061", OPEN)]
    for r in records:
        if r.id != "5059" or r.get("Operation") != EXPORT or r.number is None:
            continue
        before = [by_place.get((r.header.get("Computer"), r.number - back)) for back, _, _ in wanted]
        if None in before:
            alone += 1
            continue
        checked += 1
        for (_, event, operation), b in zip(wanted, before):
            fits = (b.id == event and b.get("Operation") == operation and b.header.get("ThreadID") == r.header.get("ThreadID")
                    and b.same(r, ("SubjectUserSid", "SubjectLogonId", "KeyName", "ClientProcessId", "ClientCreationTime")))
            if not fits:
                broken += 1
                report.fails(b, "record", f"{b.id} {b.get('Operation')} {b.get('KeyName')}",
                             f"before the export {r.where} stands {event} {operation} of {r.get('KeyName')!r} in the same thread")
                break
    return checked, broken, alone


def pairs(records):
    """Reads that the next record opens, and opens that the next record reads: which came first."""
    by_place = {(r.header.get("Computer"), r.number): r for r in records if r.number is not None}
    order = collections.Counter()
    for r in records:
        after = by_place.get((r.header.get("Computer"), (r.number or 0) + 1))
        if after and {r.id, after.id} == {"5058", "5061"} and r.get("KeyName") == after.get("KeyName"):
            order[f"{r.id} then {after.id}"] += 1
    return order


def time_digits(records, report):
    """Nine digits of which the last two are 0, or seven; one kind a computer; version 0 of 5058 and 5059 is from before seven."""
    checked = broken = 0
    by_host = {}
    for r in records:
        t = re.search(r"\.(\d+)Z$", r.header.get("TimeCreated", ""))
        if not t or r.row.get("shape") in ("python-evtx", "logstash", "winlogbeat"):
            continue
        checked += 1
        digits = t[1]
        host = r.header.get("Computer")
        old = r.id in ("5058", "5059") and str(r.header.get("Version")) == "0"
        wrong = None
        if not (len(digits) == 7 or (len(digits) == 9 and digits.endswith("00"))):
            wrong = "seven digits, or nine that end in 00"
        elif old and len(digits) != 9:
            wrong = "version 0 of this event is from builds that write nine digits"
        elif by_host.setdefault(host, len(digits)) != len(digits):
            wrong = f"{host} wrote {by_host[host]} digits before"
        if wrong:
            broken += 1
            report.fails(r, "TimeCreated", r.header["TimeCreated"], wrong)
    return checked, broken


# ---- tables

def kind_of(name):
    return next((k for k, pattern in KINDS if re.fullmatch(pattern, name or "", re.S)), "another")


def who_of(r):
    sid = r.get("SubjectUserSid") or ""
    well_known = {"S-1-5-18": "SYSTEM", "S-1-5-19": "LOCAL SERVICE", "S-1-5-20": "NETWORK SERVICE"}
    if sid in well_known:
        return well_known[sid]
    return {"S-1-5-21": "domain, local account", "S-1-12-1": "Entra account"}.get("-".join(sid.split("-")[:4]), None) or \
        ("pool, service" if sid.startswith(("S-1-5-80", "S-1-5-82")) else "not told" if not sid else "another")


def failed(r):
    return r.get("ReturnCode") is not None and int(r.get("ReturnCode"), 16) != 0


MARGINALS = [("event", lambda r: r.id), ("subject", who_of), ("key", lambda r: kind_of(r.get("KeyName"))),
             ("KeyType", lambda r: r.get("KeyType")), ("AlgorithmName", lambda r: r.get("AlgorithmName")),
             ("Operation", lambda r: f"{r.id} {r.get('Operation')}"), ("ReturnCode", lambda r: "a failure" if failed(r) else "0x0"),
             ("version", lambda r: f"{r.id}:{r.header.get('Version')}")]


def marginals(real, fleet):
    """Per variable: (value, count among real records, share of the fleet)."""
    tables = {}
    for name, of in MARGINALS:
        a, b = collections.Counter(map(of, real)), collections.Counter(map(of, fleet))
        tables[name] = [(str(v), a[v], 100 * b[v] / len(fleet)) for v in sorted(a | b, key=lambda v: (-b[v], str(v)))]
    return tables


def support_table(rows):
    """Per field: in how many records it stands, fits a generator, is a name of one's own, does not fit."""
    table = {}
    for row in rows:
        bad = {p["field"] for p in row["problems"]}
        for name, value in row["data"]:
            key = name[:1].upper() + name[1:]
            if value is None or (row["shape"] in ("nxlog", "logstash") and key not in FIELDS):
                continue
            counts = table.setdefault(key, collections.Counter())
            counts["misfit" if name in bad else "named" if key in row["named"] else "made"] += 1
    return table


FIELDS = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ClientProcessId", "ClientCreationTime",
          "ProviderName", "AlgorithmName", "KeyName", "KeyType", "KeyFilePath", "Operation", "ReturnCode"}


def week(fleet):
    """Events by hour of the day, on working days and on others."""
    work, free, days = collections.Counter(), collections.Counter(), (set(), set())
    for r in fleet:
        t = datetime.datetime.fromisoformat(r.header["TimeCreated"][:19])
        off = t.weekday() > 4
        (free if off else work)[t.hour] += 1
        days[off].add(t.date())
    return [(h, work[h] / max(1, len(days[0])), free[h] / max(1, len(days[1]))) for h in range(24)]


def show_rules(name, records, report):
    checked, broken = key_files(records, report)
    report.line(f"{name}: key file's MD5", checked, broken)
    checked, broken, alone = sequences(records, report)
    report.line(f"{name}: 5058, 5061, 5059", checked, broken, f"{alone} exports without their neighbours" if alone else "")
    order = pairs(records)
    if order:
        print("    " + ", ".join(f"{k}: {v}" for k, v in sorted(order.items())))
    checked, broken = time_digits(records, report)
    report.line(f"{name}: digits of the time", checked, broken)


def show_real(rows, report):
    shapes = collections.Counter(r["shape"] for r in rows)
    print(f"Real records: {len(rows)} ({', '.join(f'{n} {s}' for s, n in sorted(shapes.items()))})")
    print(f"  {'field':<22} {'made':>6} {'named':>6} {'misfit':>6}   (made: by a generator; named: a name of one's own)")
    for field, c in sorted(support_table(rows).items()):
        print(f"  {field:<22} {c['made']:>6} {c['named']:>6} {c['misfit']:>6}")
    for row in rows:
        for p in row["problems"]:
            near = f"; nearest: {p['nearest']}" if p.get("nearest") else ""
            report.broken.append(f"{row['file']}:{row['record']}: {p['field']} is {p['value']!r}: {p['what']}{near}")
    report.line("real: support and joint rules", len(rows), sum(bool(r["problems"]) for r in rows))


def show_untold(fleet):
    counts = {"failures": sum(map(failed, fleet)),
              "imports": sum(r.id == "5059" and r.get("Operation") == "%%2465" for r in fleet),
              "smart cards": sum("Smart Card" in (r.get("ProviderName") or "") for r in fleet)}
    print("What public data cannot tell; the fleet's share is a judgement:")
    for what, why in UNTOLD:
        print(f"  {what:<12} {100 * counts[what] / len(fleet):6.2f} % of the fleet; {why}")


def main():
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        return 2
    with open(sys.argv[1], encoding="utf-8") as f:
        rows = [r for r in map(json.loads, f) if r["known"]]
    with open(sys.argv[2], encoding="utf-8") as f:
        made = list(map(json.loads, f))
    refused = [r for r in made if r["verdict"] != "y"]
    real, fleet = [Record(r) for r in rows], [Record(r) for r in made]
    report = Report()
    if rows:
        show_real(rows, report)
        show_rules("real", real, report)
    else:
        print("Real records: none given (WEV_SAMPLES names a folder of them)")
    print(f"Fleet: {len(fleet)} events")
    report.broken += [f"{r['file']}:{r['offset']}: is refused: {r['text']}" for r in refused]
    show_rules("fleet", fleet, report)
    tables = marginals(real, fleet)
    for name, table in tables.items():
        print(f"  {name:<26} {'fleet %':>8} {'real n':>7}")
        for value, n, share in table[:12]:
            print(f"    {value:<24} {share:>8.2f} {n:>7}")
    total = sum(BASE.values())
    print("  published 5061 : 5058 : 5059 = " + " : ".join(f"{100 * BASE[e] / total:.2f}" for e in ("5061", "5058", "5059")) + " %")
    show_untold(fleet)
    with open(sys.argv[3], "w", encoding="utf-8") as f:
        f.write(plot.page(tables, week(fleet), BASE, len(fleet)))
    for line in report.broken[:50]:
        print(line)
    if len(report.broken) > 50:
        print(f"and {len(report.broken) - 50} more")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
