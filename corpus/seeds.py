#!/usr/bin/env python3
"""Remakes corpus/seeds/ from build/wevgen: one document a class, and the hand-made cases of corpus/seeds/hand.tsv.

The values that a reader must find in a `y` document are read here by Python's ElementTree, not by our decoder:
tests/test_seeds.c then holds the decoder against them. Run from the top folder after make.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

GEN, SEEDS = "build/wevgen", "corpus/seeds"
MANIFESTS = ["tests/cases/manifests/types.man", "tests/cases/manifests/wild.man"]
SPACE = "{http://schemas.microsoft.com/win/2004/08/events/event}"
ATTRIBUTES = {("Provider", "Name"): "Provider", ("Provider", "Guid"): "Guid", ("TimeCreated", "SystemTime"): "TimeCreated",
              ("Correlation", "ActivityID"): "ActivityID", ("Execution", "ProcessID"): "ProcessID",
              ("Execution", "ThreadID"): "ThreadID", ("Security", "UserID"): "UserID"}
# What to try, the plainest first: a class lands on the first that has a place for it.
MIXES = [["-e", "5059"], ["-e", "5059:0"], ["-e", "5061"], ["-e", "5058"], ["-e", "5059", "-f", "rendered"],
         ["-e", "all", "--schema", MANIFESTS[0]], ["-e", "all", "--schema", MANIFESTS[1]]]


def values(data):
    """Header and Data as strings, as any XML reader sees them."""
    root = ET.fromstring(data)
    system, header, fields = root.find(SPACE + "System"), {}, []
    for child in system:
        name = child.tag.removeprefix(SPACE)
        if child.text and child.text.strip() and not child.attrib.keys() - {"Qualifiers"}:
            header[name] = "".join(child.itertext())
        for key, value in child.attrib.items():
            if (name, key) in ATTRIBUTES:
                header[ATTRIBUTES[name, key]] = value
    for child in root.findall(f"{SPACE}EventData/{SPACE}Data"):
        fields.append([child.get("Name"), "".join(child.itertext())])
    return {"header": header, "data": fields}


def one(row, folder):
    """The first unit that the class breaks: its label and its bytes."""
    for mix in MIXES:
        out, labels = os.path.join(folder, "out"), os.path.join(folder, "labels")
        subprocess.run([GEN, "-q", "-n", "60", "-s", "11", "--class", row["class"], "-o", out, "--labels", labels] + mix, check=True)
        with open(labels, encoding="utf-8") as lines, open(out, "rb") as events:
            data = events.read()
            for line in lines:
                label = json.loads(line)
                if label.get("class") == row["class"]:
                    return label, data[label["offset"]:label["offset"] + label["length"]], mix
    sys.exit(f"{row['class']}: no event has a place for it")


def entry(row, label, data, mix, name):
    e = {"file": name, "class": row["class"], "layer": row["layer"], "verdict": row["verdict"], "reason": row["reason"],
         "rule": row["rule"], "why": row.get("seen", "a class of its own"), "at": label["at"], "at_length": label["at_length"],
         "event": label["event"], "version": label["version"]}
    if "--schema" in mix:
        e["manifest"] = os.path.basename(mix[mix.index("--schema") + 1])
    if row["verdict"] == "y":
        e["expect"] = values(data)
    return e


def hand(index):
    """Documents that no class makes: real records and hard cases, kept as they are."""
    with open(f"{SEEDS}/hand.tsv", encoding="utf-8") as rows:
        for line in rows:
            if line.startswith("#") or not line.strip():
                continue
            name, layer, reason, rule, why = line.rstrip("\n").split("\t")
            e = {"file": name, "class": name.split("_")[1], "layer": layer, "verdict": name[0], "reason": reason, "rule": rule, "why": why}
            if name[0] == "y":
                with open(f"{SEEDS}/{name}", "rb") as f:
                    e["expect"] = values(f.read())
            index.append(e)


def main():
    listed = subprocess.run([GEN, "--list", "classes", "--json"], check=True, capture_output=True, text=True).stdout
    index, keep = [], set()
    with tempfile.TemporaryDirectory() as folder:
        for row in map(json.loads, listed.splitlines()):
            if not row["weight"]:
                continue
            label, data, mix = one(row, folder)
            name = f"{row['verdict']}_{row['class']}_{label['event']}.xml"
            with open(f"{SEEDS}/{name}", "wb") as f:
                f.write(data)
            keep.add(name)
            index.append(entry(row, label, data, mix, name))
    for name in {e["manifest"] for e in index if "manifest" in e}:  # the suite needs nothing beside it
        shutil.copyfile(next(m for m in MANIFESTS if os.path.basename(m) == name), f"{SEEDS}/{name}")
        keep.add(name)
    hand(index)
    keep |= {e["file"] for e in index} | {"index.jsonl", "hand.tsv"}
    for name in sorted(os.listdir(SEEDS)):
        if name not in keep:
            os.unlink(f"{SEEDS}/{name}")
    with open(f"{SEEDS}/index.jsonl", "w", encoding="utf-8") as f:
        for e in sorted(index, key=lambda e: e["file"]):
            f.write(json.dumps(e, ensure_ascii=False, separators=(",", ":")) + "\n")


main()
