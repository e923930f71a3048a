// Runs a campaign: prepares folders, starts the engine, sorts what it finds while it runs, watches time, disk and engine,
// and reports. Knows no engine's options.
#include "fuzz/campaign.h"

#include "fuzz/screen.h"
#include "fuzz/sorter.h"
#include "gen/choice.h"
#include "gen/sink.h"

#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SEED_MAX = 1 << 20, RESTARTS_MAX = 3, DISK_MIN_MB = 16, DRAIN_S = 60, TRIAGE_S = 86400, TICK_MS = 100 };

static void nap(void)
{
    struct timespec t = {0, TICK_MS * 1000000};
    nanosleep(&t, NULL);
}

void wev_campaign_fail(struct wev_campaign *c, const struct wev_error *e)
{
    pthread_mutex_lock(&c->lock);
    if (!c->failed) { c->error = *e; }
    c->failed = true;
    pthread_mutex_unlock(&c->lock);
    c->stop = 1;
}

static void fail(struct wev_campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void fail(struct wev_campaign *c, const char *format, ...)
{
    struct wev_error e = {.code = WEV_E_FILE};
    va_list args;
    va_start(args, format);
    vsnprintf(e.text, sizeof(e.text), format, args);
    va_end(args);
    wev_campaign_fail(c, &e);
}

bool wev_campaign_found(struct wev_campaign *c, struct wev_span bytes, struct wev_error *e)
{
    char path[PATH_MAX];
    XXH128_hash_t h = XXH3_128bits(bytes.p, bytes.n);
    snprintf(path, sizeof(path), "%s/crashes/crash-%016llx%016llx", c->out, (unsigned long long)h.high64, (unsigned long long)h.low64);
    return wev_sink_whole(path, bytes, e);
}

// ---- folders

static bool folder(struct wev_campaign *c, const char *base, const char *name)
{
    char path[PATH_MAX];
    struct wev_error e;
    snprintf(path, sizeof(path), "%s/%s", base, name);
    if (wev_folder(path, &e)) { return true; }
    wev_campaign_fail(c, &e);
    return false;
}

static bool copy_seed(struct wev_campaign *c, const char *from, const char *name)
{
    char path[PATH_MAX];
    struct wev_span bytes;
    struct wev_error e;
    struct stat st;
    if (stat(from, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > SEED_MAX || st.st_size == 0) { return true; }
    if (!wev_file_read(from, SEED_MAX, &bytes, &e)) { return true; } // one that cannot be read is none
    snprintf(path, sizeof(path), "%s/seeds/%.200s", c->scratch, name);
    bool good = wev_sink_whole(path, bytes, &e);
    free((char *)(uintptr_t)bytes.p);
    c->seeds += good;
    if (!good) { wev_campaign_fail(c, &e); }
    return good;
}

// Copied: no engine ever gets the name of a folder of yours.
static bool copy_seeds(struct wev_campaign *c)
{
    char found[PATH_MAX], path[PATH_MAX + 300];
    struct dirent **names;
    bool own = c->corpus != NULL;
    const char *of = c->subject.kind == WEV_SUBJECT_HARNESS ? c->subject.name : NULL;
    const char *from = own ? c->corpus : wev_place_seeds(&c->place, of, found, sizeof(found)) ? found : NULL;
    own = own || of;
    int n = from ? scandir(from, &names, NULL, alphasort) : 0;
    bool good = n >= 0;
    if (!good) { fail(c, "%.300s: %s", from, strerror(errno)); }
    for (int k = 0; k < n; k++) {
        const char *name = names[k]->d_name, *dot = strrchr(name, '.');
        snprintf(path, sizeof(path), "%s/%s", from, name);
        if (good && name[0] != '.' && (own || (dot && !strcmp(dot, ".xml")))) { good = copy_seed(c, path, name); }
        free(names[k]);
    }
    if (from && n >= 0) { free(names); }
    return good;
}

// Where there are no seeds one event is made.
static bool make_seed(struct wev_campaign *c)
{
    char path[PATH_MAX], buf[16384];
    struct wev_error e = {.text = "cannot make an event"};
    struct wev_config config = {.seed = 1};
    struct wev_options *o = wev_options_new(c->buckets.schema, &config, e.text, sizeof(e.text));
    size_t n = o ? wev_make(c->buckets.schema, o, 0, buf, sizeof(buf), NULL) : 0;
    snprintf(path, sizeof(path), "%s/seeds/event.xml", c->scratch);
    bool good = n && n <= sizeof(buf) && wev_sink_whole(path, (struct wev_span){buf, n}, &e);
    wev_options_free(o);
    if (!good) { wev_campaign_fail(c, &e); }
    return good;
}

static bool make_folders(struct wev_campaign *c)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(c->scratch, sizeof(c->scratch), "%.200s/wevfuzz-XXXXXX", tmp && tmp[0] == '/' ? tmp : "/tmp");
    if (!mkdtemp(c->scratch)) {
        char name[PATH_MAX];
        snprintf(name, sizeof(name), "%s", c->scratch);
        c->scratch[0] = 0;
        fail(c, "%.300s: cannot make a scratch folder: %s", name, strerror(errno));
        return false;
    }
    const char *const inside[] = {"work", "tmp", "seeds"}, *const outside[] = {"buckets", "crashes", "corpus", "log"};
    for (size_t k = 0; k < WEV_COUNT(inside); k++) {
        if (!folder(c, c->scratch, inside[k])) { return false; }
    }
    for (size_t k = 0; k < WEV_COUNT(outside); k++) {
        if (!folder(c, c->out, outside[k])) { return false; }
    }
    snprintf(c->buckets_folder, sizeof(c->buckets_folder), "%s/buckets", c->out);
    return true;
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *at)
{
    (void)st, (void)type, (void)at;
    return remove(path), 0;
}

// What the target left where it ran.
static void drop_scratch(struct wev_campaign *c)
{
    char path[PATH_MAX];
    size_t count = 0;
    char first[80] = "";
    struct dirent *d;
    snprintf(path, sizeof(path), "%s/work", c->scratch);
    DIR *work = opendir(path);
    while (work && (d = readdir(work)) != NULL) {
        if (!strcmp(d->d_name, ".") || !strcmp(d->d_name, "..")) { continue; }
        if (!count++) { snprintf(first, sizeof(first), "%.79s", d->d_name); }
    }
    if (work) { closedir(work); }
    if (count) { wev_campaign_say(c, "wevfuzz: the target wrote %zu file%s where it ran, such as %s: removed", count, count == 1 ? "" : "s", first); }
    if (c->scratch[0]) { nftw(c->scratch, drop, 32, FTW_DEPTH | FTW_PHYS); }
}

static bool disk_is_full(struct wev_campaign *c)
{
    const char *const places[] = {c->out, c->scratch, c->sync};
    for (size_t k = 0; k < WEV_COUNT(places); k++) {
        struct statvfs s;
        if (!places[k] || statvfs(places[k], &s) != 0 || s.f_blocks == 0) { continue; }
        uint64_t free_mb = (uint64_t)s.f_bavail * s.f_frsize >> 20, all_mb = (uint64_t)s.f_blocks * s.f_frsize >> 20;
        if (free_mb >= DISK_MIN_MB || free_mb > all_mb / 2) { continue; }
        fail(c, "%.300s: the disk is full but for %llu MB: stopped; what was found so far is in %.100s", places[k], (unsigned long long)free_mb, c->out);
        return true;
    }
    return false;
}

// ---- before it: does the target work, does it look at its input

// Whether anybody but us opened the file or read it since the watch began.
static bool was_read(int watch)
{
    _Alignas(struct inotify_event) char buf[4096];
    size_t opened = 0, read_ = 0;
    ssize_t n = read(watch, buf, sizeof(buf));
    for (ssize_t k = 0; k + (ssize_t)sizeof(struct inotify_event) <= n;) {
        struct inotify_event event;
        memcpy(&event, buf + k, sizeof(event));
        opened += (event.mask & IN_OPEN) != 0;
        read_ += (event.mask & IN_ACCESS) != 0;
        k += (ssize_t)(sizeof(event) + event.len);
    }
    return read_ || opened > 1; // it is opened once for its standard input
}

static bool run_probe(struct wev_campaign *c, const char *path, struct wev_child *child)
{
    struct wev_error e;
    if (!wev_subject_run(&c->subject, path, &c->buckets.limits, child, &e)) {
        wev_campaign_fail(c, &e);
        return false;
    }
    if (child->end == WEV_CHILD_EXIT && (child->code >= 125 && child->code <= 127)) {
        child->err[200] = 0;
        for (char *p = child->err; *p; p++) { *p = (unsigned char)*p < 0x20 ? ' ' : *p; }
        fail(c, "%.100s cannot run: %s", c->subject.name, child->err[0] ? child->err : "exit status 125 to 127, which a shell gives for that");
        return false;
    }
    return true;
}

static bool probe(struct wev_campaign *c)
{
    static const struct wev_span inputs[] = {{"<Event/>\n", 9}, {"", 0}, {"\377\376<<<>>&;]]>\0\001", 14}};
    char path[PATH_MAX];
    struct wev_error e;
    struct wev_child *child = malloc(sizeof(*child));
    size_t zeros = 0, reads = 0;
    bool good = child != NULL;
    for (size_t k = 0; good && k < WEV_COUNT(inputs); k++) {
        snprintf(path, sizeof(path), "%s/probe-%zu", c->scratch, k);
        int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        good = wev_sink_whole(path, inputs[k], &e);
        bool watched = watch >= 0 && inotify_add_watch(watch, path, IN_OPEN | IN_ACCESS) >= 0;
        good = good && run_probe(c, path, child);
        zeros += good && child->end == WEV_CHILD_EXIT && child->code == 0;
        reads += !watched || was_read(watch);
        if (watch >= 0) { close(watch); }
    }
    free(child);
    if (!good) { return false; }
    if (c->subject.kind != WEV_SUBJECT_COMMAND || zeros < WEV_COUNT(inputs) || c->subject.libfuzzer) { return true; }
    if (!reads) {
        fail(c, "%.100s exits 0 on everything and never reads its input: give @@ where it wants a file name, else it must read standard input",
             c->subject.name);
        return false;
    }
    wev_campaign_say(c, "wevfuzz: %s exits 0 on an event, on nothing and on junk: only crashes, hangs and sanitizers' reports will show", c->subject.name);
    return true;
}

// ---- the run

// An engine that ended by itself.
static void watch_engine(struct wev_campaign *c)
{
    for (unsigned k = 0; k < c->worker_count; k++) {
        struct wev_worker *w = &c->workers[k];
        int status;
        if (!w->pid || waitpid(w->pid, &status, WNOHANG) != w->pid) { continue; }
        w->pid = 0;
        bool killed = WIFSIGNALED(status);
        struct wev_span log = {NULL, 0};
        struct wev_error ignored;
        char words[300] = "";
        if (wev_file_read(w->log, 256 << 20, &log, &ignored) && log.n) {
            const char *abort_at = memmem(log.p, log.n, "PROGRAM ABORT", 13);
            const char *error_at = abort_at ? abort_at : memmem(log.p, log.n, "ERROR: ", 7);
            size_t from = error_at ? (size_t)(error_at - log.p) : log.n > 200 ? log.n - 200 : 0;
            size_t n = 0;
            for (size_t p = from; p < log.n && n < sizeof(words) - 1; p++) {
                if (log.p[p] == 27) { while (p < log.n && log.p[p] != 'm') { p++; } continue; }
                words[n++] = (unsigned char)log.p[p] < 0x20 || (unsigned char)log.p[p] > 0x7e ? ' ' : log.p[p];
            }
            words[n] = 0;
        }
        free((char *)(uintptr_t)log.p);
        if (killed && WTERMSIG(status) == SIGKILL) {
            fail(c, "the engine was killed with its whole process group: the target does that, or memory ran out; --engine replay runs each input in a "
                    "group of its own and shows which; what was found is in %.100s", c->out);
        } else {
            fail(c, "the engine ended by itself, %s %d, see %.150s: %.200s", killed ? "signal" : "exit status",
                 killed ? WTERMSIG(status) : WEXITSTATUS(status), w->log, words);
        }
    }
}

static void run_engine(struct wev_campaign *c, struct wev_screen *s)
{
    struct wev_error e = {.code = WEV_OK};
    if (!c->engine->start(c, &e)) { wev_campaign_fail(c, &e); }
    for (unsigned tick = 0; !c->stop; tick++) {
        nap();
        if (tick % 2 == 0) { c->engine->look(c); }
        wev_screen_show(c, s);
        watch_engine(c);
        if (c->seconds && wev_screen_now() - s->from >= c->seconds) { c->stop = 1; }
        if (c->runs && c->execs >= c->runs) { c->stop = 1; }
        if (tick % 5 == 0 && disk_is_full(c)) { break; }
    }
    c->engine->stop(c);
    c->engine->look(c);
    free(c->own);
    c->own = NULL;
    if (s->live) { wev_screen_wipe(); }
}

static bool write_reports(struct wev_campaign *c, double spent, struct wev_error *e)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof(folder), "%s/tests/regress/%s", c->place.root, c->subject.name);
    return (!c->junit || wev_buckets_junit(&c->buckets, spent, c->junit, e)) && (!c->sarif || wev_buckets_sarif(&c->buckets, c->sarif, e)) &&
           (!c->keep || wev_buckets_keep(&c->buckets, folder, e));
}

static int report(struct wev_campaign *c, const struct wev_sorter *s, double spent)
{
    struct wev_error e = {.code = WEV_OK};
    bool good = write_reports(c, spent, &e);
    size_t count = c->buckets.count, fresh = c->buckets.fresh, quiet = c->buckets.quiet;
    if (!c->quiet) { wev_buckets_print(&c->buckets); }
    printf("%s%zu bucket%s, %zu new", c->quiet || !count ? "" : "\n", count, count == 1 ? "" : "s", fresh);
    if (c->engine) { printf("; %llu executions in %.0f s", (unsigned long long)c->execs, spent); }
    if (quiet) { printf("; %zu input%s did nothing when run again", quiet, quiet == 1 ? "" : "s"); }
    if (s->waiting) { printf("; %zu not sorted", s->waiting); }
    printf("; in %s\n", c->out);
    if (fflush(stdout) != 0 && good) {
        good = false;
        snprintf(e.text, sizeof(e.text), "cannot write to standard output: %s", strerror(errno));
    }
    if (!good) { wev_campaign_fail(c, &e); }
    return fresh > 0;
}

static bool prepare(struct wev_campaign *c)
{
    struct wev_error e = {.code = WEV_OK};
    static char gdb[PATH_MAX], tmp[PATH_MAX], work[PATH_MAX];
    if (!make_folders(c) || disk_is_full(c)) { return false; }
    snprintf(tmp, sizeof(tmp), "%s/tmp", c->scratch);
    snprintf(work, sizeof(work), "%s/work", c->scratch);
    setenv("TMPDIR", tmp, 1);
    setenv("ASAN_OPTIONS", "handle_abort=1:detect_leaks=1:symbolize=1", 0);
    setenv("UBSAN_OPTIONS", "print_stacktrace=1", 0);
    if (c->subject.object[0]) { setenv("WEV_CALL", c->subject.object, 1); }
    c->buckets.subject = &c->subject;
    c->buckets.folder = c->buckets_folder;
    c->buckets.scratch = c->scratch;
    c->buckets.project = c->project;
    c->buckets.gdb = wev_subject_program("gdb", gdb) ? gdb : NULL;
    c->buckets.limits = (struct wev_child_limits){.seconds_100 = c->timeout * 100, .memory = c->memory_mb << 20, .output = 64 << 20, .folder = work,
                                                  .file = 256 << 20};
    if (!wev_buckets_open(&c->buckets, c->baseline, &e)) {
        wev_campaign_fail(c, &e);
        return false;
    }
    return true;
}

static void run_all(struct wev_campaign *c, struct wev_screen *screen, struct wev_sorter *s)
{
    // a campaign's processors are the engine's; triage has them to itself
    s[0].parts = c->engine ? 1 : c->jobs;
    for (unsigned k = 0; k < s[0].parts; k++) {
        s[k] = (struct wev_sorter){.c = c, .part = k, .parts = s[0].parts, .until = wev_screen_now() + TRIAGE_S, .last = !c->engine};
        s[k].started = pthread_create(&s[k].thread, NULL, wev_sorter_run, &s[k]) == 0;
        if (!s[k].started) { fail(c, "cannot start a thread"); }
    }
    if (c->engine && !c->failed) { run_engine(c, screen); }
    s[0].until = wev_screen_now() + (c->engine ? DRAIN_S : TRIAGE_S);
    s[0].last = 1;
    for (unsigned k = 0; k < s[0].parts; k++) {
        while (s[k].started && pthread_tryjoin_np(s[k].thread, NULL) != 0) {
            nap();
            if (!c->engine) { wev_screen_show(c, screen); }
        }
        if (k) { s[0].waiting += s[k].waiting; }
        free(s[k].seen);
    }
}

int wev_campaign_run(struct wev_campaign *c)
{
    struct wev_screen screen = {.live = isatty(STDERR_FILENO)};
    static struct wev_sorter s[WEV_WORKERS_MAX];
    struct wev_error e;
    int status = 0;
    wev_spawn_begin();
    pthread_mutex_init(&c->lock, NULL);
    bool good = prepare(c) && (!c->engine || (copy_seeds(c) && (c->seeds || make_seed(c)) && probe(c)));
    screen.from = screen.last_new = screen.last_time = wev_screen_now();
    screen.next = screen.from + 1;
    if (good) {
        run_all(c, &screen, s);
        if (screen.live && !c->quiet) { wev_screen_wipe(); }
        if (!c->failed && !wev_buckets_trim(&c->buckets, c->trim_seconds, &c->hurry, &e)) { wev_campaign_fail(c, &e); }
        status = report(c, s, wev_screen_now() - screen.from);
    }
    drop_scratch(c);
    wev_spawn_finish();
    if (c->failed) { fprintf(stderr, "wevfuzz: %s\n", c->error.text); }
    wev_buckets_close(&c->buckets);
    return c->failed ? 2 : status;
}
