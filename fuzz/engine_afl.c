// AFL++ as an engine: a main and secondaries in one sync directory, our mutator and dictionary in each.
#include "fuzz/campaign.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { LINE = 1024 };

struct afl {
    char folder[PATH_MAX - 256]; // the sync directory
    char prefix[100];      // of our instances in it
    int lock;              // held by the one that has the main
    bool main, blind, qemu;
};

// Of all that share a directory one is the main: who holds its lock.
static bool take_main(struct afl *a)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s/.wevfuzz-main", a->folder);
    a->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    return a->lock >= 0 && flock(a->lock, LOCK_EX | LOCK_NB) == 0;
}

static bool start_one(struct wev_campaign *c, struct afl *a, unsigned k, struct wev_error *e)
{
    char name[160], timeout[40], seeds[PATH_MAX], call[PATH_MAX + 300], preload[PATH_MAX + 300], mutator[PATH_MAX + 40], out[PATH_MAX];
    const char *argv[WEV_SUBJECT_ARGS + 20];
    const char *env[20] = {"AFL_NO_UI=1", "AFL_SKIP_CPUFREQ=1", "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1", "AFL_NO_AFFINITY=1", "AFL_AUTORESUME=1",
                           "AFL_IMPORT_FIRST=1", "AFL_SYNC_TIME=1", "AFL_SKIP_BIN_CHECK=1", "AFL_FORKSRV_INIT_TMOUT=20000",
                           "ASAN_OPTIONS=abort_on_error=1:symbolize=0:detect_leaks=0:handle_abort=0", "UBSAN_OPTIONS=abort_on_error=1:halt_on_error=1"};
    size_t n = 0, m = 11;
    bool first = k == 0 && a->main;
    snprintf(name, sizeof(name), "%s%s%u", a->prefix, first ? "main" : "s", k);
    snprintf(out, sizeof(out), "%s%s%s", a->folder, a->blind ? "/" : "", a->blind ? name : "");
    snprintf(timeout, sizeof(timeout), "%u", c->timeout * 1000);
    snprintf(seeds, sizeof(seeds), "%s/seeds", c->scratch);
    const char *const words[] = {"afl-fuzz", "-i", seeds, "-o", out, "-m", "none", "-t", timeout};
    for (size_t w = 0; w < WEV_COUNT(words); w++) { argv[n++] = words[w]; }
    if (a->blind) { argv[n++] = "-n"; }
    if (a->qemu) { argv[n++] = "-Q"; }
    if (!a->blind) {
        argv[n++] = first ? "-M" : "-S";
        argv[n++] = name;
    }
    if (first) { env[m++] = "AFL_FINAL_SYNC=1"; }
    if (c->dict[0]) {
        argv[n++] = "-x";
        argv[n++] = c->dict;
    }
    if (c->mutator[0]) {
        snprintf(mutator, sizeof(mutator), "AFL_CUSTOM_MUTATOR_LIBRARY=%s", c->mutator);
        env[m++] = mutator;
    }
    if (c->subject.kind == WEV_SUBJECT_OBJECT) {
        snprintf(call, sizeof(call), "WEV_CALL=%s", c->subject.object);
        snprintf(preload, sizeof(preload), "AFL_PRELOAD=%.*s", (int)(strrchr(c->subject.object, ':') - c->subject.object), c->subject.object);
        env[m++] = call;
        if (c->subject.afl) { env[m++] = preload; }
    }
    env[m] = NULL;
    argv[n++] = "--";
    for (size_t w = 0; c->subject.engine[w]; w++) { argv[n++] = c->subject.engine[w]; }
    argv[n] = NULL;
    return wev_campaign_spawn(c, name, argv, env, e);
}

static bool start(struct wev_campaign *c, struct wev_error *e)
{
    struct afl *a = calloc(1, sizeof(*a));
    char ignored[PATH_MAX], host[40] = "";
    c->own = a;
    if (!a) { return snprintf(e->text, sizeof(e->text), "out of memory"), false; }
    a->lock = -1;
    if (c->sync) {
        snprintf(a->folder, sizeof(a->folder), "%.3000s", c->sync);
        gethostname(host, sizeof(host) - 1);
        for (char *p = host; *p; p++) { *p = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') ? *p : '-'; }
        snprintf(a->prefix, sizeof(a->prefix), "%s-%ld-", host, (long)getpid());
    } else {
        snprintf(a->folder, sizeof(a->folder), "%.3000s/afl", c->out);
    }
    if (!wev_folder(a->folder, e)) { return false; }
    memcpy(c->finds, a->folder, strlen(a->folder) + 1);
    memcpy(c->finds_prefix, a->prefix, sizeof(a->prefix));
    a->main = take_main(a);
    bool seen = c->subject.afl || c->subject.kind != WEV_SUBJECT_COMMAND;
    a->qemu = !seen && wev_subject_program("afl-qemu-trace", ignored);
    a->blind = !seen && !a->qemu;
    c->subject.covered = !a->blind && (seen ? c->subject.covered : true);
    for (unsigned k = 0; k < c->jobs; k++) {
        if (!start_one(c, a, k, e)) { return false; }
    }
    return true;
}

static bool last_line(const char *path, char *out, size_t cap)
{
    FILE *f = fopen(path, "re");
    if (!f) { return false; }
    size_t n = 0;
    if (fseek(f, 0, SEEK_END) == 0) {
        long size = ftell(f), from = size > (long)cap - 1 ? size - (long)cap + 1 : 0;
        n = fseek(f, from, SEEK_SET) == 0 ? fread(out, 1, cap - 1, f) : 0;
    }
    fclose(f);
    while (n && out[n - 1] == '\n') { n--; }
    out[n] = 0;
    char *line = strrchr(out, '\n');
    if (line) { memmove(out, line + 1, strlen(line)); }
    return out[0] && out[0] != '#';
}

// A seed that crashes is skipped by AFL++ and named: "Test case 'id:000001,time:0,execs:0,orig:NAME' results in a crash".
static void take_line(struct wev_campaign *c, struct wev_span line)
{
    char path[PATH_MAX];
    const char *name = line.n ? memmem(line.p, line.n, "orig:", 5) : NULL;
    const char *end = name ? memmem(name, (size_t)(line.p + line.n - name), "' results in a ", 15) : NULL;
    struct wev_span bytes;
    struct wev_error e;
    if (!end || end - name > 205) { return; }
    snprintf(path, sizeof(path), "%s/seeds/%.*s", c->scratch, (int)(end - name) - 5, name + 5);
    if (!wev_file_read(path, 64 << 20, &bytes, &e)) { return; }
    if (!wev_campaign_found(c, bytes, &e)) { wev_campaign_fail(c, &e); }
    free((char *)(uintptr_t)bytes.p);
}

// A number of a text of lines such as "execs_done        : 1234"; 0: it is not there.
static uint64_t stat_of(struct wev_span text, const char *name)
{
    const char *p = text.n ? memmem(text.p, text.n, name, strlen(name)) : NULL;
    const char *end = text.p + text.n;
    uint64_t v = 0;
    while (p && p < end && (*p < '0' || *p > '9')) { p++; }
    for (; p && p < end && *p >= '0' && *p <= '9' && v < UINT64_MAX / 100; p++) { v = v * 10 + (uint64_t)(*p - '0'); }
    return v;
}

// The names of what it keeps say how far it was, "id:000003,sig:11,...,execs:3902,op:havoc".
static uint64_t execs_named(const char *folder, const char *part)
{
    char path[PATH_MAX];
    uint64_t most = 0;
    struct dirent *d;
    snprintf(path, sizeof(path), "%.4000s/%s", folder, part);
    DIR *finds = opendir(path);
    while (finds && (d = readdir(finds)) != NULL) {
        const char *p = strstr(d->d_name, ",execs:");
        uint64_t v = p ? strtoull(p + 7, NULL, 10) : 0;
        most = v > most ? v : most;
    }
    if (finds) { closedir(finds); }
    return most;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

// AFL++ writes fuzzer_stats when it begins, each minute and when it ends, and plot_data each five seconds, comma-separated:
// executions are column 12, edges 13. Between, and blind, when it writes neither, the names of its files tell.
static void figures(const char *folder, uint64_t *execs, uint64_t *coverage)
{
    char path[PATH_MAX], line[LINE];
    struct wev_span text = {NULL, 0};
    struct wev_error ignored;
    uint64_t done = larger(execs_named(folder, "queue"), execs_named(folder, "crashes")), edges = 0;
    snprintf(path, sizeof(path), "%.4000s/fuzzer_stats", folder);
    if (wev_file_read(path, 1 << 16, &text, &ignored)) {
        done = larger(done, stat_of(text, "execs_done"));
        edges = stat_of(text, "edges_found");
    }
    free((char *)(uintptr_t)text.p);
    snprintf(path, sizeof(path), "%.4000s/plot_data", folder);
    const char *p = last_line(path, line, sizeof(line)) ? line : NULL;
    for (int column = 1; p && column < 12; column++) { p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL; }
    char *end = NULL;
    if (p) { done = larger(done, strtoull(p, &end, 10)); }
    if (end && *end == ',') { edges = larger(edges, strtoull(end + 1, NULL, 10)); }
    *execs += done;
    *coverage = larger(edges, *coverage);
}

static void look(struct wev_campaign *c)
{
    struct afl *a = c->own;
    uint64_t execs = 0, coverage = 0;
    struct dirent *d;
    DIR *folder = opendir(c->finds);
    while (folder && (d = readdir(folder)) != NULL) {
        char path[PATH_MAX];
        if (d->d_name[0] == '.' || strncmp(d->d_name, c->finds_prefix, strlen(c->finds_prefix)) != 0) { continue; }
        snprintf(path, sizeof(path) - 10, "%s/%.200s", c->finds, d->d_name);
        figures(path, &execs, &coverage);
        if (!a || !a->blind) { continue; }
        strcat(path, "/default"); // by its version
        figures(path, &execs, &coverage);
    }
    if (folder) { closedir(folder); }
    if (execs > c->execs) { c->execs = execs; }
    if (coverage > c->coverage && a && !a->blind) { c->coverage = coverage; }
    for (unsigned k = 0; k < c->worker_count; k++) { wev_campaign_lines(c, &c->workers[k], take_line); }
}

static void stop(struct wev_campaign *c)
{
    struct afl *a = c->own;
    wev_campaign_end_workers(c);
    look(c);
    if (a && a->lock >= 0) { close(a->lock); }
}

const struct wev_engine wev_engine_afl = {"afl", WEV_ENGINE_AFL, start, look, stop};
