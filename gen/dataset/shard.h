// Rows of a dataset as columns: batches of Arrow's buffers in a file, which parquet.py hands to DuckDB as they are.
#ifndef WEV_DATASET_SHARD_H
#define WEV_DATASET_SHARD_H

#include "gen/dataset/row.h"

// A file is batches, each: 64-bit words {rows, and for each column {rows that are null, bytes of text}}, then for each column
// the validity bitmap (only where rows are null), the offsets (texts: 32 bits, one more than rows) or values, and the text;
// each padded to eight bytes. All of it in the machine's own byte order: it is read on the machine that wrote it.
struct wev_shard;

// Arrow's format string of a column's buffers: "u" (text), "C", "s", …, "tsn:".
const char *wev_shard_format(const struct wev_column *column);

struct wev_shard *wev_shard_new(const struct wev_columns *c); // NULL: out of memory. c outlives it
void wev_shard_free(struct wev_shard *s);                     // a file that is open is removed
bool wev_shard_open(struct wev_shard *s, const char *path, struct wev_error *error);
bool wev_shard_is_open(const struct wev_shard *s);
bool wev_shard_put(struct wev_shard *s, const struct wev_cells *row, struct wev_error *error); // one row
bool wev_shard_close(struct wev_shard *s, struct wev_error *error);
uint64_t wev_shard_rows(const struct wev_shard *s);  // of the file, since it was opened
uint64_t wev_shard_bytes(const struct wev_shard *s); // about

#endif
