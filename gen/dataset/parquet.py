"""Typed Parquet by DuckDB from the columns that wevgen wrote. Started by wevgen dataset: parquet.py COLUMNS, a JSON array of
[name, Arrow's format, DuckDB's type]. Says "ready VERSION", and then "done" for each line [SHARD, PARQUET, ROWS] that it reads.

The shard's buffers (gen/dataset/shard.h) stay where they are: DuckDB takes any object that has __arrow_c_stream__, and reads
them through Arrow's C structures (https://arrow.apache.org/docs/format/CStreamInterface.html), which are made here."""
import ctypes
import json
import mmap
import os
import struct
import sys

try:
    import duckdb
except ImportError as why:
    sys.exit(f"{sys.executable} has no package duckdb ({why}); install it with: {sys.executable} -m pip install duckdb")

WIDTHS = {"u": 0, "c": 1, "C": 1, "s": 2, "S": 2, "i": 4, "I": 4, "l": 8, "L": 8, "tsn:": 8}
NULLABLE = 2


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


def callback(kind):
    return ctypes.CFUNCTYPE(None, ctypes.POINTER(kind))


Schema._fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p), ("flags", ctypes.c_int64),
                   ("n_children", ctypes.c_int64), ("children", ctypes.POINTER(ctypes.POINTER(Schema))), ("dictionary", ctypes.c_void_p),
                   ("release", callback(Schema)), ("private_data", ctypes.c_void_p)]
Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64), ("n_buffers", ctypes.c_int64),
                  ("n_children", ctypes.c_int64), ("buffers", ctypes.POINTER(ctypes.c_void_p)),
                  ("children", ctypes.POINTER(ctypes.POINTER(Array))), ("dictionary", ctypes.c_void_p),
                  ("release", callback(Array)), ("private_data", ctypes.c_void_p)]
get_schema = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Schema))
get_next = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Array))
get_last_error = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
Stream._fields_ = [("get_schema", get_schema), ("get_next", get_next), ("get_last_error", get_last_error),
                   ("release", callback(Stream)), ("private_data", ctypes.c_void_p)]

capsule_new = ctypes.pythonapi.PyCapsule_New
capsule_new.restype = ctypes.py_object
capsule_new.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


def releasing(kind, then):
    """What is released is marked so, and `then` is called: the memory itself is the shard's."""
    nothing = callback(kind)()

    def release(one):
        one.contents.release = nothing
        then()
    return callback(kind)(release)


# Children go with their parents.
release_schema, release_array = (releasing(kind, lambda: None) for kind in (Schema, Array))


class Shard:
    """One file of batches as an Arrow stream."""

    def __init__(self, path, columns):
        self.columns = [(name.encode(), form.encode(), WIDTHS[form]) for name, form, _ in columns]
        self.kept = []  # what DuckDB has pointers to, as long as something is open
        self.open, self.reading = 0, False
        self.release = {Schema: releasing(Schema, self.closed), Array: releasing(Array, self.closed), Stream: releasing(Stream, self.read)}
        with open(path, "rb") as file:
            self.size = os.fstat(file.fileno()).st_size
            self.bytes = mmap.mmap(file.fileno(), self.size, mmap.MAP_PRIVATE) if self.size else None
        self.base = ctypes.addressof(ctypes.c_char.from_buffer(self.bytes)) if self.size else 0

    def opened(self, one):
        self.open += 1
        return one

    def closed(self):
        self.open -= 1

    def read(self):
        self.reading = False

    def end(self):
        """Gives the memory back, unless DuckDB still points to it."""
        if not self.open and not self.reading:
            self.kept, self.release, self.bytes = [], {}, None

    def keep(self, *things):
        self.kept.extend(things)
        return things[0]

    def children(self, kind, ones):
        return self.keep((ctypes.POINTER(kind) * len(ones))(*map(ctypes.pointer, ones)), ones)

    def fill_schema(self, _, out):
        ones = [Schema(form, name, None, NULLABLE, 0, None, None, release_schema, None) for name, form, _ in self.columns]
        out[0] = self.opened(Schema(b"+s", b"", None, 0, len(ones), self.children(Schema, ones), None, self.release[Schema], None))
        return 0

    def column(self, rows, nulls, text, width, at):
        """Its array, and where the next column's buffers begin."""
        def take(n):
            nonlocal at
            start, at = at, at + (n + 7) // 8 * 8
            return self.base + start
        valid = take((rows + 7) // 8) if nulls else None
        buffers = [valid, take(width * rows)] if width else [valid, take(4 * rows + 4), take(text)]
        pointers = self.keep((ctypes.c_void_p * len(buffers))(*buffers))
        return Array(rows, nulls, 0, len(buffers), 0, pointers, None, None, release_array, None), at

    def fill_next(self, out):
        if self.at == self.size:
            out[0] = Array()
            return
        words = struct.Struct(f"={1 + 2 * len(self.columns)}q")
        rows, *counts = words.unpack_from(self.bytes, self.at)
        self.at += words.size
        ones = []
        for (_, _, width), nulls, text in zip(self.columns, counts[0::2], counts[1::2]):
            one, self.at = self.column(rows, nulls, text, width, self.at)
            ones.append(one)
        out[0] = self.opened(Array(rows, 0, 0, 1, len(ones), self.keep((ctypes.c_void_p * 1)()), self.children(Array, ones), None,
                                   self.release[Array], None))

    def try_next(self, _, out):
        try:
            self.fill_next(out)
            return 0
        except Exception as why:  # nothing may leave a function that C calls
            self.error = ctypes.create_string_buffer(f"{type(why).__name__}: {why}".encode())
            return 5  # EIO

    def __arrow_c_stream__(self, requested_schema=None):
        self.at, self.error, self.reading = 0, None, True  # one before it was for its schema alone, and nobody releases that
        last = get_last_error(lambda _: ctypes.addressof(self.error) if self.error else None)
        stream = Stream(get_schema(self.fill_schema), get_next(self.try_next), last, self.release[Stream], None)
        return capsule_new(ctypes.addressof(self.keep(stream)), b"arrow_array_stream", None)


def picked(name, kind):
    column = '"' + name.replace('"', '""') + '"'
    if kind.endswith("[]"):
        return f"CASE WHEN {column} IS NULL THEN [] ELSE string_split({column}, ',') END AS {column}"
    return f"CAST({column} AS {kind}) AS {column}" if kind in ("DOUBLE", "BOOLEAN") else column


def main(columns):
    database = duckdb.connect(config={"threads": 1})
    selected = ", ".join(picked(name, kind) for name, _, kind in columns)
    print(f"ready {duckdb.__version__}", flush=True)
    for line in sys.stdin:
        path, parquet, rows = json.loads(line)
        shard = Shard(path, columns)
        to = "'" + parquet.replace("'", "''") + "'"
        written = database.execute(
            f"COPY (SELECT {selected} FROM shard) TO {to} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, "
            f"DICTIONARY_SIZE_LIMIT 1000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000, ROW_GROUP_SIZE 20480)"
        ).fetchone()[0]
        shard.end()
        if written != rows:
            sys.exit(f"DuckDB {duckdb.__version__} read {written} of {rows} rows from {path}")
        print("done", flush=True)


sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
try:
    main(json.loads(sys.argv[1]))
except (duckdb.Error, OSError, ValueError) as why:
    sys.exit(f"DuckDB {duckdb.__version__}: {' '.join(str(why).split())}")
