// A dataset from options to folder: written aside, renamed when all of it is there, removed when not.
#include "gen/dataset/dataset.h"

#include "gen/dataset/parquet.h"
#include "gen/dataset/pass.h"

#include <errno.h>
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const wev_data_names[WEV_DATA_FORMATS] = {"jsonl", "csv", "parquet"};
const char *const wev_balance_names[] = {"none", "label", "class"};

enum { SHEET_ROOM = 1 << 20, FILES_OPEN = 16 };

// ---- options

static bool wrong(struct wev_error *e, const char *what, const char *value)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "%s \"%.100s\"", what, value);
    return false;
}

bool wev_dataset_splits(struct wev_dataset *d, const char *text, struct wev_error *error)
{
    uint64_t sum = 0;
    const char *at = text;
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        size_t n = strcspn(at, ",");
        uint64_t v;
        bool last = k == WEV_SPLITS - 1;
        if (!wev_span_u64((struct wev_span){at, n}, &v) || v > 100 || (at[n] == 0) != last) { sum = 0; break; }
        d->percent[k] = (unsigned)v;
        sum += v;
        at += n + !last;
    }
    if (sum == 100 && d->percent[0] > 0) { return true; }
    return wrong(error, "--splits: not three percentages for train, validation and test that sum to 100, train above 0:", text);
}

bool wev_dataset_balance(struct wev_dataset *d, const char *text, struct wev_error *error)
{
    for (unsigned k = WEV_BALANCE_NONE; k <= WEV_BALANCE_CLASS; k++) {
        if (strcmp(text, wev_balance_names[k]) != 0) { continue; }
        d->balance = (enum wev_balance)k;
        return true;
    }
    return wrong(error, "--balance: not label, class or none:", text);
}

bool wev_dataset_formats(struct wev_dataset *d, const char *text, struct wev_error *error)
{
    memset(d->format, 0, sizeof(d->format));
    for (const char *at = text;;) {
        size_t n = strcspn(at, ",");
        unsigned k = 0;
        while (k < WEV_DATA_FORMATS && (strlen(wev_data_names[k]) != n || strncmp(wev_data_names[k], at, n) != 0)) { k++; }
        if (k == WEV_DATA_FORMATS) { return wrong(error, "--formats: not a list of jsonl, csv and parquet:", text); }
        d->format[k] = true;
        if (!at[n]) { return true; }
        at += n + 1;
    }
}

// ---- the folder

static bool failed(struct wev_error *e, const char *path, const char *what)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.300s: %s: %s", path, what, strerror(errno));
    return false;
}

static bool is_free(const char *path, struct wev_error *e)
{
    struct stat st;
    if (lstat(path, &st) != 0) { return errno == ENOENT || failed(e, path, "cannot look at it"); }
    DIR *dir = opendir(path);
    if (!dir) { return failed(e, path, "cannot write a dataset there"); }
    bool empty = true;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        empty = empty && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."));
    }
    closedir(dir);
    errno = ENOTEMPTY;
    return empty || failed(e, path, "a dataset is written to a new or empty folder");
}

static bool open_folder(struct wev_dataset_work *w, struct wev_error *e)
{
    static const char *const folders[] = {"", "/data", "/plots"};
    char path[sizeof(w->aside) + 16], aside[sizeof(w->aside)];
    size_t n = strlen(w->d->dir);
    while (n > 1 && w->d->dir[n - 1] == '/') { n--; }
    if (n == 0 || n >= sizeof(w->dir) - 128) {
        errno = n ? ENAMETOOLONG : ENOENT;
        return failed(e, w->d->dir, "cannot make a dataset there");
    }
    memcpy(w->dir, w->d->dir, n);
    w->dir[n] = 0;
    const char *last = strrchr(w->dir, '/') ? strrchr(w->dir, '/') + 1 : w->dir;
    if (!strcmp(last, ".") || !strcmp(last, "..") || !*last) { return wrong(e, "a dataset needs a folder with a name, not", w->d->dir); }
    if (!is_free(w->dir, e)) { return false; }
    snprintf(aside, sizeof(aside), "%s.%ld.part", w->dir, (long)getpid());
    if (mkdir(aside, 0777) != 0) { return failed(e, w->dir, "cannot make folder"); }
    memcpy(w->aside, aside, sizeof(aside)); // from here on it is ours to remove
    for (size_t k = 1; k < WEV_COUNT(folders); k++) {
        snprintf(path, sizeof(path), "%s%s", w->aside, folders[k]);
        if (mkdir(path, 0777) != 0) { return failed(e, w->dir, "cannot make folder"); }
    }
    return true;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    remove(path); // what cannot be removed stays; there is no more to be done
    return 0;
}

static bool rename_folder(struct wev_dataset_work *w, struct wev_error *e)
{
    if (rename(w->aside, w->dir) != 0) { return failed(e, w->dir, "cannot rename into place"); }
    w->aside[0] = 0;
    return true;
}

// ---- files

static bool open_sheet(struct wev_dataset_work *w, unsigned format, unsigned split, struct wev_error *e)
{
    struct wev_sheet *s = &w->sheet[format][split];
    char path[PATH_MAX];
    if (!w->d->percent[split] || format == WEV_DATA_PARQUET || !w->d->format[format]) { return true; }
    s->cap = w->columns.names_n + 16 > SHEET_ROOM ? w->columns.names_n + 16 : SHEET_ROOM;
    s->buf = malloc(s->cap);
    if (!s->buf) {
        e->code = WEV_E_MEMORY;
        snprintf(e->text, sizeof(e->text), "out of memory for a file's buffer");
        return false;
    }
    if (snprintf(path, sizeof(path), "%s/%s", w->aside, s->name) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return failed(e, w->dir, "cannot open");
    }
    wev_sha256_start(&s->sha);
    if (format == WEV_DATA_CSV) { s->n = (size_t)(wev_row_csv_head(s->buf, &w->columns) - s->buf); }
    return wev_sink_open(&s->sink, path, e);
}

static bool open_sheets(struct wev_dataset_work *w, struct wev_error *e)
{
    for (unsigned f = 0; f < WEV_DATA_FORMATS; f++) {
        for (unsigned k = 0; k < WEV_SPLITS; k++) {
            struct wev_sheet *s = &w->sheet[f][k];
            snprintf(s->name, sizeof(s->name), "data/%s-00000-of-00001.%s", wev_split_names[k], wev_data_names[f]);
            s->sink = (struct wev_sink){.fd = -1, .dir = -1};
        }
    }
    for (unsigned k = 0; k < WEV_DATA_FORMATS * WEV_SPLITS; k++) {
        if (!open_sheet(w, k / WEV_SPLITS, k % WEV_SPLITS, e)) { return false; }
    }
    return true;
}

bool wev_dataset_note(struct wev_dataset_work *w, const char *name, const struct wev_page *page, struct wev_error *e)
{
    char path[PATH_MAX], sum[65];
    struct wev_sha256 sha;
    if (page->failed) {
        e->code = WEV_E_MEMORY;
        snprintf(e->text, sizeof(e->text), "out of memory for %.60s", name);
        return false;
    }
    wev_sha256_start(&sha);
    wev_sha256_add(&sha, page->p, page->n);
    wev_sha256_end(&sha, sum);
    wev_page_put(&w->sums, "%s  %s\n", sum, name);
    if (snprintf(path, sizeof(path), "%s/%s", w->aside, name) >= (int)sizeof(path)) {
        errno = ENAMETOOLONG;
        return failed(e, w->dir, "cannot open");
    }
    w->d->bytes += page->n;
    return wev_sink_whole(path, (struct wev_span){page->p, page->n}, e);
}

static void sum_sheets(struct wev_dataset_work *w)
{
    for (unsigned k = 0; k < WEV_DATA_FORMATS * WEV_SPLITS; k++) {
        unsigned format = k / WEV_SPLITS, split = k % WEV_SPLITS;
        const struct wev_sheet *s = &w->sheet[format][split];
        char name[64];
        if (!w->d->format[format] || !w->d->percent[split]) { continue; }
        w->d->bytes += s->bytes;
        if (format != WEV_DATA_PARQUET) { wev_page_put(&w->sums, "%s  %s\n", s->sum, s->name); }
        for (size_t part = 0; format == WEV_DATA_PARQUET && part < w->parts[split].count; part++) {
            wev_page_put(&w->sums, "%s  %s\n", w->parts[split].at[part].sum, wev_part_name(name, w, split, part));
        }
    }
}

static bool write_sums(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_page all = w->sums;
    w->sums = (struct wev_page){.n = 0}; // the sums have no sum of their own
    bool good = wev_dataset_note(w, "SHA256SUMS", &all, e);
    free(all.p);
    return good;
}

// ---- all of it

static bool check(const struct wev_dataset *d, struct wev_error *e)
{
    const struct wev_form *form = d->options->form;
    if (d->options->breaks && d->options->breaks->twin) { return wrong(e, "a dataset has one document a row, so it takes no", "--twin"); }
    if (form->head[0] || form->tail[0]) { return wrong(e, "a dataset's rows are documents of their own, not the parts of one in format", form->name); }
    if (d->count == 0) { return wrong(e, "a dataset needs events, and --count is", "0"); }
    return true;
}

static bool produce(struct wev_dataset_work *w, struct wev_error *e)
{
    bool parquet = w->d->format[WEV_DATA_PARQUET];
    if (!wev_columns_make(&w->columns, w->d->options, e)) { return false; }
    if (parquet && !wev_parquet_start(w, e)) { return false; }
    if (!open_folder(w, e) || !open_sheets(w, e) || !wev_dataset_passes(w, e)) { return false; }
    if (parquet && !wev_parquet_end(w, e)) { return false; }
    sum_sheets(w);
    wev_split_sizes(w->split, w->size);
    struct wev_tally *tallies[] = {&w->classes, &w->algorithms, &w->hosts, &w->events, &w->scenarios};
    for (size_t k = 0; k < WEV_COUNT(tallies); k++) { wev_tally_sort(tallies[k]); }
    return wev_dataset_plots(w, e) && wev_dataset_croissant(w, e) && wev_dataset_card(w, e) && write_sums(w, e) && rename_folder(w, e);
}

static void work_free(struct wev_dataset_work *w)
{
    struct wev_tally *tallies[] = {&w->balance, &w->classes, &w->algorithms, &w->hosts, &w->events, &w->scenarios};
    for (unsigned k = 0; k < WEV_DATA_FORMATS * WEV_SPLITS; k++) {
        struct wev_sheet *s = &w->sheet[k / WEV_SPLITS][k % WEV_SPLITS];
        if (s->buf) { wev_sink_drop(&s->sink); }
        free(s->buf);
    }
    for (size_t k = 0; k < WEV_COUNT(tallies); k++) { wev_tally_free(tallies[k]); }
    for (unsigned k = 0; k < WEV_SPLITS; k++) {
        free(w->want[k]);
        free(w->parts[k].at);
    }
    wev_parquet_free(w->parquet);
    if (w->aside[0]) { nftw(w->aside, remove_one, FILES_OPEN, FTW_DEPTH | FTW_PHYS); }
    wev_split_free(w->split);
    wev_columns_free(&w->columns);
    free(w->sums.p);
    free(w);
}

bool wev_dataset_make(struct wev_dataset *d, struct wev_error *error)
{
    struct wev_dataset_work *w = calloc(1, sizeof(*w));
    error->code = WEV_OK;
    d->passes = d->balance == WEV_BALANCE_NONE ? 2 : 3;
    if (!w || !(w->split = wev_split_new())) {
        free(w);
        error->code = WEV_E_MEMORY;
        snprintf(error->text, sizeof(error->text), "out of memory for a dataset");
        return false;
    }
    w->d = d;
    bool good = check(d, error) && produce(w, error);
    work_free(w);
    return good;
}
