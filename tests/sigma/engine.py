#!/usr/bin/env python3
"""Runs the Sigma rules over decoded events: pySigma makes SQL of a rule, sqlite3 runs it.

    engine.py cases RULES_FOLDER CASES_FOLDER            every rule hits its hand-made cases and leaves the near misses alone
    engine.py world RULES_FOLDER DETECTS EVENTS LABELS   a table: runs of its scenario that each rule flags, and benign events;
                                                         DETECTS says which rule must flag every run of which scenario

EVENTS is what `wevcorpus judge --json --values` wrote of a world, LABELS what `wevgen --labels` wrote beside it.
Exit 0 fine, 1 a rule hits what it must not or misses what it must hit, 2 a rule or an input cannot be read.
"""
import glob
import json
import os
import sqlite3
import sys

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.exceptions import SigmaError
from sigma.processing.pipeline import ProcessingPipeline

HEADER = {"EventID": "EventID", "Computer": "Computer", "Channel": "Channel", "Keywords": "Keywords", "Provider": "Provider_Name",
          "Level": "Level", "Task": "Task", "TimeCreated": "timestamp"}
NUMBERS = {"EventID", "Level", "Task"}


class Rule:
    """A rule file as one query: a detection, or the correlation that stands behind it."""

    def __init__(self, path, pipeline):
        self.name = os.path.basename(path).removesuffix(".yml")
        backend = sqliteBackend(pipeline, table="logs", timestamp_field="timestamp", event_id_field="id", collate_nocase=True)
        with open(path, encoding="utf-8") as f:
            rules = SigmaCollection.from_yaml(f.read())
        self.queries = backend.convert(rules, "default")
        last = rules.rules[-1]
        self.title, self.level = last.title, last.level.name.lower()
        if len(self.queries) != 1:
            raise ValueError(f"{path}: {len(self.queries)} queries, expected one")

    def flagged(self, db):
        """Ids of the events that the rule flags: each by itself, or all that a correlation's windows hold."""
        cursor = db.execute(self.queries[0])
        columns = [d[0] for d in cursor.description]
        if "event_ids" in columns:
            at = columns.index("event_ids")
            return {int(e.split(":")[1]) for row in cursor for e in json.loads(row[at])}
        at = columns.index("id")
        return {row[at] for row in cursor}


def load_rules(folder):
    with open(os.path.join(folder, "pipeline", "fleet.yml"), encoding="utf-8") as f:
        text = f.read()
    rules = []
    for path in sorted(glob.glob(os.path.join(folder, "*.yml"))):
        try:
            rules.append(Rule(path, ProcessingPipeline.from_yaml(text)))
        except (SigmaError, ValueError) as e:
            print(f"{path}: {e}", file=sys.stderr)
            sys.exit(2)
    if not rules:
        print(f"{folder}: no rules", file=sys.stderr)
        sys.exit(2)
    return rules


def row_of(record):
    """A line of judge --json --values as columns."""
    row = {HEADER[k]: v for k, v in record["header"].items() if k in HEADER}
    row.update((k, v) for k, v in record["data"] if k)
    return row


def table_of(rows):
    """An SQLite table `logs`: a row an event, its id the place in the list."""
    db = sqlite3.connect(":memory:")
    columns = sorted(FIELDS | set(HEADER.values()))
    kinds = ", ".join(f'"{c}" ' + ("INTEGER" if c in NUMBERS else "TEXT COLLATE NOCASE") for c in columns)
    db.execute(f"CREATE TABLE logs (id INTEGER, {kinds})")
    marks = ", ".join("?" * (1 + len(columns)))
    db.executemany(f"INSERT INTO logs VALUES ({marks})", ([k] + [row.get(c) for c in columns] for k, row in enumerate(rows)))
    return db


FIELDS = {"SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId", "ProviderName", "AlgorithmName", "KeyName",
          "KeyType", "KeyFilePath", "Operation", "ReturnCode", "ClientProcessId", "ClientCreationTime"}


def lines_of(path):
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            try:
                yield number, json.loads(line)
            except ValueError as e:
                print(f"{path}:{number}: {e}", file=sys.stderr)
                sys.exit(2)


# ---- cases: {"rule": NAME, "hit": bool, "why": TEXT, "events": [{FIELD: VALUE}, ...]}

def cases(folder, where):
    rules = {r.name: r for r in load_rules(folder)}
    bad, seen = 0, {name: set() for name in rules}
    for path in sorted(glob.glob(os.path.join(where, "*.jsonl"))):
        for number, case in lines_of(path):
            rule = rules.get(case["rule"])
            if not rule:
                print(f"{path}:{number}: no rule {case['rule']!r}")
                bad += 1
                continue
            unknown = {k for e in case["events"] for k in e} - FIELDS - set(HEADER.values())
            fired = bool(rule.flagged(table_of(case["events"])))
            seen[rule.name].add(case["hit"])
            if fired != case["hit"] or unknown:
                print(f"{path}:{number}: {rule.name}: expected {'a hit' if case['hit'] else 'none'}, got {'a hit' if fired else 'none'}"
                      f" ({case['why']}) {' '.join(sorted(unknown))}")
                bad += 1
    for name, both in seen.items():
        if both != {True, False}:
            print(f"{where}: {name}: needs a hit and a near miss")
            bad += 1
    return 1 if bad else 0


def table(rows):
    widths = [max(len(r[k]) for r in rows) for k in range(len(rows[0]))]
    for n, r in enumerate(rows):
        print("| " + " | ".join(c.ljust(w) for c, w in zip(r, widths)) + " |")
        if n == 0:
            print("|" + "|".join("-" * (w + 2) for w in widths) + "|")


def detects_of(path):
    """Rule -> its scenario."""
    with open(path, encoding="utf-8") as f:
        rows = [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]
    return dict(rows)


def world(folder, detects, path, labels):
    rows = [row_of(record) for _, record in lines_of(path)]
    truth = [label for _, label in lines_of(labels)]
    if not rows or len(rows) != len(truth):
        print(f"{path}: {len(rows)} events, {len(truth)} labels", file=sys.stderr)
        return 2
    db, wanted, bad = table_of(rows), detects_of(detects), 0
    benign = {k for k, t in enumerate(truth) if t.get("label") == "benign"}
    twins = {k for k in benign if truth[k].get("scenario")}
    out = [("rule", "level", "its scenario", "runs flagged", f"of {len(benign)} benign events", "in scenarios", "everyday")]
    for rule in load_rules(folder):
        flagged, scenario = rule.flagged(db), wanted.get(rule.name, "-")
        runs = {t.get("run") for t in truth if t.get("scenario") == scenario}
        hit = {truth[k].get("run") for k in flagged if truth[k].get("scenario") == scenario}
        out.append((rule.name, rule.level, scenario, f"{len(hit)} of {len(runs)}", str(len(flagged & benign)), str(len(flagged & twins)),
                    str(len(flagged & benign - twins))))
        if not runs or hit != runs:
            print(f"{rule.name}: flags {len(hit)} of {len(runs)} runs of {scenario}")
            bad += 1
    table(out)
    return 1 if bad else 0


def main():
    mode, *rest = sys.argv[1:] or ["?"]
    if (mode, len(rest)) not in (("cases", 2), ("world", 4)):
        print(__doc__, file=sys.stderr)
        return 2
    return {"cases": cases, "world": world}[mode](*rest)


if __name__ == "__main__":
    sys.exit(main())
