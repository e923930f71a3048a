// An engine without coverage, for any program: our generator and our mutator make inputs, each runs in a process of its own.
// Input k is a function of the seed, the seeds and k.
#include "fuzz/campaign.h"
#include "fuzz/env.h"
#include "fuzz/mutator.h"
#include "gen/choice.h"
#include "gen/sink.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_MAX = 1 << 20, SEEDS_MAX = 65536, ENOUGH = 8, KINDS = 1024 };

struct replay {
    pthread_t threads[WEV_WORKERS_MAX];
    unsigned thread_count;
    struct wev_span *seeds;
    size_t seed_count;
    _Atomic uint64_t next;
    pthread_mutex_t lock; // guards the table
    struct { char name[WEV_CRASH_NAME]; unsigned count; } table[KINDS];
    size_t table_count;
};

struct maker {
    struct wev_campaign *c;
    struct wev_schema *schema;
    struct wev_options *plain, *broken;
    struct wev_mutator *mutator;
    char *out;
};

static void maker_end(struct maker *m)
{
    wev_mutator_free(m->mutator);
    wev_options_free(m->plain);
    wev_options_free(m->broken);
    wev_schema_free(m->schema);
    free(m->out);
}

static bool maker_begin(struct maker *m, struct wev_campaign *c, struct wev_error *e)
{
    struct wev_config plain = {.seed = c->seed, .events = "all"}, broken = {.seed = c->seed, .events = "all", .malformed = "100%"};
    *m = (struct maker){.c = c, .out = malloc(INPUT_MAX)};
    m->schema = wev_env_schema(e->text, sizeof(e->text));
    if (!m->schema) { return false; }
    m->plain = wev_options_new(m->schema, &plain, e->text, sizeof(e->text));
    m->broken = m->plain ? wev_options_new(m->schema, &broken, e->text, sizeof(e->text)) : NULL;
    if (!m->broken) { return false; }
    m->mutator = wev_mutator_new(m->schema, NULL, e);
    if (m->mutator && !m->out) { snprintf(e->text, sizeof(e->text), "out of memory"); }
    return m->mutator && m->out;
}

// The seeds as they are, then of each four inputs one that is made broken and three that are mutated, once to four times.
static struct wev_span make(struct maker *m, uint64_t k)
{
    struct replay *r = m->c->own;
    if (k < r->seed_count) { return r->seeds[k]; }
    const struct wev_choice choice = {m->c->seed, NULL};
    uint64_t n = 0;
    if (wev_choice_below(wev_choice_draw(&choice, k, 1, n++), 4) == 0) {
        size_t size = wev_make(m->schema, m->broken, k, m->out, INPUT_MAX, NULL);
        return (struct wev_span){m->out, size <= INPUT_MAX ? size : 0};
    }
    const struct wev_span *pool = r->seeds;
    struct wev_span input = pool[wev_choice_below(wev_choice_draw(&choice, k, 1, n++), r->seed_count)];
    struct wev_span other = pool[wev_choice_below(wev_choice_draw(&choice, k, 1, n++), r->seed_count)];
    size_t times = 1 + wev_choice_below(wev_choice_draw(&choice, k, 1, n++), 4);
    for (size_t t = 0; t < times; t++) {
        uint64_t seed = wev_choice_draw(&choice, k, 2, t);
        input.n = wev_mutator_run(m->mutator, input, other, seed, (uint8_t *)m->out, INPUT_MAX);
        input.p = m->out;
    }
    return input;
}

// Some inputs of each bug are enough: the smallest of them is made smaller later.
static bool is_wanted(struct replay *r, const struct wev_crash *crash)
{
    char name[WEV_CRASH_NAME];
    size_t k = 0;
    wev_crash_name(crash, name);
    pthread_mutex_lock(&r->lock);
    while (k < r->table_count && strcmp(r->table[k].name, name) != 0) { k++; }
    if (k == r->table_count && k < KINDS) { memcpy(r->table[r->table_count++].name, name, sizeof(name)); }
    bool wanted = k < r->table_count && r->table[k].count++ < ENOUGH;
    pthread_mutex_unlock(&r->lock);
    return wanted;
}

static bool try_one(struct maker *m, uint64_t k, const char *path, struct wev_child *child, struct wev_error *e)
{
    struct wev_campaign *c = m->c;
    struct wev_crash crash;
    struct wev_span input = make(m, k);
    if (!wev_sink_whole(path, input, e) || !wev_subject_run(&c->subject, path, &c->buckets.limits, child, e)) { return false; }
    c->execs++;
    return !wev_crash_of(&crash, child, c->project) || !is_wanted(c->own, &crash) || wev_campaign_found(c, input, e);
}

static void *work(void *arg)
{
    struct wev_campaign *c = arg;
    struct replay *r = c->own;
    struct maker m;
    struct wev_error e = {.code = WEV_OK};
    char path[PATH_MAX];
    struct wev_child *child = malloc(sizeof(*child));
    if (!child) { snprintf(e.text, sizeof(e.text), "out of memory"); }
    bool good = maker_begin(&m, c, &e) && child;
    uint64_t k = atomic_fetch_add(&r->next, 1);
    snprintf(path, sizeof(path), "%s/input-%llu", c->scratch, (unsigned long long)k); // of this thread: its first number
    while (good && !c->stop && (!c->runs || k < c->runs)) {
        good = try_one(&m, k, path, child, &e);
        k = atomic_fetch_add(&r->next, 1);
    }
    if (!good) { wev_campaign_fail(c, &e); }
    maker_end(&m);
    free(child);
    return NULL;
}

static bool load_seeds(struct wev_campaign *c, struct replay *r, struct wev_error *e)
{
    char folder[PATH_MAX], path[PATH_MAX + 300];
    struct dirent **names;
    snprintf(folder, sizeof(folder), "%s/seeds", c->scratch);
    int n = scandir(folder, &names, NULL, alphasort);
    bool good = n >= 0 && (r->seeds = calloc((size_t)n + 1, sizeof(*r->seeds))) != NULL;
    for (int k = 0; k < n; k++) {
        snprintf(path, sizeof(path), "%s/%s", folder, names[k]->d_name);
        if (good && names[k]->d_name[0] != '.' && r->seed_count < SEEDS_MAX) {
            good = wev_file_read(path, INPUT_MAX, &r->seeds[r->seed_count], e);
            r->seed_count += good;
        }
        free(names[k]);
    }
    if (n >= 0) { free(names); }
    return good;
}

static bool start(struct wev_campaign *c, struct wev_error *e)
{
    struct replay *r = calloc(1, sizeof(*r));
    c->own = r;
    snprintf(e->text, sizeof(e->text), "out of memory");
    if (!r) { return false; }
    pthread_mutex_init(&r->lock, NULL);
    if (!load_seeds(c, r, e)) { return false; }
    while (r->thread_count < c->jobs && pthread_create(&r->threads[r->thread_count], NULL, work, c) == 0) { r->thread_count++; }
    return r->thread_count > 0;
}

static void look(struct wev_campaign *c)
{
    (void)c; // the threads count as they go
}

static void stop(struct wev_campaign *c)
{
    struct replay *r = c->own;
    if (!r) { return; }
    for (unsigned k = 0; k < r->thread_count; k++) { pthread_join(r->threads[k], NULL); }
    for (size_t k = 0; k < r->seed_count; k++) { free((char *)(uintptr_t)r->seeds[k].p); }
    free(r->seeds);
    r->seeds = NULL;
    pthread_mutex_destroy(&r->lock);
}

const struct wev_engine wev_engine_replay = {"replay", WEV_ENGINE_REPLAY, start, look, stop};
