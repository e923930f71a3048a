// A dataset's Parquet files, part by part. For gen/dataset/ alone.
#ifndef WEV_DATASET_PARQUET_H
#define WEV_DATASET_PARQUET_H

#include "gen/dataset/work.h"

// False, of all of them: error is filled, or, when its code is WEV_OK, it was stopped.
bool wev_parquet_start(struct wev_dataset_work *w, struct wev_error *e); // before anything is made: is DuckDB there?
bool wev_parquet_put(struct wev_dataset_work *w, unsigned split, const struct wev_cells *row, struct wev_error *e);
bool wev_parquet_end(struct wev_dataset_work *w, struct wev_error *e); // all parts written, named and summed
void wev_parquet_free(struct wev_parquet *q);

#endif
