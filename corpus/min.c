// wevcorpus min: few documents of a store that have all that it has.
#include "corpus/commands.h"
#include "corpus/cover.h"
#include "corpus/feature.h"
#include "corpus/select.h"
#include "gen/settings.h"
#include "schema/builtin.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] =
    "usage: wevcorpus min [-o DIR | --delete] [--features FILE [--only]] [--schema FILE]... [--profile FILE]... [-q] STORE\n"
    "\n"
    "  Chooses few documents that together have every feature of all: each class, event, class at an event, class in a field,\n"
    "  verdict with reason, kind of markup, header that is there or not, field with the shape of its value, and power of two\n"
    "  of the size. Small ones are preferred. What is kept is named, a line each.\n"
    "\n"
    "      --features FILE  more features: lines \"NAME FEATURE...\", NAME with the document's hash in it, such as what a fuzz\n"
    "                       binary covers with each file of an export\n"
    "      --only           those features alone\n"
    "      --schema FILE    an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE   its profile\n"
    WEV_SELECT_USAGE
    "\n"
    "exit status: 0 fine, 2 could not run\n";

struct min {
    struct wev_settings what; // schemas and profiles
    struct wev_select select;
    const char *features_path;
    bool only;
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    struct wev_feature_file given;
    struct wev_store store;
    struct wev_cover cover;
    struct wev_names kept;
    struct wev_line document;
    struct wev_features features;
    uint64_t documents, unknown; // unknown: to the file of features
};

static int complain(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: min: %s\n", text);
    return 2;
}

static bool out_of_memory(struct min *m, struct wev_error *e)
{
    errno = ENOMEM;
    return wev_store_fail(&m->store, "no room for features", NULL, e);
}

static bool each(void *context, const struct wev_row *row, struct wev_span line, struct wev_error *e)
{
    struct min *m = context;
    struct wev_name name;
    unsigned turn;
    (void)line;
    m->features.n = 0;
    m->documents++;
    if (!wev_index_name(row->file, &name, &turn)) { return true; }
    if (m->features_path) { m->unknown += !wev_feature_find(&m->given, name, &m->features); }
    if (!m->only) {
        if (!wev_store_read(&m->store, row->file.p, &m->document, e)) { return false; }
        struct wev_span bytes = {m->document.p, m->document.n};
        wev_feature_row(&m->features, row);
        if (!wev_feature_document(&m->features, m->decoder, row, bytes)) { return out_of_memory(m, e); }
    }
    return !m->features.n || wev_cover_add(&m->cover, wev_index_key(name, turn), row->size, m->features.p, m->features.n) || out_of_memory(m, e);
}

static bool minimize(struct min *m, const char *path, struct wev_error *e)
{
    if (m->features_path && !wev_feature_load(&m->given, m->features_path, e)) { return false; }
    if (!wev_select_open(&m->select, &m->store, path, e)) { return false; }
    bool good = wev_store_each(&m->store, each, m, e) && (wev_cover_solve(&m->cover, &m->kept) || out_of_memory(m, e)) &&
                wev_select_apply(&m->select, &m->store, &m->kept, e);
    if (good) {
        printf("%s: %" PRIu64 " documents, %zu features, %zu kept", path, m->documents, m->cover.feature_count, m->kept.count);
        if (m->features_path) { printf("; %" PRIu64 " not in %s", m->unknown, m->features_path); }
        putchar('\n');
    }
    wev_store_drop(&m->store);
    return good;
}

static int run(struct min *m, const char *path)
{
    struct wev_error e = {.code = WEV_OK};
    m->schema = wev_builtin_load(m->what.schemas, m->what.schema_count, m->what.profiles, m->what.profile_count, &e);
    if (!m->schema) { return complain(e.text); }
    m->decoder = wev_decode_new(m->schema, NULL);
    int status = !m->decoder ? complain("out of memory") : minimize(m, path, &e) ? 0 : complain(e.text);
    wev_feature_free(&m->given);
    wev_cover_free(&m->cover);
    wev_names_free(&m->kept);
    wev_line_free(&m->document);
    wev_decode_free(m->decoder);
    wev_schema_free(m->schema);
    return fflush(stdout) == 0 ? status : complain("cannot write to standard output");
}

enum { OPT_HELP = WEV_SETTINGS_OWN, OPT_FEATURES, OPT_ONLY };
static const struct option options[] = {
    {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA}, {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE},
    WEV_SELECT_LONG, {"features", required_argument, NULL, OPT_FEATURES}, {"only", no_argument, NULL, OPT_ONLY},
    {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_option(struct min *m, int c)
{
    struct wev_error e;
    enum wev_settings_taken taken = wev_settings_take(&m->what, c, optarg, &e);
    if (taken == WEV_SETTINGS_WRONG) { return complain(e.text); }
    if (taken == WEV_SETTINGS_TAKEN || wev_select_option(&m->select, c, optarg)) { return -1; }
    switch (c) {
    case OPT_FEATURES: m->features_path = optarg; return -1;
    case OPT_ONLY: m->only = true; return -1;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try min --help\n", stderr); return 2;
    }
}

int wev_min_main(int argc, char **argv)
{
    struct min *m = calloc(1, sizeof(*m)); // its features are too many for the stack
    int status = -1;
    if (!m) { return complain("out of memory"); }
    m->what = (struct wev_settings)WEV_SETTINGS_DEFAULT;
    m->store.sync = true;
    optind = 1;
    for (int c; status < 0 && (c = getopt_long(argc, argv, WEV_SELECT_SHORT, options, NULL)) != -1;) { status = take_option(m, c); }
    if (status < 0 && argc - optind != 1) { status = complain("which store? Name one folder; try min --help"); }
    if (status < 0 && m->select.to && m->select.remove) { status = complain("-o and --delete: one of them"); }
    if (status < 0 && m->only && !m->features_path) { status = complain("--only needs --features"); }
    if (status < 0) { status = run(m, argv[optind]); }
    free(m);
    return status;
}
