// wevcorpus add: files, folders, suites and other stores into a store.
#include "corpus/commands.h"
#include "corpus/intake.h"
#include "corpus/split.h"
#include "gen/settings.h"
#include "schema/builtin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 64, SPLIT_MAX = 4 << 20 };

static const char usage[] =
    "usage: wevcorpus add DIR [--split] [--schema FILE]... [--profile FILE]... [--batch N] [--no-sync] [--no-wait] [-v] [-q]\n"
    "                     FILE|FOLDER|-...\n"
    "\n"
    "  Puts documents into the store DIR, which is made when it is not there. Each is judged by the decoder on the way in. Of\n"
    "  a folder every regular file is one, those of its folders too; of a folder with an index.jsonl, a store or a suite,\n"
    "  the files that it names, with what it says of them.\n"
    "\n"
    "      --split         a FILE is a stream of events, or one <Events> document: each event is a document\n"
    "      --schema FILE   an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE  its profile\n"
    WEV_INTAKE_USAGE
    "  -q, --quiet         no last line\n"
    "\n"
    "exit status: 0 fine, 1 a document's verdict is not the one its index says, 2 something could not be read or written\n";

struct add {
    struct wev_settings what; // schemas and profiles
    struct wev_intake in;
    bool quiet, split;
    bool failed;   // something could not be read
    bool full;     // the store takes no more: error says why
    uint64_t files; // of the argument in work
    struct wev_error error;
};

static void complain_of(struct add *a, const char *name, const char *what)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: add: %s: %s\n", name, what);
    a->failed = true;
}

static int complain(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: add: %s\n", text);
    return 2;
}

static void put(struct add *a, struct wev_span bytes, struct wev_row *row, const char *name)
{
    a->files++;
    a->full = !wev_intake_put(&a->in, bytes, row, name, &a->error);
}

// ---- one file

static void put_file(struct add *a, const char *path, struct wev_row *row)
{
    struct wev_span bytes;
    struct wev_error e;
    if (!wev_file_read(path, WEV_STORE_DOCUMENT_MAX, &bytes, &e)) {
        fflush(stdout);
        fprintf(stderr, "wevcorpus: add: %s\n", e.text);
        a->failed = true;
        return;
    }
    if (!row->source.p) { row->source = wev_span_of(path); }
    put(a, bytes, row, path);
    free((char *)(uintptr_t)bytes.p);
}

static void put_stream(struct add *a, const char *path, int fd)
{
    struct wev_split split;
    struct wev_slice s;
    if (!wev_split_open(&split, fd, SPLIT_MAX, false)) {
        complain_of(a, path, "out of memory");
        return;
    }
    while (!a->full && wev_split_next(&split, &s)) {
        char name[PATH_MAX + 32];
        if (s.kind == WEV_SPLIT_WRAPPER || s.kind == WEV_SPLIT_CUT) { continue; }
        snprintf(name, sizeof(name), "%s:%llu", path, (unsigned long long)s.offset);
        if (s.n > SPLIT_MAX) {
            complain_of(a, name, "an event larger than 4 MiB");
            continue;
        }
        struct wev_row row = {.source = wev_span_of(name)};
        put(a, (struct wev_span){s.p, s.n}, &row, name);
    }
    if (split.error) { complain_of(a, path, strerror(split.error)); }
    wev_split_close(&split);
}

static void put_path(struct add *a, const char *path)
{
    struct wev_row row = {.size = 0};
    if (!a->split) {
        put_file(a, path, &row);
        return;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        complain_of(a, path, strerror(errno));
    } else {
        put_stream(a, path, fd);
        close(fd);
    }
}

// ---- a folder with an index

// A line of a store or of a suite: the document, and what the line says of it. False: the line is wrong.
static bool put_line(struct add *a, const char *folder, struct wev_span line, bool store, char why[200])
{
    char path[PATH_MAX];
    struct wev_row row;
    struct wev_span file;
    if (store && !wev_index_check(line, &file)) {
        wev_index_why(line, why);
        return false;
    }
    json_t *root = wev_index_parse(line, &row, why);
    bool good = root && wev_index_inside(row.file.p) && snprintf(path, sizeof(path), "%s/%s", folder, row.file.p) < (int)sizeof(path);
    if (root && !good) { snprintf(why, 200, "its \"file\" is not in this folder"); }
    if (good) {
        row.labelled = row.verdict;
        if (!store) { row.schema = row.generator = (struct wev_span){NULL, 0}; }
        put_file(a, path, &row);
    }
    json_decref(root);
    return good;
}

static void put_index(struct add *a, const char *folder, const char *index, int fd)
{
    struct wev_index x;
    struct wev_span line;
    struct stat st;
    char path[PATH_MAX], why[200];
    int got = 0;
    snprintf(path, sizeof(path), "%s/store", folder);
    bool store = stat(path, &st) == 0, good = wev_index_open(&x, fd);
    while (good && !a->full && (got = wev_index_next(&x, &line)) > 0) {
        char where[PATH_MAX + 24];
        snprintf(where, sizeof(where), "%s:%llu", index, (unsigned long long)x.lines);
        if (!put_line(a, folder, line, store, why)) { complain_of(a, where, why); }
    }
    if (!good || got < 0) { complain_of(a, index, strerror(errno)); }
    if (x.torn && !a->full) { complain_of(a, index, "its last line has no end, and was left out"); }
    wev_index_close(&x);
}

// ---- a folder

static void put_any(struct add *a, const char *path, unsigned depth);

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void put_entries(struct add *a, const char *folder, unsigned depth)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, NULL, by_name);
    if (n < 0) { complain_of(a, folder, strerror(errno)); }
    for (int k = 0; k < n; k++) {
        const char *name = entries[k]->d_name;
        char path[PATH_MAX];
        struct stat st;
        bool dots = !strcmp(name, ".") || !strcmp(name, "..");
        if (!dots && !a->full) {
            if (snprintf(path, sizeof(path), "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name) >= (int)sizeof(path)) {
                complain_of(a, folder, "a path that is too long");
            } else if (lstat(path, &st) != 0) {
                complain_of(a, path, strerror(errno));
            } else if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) { // no links: they could lead round in a circle
                put_any(a, path, depth + 1);
            }
        }
        free(entries[k]);
    }
    free(entries);
}

static void put_folder(struct add *a, const char *folder, const struct stat *st, unsigned depth)
{
    struct stat own;
    char index[PATH_MAX];
    if (fstat(a->in.store.dir, &own) == 0 && own.st_dev == st->st_dev && own.st_ino == st->st_ino) {
        if (!depth) { complain_of(a, folder, "this is the store itself"); }
        return;
    }
    if (depth > DEPTH_MAX) {
        complain_of(a, folder, "folders nest too deep");
        return;
    }
    int n = snprintf(index, sizeof(index), "%s/index.jsonl", folder);
    int fd = n < (int)sizeof(index) ? open(index, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        put_index(a, folder, index, fd);
        close(fd);
    } else if (errno == ENOENT) {
        put_entries(a, folder, depth);
    } else {
        complain_of(a, index, strerror(errno));
    }
}

static void put_any(struct add *a, const char *path, unsigned depth)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        complain_of(a, path, strerror(errno));
    } else if (S_ISDIR(st.st_mode)) {
        put_folder(a, path, &st, depth);
    } else {
        put_path(a, path);
    }
}

static void put_argument(struct add *a, const char *path)
{
    bool failed = a->failed;
    a->files = 0;
    a->failed = false;
    put_any(a, strcmp(path, "-") != 0 ? path : "/dev/stdin", 0);
    if (!a->files && !a->failed && !a->full) { complain_of(a, path, "no files in this folder"); }
    a->failed = a->failed || failed;
}

static int run(struct add *a, char **arguments)
{
    const char *path = *arguments;
    if (!wev_intake_open(&a->in, path, WEV_STORE_CREATE, &a->error)) { return complain(a->error.text); }
    while (*++arguments && !a->full) { put_argument(a, *arguments); }
    if (a->full) {
        wev_intake_drop(&a->in);
        return complain(a->error.text);
    }
    if (!wev_intake_close(&a->in, &a->error)) { return complain(a->error.text); }
    if (!a->quiet) { wev_intake_summary(&a->in, path); }
    if (fflush(stdout) != 0) { return complain("cannot write to standard output"); }
    return a->failed ? 2 : a->in.differ > 0;
}

enum { OPT_HELP = WEV_SETTINGS_OWN, OPT_SPLIT };
static const struct option options[] = {
    {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA}, {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE},
    WEV_INTAKE_LONG, {"split", no_argument, NULL, OPT_SPLIT}, {"quiet", no_argument, NULL, 'q'},
    {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_option(struct add *a, int c)
{
    bool taken;
    enum wev_settings_taken what = wev_settings_take(&a->what, c, optarg, &a->error);
    if (what == WEV_SETTINGS_WRONG) { return complain(a->error.text); }
    if (what == WEV_SETTINGS_TAKEN) { return -1; }
    if (!wev_intake_option(&a->in, c, optarg, &taken, &a->error)) { return complain(a->error.text); }
    if (taken) { return -1; }
    switch (c) {
    case OPT_SPLIT: a->split = true; return -1;
    case 'q': a->quiet = true; return -1;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try add --help\n", stderr); return 2;
    }
}

int wev_add_main(int argc, char **argv)
{
    struct add a = {.what = WEV_SETTINGS_DEFAULT, .in = {.store = {.sync = true}}};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "vq", options, NULL)) != -1;) {
        int status = take_option(&a, c);
        if (status >= 0) { return status; }
    }
    if (argc - optind < 2) { return complain("which store, and what? Name a folder and files; try add --help"); }
    struct wev_schema *schema = wev_builtin_load(a.what.schemas, a.what.schema_count, a.what.profiles, a.what.profile_count, &a.error);
    if (!schema) { return complain(a.error.text); }
    a.in.schema = schema;
    int status = run(&a, argv + optind);
    wev_schema_free(schema);
    return status;
}
