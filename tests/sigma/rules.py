#!/usr/bin/env python3
"""Checks the Sigma rules as text: well-formed, ids and titles unique, every field one that the events have.

    rules.py WEVGEN RULES_FOLDER

Needs PyYAML alone, so that it runs where no Sigma engine is. Exit 1 names the file, the rule and what is wrong.
"""
import datetime
import glob
import os
import re
import subprocess
import sys
import uuid

import yaml

# Columns of a record besides EventData, as tests/sigma/engine.py loads them.
SYSTEM = {"EventID", "Computer", "Channel", "Keywords", "Provider_Name", "Level", "Task"}
MUST = ("title", "id", "status", "description", "references", "author", "date", "tags", "falsepositives", "level")
STATUS = {"stable", "test", "experimental", "deprecated", "unsupported"}
LEVEL = {"informational", "low", "medium", "high", "critical"}
TYPES = {"event_count", "value_count", "temporal", "temporal_ordered"}


class Loader(yaml.SafeLoader):
    """A key that stands twice is a mistake, not the last one."""


def mapping(loader, node):
    keys = [loader.construct_object(k) for k, _ in node.value]
    twice = {k for k in keys if keys.count(k) > 1}
    if twice:
        raise yaml.YAMLError(f"line {node.start_mark.line + 1}: the key {twice.pop()!r} stands twice")
    return loader.construct_mapping(node, deep=True)


Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)


def fields_of(wevgen):
    """Event id -> its field names, every version."""
    listed = subprocess.run([wevgen, "--list", "fields", "-e", "all"], check=True, capture_output=True, text=True).stdout
    fields = {}
    for line in listed.splitlines():
        event, name = line.split("\t")[:2]
        fields.setdefault(int(event.split(":")[0].split("/")[-1]), set()).add(name)
    return fields


def selections(detection):
    """(name, field, modifiers, value) of every item of a detection."""
    for name, selection in detection.items():
        if name in ("condition", "timeframe"):
            continue
        for item in selection if isinstance(selection, list) else [selection]:
            for key, value in item.items():
                field, *modifiers = key.split("|")
                yield name, field, modifiers, value


def check_detection(rule, fields):
    detection = rule["detection"]
    items = list(selections(detection))
    events = {e for _, field, _, value in items if field == "EventID" for e in (value if isinstance(value, list) else [value])}
    if not events:
        yield "no selection names an EventID"
    for event in events - fields.keys():
        yield f"the schema has no event {event!r}"
    known = SYSTEM.union(*(fields.get(e, set()) for e in events)) if events else SYSTEM
    for name, field, modifiers, value in items:
        if field not in known:
            yield f"{name}: events {sorted(events)} have no field {field!r}"
        if "expand" not in modifiers:
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and re.fullmatch("%[^%].*%", text):
                    yield f"{name}: {field}: {text!r} is a placeholder without |expand"
    if rule.get("logsource", {}).get("product") != "windows" or rule["logsource"].get("service") != "security":
        yield "logsource is not product windows, service security"
    condition = detection.get("condition", "")
    words = set(re.findall(r"[a-z_0-9]+\*?", condition)) - {"and", "or", "not", "1", "of", "all", "them"}
    names = {n for n, *_ in items}
    for word in words:
        if not any(n == word or (word.endswith("*") and n.startswith(word[:-1])) for n in names):
            yield f"condition: no selection {word!r}"
    for name in names:
        if not any(name == w or (w.endswith("*") and name.startswith(w[:-1])) for w in words):
            yield f"{name}: the condition does not use it"


def check_correlation(rule, names, fields):
    c = rule["correlation"]
    everything = SYSTEM.union(*fields.values())
    if c.get("type") not in TYPES:
        yield f"correlation of type {c.get('type')!r}"
    for name in c.get("rules", []):
        if name not in names:
            yield f"correlation of {name!r}, which no rule of the file is named"
    wanted = list(c.get("group-by", []))
    if c.get("type") == "value_count":
        wanted.append(c.get("condition", {}).get("field"))
    for field in wanted:
        if field not in everything:
            yield f"correlation: no event has the field {field!r}"
    if not re.fullmatch(r"[1-9][0-9]*[smhd]", str(c.get("timespan"))):
        yield f"timespan is {c.get('timespan')!r}"


def check_rule(rule, names, fields):
    for key in MUST:
        if not rule.get(key):
            yield f"no {key}"
    if not isinstance(rule.get("id"), str):
        yield f"id {rule.get('id')!r} is no text"
        return
    try:
        if str(uuid.UUID(rule.get("id", ""))) != rule["id"] or uuid.UUID(rule["id"]).version != 4:
            yield f"id {rule['id']!r} is not a random UUID in lower case"
    except ValueError:
        yield f"id {rule['id']!r} is no UUID"
    if rule.get("status") not in STATUS or rule.get("level") not in LEVEL:
        yield f"status {rule.get('status')!r}, level {rule.get('level')!r}"
    if not isinstance(rule.get("date"), datetime.date):
        yield f"date {rule.get('date')!r} is not YYYY-MM-DD"
    for tag in rule.get("tags", []):
        if not re.fullmatch(r"attack\.([a-z-]+|t[0-9]{4}(\.[0-9]{3})?)", tag):
            yield f"tag {tag!r}"
    if not any(re.fullmatch(r"attack\.t[0-9].*", t) for t in rule.get("tags", [])):
        yield "no technique among the tags"
    if ("detection" in rule) == ("correlation" in rule):
        yield "neither or both of detection and correlation"
    elif "detection" in rule:
        yield from check_detection(rule, fields)
    else:
        yield from check_correlation(rule, names, fields)


def main():
    wevgen, folder = sys.argv[1:]
    fields, seen, bad, count = fields_of(wevgen), {}, 0, 0
    for path in sorted(glob.glob(os.path.join(folder, "*.yml"))):
        try:
            with open(path, encoding="utf-8") as f:
                rules = list(yaml.load_all(f, Loader))
        except yaml.YAMLError as e:
            print(f"{path}: {e}")
            bad += 1
            continue
        names = {r.get("name") for r in rules if isinstance(r, dict)}
        for rule in rules:
            wrong = list(check_rule(rule, names, fields)) if isinstance(rule, dict) else ["not a mapping"]
            title = rule.get("title", "?") if isinstance(rule, dict) else "?"
            for key in ("id", "title"):
                value = rule.get(key) if isinstance(rule, dict) else None
                if value in seen:
                    wrong.append(f"{key} {value!r} stands in {seen[value]} too")
                seen[value] = path
            for what in wrong:
                print(f"{path}: {title}: {what}")
            bad += bool(wrong)
            count += 1
    if not count:
        print(f"{folder}: no rules")
    return 1 if bad or not count else 0


sys.exit(main())
