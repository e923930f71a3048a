// wevcorpus export: documents of a store in the form that a fuzzer or a test runner wants, dictionary and options beside.
#include "corpus/commands.h"
#include "corpus/export.h"
#include "gen/dict.h"
#include "gen/settings.h"
#include "schema/builtin.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CLASS_SHOWN = 48, LENGTH_LEAST = 4096, LENGTH_MOST = 1 << 20 };

static const char usage[] =
    "usage: wevcorpus export --as FORM -o OUT [--verdict LETTERS] [--class CLASS] [--schema FILE]... [--profile FILE]... [-q] STORE\n"
    "\n"
    "  Writes the documents of a store, named VERDICT_CLASS_HASH.xml and sorted, and beside them OUT.dict, the schema's tokens,\n"
    "  and OUT.options with dict and max_len. The same documents give the same bytes. What is there is not overwritten where\n"
    "  it is a folder.\n"
    "\n";
static const char usage_options[] =
    "\n"
    "  -o, --output OUT       where to\n"
    "      --verdict LETTERS  of these verdicts alone, such as y or yi\n"
    "      --class CLASS      of these classes alone, an id or a glob; what has none is \"none\"\n"
    "      --schema FILE      an instrumentation manifest, besides the built-in Security events: for the dictionary\n"
    "      --profile FILE     its profile\n"
    "  -q, --quiet            no last line\n"
    "\n"
    "exit status: 0 fine, 2 could not run\n";

struct export_run {
    struct wev_settings what; // schemas and profiles
    const struct wev_export_form *form;
    const char *out, *verdicts, *class;
    bool quiet;
    struct wev_export x;
};

static int complain(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: export: %s\n", text);
    return 2;
}

static bool fail(struct wev_error *e, const char *what, const char *value)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "%.300s: %s", value, what);
    return false;
}

bool wev_export_read(struct wev_export *x, const struct wev_export_entry *entry, struct wev_span *bytes, struct wev_error *e)
{
    char file[WEV_INDEX_FILE_MAX];
    wev_index_file(entry->hash, entry->turn, file);
    if (!wev_store_read(&x->store, file, &x->document, e)) { return false; }
    *bytes = (struct wev_span){x->document.p, x->document.n};
    return true;
}

// ---- which documents, under which names

static bool is_wanted(const struct export_run *r, const struct wev_row *row)
{
    if (r->verdicts && !strchr(r->verdicts, row->verdict)) { return false; }
    return !r->class || fnmatch(r->class, row->class.n ? row->class.p : "none", 0) == 0;
}

// What a suite reads from a name: verdict, class; where no class is known, layer and reason stand for it.
static char *name_of(const struct wev_row *row)
{
    char class[CLASS_SHOWN + 1], *name = NULL;
    const struct wev_span hash = {row->file.p + 11, row->file.n - 11};
    if (row->class.n) {
        snprintf(class, sizeof(class), "%s", row->class.p);
    } else if (row->verdict == 'y') {
        snprintf(class, sizeof(class), "none");
    } else {
        snprintf(class, sizeof(class), "%.*s.%.*s", (int)row->layer.n, row->layer.n ? row->layer.p : "", (int)row->reason.n, row->reason.n ? row->reason.p : "");
    }
    for (char *p = class; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') || *p == '.' || *p == '-';
        if (!plain) { *p = '-'; }
    }
    return asprintf(&name, "%c_%s_%.*s.xml", row->verdict, class, (int)hash.n, hash.p) < 0 ? NULL : name;
}

static char *line_of(const struct wev_row *row, const char *name)
{
    struct wev_line l = {NULL, 0, 0, false};
    struct wev_row named = *row;
    named.file = wev_span_of(name);
    wev_index_write(&l, &named);
    wev_line_put(&l, "", 1);
    char *kept = l.failed ? NULL : strdup(l.p); // without the room that it grew into
    wev_line_free(&l);
    return kept;
}

static bool collect(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct export_run *r = context;
    struct wev_export *x = &r->x;
    struct wev_export_entry entry = {.name = NULL};
    (void)line;
    if (!is_wanted(r, row) || !wev_index_name(row->file, &entry.hash, &entry.turn)) { return true; }
    if (x->count == x->cap) {
        size_t cap = x->cap ? 2 * x->cap : 1024;
        struct wev_export_entry *wider = realloc(x->entries, cap * sizeof(*wider));
        if (!wider) { return fail(e, "out of memory", x->store.path); }
        x->entries = wider;
        x->cap = cap;
    }
    entry.name = name_of(row);
    bool listed = !strcmp(r->form->name, "tar") || !strcmp(r->form->name, "pytest");
    entry.line = entry.name && listed ? line_of(row, entry.name) : NULL;
    x->entries[x->count++] = entry;
    x->largest = row->size > x->largest ? row->size : x->largest;
    return (entry.name && (entry.line || !listed)) || fail(e, "out of memory", x->store.path);
}

static int by_name(const void *left, const void *right)
{
    const struct wev_export_entry *a = left, *b = right;
    return strcmp(a->name, b->name);
}

// ---- where to

static bool take_places(struct export_run *r, struct wev_error *e)
{
    struct wev_export *x = &r->x;
    size_t n = strlen(r->out), strip = strlen(r->form->strip);
    while (n > 1 && r->out[n - 1] == '/') { n--; }
    if (strip && n > strip && !memcmp(r->out + n - strip, r->form->strip, strip)) { n -= strip; }
    if (!n || n + 64 >= sizeof(x->base)) { return fail(e, "no name for an export", r->out); }
    memcpy(x->base, r->out, n);
    x->base[n] = 0;
    snprintf(x->place, sizeof(x->place), "%.4000s%s", x->base, r->form->suffix);
    return true;
}

static void remove_tree(char *path)
{
    char *roots[] = {path, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    for (const FTSENT *f; tree && (f = fts_read(tree)) != NULL;) {
        if (f->fts_info == FTS_DP) { rmdir(f->fts_path); }
        if (f->fts_info == FTS_F || f->fts_info == FTS_SL) { unlink(f->fts_path); }
    }
    if (tree) { fts_close(tree); }
}

// A folder is written under another name, and gets its own when it is whole: an empty one may be in its place.
static bool write_folder(struct export_run *r, struct wev_error *e)
{
    char aside[PATH_MAX];
    struct wev_export *x = &r->x;
    if (rmdir(x->place) != 0 && errno != ENOENT) { return fail(e, strerror(errno), x->place); }
    int n = snprintf(aside, sizeof(aside), "%s.%ld.part", x->place, (long)getpid());
    if (n >= (int)sizeof(aside)) { return fail(e, "the path is too long", x->place); }
    if (mkdir(aside, 0777) != 0) { return fail(e, strerror(errno), aside); }
    bool good = r->form->write(x, aside, e);
    if (good && rename(aside, x->place) != 0) { good = fail(e, strerror(errno), x->place); }
    if (!good) { remove_tree(aside); }
    return good;
}

// ---- beside it

static bool write_dict(const struct export_run *r, struct wev_error *e)
{
    char path[PATH_MAX];
    struct wev_schema *schema = wev_builtin_load(r->what.schemas, r->what.schema_count, r->what.profiles, r->what.profile_count, e);
    if (!schema) { return false; }
    size_t n;
    char *text = wev_dict_new(schema, &n);
    snprintf(path, sizeof(path), "%.4000s.dict", r->x.base);
    bool good = text ? wev_sink_whole(path, (struct wev_span){text, n}, e) : fail(e, "out of memory", path);
    free(text);
    wev_schema_free(schema);
    return good;
}

// max_len: room for the largest document, within what libFuzzer takes for seeds (1 MiB).
static bool write_options(const struct export_run *r, struct wev_error *e)
{
    char path[PATH_MAX], text[PATH_MAX + 64];
    const char *slash = strrchr(r->x.base, '/');
    uint64_t length = LENGTH_LEAST;
    while (length < r->x.largest && length < LENGTH_MOST) { length *= 2; }
    snprintf(path, sizeof(path), "%.4000s.options", r->x.base);
    int n = snprintf(text, sizeof(text), "[libfuzzer]\ndict = %s.dict\nmax_len = %" PRIu64 "\n", slash ? slash + 1 : r->x.base, length);
    return wev_sink_whole(path, (struct wev_span){text, (size_t)n}, e);
}

static bool export(struct export_run *r, const char *path, struct wev_error *e)
{
    struct wev_export *x = &r->x;
    if (!take_places(r, e) || !wev_store_open(&x->store, path, WEV_STORE_READ, false, e)) { return false; }
    bool good = wev_store_each(&x->store, collect, r, e) && (x->count || fail(e, "no documents to export", path));
    if (good) {
        qsort(x->entries, x->count, sizeof(*x->entries), by_name);
        good = write_dict(r, e) && write_options(r, e) && (r->form->folder ? write_folder(r, e) : r->form->write(x, x->place, e));
    }
    if (good && !r->quiet) { printf("%s: %zu documents; %s.dict, %s.options\n", x->place, x->count, x->base, x->base); }
    wev_store_drop(&x->store);
    for (size_t k = 0; k < x->count; k++) {
        free(x->entries[k].name);
        free(x->entries[k].line);
    }
    free(x->entries);
    wev_line_free(&x->document);
    return good;
}

// ---- options

enum { OPT_AS = WEV_SETTINGS_OWN, OPT_VERDICT, OPT_CLASS, OPT_HELP };
static const struct option options[] = {
    {"as", required_argument, NULL, OPT_AS}, {"output", required_argument, NULL, 'o'}, {"verdict", required_argument, NULL, OPT_VERDICT},
    {"class", required_argument, NULL, OPT_CLASS}, {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA},
    {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE}, {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, OPT_HELP},
    {NULL, 0, NULL, 0},
};

static int help(void)
{
    fputs(usage, stdout);
    for (size_t k = 0; k < wev_export_form_count; k++) {
        printf("      --as %-17s %s\n", wev_export_forms[k].name, wev_export_forms[k].what);
    }
    fputs(usage_options, stdout);
    return 0;
}

static int take_form(struct export_run *r, const char *name)
{
    struct wev_span names[16];
    for (size_t k = 0; k < wev_export_form_count; k++) {
        names[k] = wev_span_of(wev_export_forms[k].name);
        if (!strcmp(name, wev_export_forms[k].name)) { r->form = &wev_export_forms[k]; }
    }
    if (r->form) { return -1; }
    struct wev_span near = wev_nearest(wev_span_of(name), names, wev_export_form_count);
    fprintf(stderr, "wevcorpus: export: --as: unknown form \"%s\"%s%.*s%s\n", name, near.n ? ", did you mean \"" : "; see --help",
            (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    return 2;
}

// -1: go on; else the exit status.
static int take_option(struct export_run *r, int c)
{
    struct wev_error e;
    enum wev_settings_taken taken = wev_settings_take(&r->what, c, optarg, &e);
    if (taken == WEV_SETTINGS_WRONG) { return complain(e.text); }
    if (taken == WEV_SETTINGS_TAKEN) { return -1; }
    switch (c) {
    case OPT_AS: return take_form(r, optarg);
    case 'o': r->out = optarg; return -1;
    case 'q': r->quiet = true; return -1;
    case OPT_CLASS: r->class = optarg; return -1;
    case OPT_VERDICT:
        r->verdicts = optarg;
        return *optarg && !optarg[strspn(optarg, "yni")] ? -1 : complain("--verdict: letters of y, n, i");
    case OPT_HELP: return help();
    default: fputs("wevcorpus: try export --help\n", stderr); return 2;
    }
}

int wev_export_main(int argc, char **argv)
{
    struct export_run r = {.what = WEV_SETTINGS_DEFAULT, .x = {.store = {.sync = true}}};
    struct wev_error e = {.code = WEV_OK};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "o:q", options, NULL)) != -1;) {
        int status = take_option(&r, c);
        if (status >= 0) { return status; }
    }
    if (!r.form || !r.out) { return complain("--as FORM and -o OUT are needed; try export --help"); }
    if (argc - optind != 1) { return complain("which store? Name one folder; try export --help"); }
    if (!export(&r, argv[optind], &e)) { return complain(e.text); }
    return fflush(stdout) == 0 ? 0 : complain("cannot write to standard output");
}
