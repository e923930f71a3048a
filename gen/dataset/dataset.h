// A training dataset as a folder: data/ by split and format, a card, Croissant metadata, plots and sums; all of it or nothing.
#ifndef WEV_DATASET_H
#define WEV_DATASET_H

#include "gen/dataset/split.h"
#include "gen/make.h"

#include <stdatomic.h>

enum wev_balance { WEV_BALANCE_NONE, WEV_BALANCE_LABEL, WEV_BALANCE_CLASS };
enum wev_data_format { WEV_DATA_JSONL, WEV_DATA_CSV, WEV_DATA_PARQUET, WEV_DATA_FORMATS };
extern const char *const wev_data_names[WEV_DATA_FORMATS]; // "jsonl", "csv", "parquet": also the files' endings
extern const char *const wev_balance_names[];

struct wev_dataset {
    const struct wev_options *options;
    const char *dir;             // made; must be missing or empty
    uint64_t count;              // events that are made; those that are left out are not in it
    unsigned percent[WEV_SPLITS];
    enum wev_balance balance;
    bool format[WEV_DATA_FORMATS];
    const char *command;         // that makes it again, for the card
    const char *python;          // the interpreter that has duckdb
    unsigned threads;            // of the first pass, and processes of DuckDB
    const atomic_int *stop;      // not 0: give up, leave nothing
    void (*progress)(void *context, uint64_t units, uint64_t bytes); // NULL: none; units of all passes
    void *context;
    // out
    unsigned passes;             // over the units
    uint64_t rows[WEV_SPLITS], left_out, thinned, bytes;
};

// "80,10,10", "label", "jsonl,csv". False: error is filled.
bool wev_dataset_splits(struct wev_dataset *d, const char *text, struct wev_error *error);
bool wev_dataset_balance(struct wev_dataset *d, const char *text, struct wev_error *error);
bool wev_dataset_formats(struct wev_dataset *d, const char *text, struct wev_error *error);

// False: error is filled, or, when its code is WEV_OK, it was stopped. Nothing is left of it either way.
bool wev_dataset_make(struct wev_dataset *d, struct wev_error *error);

#endif
