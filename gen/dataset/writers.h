// Processes that write Parquet: each a Python with DuckDB that is given one shard after another.
#ifndef WEV_DATASET_WRITERS_H
#define WEV_DATASET_WRITERS_H

#include "schema/base.h"

#include <stdatomic.h>

enum { WEV_WRITERS_MAX = 64 };

struct wev_writers;

// At most `count` at once, started when they are needed. columns: what parquet.py takes as its argument. stop: not 0: give
// up; NULL: never. All pointers outlive it. NULL: out of memory.
struct wev_writers *wev_writers_new(const char *python, const char *columns, unsigned count, const atomic_int *stop);
void wev_writers_free(struct wev_writers *w); // those that still run are killed

// Starts the first; version: DuckDB's. False from here on: error is filled, or, when its code is WEV_OK, it was stopped.
bool wev_writers_start(struct wev_writers *w, char version[32], struct wev_error *error);
// Waits for one that has nothing to do and gives it the shard, which is removed when its Parquet file is there.
bool wev_writers_give(struct wev_writers *w, const char *shard, const char *parquet, uint64_t rows, struct wev_error *error);
bool wev_writers_end(struct wev_writers *w, struct wev_error *error); // all that was given is written

#endif
