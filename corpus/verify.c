// wevcorpus verify: what of a store is not as its index says. Changes nothing.
#include "corpus/commands.h"
#include "corpus/intake.h"
#include "corpus/remake.h"
#include "gen/settings.h"
#include "schema/builtin.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "usage: wevcorpus verify [--remake] [--schema FILE]... [--profile FILE]... [-q] DIR...\n"
    "\n"
    "  Reads every document of a store: its hash, its size, and its verdict by the decoder. Names, a line each, what was\n"
    "  changed, is missing, does not belong there or is judged otherwise, and each line of the index that is broken.\n"
    "  What a writer that was stopped has left is no fault: the next writer takes it away.\n"
    "\n"
    "      --remake        makes each document that wevgen made again, by its seed, unit and options, and compares; files\n"
    "                      that its options name are looked for where they were\n"
    "      --schema FILE   an instrumentation manifest, besides the built-in Security events\n"
    "      --profile FILE  its profile\n"
    "  -q, --quiet         the last line alone\n"
    "\n"
    "exit status: 0 all is as it should be, 1 something is not, 2 could not run\n";

struct verify {
    struct wev_settings what; // schemas and profiles
    bool quiet, remakes;
    struct wev_remake *remake; // NULL: documents are not made again
    struct wev_schema *schema;
    struct wev_decoder *decoder;
    char schema_hash[33];
    // of one store
    struct wev_store store;
    struct wev_names names;
    struct wev_line document;
    bool stopped, busy;       // a writer left something, or is at work
    uint64_t documents, findings, left;
    uint64_t remade, unmade;  // made again the same or not; that could not be made again
};

static void find(struct verify *v, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void find(struct verify *v, const char *name, const char *format, ...)
{
    va_list args;
    v->findings++;
    if (v->quiet) { return; }
    struct wev_line l = {NULL, 0, 0, false};
    char text[400];
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    wev_line_clean(&l, wev_span_of(v->store.path), false);
    wev_line_text(&l, "/");
    wev_line_clean(&l, wev_span_of(name), false);
    wev_line_text(&l, ": ");
    wev_line_clean(&l, wev_span_of(text), false);
    wev_line_text(&l, "\n");
    fwrite(l.p, 1, l.n, stdout);
    wev_line_free(&l);
}

// ---- a document

static bool same_text(struct wev_span a, struct wev_span b)
{
    return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

static bool check_verdict(struct verify *v, const char *file, const struct wev_row *row)
{
    struct wev_row is = {.size = 0};
    if (!wev_intake_judge(v->decoder, (struct wev_span){v->document.p, v->document.n}, &is)) { return false; }
    if (is.verdict == row->verdict && same_text(is.layer, row->layer) && same_text(is.reason, row->reason) && is.offset == row->offset &&
        is.event == row->event && is.version == row->version) {
        return true;
    }
    bool other = !same_text(row->schema, wev_span_of(v->schema_hash));
    find(v, file, "verdict: the index says %c %.*s at %" PRIu64 " of event %" PRIu64 ":%" PRIu64 ", the decoder %c %.*s at %" PRIu64
         " of event %" PRIu64 ":%" PRIu64 "%s", row->verdict, (int)(row->reason.n < 100 ? row->reason.n : 100), row->reason.p ? row->reason.p : "", row->offset,
         row->event, row->version, is.verdict, (int)is.reason.n, is.reason.p, is.offset, is.event, is.version,
         other ? "; it was judged by another schema than is loaded" : "");
    return true;
}

// Each that comes out otherwise is named; of those that cannot be made again the first.
static bool check_remade(struct verify *v, const char *file, const struct wev_row *row)
{
    char why[300];
    if (!v->remake || !row->made) { return true; }
    switch (wev_remake_check(v->remake, row, (struct wev_span){v->document.p, v->document.n}, why)) {
    case WEV_REMADE_SAME: v->remade++; return true;
    case WEV_REMADE_OTHER:
        v->remade++;
        find(v, file, "made again: %s", why);
        return true;
    case WEV_REMADE_CANNOT:
        if (v->unmade++ == 0) { find(v, file, "cannot be made again: %s", why); }
        return true;
    default: return false;
    }
}

static bool check_document(struct verify *v, const char *file, struct wev_name name, const struct wev_row *row)
{
    struct wev_error e;
    errno = 0;
    if (!wev_store_read(&v->store, file, &v->document, &e)) {
        int why = errno;
        struct stat st;
        bool gone = fstatat(v->store.dir, file, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
        find(v, file, "%s", gone ? "missing" : strerror(why));
        return why != ENOMEM;
    }
    struct wev_name is = wev_store_hash((struct wev_span){v->document.p, v->document.n});
    if (is.high != name.high || is.low != name.low) {
        find(v, file, "its bytes were changed: their hash is %016" PRIx64 "%016" PRIx64, is.high, is.low);
        return true;
    }
    if (row->size != v->document.n) { find(v, file, "the index says %" PRIu64 " bytes, it has %zu", row->size, v->document.n); }
    return check_verdict(v, file, row) && check_remade(v, file, row);
}

static bool check_line(struct verify *v, const struct wev_index *x, struct wev_span line)
{
    struct wev_span file;
    struct wev_row row;
    struct wev_name name;
    unsigned turn;
    bool fresh;
    char where[40], why[200];
    snprintf(where, sizeof(where), "index.jsonl:%" PRIu64, x->lines);
    if (!wev_index_check(line, &file)) {
        wev_index_why(line, why);
        find(v, where, "%s", why);
        // a document whose line is broken is not foreign, too
        const char *p = memmem(line.p, line.n, "objects/", 8);
        if (p) {
            file = (struct wev_span){p, 0};
            while (p + file.n < line.p + line.n && p[file.n] != '"') { file.n++; }
            return !wev_index_name(file, &name, &turn) || wev_names_add(&v->names, wev_index_key(name, turn), NULL);
        }
        return true;
    }
    json_t *root = wev_index_parse(line, &row, why);
    bool good = true;
    if (!root || !wev_index_name(row.file, &name, &turn)) {
        find(v, where, "%s", root ? "no name of a document" : why);
    } else if ((good = wev_names_add(&v->names, wev_index_key(name, turn), &fresh)) && !fresh) {
        find(v, where, "the second line of %s", row.file.p);
    } else if (good) {
        v->documents++;
        good = check_document(v, row.file.p, name, &row);
    }
    json_decref(root);
    return good;
}

static bool check_index(struct verify *v, struct wev_error *e)
{
    struct wev_index x;
    struct wev_span line;
    int got = 0;
    bool good = wev_index_open(&x, v->store.index);
    while (good && (got = wev_index_next(&x, &line)) > 0) { good = check_line(v, &x, line); }
    if (got < 0 && errno == EMSGSIZE) {
        char where[40];
        snprintf(where, sizeof(where), "index.jsonl:%" PRIu64, x.lines + 1);
        find(v, where, "a line of more than %d bytes: nothing behind it was read", WEV_INDEX_LINE_MAX);
    } else if (got < 0 || !good) {
        good = wev_store_fail(&v->store, "cannot be read", "index.jsonl", e);
    }
    if (x.torn && !v->stopped && !v->busy) { find(v, "index.jsonl", "its last line has no end: %" PRIu64 " bytes", x.torn); }
    v->left += x.torn && (v->stopped || v->busy);
    wev_index_close(&x);
    return good;
}

// ---- what does not belong there

static void check_object(struct verify *v, const char *folder, const char *entry)
{
    char file[600];
    struct wev_name name;
    unsigned turn;
    int n = snprintf(file, sizeof(file), "objects/%.260s/%.260s", folder, entry);
    if (!wev_index_name((struct wev_span){file, (size_t)n}, &name, &turn)) {
        find(v, file, "does not belong there");
    } else if (!wev_names_has(&v->names, wev_index_key(name, turn))) {
        if (v->stopped || v->busy) { v->left++; } else { find(v, file, "not in the index"); }
    }
}

static bool is_folder(int at, const char *name)
{
    struct stat st;
    return fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static bool is_fan(const char *name)
{
    return strlen(name) == 2 && strspn(name, "0123456789abcdef") == 2;
}

static void check_entry(struct verify *v, int at, const char *folder, const char *entry)
{
    char file[300];
    if (!strcmp(folder, ".")) {
        static const char *const ours[] = {"store", "index.jsonl", "objects", "aside"};
        for (size_t k = 0; k < WEV_COUNT(ours); k++) {
            if (!strcmp(entry, ours[k])) { return; }
        }
        find(v, entry, "does not belong there");
    } else if (strcmp(folder, "objects") != 0) {
        check_object(v, folder, entry);
    } else if (!is_fan(entry) || !is_folder(at, entry)) {
        snprintf(file, sizeof(file), "objects/%.260s", entry);
        find(v, file, "does not belong there");
    }
}

static bool walk(struct verify *v, int at, const char *folder, struct wev_error *e)
{
    struct dirent **entries = NULL;
    int n = scandirat(at, folder, &entries, NULL, alphasort);
    if (n < 0 && errno == ENOENT) { return true; }
    if (n < 0) { return wev_store_fail(&v->store, "cannot be read", folder, e); }
    int fd = openat(at, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 || wev_store_fail(&v->store, "cannot be read", folder, e);
    for (int k = 0; k < n; k++) {
        const char *name = entries[k]->d_name;
        if (good && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            check_entry(v, fd, folder, name);
            if (!strcmp(folder, "objects") && is_fan(name) && is_folder(fd, name)) { good = walk(v, fd, name, e); }
        }
        free(entries[k]);
    }
    free(entries);
    if (fd >= 0) { close(fd); }
    return good;
}

// ---- a store

static bool verify(struct verify *v, const char *path, struct wev_error *e)
{
    if (!wev_store_open(&v->store, path, WEV_STORE_READ, false, e)) { return false; }
    // a writer waits till this is done; one that is at work may be half way
    v->busy = flock(v->store.lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    v->stopped = is_folder(v->store.dir, "aside");
    bool good = check_index(v, e) && walk(v, v->store.dir, ".", e) && walk(v, v->store.dir, "objects", e);
    if (good) {
        char remade[100] = "";
        if (v->remake) { snprintf(remade, sizeof(remade), "; %" PRIu64 " made again, %" PRIu64 " that cannot be", v->remade, v->unmade); }
        printf("%s: %" PRIu64 " documents, %" PRIu64 " findings%s%s\n", path, v->documents, v->findings, remade,
               v->busy ? "; a writer is at work" : v->stopped ? "; a writer was stopped, the next one takes away what it left" : "");
    }
    wev_store_drop(&v->store);
    wev_names_free(&v->names);
    return good;
}

enum { OPT_REMAKE = WEV_SETTINGS_OWN, OPT_HELP };
static const struct option options[] = {
    {"schema", required_argument, NULL, WEV_SETTINGS_SCHEMA}, {"profile", required_argument, NULL, WEV_SETTINGS_PROFILE},
    {"remake", no_argument, NULL, OPT_REMAKE}, {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0},
};

static int complain(const char *text)
{
    fflush(stdout);
    fprintf(stderr, "wevcorpus: verify: %s\n", text);
    return 2;
}

static int run(struct verify *v, char **paths)
{
    struct wev_error e = {.code = WEV_OK};
    int status = 0;
    v->schema = wev_builtin_load(v->what.schemas, v->what.schema_count, v->what.profiles, v->what.profile_count, &e);
    if (!v->schema) { return complain(e.text); }
    v->decoder = wev_decode_new(v->schema, NULL);
    v->remake = v->remakes ? wev_remake_new() : NULL;
    bool ready = v->decoder && (v->remake || !v->remakes);
    if (!ready) { status = complain("out of memory"); }
    wev_intake_schema(v->schema, v->schema_hash);
    for (; ready && *paths; paths++) {
        v->store = (struct wev_store){.sync = true};
        v->documents = v->findings = v->left = v->remade = v->unmade = 0;
        if (!verify(v, *paths, &e)) {
            status = complain(e.text);
        } else if (v->findings && !status) {
            status = 1;
        }
    }
    wev_line_free(&v->document);
    wev_remake_free(v->remake);
    wev_decode_free(v->decoder);
    wev_schema_free(v->schema);
    return fflush(stdout) == 0 ? status : complain("cannot write to standard output");
}

int wev_verify_main(int argc, char **argv)
{
    struct verify v = {.what = WEV_SETTINGS_DEFAULT};
    struct wev_error e;
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, "q", options, NULL)) != -1;) {
        enum wev_settings_taken taken = wev_settings_take(&v.what, c, optarg, &e);
        if (taken == WEV_SETTINGS_WRONG) { return complain(e.text); }
        if (taken == WEV_SETTINGS_TAKEN) { continue; }
        switch (c) {
        case 'q': v.quiet = true; break;
        case OPT_REMAKE: v.remakes = true; break;
        case OPT_HELP: fputs(usage, stdout); return 0;
        default: fputs("wevcorpus: try verify --help\n", stderr); return 2;
        }
    }
    if (optind == argc) { return complain("which store? Name a folder; try verify --help"); }
    return run(&v, argv + optind);
}
