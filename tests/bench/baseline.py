"""baseline.py FOLDER: how well simple models tell a dataset's labels, learnt from train, measured on test, and what they must not
be told by: record id, size, time or order alone. Writes the figures into the card. `make dataset-baseline` runs it.

Features are the decoded columns, and of the raw document its length and bytes; never seed, unit, split, form, offset, nor who
the host or the account is: those are of one split alone."""
import hashlib
import json
import pathlib
import re
import sys

import numpy
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, average_precision_score, f1_score, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler

FOLDER = pathlib.Path(sys.argv[1])
WORDS = ("EventID", "Version", "Keywords", "ProviderName", "AlgorithmName", "KeyType", "Operation", "ReturnCode", "Guid")


def load(split):
    with open(next((FOLDER / "data").glob(f"{split}-*.jsonl")), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def shape(text):
    """A name's kind: what stands in it, not which."""
    text = re.sub(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", "guid", text or "")
    return re.sub(r"[a-z]+", "a", re.sub(r"[0-9a-f]{16,}|\d+", "0", text))[:24] if len(text) > 40 else text[:24]


def decoded(row):
    """One event by itself, as a rule of a SIEM would see it."""
    features = {f"{c}={row.get(c)}": 1 for c in WORDS}
    sid = row.get("SubjectUserSid") or ""
    features["sid=" + (sid if not re.match(r"S-1-(5-21|12-1)-", sid) else sid[:6])] = 1
    features["key=" + shape(row.get("KeyName"))] = 1
    features["machine"] = int((row.get("SubjectUserName") or "").endswith("$"))
    features["host=" + re.sub(r"\d.*", "", row["Computer"] or "")] = 1
    hour = int(row["TimeCreated"][11:13])
    features["hour"] = hour / 24
    features["office"] = int(7 <= hour < 19)
    path = row.get("KeyFilePath") or ""
    features["folder=" + re.sub(r"(?i)users\\[^\\]+", "users", path.rpartition("\\")[0])] = 1
    return features


def raw(row):
    """The document's bytes, one character a byte."""
    import base64
    return row["raw"].encode().decode("latin-1") if row["raw"] is not None else base64.b64decode(row["raw_base64"]).decode("latin-1")


def figures(truth, score):
    guess = score >= 0.5
    return {"accuracy": accuracy_score(truth, guess), "F1": f1_score(truth, guess, zero_division=0), "AUC": roc_auc_score(truth, score),
            "average precision": average_precision_score(truth, score)}


def models(features, train, test, truth_train, truth_test):
    vector = DictVectorizer(sparse=True)
    scaler = MaxAbsScaler()
    x = scaler.fit_transform(vector.fit_transform(map(features, train)))
    y = scaler.transform(vector.transform(map(features, test)))
    linear = LogisticRegression(max_iter=500, class_weight="balanced").fit(x, truth_train)
    # trees take no sparse matrix: the columns that are not rare
    keep = numpy.asarray((x != 0).sum(axis=0)).ravel() >= max(10, len(train) // 2000)
    boosted = HistGradientBoostingClassifier(random_state=0, class_weight="balanced").fit(x[:, keep].toarray(), truth_train)
    return {"logistic regression": linear.predict_proba(y)[:, 1], "gradient boosting": boosted.predict_proba(y[:, keep].toarray())[:, 1]}


def attacks(train, test, out):
    truth = [numpy.array([r["label"] == "malicious" for r in rows]) for rows in (train, test)]
    if not all(0 < t.sum() < len(t) for t in truth):
        return True
    out.append(f"Is the event part of an attack? {int(truth[1].sum())} of {len(test)} test events are; always saying no has accuracy "
               f"{1 - truth[1].mean():.3f} and average precision {truth[1].mean():.3f}. One event at a time, decoded columns.\n")
    table(out, {n: figures(truth[1], s) for n, s in models(decoded, train, test, *truth).items()})
    alone = {"record id": lambda r: r["EventRecordID"], "record id, parity": lambda r: r["EventRecordID"] % 2,
             "document's size": lambda r: len(raw(r)), "time": lambda r: r["TimeCreated"], "100 ns parity": lambda r: int(r["TimeCreated"][26:27] or 0) % 2,
             "order": lambda r: r["unit"]}
    every = train + test
    label = numpy.array([r["label"] == "malicious" for r in every])
    out.append("What must not tell it, each alone, over train and test (AUC; 0.5 says nothing):\n")
    out.append("| by | AUC |\n|---|---|")
    good = True
    for name, value in alone.items():
        order = numpy.unique([value(r) for r in every], return_inverse=True)[1]
        auc = roc_auc_score(label, order)
        good = good and (0.45 <= auc <= 0.55)
        out.append(f"| {name} | {auc:.3f} |")
    out.append("")
    return good


def breaks(train, test, out):
    truth = [numpy.array([r["verdict"] == "n" for r in rows]) for rows in (train, test)]
    if not all(0 < t.sum() < len(t) for t in truth):
        return
    vector = HashingVectorizer(analyzer="char", ngram_range=(1, 3), n_features=1 << 16, lowercase=False, norm="l2")
    model = make_pipeline(vector, LogisticRegression(max_iter=200, class_weight="balanced", C=100))
    take = slice(0, 20000)
    model.fit([raw(r) for r in train[take]], truth[0][take])
    score = model.predict_proba([raw(r) for r in test])[:, 1]
    out.append(f"Must a reader refuse the document? {int(truth[1].sum())} of {len(test)} test documents; average precision of a guess "
               f"{truth[1].mean():.3f}. Character 1- to 3-grams of the raw bytes, {len(train[take])} documents learnt from.\n")
    table(out, {"logistic regression": figures(truth[1], score)})


def table(out, rows):
    names = list(next(iter(rows.values())))
    out.append("| model | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for model, f in rows.items():
        out.append(f"| {model} | " + " | ".join(f"{f[n]:.3f}" for n in names) + " |")
    out.append("")


def write(text):
    card = FOLDER / "README.md"
    old = card.read_text(encoding="utf-8")
    new = re.sub(r"<!-- baseline -->.*?<!-- /baseline -->", lambda _: f"<!-- baseline -->\n{text}<!-- /baseline -->", old, flags=re.S)
    card.write_text(new, encoding="utf-8")
    sums = FOLDER / "SHA256SUMS"
    lines = [re.sub(r"^\w+", hashlib.sha256(new.encode()).hexdigest(), s) if s.endswith("  README.md") else s for s in sums.read_text().splitlines()]
    sums.write_text("\n".join(lines) + "\n")


def main():
    train, test = load("train"), load("test")
    out = ["## Baseline\n", "scikit-learn, learnt from train, measured on test; `tests/bench/baseline.py` of wevgen writes this.\n"]
    good = attacks(train, test, out)
    breaks(train, test, out)
    text = "\n".join(out) + "\n"
    print(text)
    write(text)
    if not good:
        sys.exit("something that must not tell the label does: see above")


main()
