"""dataset.py FOLDER STREAM LABELS [label|class]: a dataset held against what wevgen writes for the same options: STREAM and LABELS.
Knows nothing of how it was made; reads with Python's own csv, json and XML readers."""
import base64
import collections
import csv
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ET

FIXED = "split unit seed form label scenario run step techniques class layer verdict reason offset length raw raw_base64".split()
NS = "{http://schemas.microsoft.com/win/2004/08/events/event}"
csv.field_size_limit(1 << 30)


def plain(value):
    """A JSON value as CSV has it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def document(row):
    assert (row["raw"] is None) != (row["raw_base64"] is None), row["unit"]
    if row["raw"] is not None:
        assert "\0" not in row["raw"]
        return row["raw"].encode()
    bytes_ = base64.b64decode(row["raw_base64"], validate=True)
    try:
        assert "\0" in bytes_.decode(), f"unit {row['unit']}: text in base64"
    except UnicodeDecodeError:
        pass
    return bytes_


def decoded(row):
    """Each column from Provider on that the document has, parsed by another reader."""
    root = ET.fromstring(document(row))
    system = root.find(NS + "System")
    attribute = {"Guid": ("Provider", "Guid"), "ActivityID": ("Correlation", "ActivityID"), "TimeCreated": ("TimeCreated", "SystemTime"),
                 "ProcessID": ("Execution", "ProcessID"), "ThreadID": ("Execution", "ThreadID"), "UserID": ("Security", "UserID"),
                 "Provider": ("Provider", "Name"), "RelatedActivityID": ("Correlation", "RelatedActivityID")}
    found = {}
    for element in system:
        found[element.tag.removeprefix(NS)] = element.text or ""
    for column, (tag, name) in attribute.items():
        found[column] = system.find(NS + tag).get(name)
    fields = [(e.get("Name"), e.text or "") for e in root.find(NS + "EventData")]
    return found, fields


def same_fields(row, columns):
    found, fields = decoded(row)
    data = []
    for column in columns[len(FIXED):]:
        if column in found and column not in data and column != "label":
            assert plain(row[column]) == (found[column] or ""), (row["unit"], column, row[column], found[column])
        else:
            data.append(column)
    if row.get("Values") is not None:  # a template with arrays
        assert json.loads(row["Values"]) == [v for _, v in fields], row["unit"]
        return
    rest = {c: row[c] for c in data if row[c] is not None}
    assert len(rest) == len(fields), (row["unit"], rest, fields)
    for name, text in fields:
        column = next(c for c in (name, name + "_2") if c in rest)
        value = rest.pop(column)
        same = float(text) == value if isinstance(value, float) else plain(value) == text
        assert same, (row["unit"], column, value, text)


def accounts(row):
    return {v for k, v in row.items() if isinstance(v, str) and k not in FIXED and re.match(r"S-1-(5-21|12-1)-", v)}


def read(folder):
    rows = {}
    for path in sorted(pathlib.Path(folder, "data").glob("*.jsonl")):
        split = path.name.partition("-")[0]
        lines = path.read_bytes().split(b"\n")
        assert lines.pop() == b""
        rows[split] = [json.loads(line) for line in lines]
        columns = list(rows[split][0])
        assert columns[:len(FIXED)] == FIXED
        with open(path.with_suffix(".csv"), newline="", encoding="utf-8") as table:
            other = list(csv.reader(table, strict=True))
        assert other[0] == columns
        assert len(other) == len(rows[split]) + 1
        for row, cells in zip(rows[split], other[1:]):
            assert list(row) == columns and row["split"] == split
            for (column, value), cell in zip(row.items(), cells, strict=True):
                good = float(cell) == value if isinstance(value, float) else cell == plain(value)
                assert good, (split, row["unit"], column, value, cell)
    return rows, columns


def main(folder, stream, labels, balance=None):
    stream = pathlib.Path(stream).read_bytes()
    truth = [json.loads(line) for line in open(labels, encoding="utf-8")]
    rows, columns = read(folder)
    everything = [r for split in rows.values() for r in split]
    units = [r["unit"] for r in everything]
    assert len(set(units)) == len(units), "a unit twice"
    for row in everything:
        t = truth[row["unit"]]
        bytes_ = stream[t["offset"]:t["offset"] + t["length"]]
        assert document(row) == bytes_.removesuffix(b"\n"), f"unit {row['unit']}: other bytes"
        assert row["Computer"] == (t["computer"] or None) and row["EventRecordID"] == t["record_id"] and row["EventID"] == t["event"]
        assert row["verdict"] == t["verdict"] and row["label"] == t.get("label", "benign")
        for column, key in (("scenario",) * 2, ("run",) * 2, ("step",) * 2, ("class",) * 2, ("layer",) * 2, ("reason",) * 2, ("offset", "at"),
                            ("length", "at_length")):
            assert row[column] == t.get(key), (row["unit"], column, row[column], t.get(key))
        assert row["techniques"] == t.get("techniques", [])
        if row["class"] is None:
            same_fields(row, columns)
    # nothing in two splits
    for what, names in (("host", lambda r: {r["Computer"]}), ("account", accounts), ("run", lambda r: {(r["scenario"], r["run"])} - {(None, None)})):
        seen = collections.defaultdict(set)
        for row in everything:
            for name in names(row):
                seen[name].add(row["split"])
        leaks = [name for name, splits in seen.items() if len(splits) > 1]
        assert not leaks, (what, leaks[:5])
        assert what == "run" or len(seen) > 3 * len(rows) or "Values" in columns, (what, len(seen))
    # a run is there with all its events, or not at all
    whole = collections.Counter((t["scenario"], t["run"]) for t in truth if "scenario" in t)
    have = collections.Counter((r["scenario"], r["run"]) for r in everything if r["scenario"])
    if not balance:
        assert all(whole[run] == n for run, n in have.items()), "part of a run"
        assert len(everything) >= 0.97 * len(truth), f"{len(everything)} of {len(truth)} events are left"
        share = {"train": 0.8, "validation": 0.1, "test": 0.1}
        assert all(abs(len(rows[s]) / len(everything) - share[s]) < 0.03 for s in rows), {s: len(r) for s, r in rows.items()}
    if any(t.get("label") == "malicious" for t in truth):
        assert all(any(r["label"] == "malicious" for r in split) for split in rows.values()), "a split without an attack"
    if balance:
        for split in rows.values():
            counts = collections.Counter(r[balance] for r in split)
            assert len(set(counts.values())) == 1 and len(counts) > 1, counts
    # the card's sizes
    card = pathlib.Path(folder, "README.md").read_text(encoding="utf-8")
    for split, these in rows.items():
        cells = [int(c) for c in re.search(rf"^\| {split} \|(.*)\|$", card, re.M)[1].split("|")]
        bad = sum(r["label"] == "malicious" for r in these)
        broken = sum(r["class"] is not None for r in these)
        who = [len({r["Computer"] for r in these}), len(set().union(*map(accounts, these))), len({(r["scenario"], r["run"]) for r in these} - {(None, None)})]
        size = [pathlib.Path(folder, "data", f"{split}-00000-of-00001.{f}").stat().st_size for f in ("jsonl", "csv")]
        assert cells == [len(these), bad, broken, *who, *size], (split, cells, [len(these), bad, broken, *who, *size])
    meta = json.loads(pathlib.Path(folder, "croissant.json").read_text(encoding="utf-8"))
    assert [f["name"] for f in meta["recordSet"][0]["field"]] == columns


main(*sys.argv[1:])
