// Runs inputs, names their bug, and keeps one folder a bug. Knows no engine.
#include "fuzz/bucket.h"

#include "fuzz/env.h"
#include "gen/sink.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_MAX = 64 << 20, REPORT_MAX = 32768, TRIES = 2, SLOT_ADD = 1000 };

static bool fail(struct wev_error *e, const char *what, const char *name)
{
    e->code = WEV_E_FILE;
    snprintf(e->text, sizeof(e->text), "%.300s: %s: %s", name, what, strerror(errno));
    return false;
}

static bool no_memory(struct wev_error *e)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "out of memory");
    return false;
}

bool wev_folder(const char *path, struct wev_error *e)
{
    char part[PATH_MAX];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof(part)) { return errno = ENAMETOOLONG, fail(e, "cannot make folder", path); }
    for (size_t k = 1; k <= n; k++) {
        if (path[k] != '/' && path[k]) { continue; }
        memcpy(part, path, k);
        part[k] = 0;
        if (mkdir(part, 0777) != 0 && errno != EEXIST) { return fail(e, "cannot make folder", path); }
    }
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode) ? true : (errno = ENOTDIR, fail(e, "cannot make folder", path));
}

// ---- known buckets: names of the folders of a baseline

static bool load_known(struct wev_buckets *b, const char *baseline, struct wev_error *e)
{
    struct dirent **names;
    int n = scandir(baseline, &names, NULL, alphasort);
    if (n < 0) { return fail(e, "cannot read the baseline", baseline); }
    b->known = calloc((size_t)n + 1, sizeof(*b->known));
    for (int k = 0; k < n; k++) {
        if (b->known && names[k]->d_name[0] != '.') {
            snprintf(b->known[b->known_count++], WEV_CRASH_NAME, "%.*s", WEV_CRASH_NAME - 1, names[k]->d_name);
        }
        free(names[k]);
    }
    free(names);
    return b->known || no_memory(e);
}

static bool is_known(const struct wev_buckets *b, const char *name)
{
    for (size_t k = 0; k < b->known_count; k++) {
        if (!strcmp(b->known[k], name)) { return true; }
    }
    return false;
}

bool wev_buckets_open(struct wev_buckets *b, const char *baseline, struct wev_error *e)
{
    pthread_mutex_init(&b->lock, NULL);
    b->schema = wev_env_schema(e->text, sizeof(e->text));
    if (!b->schema) { return false; }
    b->decoder = wev_decoder_new(b->schema);
    if (!b->decoder) { return no_memory(e); }
    return (!baseline || load_known(b, baseline, e)) && wev_folder(b->folder, e);
}

void wev_buckets_close(struct wev_buckets *b)
{
    for (size_t k = 0; k < b->count; k++) {
        free(b->list[k]->report);
        free(b->list[k]);
    }
    free(b->known);
    wev_decoder_free(b->decoder);
    wev_schema_free(b->schema);
    pthread_mutex_destroy(&b->lock);
}

// ---- one input

static const char *signal_name(int number)
{
    static const struct { int number; const char *name; } names[] = {
        {SIGSEGV, "SIGSEGV"}, {SIGABRT, "SIGABRT"}, {SIGBUS, "SIGBUS"}, {SIGFPE, "SIGFPE"}, {SIGILL, "SIGILL"},   {SIGKILL, "SIGKILL"},
        {SIGTRAP, "SIGTRAP"}, {SIGSYS, "SIGSYS"},   {SIGTERM, "SIGTERM"}, {SIGXCPU, "SIGXCPU"}, {SIGXFSZ, "SIGXFSZ"}, {SIGPIPE, "SIGPIPE"},
    };
    for (size_t k = 0; k < WEV_COUNT(names); k++) {
        if (names[k].number == number) { return names[k].name; }
    }
    return NULL;
}

static bool is_hang(const struct wev_crash *crash)
{
    return !strcmp(crash->kind, "timeout");
}

// The stack of a program that printed none, from a debugger. One that hangs is stopped there by the processor time that it used.
static void ask_gdb(struct wev_buckets *b, const char *path, bool hangs, struct wev_child *child, struct wev_crash *crash)
{
    const char *argv[WEV_SUBJECT_ARGS + 20];
    char run[PATH_MAX + 32], wrapper[100];
    size_t n = 0;
    bool file = false;
    struct wev_child_limits limits = b->limits;
    struct wev_error ignored;
    struct wev_crash seen;
    if (!b->gdb || strchr(path, '\'')) { return; }
    for (size_t k = 0; b->subject->argv[k]; k++) { file |= !strcmp(b->subject->argv[k], "@@"); }
    snprintf(run, sizeof(run), file ? "run" : "run < '%s'", path);
    snprintf(wrapper, sizeof(wrapper), "set exec-wrapper sh -c 'ulimit -St %u; exec \"$0\" \"$@\"'", (limits.seconds_100 + 99) / 100);
    const char *const words[] = {b->gdb, "-nx", "-batch", "-ex", hangs ? wrapper : "set confirm off", "-ex", run, "-ex", "bt 40", "--args"};
    for (size_t k = 0; k < WEV_COUNT(words); k++) { argv[n++] = words[k]; }
    for (size_t k = 0; b->subject->argv[k]; k++) { argv[n++] = b->subject->argv[k]; }
    argv[n] = NULL;
    limits.memory = 0;
    limits.seconds_100 += 1000;
    if (!wev_child_run((char *const *)(uintptr_t)argv, path, &limits, child, &ignored)) { return; }
    // frames come on standard output
    if (!wev_crash_read(&seen, (struct wev_span){child->out, child->out_n}, b->project)) { return; }
    if (!strcmp(crash->function, "-") || !strcmp(crash->function, "main")) {
        memcpy(crash->function, seen.function, sizeof(seen.function));
        memcpy(crash->file, seen.file, sizeof(seen.file));
        crash->line = seen.line;
    }
    crash->report = seen.report;
}

// Runs once; with a report in `child` and a name in `crash`.
static bool run_once(struct wev_buckets *b, const char *path, struct wev_child *child, struct wev_crash *crash, bool *crashed, struct wev_error *e)
{
    if (!wev_subject_run(b->subject, path, &b->limits, child, e)) { return false; }
    *crashed = wev_crash_of(crash, child, b->project);
    if (*crashed && child->end == WEV_CHILD_TIME && is_hang(crash) && !b->subject->libfuzzer) { ask_gdb(b, path, true, child, crash); }
    if (!*crashed || child->end != WEV_CHILD_SIGNAL) { return true; }
    bool bare = !strncmp(crash->kind, "signal-", 7);
    const char *name = signal_name(child->code);
    if (bare && name) { snprintf(crash->kind, sizeof(crash->kind), "%s", name); }
    bool faults = child->code == SIGSEGV || child->code == SIGABRT || child->code == SIGBUS || child->code == SIGFPE || child->code == SIGILL ||
                  child->code == SIGTRAP;
    if (bare && faults) { ask_gdb(b, path, false, child, crash); }
    return true;
}

bool wev_buckets_same(struct wev_buckets *b, const struct wev_crash *want, struct wev_span bytes, unsigned slot)
{
    char path[PATH_MAX];
    struct wev_error ignored;
    struct wev_crash crash;
    bool crashed = false;
    struct wev_child *child = malloc(sizeof(*child));
    snprintf(path, sizeof(path), "%.4000s/trim-%u", b->scratch, slot);
    bool good = child && wev_sink_whole(path, bytes, &ignored) && run_once(b, path, child, &crash, &crashed, &ignored) && crashed &&
                !strcmp(crash.kind, want->kind) && !strcmp(crash.function, want->function);
    free(child);
    return good;
}

// ---- the folder of a bucket

// What a terminal may be shown.
static void clean(char *p, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (((unsigned char)p[k] < 0x20 && p[k] != '\n' && p[k] != '\t') || (unsigned char)p[k] >= 0x7f) { p[k] = '?'; }
    }
}

static bool write_part(const struct wev_buckets *b, const struct wev_bucket *k, const char *file, struct wev_span bytes, struct wev_error *e)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof(path), "%s/%s/%s", b->folder, k->name, file) >= sizeof(path)) {
        return errno = ENAMETOOLONG, fail(e, "cannot write", b->folder);
    }
    return wev_sink_whole(path, bytes, e);
}

static json_t *as_json(const struct wev_buckets *b, const struct wev_bucket *k, const char *command)
{
    const char verdict[2] = {k->is.verdict, 0};
    json_t *is = json_pack("{s:s,s:s,s:s,s:s,s:I}", "verdict", verdict, "layer", k->is.layer, "reason", k->is.reason, "text", k->is.text, "at",
                           (json_int_t)k->is.at);
    return json_pack("{s:s,s:s,s:s,s:I,s:s,s:s,s:I,s:b,s:b,s:b,s:o,s:s}", "kind", k->crash.kind, "function", k->crash.function, "file", k->crash.file,
                     "line", (json_int_t)k->crash.line, "target", b->subject->name, "name", k->name, "bytes", (json_int_t)k->size, "known", k->known,
                     "reproduces", k->steady, "minimised", k->trimmed, "input", is, "command", command);
}

// The command first changes to no folder, so all its paths are absolute.
static bool write_bucket(struct wev_buckets *b, const struct wev_bucket *k, struct wev_error *e)
{
    char input[PATH_MAX], *script = NULL;
    snprintf(input, sizeof(input), "%.3800s/%s/input", b->folder, k->name);
    char *command = wev_subject_command(b->subject, input);
    json_t *root = command ? as_json(b, k, command) : NULL;
    char *text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
    int n = command ? asprintf(&script, "#!/bin/sh\n# %s in %s\n%s\n", k->crash.kind, k->crash.function, command) : -1;
    bool good = (text && n > 0) || no_memory(e);
    good = good && write_part(b, k, "stack.txt", (struct wev_span){k->report, k->report_n}, e) && write_part(b, k, "bucket.json", wev_span_of(text), e) &&
           write_part(b, k, "replay.sh", wev_span_of(script), e);
    if (n >= 0) { free(script); }
    free(text);
    json_decref(root);
    free(command);
    return good;
}

static bool set_input(struct wev_buckets *b, struct wev_bucket *k, struct wev_span bytes, struct wev_error *e)
{
    if (!write_part(b, k, "input", bytes, e)) { return false; }
    k->size = bytes.n;
    k->is = (struct wev_result){.verdict = '?', .layer = "", .reason = "", .text = ""};
    wev_decode(b->schema, b->decoder, bytes.p, bytes.n, &k->is);
    return true;
}

// The smaller of what is there from an earlier run and these bytes.
static bool first_input(struct wev_buckets *b, struct wev_bucket *k, struct wev_span bytes, struct wev_error *e)
{
    char path[PATH_MAX];
    struct wev_span old = {NULL, 0};
    struct wev_error ignored;
    snprintf(path, sizeof(path), "%.3800s/%s", b->folder, k->name);
    if (mkdir(path, 0777) != 0 && errno != EEXIST) { return fail(e, "cannot make folder", path); }
    snprintf(path, sizeof(path), "%.3800s/%s/input", b->folder, k->name);
    bool keep = wev_file_read(path, INPUT_MAX, &old, &ignored) && old.n < bytes.n && old.n > 0 && wev_buckets_same(b, &k->crash, old, SLOT_ADD);
    bool good = set_input(b, k, keep ? old : bytes, e);
    free((char *)(uintptr_t)old.p);
    return good;
}

static struct wev_bucket *find(struct wev_buckets *b, const char *name)
{
    for (size_t k = 0; k < b->count; k++) {
        if (!strcmp(b->list[k]->name, name)) { return b->list[k]; }
    }
    return NULL;
}

static enum wev_added put(struct wev_buckets *b, const struct wev_crash *crash, struct wev_span bytes, bool steady, char *name, struct wev_error *e)
{
    wev_crash_name(crash, name);
    struct wev_bucket *k = find(b, name);
    if (k) {
        k->count++;
        if (bytes.n >= k->size || (k->steady && !steady)) { return WEV_ADDED_MORE; }
        return set_input(b, k, bytes, e) && write_bucket(b, k, e) ? WEV_ADDED_MORE : WEV_ADDED_FAILED;
    }
    if (b->count == WEV_BUCKETS_MAX) { return WEV_ADDED_MORE; }
    k = calloc(1, sizeof(*k));
    char *report = malloc(REPORT_MAX);
    if (!k || !report) {
        free(k);
        free(report);
        return no_memory(e), WEV_ADDED_FAILED;
    }
    k->crash = *crash;
    k->report = report;
    k->report_n = crash->report.n < REPORT_MAX ? crash->report.n : REPORT_MAX;
    if (k->report_n) { memcpy(report, crash->report.p, k->report_n); }
    clean(report, k->report_n);
    k->crash.report = (struct wev_span){NULL, 0};
    memcpy(k->name, name, WEV_CRASH_NAME);
    k->count = 1;
    k->steady = steady;
    k->known = is_known(b, name);
    if (!first_input(b, k, bytes, e) || !write_bucket(b, k, e)) {
        free(report);
        free(k);
        return WEV_ADDED_FAILED;
    }
    b->list[b->count] = k;
    b->count++;
    b->fresh += !k->known;
    return WEV_ADDED_BUCKET;
}

enum wev_added wev_buckets_add(struct wev_buckets *b, const char *path, struct wev_span said, char *name, struct wev_error *e)
{
    struct wev_crash crash;
    struct wev_span bytes = {NULL, 0};
    struct wev_child *child = malloc(sizeof(*child));
    bool crashed = false, good = (child || no_memory(e)) && wev_file_read(path, INPUT_MAX, &bytes, e);
    name[0] = 0;
    for (int k = 0; good && !crashed && k < TRIES; k++) { good = run_once(b, path, child, &crash, &crashed, e); }
    bool steady = crashed;
    if (good && !crashed && said.p) { crashed = wev_crash_read(&crash, said, b->project) && !is_hang(&crash); }
    enum wev_added added = good ? WEV_ADDED_NONE : WEV_ADDED_FAILED;
    if (good && crashed) {
        pthread_mutex_lock(&b->lock);
        added = put(b, &crash, bytes, steady, name, e);
        pthread_mutex_unlock(&b->lock);
    }
    if (good && !crashed) { b->quiet++; }
    free(child);
    free((char *)(uintptr_t)bytes.p);
    return added;
}

// ---- smaller inputs

struct trimming {
    struct wev_buckets *b;
    const struct wev_bucket *k;
    const atomic_int *stop;
    time_t until;
    unsigned slot;
    struct wev_child_limits limits; // of a try, when the bucket is a hang
};

static time_t seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static bool same(void *context, struct wev_span bytes)
{
    struct trimming *t = context;
    return wev_buckets_same(t->b, &t->k->crash, bytes, t->slot);
}

static bool enough(void *context)
{
    const struct trimming *t = context;
    return *t->stop || seconds_now() >= t->until;
}

// Each try would take the whole time, so what takes much longer than an input that does nothing counts as one that hangs.
static bool hangs(void *context, struct wev_span bytes)
{
    struct trimming *t = context;
    char path[PATH_MAX];
    struct wev_error ignored;
    struct wev_crash crash;
    struct wev_child *child = malloc(sizeof(*child));
    snprintf(path, sizeof(path), "%.4000s/trim-%u", t->b->scratch, t->slot);
    bool good = child && wev_sink_whole(path, bytes, &ignored) && wev_subject_run(t->b->subject, path, &t->limits, child, &ignored) &&
                wev_crash_of(&crash, child, t->b->project) && is_hang(&crash);
    free(child);
    return good;
}

// The time of a try: ten times that of an event without anything in it, a fifth of a second at least.
static void find_time(struct trimming *t)
{
    int64_t from = wev_spawn_now_ms();
    bool empty_hangs = hangs(t, WEV_SPAN("<Event/>"));
    int64_t took = wev_spawn_now_ms() - from + 20; // in ms: as hundredths of a second ten times that
    if (!empty_hangs && took < t->limits.seconds_100) { t->limits.seconds_100 = (unsigned)took; }
}

// The guess is tested with all the time that there is, and by its name.
static bool is_same_hang(struct trimming *t, struct wev_span bytes)
{
    return wev_buckets_same(t->b, &t->k->crash, bytes, t->slot);
}

static bool trim_one(struct wev_buckets *b, struct wev_bucket *k, unsigned seconds, const atomic_int *stop, struct wev_error *e)
{
    char path[PATH_MAX];
    struct wev_span bytes;
    bool hang = is_hang(&k->crash);
    struct trimming own = {b, k, stop, seconds_now() + (time_t)seconds, 0, b->limits};
    const struct wev_trim t = {hang ? hangs : same, enough, &own};
    snprintf(path, sizeof(path), "%.3800s/%s/input", b->folder, k->name);
    if (!wev_file_read(path, INPUT_MAX, &bytes, e)) { return false; }
    char *p = (char *)(uintptr_t)bytes.p;
    if (hang) { find_time(&own); }
    size_t n = wev_trim(&t, p, bytes.n);
    bool smaller = n < bytes.n && (!hang || is_same_hang(&own, (struct wev_span){p, n}));
    // a machine that stood still for a moment: once more, with more time for a try
    while (hang && !smaller && n < bytes.n && own.limits.seconds_100 < b->limits.seconds_100 && !enough(&own)) {
        free(p);
        if (!wev_file_read(path, INPUT_MAX, &bytes, e)) { return false; }
        p = (char *)(uintptr_t)bytes.p;
        own.limits.seconds_100 *= 4;
        if (own.limits.seconds_100 > b->limits.seconds_100) { own.limits.seconds_100 = b->limits.seconds_100; }
        n = wev_trim(&t, p, bytes.n);
        smaller = n < bytes.n && is_same_hang(&own, (struct wev_span){p, n});
    }
    k->trimmed = !hang || smaller || n == bytes.n;
    bool good = (!smaller || set_input(b, k, (struct wev_span){p, n}, e)) && write_bucket(b, k, e);
    free(p);
    return good;
}

bool wev_buckets_trim(struct wev_buckets *b, unsigned seconds, const atomic_int *stop, struct wev_error *e)
{
    for (size_t k = 0; k < b->count && !*stop; k++) {
        struct wev_bucket *one = b->list[k];
        if (seconds && one->steady && !one->known && !trim_one(b, one, seconds, stop, e)) { return false; }
    }
    return true;
}
