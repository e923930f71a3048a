// A dataset's Parquet files: rows go into shards of columns, and each shard becomes a file by DuckDB, several at once. Which row
// is in which file depends on the rows alone.
#include "gen/dataset/parquet.h"

#include "gen/dataset/shard.h"
#include "gen/dataset/writers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SHARD_ROWS = 61440 }; // three of parquet.py's row groups
static const uint64_t shard_bytes = 512u << 20; // one of huge documents ends earlier

struct wev_parquet {
    char *columns; // for parquet.py
    struct wev_writers *writers;
    struct wev_shard *shard[WEV_SPLITS];
};

static bool fail(struct wev_error *e, enum wev_err code, const char *what, const char *value)
{
    e->code = code;
    snprintf(e->text, sizeof(e->text), "Parquet: %.60s%s%.400s", what, value[0] ? ": " : "", value);
    return false;
}

static char *types(const struct wev_columns *c)
{
    struct wev_page page = {.n = 0};
    for (size_t k = 0; k < c->count; k++) {
        const struct wev_column *column = &c->column[k];
        wev_page_put(&page, k ? ",[" : "[[");
        wev_page_json(&page, column->name);
        wev_page_put(&page, ",\"%s\",\"%s\"]", wev_shard_format(column), wev_column_names[column->type].duckdb);
    }
    wev_page_put(&page, "]");
    if (!page.failed) { return page.p; }
    free(page.p);
    return NULL;
}

bool wev_parquet_start(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_parquet *q = w->parquet = calloc(1, sizeof(*q));
    if (q) { q->columns = types(&w->columns); }
    if (q && q->columns) { q->writers = wev_writers_new(w->d->python, q->columns, w->d->threads, w->d->stop); }
    for (unsigned k = 0; q && q->writers && k < WEV_SPLITS; k++) {
        if (!w->d->percent[k]) { continue; }
        q->shard[k] = wev_shard_new(&w->columns);
        if (!q->shard[k]) { return fail(e, WEV_E_MEMORY, "out of memory", ""); }
    }
    if (!q || !q->writers) { return fail(e, WEV_E_MEMORY, "out of memory", ""); }
    return wev_writers_start(q->writers, w->duckdb, e);
}

void wev_parquet_free(struct wev_parquet *q)
{
    if (!q) { return; }
    wev_writers_free(q->writers);
    for (unsigned k = 0; k < WEV_SPLITS; k++) { wev_shard_free(q->shard[k]); }
    free(q->columns);
    free(q);
}

// Part `at` of a split while it is written: what: "columns" or "parquet".
static const char *aside(char path[PATH_MAX + 128], const struct wev_dataset_work *w, unsigned split, size_t at, const char *what)
{
    snprintf(path, PATH_MAX + 128, "%s/data/%s-%05zu.%s", w->aside, wev_split_names[split], at, what);
    return path;
}

const char *wev_part_name(char name[64], const struct wev_dataset_work *w, unsigned split, size_t at)
{
    snprintf(name, 64, "data/%s-%05zu-of-%05zu.parquet", wev_split_names[split], at, w->parts[split].count);
    return name;
}

static struct wev_part *add_part(struct wev_parts *p)
{
    if (p->count == p->cap) {
        size_t cap = p->cap ? 2 * p->cap : 16;
        struct wev_part *at = realloc(p->at, cap * sizeof(*at));
        if (!at) { return NULL; }
        *p = (struct wev_parts){at, p->count, cap};
    }
    p->at[p->count] = (struct wev_part){.bytes = 0};
    return &p->at[p->count++];
}

static bool begin(struct wev_dataset_work *w, unsigned split, struct wev_error *e)
{
    char path[PATH_MAX + 128];
    if (!add_part(&w->parts[split])) { return fail(e, WEV_E_MEMORY, "out of memory", ""); }
    return wev_shard_open(w->parquet->shard[split], aside(path, w, split, w->parts[split].count - 1, "columns"), e);
}

static bool hand_over(struct wev_dataset_work *w, unsigned split, struct wev_error *e)
{
    char from[PATH_MAX + 128], to[PATH_MAX + 128];
    struct wev_shard *s = w->parquet->shard[split];
    size_t at = w->parts[split].count - 1;
    return wev_shard_close(s, e) && wev_writers_give(w->parquet->writers, aside(from, w, split, at, "columns"), aside(to, w, split, at, "parquet"),
                                                     wev_shard_rows(s), e);
}

bool wev_parquet_put(struct wev_dataset_work *w, unsigned split, const struct wev_cells *row, struct wev_error *e)
{
    struct wev_shard *s = w->parquet->shard[split];
    if (!wev_shard_is_open(s) && !begin(w, split, e)) { return false; }
    if (!wev_shard_put(s, row, e)) { return false; }
    return (wev_shard_rows(s) < SHARD_ROWS && wev_shard_bytes(s) < shard_bytes) || hand_over(w, split, e);
}

static bool sum_file(const char *path, struct wev_part *part, struct wev_error *e)
{
    enum { PIECE = 1 << 18 };
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *buf = fd < 0 ? NULL : malloc(PIECE);
    ssize_t n = -1;
    struct wev_sha256 sha;
    wev_sha256_start(&sha);
    while (buf && (n = read(fd, buf, PIECE)) != 0) {
        if (n < 0 && errno == EINTR) { continue; }
        if (n < 0) { break; }
        wev_sha256_add(&sha, buf, (size_t)n);
        part->bytes += (uint64_t)n;
    }
    if (n != 0) { fail(e, WEV_E_FILE, "cannot read what DuckDB wrote", strerror(errno)); }
    wev_sha256_end(&sha, part->sum);
    if (fd >= 0) { close(fd); }
    free(buf);
    return n == 0;
}

// The files get the names that say how many there are.
static bool finish(struct wev_dataset_work *w, unsigned split, struct wev_error *e)
{
    for (size_t k = 0; k < w->parts[split].count; k++) {
        char from[PATH_MAX + 128], to[PATH_MAX + 128], name[64];
        snprintf(to, sizeof(to), "%s/%s", w->aside, wev_part_name(name, w, split, k));
        if (rename(aside(from, w, split, k, "parquet"), to) != 0) { return fail(e, WEV_E_FILE, "cannot rename into place", strerror(errno)); }
        if (!sum_file(to, &w->parts[split].at[k], e)) { return false; }
        w->sheet[WEV_DATA_PARQUET][split].bytes += w->parts[split].at[k].bytes;
    }
    return true;
}

bool wev_parquet_end(struct wev_dataset_work *w, struct wev_error *e)
{
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        struct wev_shard *s = w->parquet->shard[k];
        if (!s) { continue; }
        if (!w->parts[k].count && !begin(w, k, e)) { return false; } // without rows it is a file, too
        if (wev_shard_is_open(s) && !hand_over(w, k, e)) { return false; }
    }
    if (!wev_writers_end(w->parquet->writers, e)) { return false; }
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        if (w->parquet->shard[k] && !finish(w, k, e)) { return false; }
    }
    return true;
}
