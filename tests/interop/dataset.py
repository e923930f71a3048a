"""dataset.py FOLDER CACHE: a dataset of all three formats, opened by DuckDB, pyarrow, pandas, Hugging Face datasets and mlcroissant. Each
must read the same rows with the types that the card states. `make dataset-check` runs it."""
import itertools
import os
import pathlib
import re
import sys

os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")

import datasets
import duckdb
import mlcroissant
import pandas
import pyarrow
import pyarrow.json
import pyarrow.parquet
import yaml

folder = pathlib.Path(sys.argv[1]).resolve()
os.environ["HF_HOME"] = sys.argv[2]
splits = ("train", "validation", "test")
card = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
types = {f["name"]: f.get("dtype", "list<string>") for f in card["dataset_info"]["features"]}
names = {"timestamp[ns]": "timestamp[ns]", "float64": "double"}


def path(split, ending):
    return folder / "data" / f"{split}-00000-of-00001.{ending}"


def parts(split):
    """A split's Parquet files, in order: all of those that their names say there are."""
    found = sorted((folder / "data").glob(f"{split}-*.parquet"))
    assert [p.name for p in found] == [f"{split}-{k:05}-of-{len(found):05}.parquet" for k in range(len(found))], found
    return [str(p) for p in found]


def report(reader, text):
    print(f"{reader}: {text}")


for split in splits:
    rows = {s["name"]: s["num_examples"] for s in card["dataset_info"]["splits"]}[split]
    parquet = pyarrow.concat_tables(pyarrow.parquet.read_table(p) for p in parts(split))
    assert parquet.num_rows == rows
    assert all(pyarrow.parquet.read_metadata(p).num_rows <= 61440 for p in parts(split))
    for field in parquet.schema:
        want = names.get(types[field.name], types[field.name])
        have = "list<string>" if pyarrow.types.is_list(field.type) else str(field.type)
        assert have == want, (field, want)
    # JSON Lines and CSV say what Parquet says, column by column, in the same order
    kinds = {n: ("VARCHAR[]" if pyarrow.types.is_list(parquet.schema.field(n).type) else
                 {"string": "VARCHAR", "uint8": "UTINYINT", "uint16": "USMALLINT", "uint32": "UINTEGER", "uint64": "UBIGINT",
                  "timestamp[ns]": "TIMESTAMP_NS"}[str(parquet.schema.field(n).type)]) for n in parquet.column_names}
    columns = ", ".join(f"'{n}': '{k}'" for n, k in kinds.items())
    for kind, ending in (("json", "jsonl"), ("csv", "csv")):
        how = "format = 'newline_delimited'" if kind == "json" else "auto_detect = false, header = true, nullstr = '', allow_quoted_nulls = false"
        picked = "*" if kind == "json" else "* REPLACE (CASE WHEN techniques IS NULL THEN [] ELSE string_split(techniques, ',') END AS techniques)"
        these = columns if kind == "json" else columns.replace("[]", "")
        source = f"SELECT {picked} FROM read_{kind}('{path(split, ending)}', {how}, columns = {{{these}}})"
        other = f"SELECT * FROM read_parquet({parts(split)})"
        differ = duckdb.execute(f"SELECT count(*) FROM (({source}) EXCEPT ALL ({other}))").fetchone()[0]
        count = duckdb.execute(f"SELECT count(*) FROM ({source})").fetchone()[0]
        assert (differ, count) == (0, rows), (split, ending, differ, count)
    frame = pandas.read_csv(path(split, "csv"), dtype=str, keep_default_na=False)
    for name in parquet.column_names:
        left = parquet[name].to_pylist()
        if kinds[name] in ("VARCHAR", "UBIGINT", "UINTEGER", "USMALLINT", "UTINYINT"):
            table = [None if c == "" else c for c in frame[name]]
            text = [None if v in (None, "") else str(v) for v in left]
            # pandas makes every kind of line end in a quoted field one kind
            text = [v and v.replace("\r\n", "\n").replace("\r", "\n") for v in text]
            table = [v and v.replace("\r\n", "\n").replace("\r", "\n") for v in table]
            assert table == text, (split, name, next((a, b) for a, b in zip(table, text) if a != b))
    units = parquet["unit"].to_pylist()
    assert units == sorted(set(units)), "order"
    arrow = pyarrow.json.read_json(path(split, "jsonl"), read_options=pyarrow.json.ReadOptions(block_size=64 << 20))
    assert arrow.num_rows == rows and arrow["unit"].to_pylist() == units
report(f"DuckDB {duckdb.__version__}, pyarrow {pyarrow.__version__}, pandas {pandas.__version__}", "the same rows from Parquet, JSON Lines and CSV, typed as the card says")

loaded = datasets.load_dataset(str(folder))
assert {k: v.num_rows for k, v in loaded.items()} == {s["name"]: s["num_examples"] for s in card["dataset_info"]["splits"]}
assert loaded["test"].features["techniques"].feature.dtype == "string" and loaded["test"].features["TimeCreated"].dtype == "timestamp[ns]"
for loader, ending in (("json", "jsonl"), ("csv", "csv"), ("parquet", "parquet")):
    other = datasets.load_dataset(loader, data_files={s: parts(s) if ending == "parquet" else str(path(s, ending)) for s in splits})
    assert {k: v.num_rows for k, v in other.items()} == {k: v.num_rows for k, v in loaded.items()}
    assert list(other["test"]["unit"]) == list(loaded["test"]["unit"])
report(f"datasets {datasets.__version__}", f"load_dataset(FOLDER) gives {loaded['train'].num_rows} + {loaded['validation'].num_rows} + {loaded['test'].num_rows} rows; json, csv and parquet loaders the same")

described = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
issues = described.metadata.ctx.issues
assert not issues.errors, issues.report()
assert all("datePublished" in w for w in issues.warnings), issues.report()
for split in splits:
    first = list(itertools.islice(described.records(record_set=split), 1000))  # it takes milliseconds for each
    assert [r[f"{split}/unit"] for r in first] == list(loaded[split]["unit"][:1000])
report(f"mlcroissant {mlcroissant.__version__ if hasattr(mlcroissant, '__version__') else ''}".strip(), "croissant.json validates, and its first 1000 records of each split are the rows")

# who is in one split is in no other, by SQL
assert len(parts("train")) > 1, "too few events to see how a split's Parquet files follow each other"
files = {s: f"read_parquet({parts(s)})" for s in splits}
for a, b in (("train", "validation"), ("train", "test"), ("validation", "test")):
    for what in ("Computer", "scenario || run", "CASE WHEN regexp_matches(SubjectUserSid, '^S-1-(5-21|12-1)-') THEN SubjectUserSid END"):
        both = duckdb.execute(f"SELECT count(*) FROM (SELECT {what} w FROM {files[a]} WHERE w IS NOT NULL INTERSECT SELECT {what} w FROM {files[b]})").fetchone()[0]
        assert both == 0, (a, b, what, both)
report("SQL", "no host, account or run is in two splits")
