// wevcorpus dedupe: of a store the documents that differ in values alone, of other folders the files with the same bytes.
#include "corpus/commands.h"
#include "corpus/select.h"

#include "gen/choice.h"

#include <ctype.h>
#include <errno.h>
#include <fts.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: wevcorpus dedupe [-o DIR | --delete] [--no-wait] [-q] STORE\n"
    "       wevcorpus dedupe [--delete] [-q] FOLDER\n"
    "\n"
    "  A store holds no bytes twice. Of its documents of one class, verdict, reason and event that differ in nothing but the\n"
    "  letters and digits of values the first is kept: the others take a parser through the same states. What is kept is\n"
    "  named, a line each. Of a folder that is no store, files with the same bytes as another one are named.\n"
    "\n"
    WEV_SELECT_USAGE
    "\n"
    "exit status: 0 nothing was twice, or it is no more; 1 something is twice; 2 could not run\n";

static int complain(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: dedupe: %s\n", text);
    return 2;
}

// ---- a store

// What a parser that looks at no values sees: markup as it is, and of text and quoted values each run of letters and
// digits as one letter, or one digit where there are digits alone.
static size_t shape(char *p, size_t n)
{
    size_t out = 0;
    char quote = 0;
    bool tag = false;
    for (size_t k = 0; k < n;) {
        unsigned char c = (unsigned char)p[k];
        bool value = !tag || quote;
        if (value && isalnum(c)) {
            bool letters = false;
            for (; k < n && isalnum((unsigned char)p[k]); k++) { letters = letters || isalpha((unsigned char)p[k]); }
            p[out++] = letters ? 'a' : '0';
            continue;
        }
        if (!tag) {
            tag = c == '<';
        } else if (quote) {
            quote = p[k] == quote ? 0 : quote;
        } else {
            quote = c == '"' || c == '\'' ? p[k] : 0;
            tag = c != '>';
        }
        p[out++] = p[k++];
    }
    return out;
}

struct dedupe {
    struct wev_store store;
    struct wev_names shapes, kept;
    struct wev_line document;
    uint64_t documents;
};

static bool each(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct dedupe *d = context;
    struct wev_line *text = &d->document;
    struct wev_name key;
    bool fresh = false;
    (void)line;
    if (!wev_store_read(&d->store, row->file.p, text, e)) { return false; }
    text->n = shape(text->p, text->n);
    wev_line_put(text, &row->verdict, 1);
    wev_line_put(text, row->reason.p, row->reason.n);
    wev_line_text(text, " ");
    wev_line_put(text, row->class.p, row->class.n);
    wev_line_text(text, " ");
    wev_line_number(text, row->event);
    wev_line_text(text, ":");
    wev_line_number(text, row->version);
    d->documents++;
    struct wev_name seen = wev_store_hash((struct wev_span){text->p, text->n});
    bool good = !text->failed && wev_names_add(&d->shapes, seen, &fresh);
    good = good && (!fresh || (wev_select_key(row->file, &key) && wev_names_add(&d->kept, key, NULL)));
    if (!good) {
        errno = ENOMEM;
        wev_store_fail(&d->store, "no room for shapes", NULL, e);
    }
    return good;
}

static int dedupe_store(const struct wev_select *o, const char *path)
{
    struct dedupe d = {.store = {.sync = true}};
    struct wev_error e = {.code = WEV_OK};
    if (!wev_select_open(o, &d.store, path, &e)) { return complain(e.text); }
    bool good = wev_store_each(&d.store, each, &d, &e) && wev_select_apply(o, &d.store, &d.kept, &e);
    uint64_t kept = d.kept.count, twice = d.documents - kept;
    if (good) { printf("%s: %" PRIu64 " documents, %" PRIu64 " shapes\n", path, d.documents, kept); }
    wev_store_drop(&d.store);
    wev_names_free(&d.shapes);
    wev_names_free(&d.kept);
    wev_line_free(&d.document);
    return !good ? complain(e.text) : twice && !o->remove && !o->to;
}

// ---- a folder

struct file {
    struct wev_name hash;
    uint64_t size, order;
    char *path;
};

struct files {
    struct file *files;
    size_t count, cap;
};

static bool add_file(struct files *f, const char *path, uint64_t size, struct wev_error *e)
{
    struct wev_span bytes;
    if (f->count == f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 256;
        struct file *wider = realloc(f->files, cap * sizeof(*wider));
        if (!wider) { return snprintf(e->text, sizeof(e->text), "out of memory"), false; }
        f->files = wider;
        f->cap = cap;
    }
    if (!wev_file_read(path, WEV_STORE_DOCUMENT_MAX, &bytes, e)) { return false; }
    f->files[f->count] = (struct file){wev_store_hash(bytes), size, f->count, strdup(path)};
    free((char *)(uintptr_t)bytes.p);
    if (!f->files[f->count].path) { return snprintf(e->text, sizeof(e->text), "out of memory"), false; }
    f->count++;
    return true;
}

static int by_path(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool read_folder(struct files *f, char *path, struct wev_error *e)
{
    char *roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_path);
    bool good = tree != NULL;
    for (const FTSENT *n; good && (n = fts_read(tree)) != NULL;) {
        if (n->fts_info == FTS_DNR || n->fts_info == FTS_ERR || n->fts_info == FTS_NS) {
            snprintf(e->text, sizeof(e->text), "%.300s: %s", n->fts_path, strerror(n->fts_errno));
            good = false;
        } else if (n->fts_info == FTS_F) {
            good = add_file(f, n->fts_path, (uint64_t)n->fts_statp->st_size, e);
        }
    }
    if (!tree) { snprintf(e->text, sizeof(e->text), "%.300s: %s", path, strerror(errno)); }
    if (tree) { fts_close(tree); }
    if (good && !f->count) {
        snprintf(e->text, sizeof(e->text), "%.300s: no files in this folder", path);
        good = false;
    }
    return good;
}

static int by_hash(const void *left, const void *right)
{
    const struct file *a = left, *b = right;
    if (a->hash.high != b->hash.high) { return a->hash.high < b->hash.high ? -1 : 1; }
    if (a->hash.low != b->hash.low) { return a->hash.low < b->hash.low ? -1 : 1; }
    return a->order < b->order ? -1 : a->order > b->order;
}

// 1 the same bytes, 0 not, -1 error
static int same(const struct file *a, const struct file *b, struct wev_error *e)
{
    struct wev_span x, y;
    if (a->hash.high != b->hash.high || a->hash.low != b->hash.low) { return 0; }
    if (!wev_file_read(a->path, WEV_STORE_DOCUMENT_MAX, &x, e)) { return -1; }
    bool got = wev_file_read(b->path, WEV_STORE_DOCUMENT_MAX, &y, e);
    int is = got ? wev_span_eq(x, y) : -1;
    free((char *)(uintptr_t)x.p);
    if (got) { free((char *)(uintptr_t)y.p); }
    return is;
}

static bool find_same(const struct wev_select *o, struct files *f, uint64_t *twice, struct wev_error *e)
{
    qsort(f->files, f->count, sizeof(*f->files), by_hash);
    for (size_t k = 1, first = 0; k < f->count; k++) {
        int is = same(&f->files[first], &f->files[k], e);
        if (is < 0) { return false; }
        if (!is) {
            first = k;
            continue;
        }
        ++*twice;
        if (o->remove && unlink(f->files[k].path) != 0) {
            snprintf(e->text, sizeof(e->text), "%.300s: %s", f->files[k].path, strerror(errno));
            return false;
        }
        if (!o->quiet) { printf("%s: same bytes as %s%s\n", f->files[k].path, f->files[first].path, o->remove ? ", removed" : ""); }
    }
    return true;
}

static int dedupe_folder(const struct wev_select *o, char *path)
{
    struct files f = {NULL, 0, 0};
    struct wev_error e = {.code = WEV_OK};
    uint64_t twice = 0;
    bool good = read_folder(&f, path, &e) && find_same(o, &f, &twice, &e);
    if (good) { printf("%s: %zu files, %" PRIu64 " of them twice\n", path, f.count, twice); }
    for (size_t k = 0; k < f.count; k++) { free(f.files[k].path); }
    free(f.files);
    return !good ? complain(e.text) : twice && !o->remove;
}

enum { OPT_HELP = 256 };
static const struct option options[] = {WEV_SELECT_LONG, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0}};

int wev_dedupe_main(int argc, char **argv)
{
    struct wev_select o = {.to = NULL};
    char mark[PATH_MAX];
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, WEV_SELECT_SHORT, options, NULL)) != -1;) {
        if (wev_select_option(&o, c, optarg)) { continue; }
        if (c == OPT_HELP) { return fputs(usage, stdout), 0; }
        return fputs("wevcorpus: try dedupe --help\n", stderr), 2;
    }
    if (argc - optind != 1) { return complain("which store or folder? Name one; try dedupe --help"); }
    if (o.to && o.remove) { return complain("-o and --delete: one of them"); }
    snprintf(mark, sizeof(mark), "%s/store", argv[optind]);
    bool store = access(mark, F_OK) == 0;
    if (!store && o.to) { return complain("-o is for stores"); }
    int status = store ? dedupe_store(&o, argv[optind]) : dedupe_folder(&o, argv[optind]);
    return fflush(stdout) == 0 ? status : complain("cannot write to standard output");
}
