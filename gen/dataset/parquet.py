"""Typed Parquet by DuckDB from the tables that wevgen wrote. Started by wevgen dataset: parquet.py check, or
parquet.py THREADS LONGEST COLUMNS CSV PARQUET ROWS [CSV PARQUET ROWS]..., COLUMNS as JSON [[name, type], ...]."""
import json
import sys

try:
    import duckdb
except ImportError as why:
    sys.exit(f"{sys.executable} has no package duckdb ({why}); install it with: {sys.executable} -m pip install duckdb")


def name(text):
    return '"' + text.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def cell(column, kind):
    if kind.endswith("[]"):
        return f"CASE WHEN {column} IS NULL THEN [] ELSE string_split({column}, ',') END AS {column}"
    return column


def main(arguments):
    if arguments == ["check"]:
        print(duckdb.__version__)
        return
    threads, longest, columns = int(arguments[0]), int(arguments[1]), json.loads(arguments[2])
    database = duckdb.connect(config={"threads": threads})
    kinds = ", ".join(f"{literal(c)}: {literal('VARCHAR' if k.endswith('[]') else k)}" for c, k in columns)
    picked = ", ".join(cell(name(c), k) for c, k in columns)
    size = max(2 * longest + 1024, 2 << 20)
    rest = arguments[3:]
    for table, parquet, rows in zip(rest[0::3], rest[1::3], rest[2::3]):
        written = database.execute(
            f"COPY (SELECT {picked} FROM read_csv({literal(table)}, columns = {{{kinds}}}, auto_detect = false, "
            f"header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\r\\n', nullstr = '', "
            f"allow_quoted_nulls = false, max_line_size = {size}, buffer_size = {2 * size})) "
            f"TO {literal(parquet)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
            f"DICTIONARY_SIZE_LIMIT 5000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000, ROW_GROUP_SIZE 20480)"
        ).fetchone()[0]
        if written != int(rows):
            sys.exit(f"DuckDB {duckdb.__version__} read {written} of {rows} rows from {table}")


try:
    main(sys.argv[1:])
except (duckdb.Error, OSError) as why:
    sys.exit(f"DuckDB {duckdb.__version__}: {' '.join(str(why).split())}")
