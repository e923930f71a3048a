// Whom events name, and the first pass, which shows them to the split. Threads make blocks of events, values alone, and pass a
// turnstile in the order of the blocks; so nothing depends on how many threads there are.
#include "gen/dataset/who.h"

#include "gen/choice.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1024, THREADS_MAX = 64 };

struct shared {
    struct wev_dataset_work *w;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t next; // the first unit that no thread has
    uint64_t seen; // the units before it have been shown
    bool failed;
};

struct worker {
    struct shared *shared;
    struct wev_state state;
    struct wev_who who[BLOCK];
    bool malicious[BLOCK];
};

// Accounts are those of a domain, a machine or Entra (S-1-5-21-…, S-1-12-1-…); SYSTEM and services are the same on every machine.
static bool is_account(const struct wev_sid *s)
{
    return (s->authority == 5 && s->count > 1 && s->sub[0] == 21) || (s->authority == 12 && s->count > 1 && s->sub[0] == 1);
}

static void take_account(struct wev_who *who, const struct wev_value *v)
{
    if (v->type != WEV_T_SID || v->flags & WEV_F_ABSENT || !is_account(v->is.sid)) { return; }
    const struct wev_sid *s = v->is.sid;
    uint64_t name = XXH3_64bits_withSeed(s->sub, s->count * sizeof(s->sub[0]), s->authority) | 1u;
    for (unsigned k = 0; k < who->account_count; k++) {
        if (who->account[k] == name) { return; }
    }
    if (who->account_count < WEV_ACCOUNTS_MAX) { who->account[who->account_count++] = name; }
}

void wev_who_name(struct wev_who *who, const struct wev_note *note, const struct wev_event *event)
{
    *who = (struct wev_who){.host = XXH3_64bits(note->computer, strlen(note->computer))};
    if (note->scenario[0]) { who->run = XXH3_64bits_withSeed(note->scenario, strlen(note->scenario), note->run) | 1u; }
    take_account(who, &event->header[WEV_H_USER_ID]);
    for (size_t k = 0; k < event->value_count; k++) { take_account(who, &event->value[k]); }
}

static bool stopped(const struct shared *s)
{
    const struct wev_dataset *d = s->w->d;
    return s->failed || (d->stop && atomic_load(d->stop));
}

static uint64_t take_block(struct shared *s, uint64_t *end)
{
    pthread_mutex_lock(&s->lock);
    uint64_t first = s->next, count = s->w->d->count;
    if (stopped(s)) { first = count; }
    *end = count - first < BLOCK ? count : first + BLOCK;
    s->next = *end;
    pthread_mutex_unlock(&s->lock);
    return first;
}

static void make(struct worker *x, uint64_t first, uint64_t end)
{
    struct wev_note note;
    struct wev_event event;
    for (uint64_t i = first; i < end; i++) {
        wev_make_values(x->shared->w->d->options, &x->state, i, &note, &event);
        wev_who_name(&x->who[i - first], &note, &event);
        x->malicious[i - first] = note.label[0] == 'm';
    }
}

// Waits for the blocks before it.
static void show(struct worker *x, uint64_t first, uint64_t end)
{
    struct shared *s = x->shared;
    const struct wev_dataset *d = s->w->d;
    pthread_mutex_lock(&s->lock);
    while (s->seen != first) { pthread_cond_wait(&s->moved, &s->lock); }
    for (uint64_t i = first; i < end && !s->failed; i++) {
        s->failed = !wev_split_see(s->w->split, &x->who[i - first], x->malicious[i - first]);
    }
    s->seen = end;
    if (d->progress) { d->progress(d->context, end, d->bytes); }
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

static void *work(void *argument)
{
    struct worker *x = argument;
    uint64_t first, end;
    while ((first = take_block(x->shared, &end)) < end) {
        make(x, first, end);
        show(x, first, end);
    }
    return NULL;
}

static struct worker *worker_new(struct shared *s)
{
    const struct wev_options *o = s->w->d->options;
    struct worker *x = malloc(sizeof(*x));
    if (!x) { return NULL; }
    x->shared = s;
    wev_values_init(&x->state, o->plan, o->seed);
    x->state.broken = NULL; // it makes values alone
    x->state.layout = o->plan->world ? wev_layout_new() : NULL;
    if (x->state.layout || !o->plan->world) { return x; }
    free(x);
    return NULL;
}

bool wev_who_see_all(struct wev_dataset_work *w, struct wev_error *e)
{
    struct shared s = {.w = w};
    struct worker *workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    unsigned most = w->d->threads < 1 ? 1 : w->d->threads > THREADS_MAX ? THREADS_MAX : w->d->threads, count = 0, started = 1;
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.moved, NULL);
    while (count < most && (workers[count] = worker_new(&s)) != NULL) { count++; } // fewer are enough
    if (count > 0) {
        while (started < count && pthread_create(&threads[started], NULL, work, workers[started]) == 0) { started++; }
        work(workers[0]);
        for (unsigned k = 1; k < started; k++) { pthread_join(threads[k], NULL); }
    }
    bool full = count == 0 || s.failed;
    for (unsigned k = 0; k < count; k++) {
        wev_layout_free(workers[k]->state.layout);
        free(workers[k]);
    }
    pthread_cond_destroy(&s.moved);
    pthread_mutex_destroy(&s.lock);
    e->code = full ? WEV_E_MEMORY : WEV_OK;
    if (full) { snprintf(e->text, sizeof(e->text), "out of memory for a dataset"); }
    return !full && s.seen == w->d->count;
}
