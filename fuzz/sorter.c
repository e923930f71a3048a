// Sorts what an engine finds while it runs: each file once, into its bucket.
#include "fuzz/sorter.h"

#include "fuzz/screen.h"
#include "gen/choice.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEEN_MAX = 1 << 20, TICK_MS = 100 };

bool wev_campaign_is_find(const char *name)
{
    static const char *const heads[] = {"crash-", "leak-", "oom-", "timeout-", "id:", "minimized-from-"};
    for (size_t k = 0; k < WEV_COUNT(heads); k++) {
        if (!strncmp(name, heads[k], strlen(heads[k]))) { return true; }
    }
    return false;
}

static bool is_new(struct wev_sorter *s, const char *path)
{
    uint64_t h = XXH3_64bits(path, strlen(path));
    for (size_t k = 0; k < s->count; k++) {
        if (s->seen[k] == h) { return false; }
    }
    if (s->count == s->cap) {
        size_t cap = s->cap ? 2 * s->cap : 1024;
        uint64_t *seen = cap <= SEEN_MAX ? realloc(s->seen, cap * sizeof(*seen)) : NULL;
        if (!seen) { return false; }
        s->seen = seen;
        s->cap = cap;
    }
    s->seen[s->count++] = h;
    return true;
}

// What libFuzzer printed about a find: the end of its log before the line that names it.
static bool find_said(struct wev_campaign *c, const char *name, char *out, size_t cap, struct wev_span *said)
{
    char line[300];
    struct wev_span log;
    struct wev_error ignored;
    if (!c->worker_count || !wev_file_read(c->workers[0].log, 256 << 20, &log, &ignored)) { return false; }
    snprintf(line, sizeof(line), "/%.255s", name);
    const char *at = memmem(log.p, log.n, line, strlen(line));
    size_t n = at ? (size_t)(at - log.p) : 0, keep = n < cap ? n : cap;
    if (at) { memcpy(out, at - keep, keep); }
    free((char *)(uintptr_t)log.p);
    // of several reports the last
    const char *from = keep ? out : NULL;
    for (const char *p = from; p && (p = memmem(p, (size_t)(out + keep - p), "log from the inner process", 26)) != NULL; p++) { from = p; }
    *said = (struct wev_span){from, from ? (size_t)(out + keep - from) : 0};
    return at != NULL;
}

static void sort_one(struct wev_sorter *s, const char *path, const char *file)
{
    struct wev_campaign *c = s->c;
    char name[WEV_CRASH_NAME];
    static _Thread_local char text[65536];
    struct wev_error e = {.code = WEV_OK};
    struct wev_span said = {NULL, 0};
    enum wev_added added = wev_buckets_add(&c->buckets, path, said, name, &e);
    if (added == WEV_ADDED_NONE && c->engine && find_said(c, file, text, sizeof(text), &said)) {
        added = wev_buckets_add(&c->buckets, path, said, name, &e);
        c->buckets.quiet--;
    }
    if (added == WEV_ADDED_FAILED) { wev_campaign_fail(c, &e); }
    if (added != WEV_ADDED_BUCKET) { return; }
    const struct wev_bucket *k = c->buckets.list[c->buckets.count - 1];
    wev_campaign_say(c, "%s: %s%s", c->subject.name, name, k->known ? " (known)" : "");
}

static void sort_folder(struct wev_sorter *s, const char *path)
{
    struct dirent **names;
    int n = scandir(path, &names, NULL, alphasort);
    for (int k = 0; k < n; k++) {
        char file[PATH_MAX + 300];
        snprintf(file, sizeof(file), "%s/%s", path, names[k]->d_name);
        size_t len = strlen(file);
        bool whole = len < 5 || strcmp(file + len - 5, ".part") != 0;
        bool go = !s->c->failed && !s->c->hurry;
        bool late = s->last && wev_screen_now() > s->until;
        bool mine = s->parts < 2 || (unsigned)k % s->parts == s->part;
        if (whole && mine && wev_campaign_is_find(names[k]->d_name) && is_new(s, file)) {
            if (go && !late) { sort_one(s, file, names[k]->d_name); } else { s->waiting++; }
            s->c->sorted++;
        }
        free(names[k]);
    }
    if (n >= 0) { free(names); }
}

static void sort_all(struct wev_sorter *s)
{
    struct wev_campaign *c = s->c;
    char path[PATH_MAX];
    struct dirent *d;
    snprintf(path, sizeof(path), "%s/crashes", c->out);
    sort_folder(s, path);
    DIR *finds = c->finds[0] ? opendir(c->finds) : NULL;
    while (finds && (d = readdir(finds)) != NULL) {
        if (d->d_name[0] == '.' || strncmp(d->d_name, c->finds_prefix, strlen(c->finds_prefix)) != 0) { continue; }
        static const char *const parts[] = {"crashes", "hangs", "default/crashes", "default/hangs"};
        for (size_t k = 0; k < WEV_COUNT(parts); k++) {
            snprintf(path, sizeof(path), "%s/%.200s/%s", c->finds, d->d_name, parts[k]);
            sort_folder(s, path);
        }
    }
    if (finds) { closedir(finds); }
}

void *wev_sorter_run(void *arg)
{
    struct wev_sorter *s = arg;
    struct timespec nap = {0, TICK_MS * 1000000};
    for (;;) {
        bool last = s->last;
        sort_all(s);
        if (last) { return NULL; }
        nanosleep(&nap, NULL);
    }
}
