// What the files that make a dataset share. For gen/dataset/ alone.
#ifndef WEV_DATASET_WORK_H
#define WEV_DATASET_WORK_H

#include "gen/dataset/dataset.h"
#include "gen/dataset/row.h"
#include "gen/dataset/sha256.h"
#include "gen/sink.h"

// ---- text that grows; the first failure sticks

struct wev_page {
    char *p;
    size_t n, cap;
    bool failed;
};
void wev_page_put(struct wev_page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void wev_page_json(struct wev_page *page, const char *text); // a JSON string, quoted
void wev_page_xml(struct wev_page *page, const char *text);  // escaped for XML and HTML

// ---- counts by name and split

enum { WEV_TALLY_MAX = 1 << 16 }; // names; what comes later is counted as `others`

struct wev_count {
    char *name;
    uint64_t of[WEV_SPLITS], all, malicious;
};
struct wev_tally {
    struct wev_count *rows;
    size_t count, cap;
    uint32_t *slot; // by hash; 0: empty
    uint64_t others;
};
struct wev_count *wev_tally_at(struct wev_tally *t, struct wev_span name); // NULL: out of memory, or too many (others counted)
void wev_tally_sort(struct wev_tally *t);                                  // the most frequent first
void wev_tally_free(struct wev_tally *t);

// ---- files of data

struct wev_sheet { // one of lines
    char name[64]; // "data/train-00000-of-00001.jsonl"
    struct wev_sink sink;
    struct wev_sha256 sha;
    char *buf;
    size_t n, cap;
    uint64_t bytes; // of Parquet: of all parts
    char sum[65];
};

struct wev_part { // one of Parquet
    uint64_t bytes;
    char sum[65];
};
struct wev_parts {
    struct wev_part *at;
    size_t count, cap;
};

struct wev_parquet;

struct wev_dataset_work {
    struct wev_dataset *d;
    struct wev_columns columns;
    struct wev_split *split;
    struct wev_split_size size[WEV_SPLITS];
    char dir[PATH_MAX];   // as given, without a slash at its end
    char aside[PATH_MAX + 32]; // what is being written; "": nothing
    struct wev_sheet sheet[WEV_DATA_FORMATS][WEV_SPLITS];
    struct wev_parts parts[WEV_SPLITS];
    struct wev_parquet *parquet; // NULL: no Parquet is asked for
    struct wev_tally balance, classes, algorithms, hosts, events, scenarios;
    uint64_t *want[WEV_SPLITS]; // rows of each kind of `balance` that are still to be taken
    uint64_t hours[24][WEV_SPLITS], malicious[WEV_SPLITS], broken[WEV_SPLITS], not_text;
    char duckdb[32];      // its version; "" without Parquet
    struct wev_page sums; // SHA256SUMS
};

bool wev_dataset_note(struct wev_dataset_work *w, const char *name, const struct wev_page *page, struct wev_error *e); // a file of that text
const char *wev_part_name(char name[64], const struct wev_dataset_work *w, unsigned split, size_t at); // of Parquet, when all are there
bool wev_dataset_plots(struct wev_dataset_work *w, struct wev_error *e);
bool wev_dataset_card(struct wev_dataset_work *w, struct wev_error *e);
bool wev_dataset_croissant(struct wev_dataset_work *w, struct wev_error *e);

#endif
