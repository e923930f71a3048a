// libFuzzer as an engine: one process that starts jobs, goes on behind each find, and prints a line of figures.
#include "fuzz/campaign.h"

#include "gen/sink.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char rescue_to[PATH_MAX]; // nftw has no place for a context

static bool start(struct wev_campaign *c, struct wev_error *e)
{
    char jobs[40], timeout[40], rss[40], artifacts[PATH_MAX], dict[PATH_MAX + 8], corpus[PATH_MAX], seeds[PATH_MAX], call[PATH_MAX + 300];
    const char *argv[WEV_SUBJECT_ARGS + 20];
    const char *env[] = {call, NULL};
    size_t n = 0;
    for (; c->subject.engine[n] && strcmp(c->subject.engine[n], "@@"); n++) { argv[n] = c->subject.engine[n]; }
    snprintf(jobs, sizeof(jobs), "-fork=%u", c->jobs);
    snprintf(timeout, sizeof(timeout), "-timeout=%u", c->timeout);
    snprintf(rss, sizeof(rss), "-rss_limit_mb=%u", (unsigned)(c->memory_mb ? c->memory_mb : 2560));
    snprintf(artifacts, sizeof(artifacts), "-artifact_prefix=%s/crashes/", c->out);
    snprintf(corpus, sizeof(corpus), "%s/corpus", c->out);
    snprintf(seeds, sizeof(seeds), "%s/seeds", c->scratch);
    snprintf(dict, sizeof(dict), "-dict=%s", c->dict);
    snprintf(call, sizeof(call), "WEV_CALL=%s", c->subject.object);
    const char *const more[] = {jobs, "-ignore_crashes=1", "-ignore_ooms=1", "-ignore_timeouts=1", timeout, rss, artifacts, c->dict[0] ? dict : NULL, corpus, seeds};
    for (size_t k = 0; k < WEV_COUNT(more); k++) {
        if (more[k]) { argv[n++] = more[k]; }
    }
    argv[n] = NULL;
    return wev_campaign_spawn(c, "libfuzzer", argv, env, e);
}

static uint64_t number_behind(struct wev_span line, const char *what)
{
    const char *p = memmem(line.p, line.n, what, strlen(what));
    uint64_t v = 0;
    for (p = p ? p + strlen(what) : NULL; p && p < line.p + line.n && *p >= '0' && *p <= '9' && v < UINT64_MAX / 100; p++) {
        v = v * 10 + (uint64_t)(*p - '0');
    }
    return v;
}

// "#781900: cov: 8 ft: 7 corp: 5 exec/s 149 …" of its first process, "#2048 pulse cov: 8 …" of one alone
static void take_line(struct wev_campaign *c, struct wev_span line)
{
    if (line.n < 8 || line.p[0] != '#') { return; }
    uint64_t execs = number_behind(line, "#"), coverage = number_behind(line, " cov: ");
    if (coverage) { c->coverage = coverage > c->coverage ? coverage : c->coverage; }
    if (execs > c->execs) { c->execs = execs; }
}

static void look(struct wev_campaign *c)
{
    wev_campaign_lines(c, &c->workers[0], take_line);
}

// What its jobs had found and its first process had not yet taken over: files named by their SHA-1, in folders C0, C1, …
static int rescue(const char *path, const struct stat *st, int type, struct FTW *at)
{
    const char *name = path + at->base;
    struct wev_span bytes;
    struct wev_error ignored;
    char to[PATH_MAX + 80];
    bool in_job = at->base >= 2 && strstr(path, "/libFuzzerTemp.") && strstr(path, "/C");
    if (type != FTW_F || !in_job || strlen(name) != 40 || name[strspn(name, "0123456789abcdef")] || st->st_size > 1 << 24) { return 0; }
    snprintf(to, sizeof(to), "%s/%s", rescue_to, name);
    if (access(to, F_OK) == 0 || !wev_file_read(path, 1 << 24, &bytes, &ignored)) { return 0; }
    wev_sink_whole(to, bytes, &ignored);
    free((char *)(uintptr_t)bytes.p);
    return 0;
}

static void stop(struct wev_campaign *c)
{
    char tmp[PATH_MAX];
    wev_campaign_end_workers(c);
    snprintf(tmp, sizeof(tmp), "%s/tmp", c->scratch);
    snprintf(rescue_to, sizeof(rescue_to), "%s/corpus", c->out);
    nftw(tmp, rescue, 16, FTW_PHYS);
}

const struct wev_engine wev_engine_libfuzzer = {"libfuzzer", WEV_ENGINE_LIBFUZZER, start, look, stop};
