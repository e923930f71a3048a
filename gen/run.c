// Threads take blocks of units, render each into a buffer of their own, and pass two turnstiles in block
// order: one hands out the offset, which the labels need, and one writes. Bytes do not depend on it.
#include "gen/run.h"

#include "gen/label.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROOM = 128 << 10,        // bytes of a block's buffer at first
    ROOM_MAX = 1 << 30,
    THREADS_MAX = 256,
};

struct shared {
    struct wev_run *run;
    pthread_mutex_t lock;
    pthread_cond_t moved;
    uint64_t next;                  // first unit that no thread has
    uint64_t ticket;                // of the next block
    uint64_t offset_turn, write_turn;
    uint64_t offset;
    bool failed, closed;            // closed: the reader of the output is gone
    struct wev_error error;
};

struct worker {
    struct shared *shared;
    struct wev_state *state;
    char *buf, *labels;
    size_t cap;
    struct wev_note notes[WEV_BLOCK];
    struct wev_block made;
    uint64_t first, ticket;
    unsigned count;
    struct wev_error error;
};

static bool stopped(const struct shared *s)
{
    return s->failed || s->closed || (s->run->stop && atomic_load(s->run->stop));
}

static bool take_block(struct worker *w)
{
    struct shared *s = w->shared;
    bool got = false;
    pthread_mutex_lock(&s->lock);
    uint64_t end = s->run->from + s->run->count;
    if (!stopped(s) && s->next < end) {
        w->first = s->next;
        w->count = end - s->next < WEV_BLOCK ? (unsigned)(end - s->next) : WEV_BLOCK;
        w->ticket = s->ticket++;
        s->next += w->count;
        got = true;
    }
    pthread_mutex_unlock(&s->lock);
    return got;
}

static bool grow(struct worker *w, size_t need)
{
    size_t cap = w->cap;
    while (cap < need && cap < ROOM_MAX) { cap *= 2; }
    char *buf = cap < need ? NULL : realloc(w->buf, cap);
    if (!buf) {
        w->error.code = WEV_E_MEMORY;
        snprintf(w->error.text, sizeof(w->error.text), "out of memory for a block of %zu bytes", need);
        return false;
    }
    w->buf = buf;
    w->cap = cap;
    return true;
}

static bool write_file(struct worker *w, uint64_t unit, const char *mark, struct wev_span bytes)
{
    const struct wev_run *run = w->shared->run;
    struct wev_sink own = *run->sink; // its folder only: counters are kept in order below
    char name[64];
    snprintf(name, sizeof(name), "%012llu%s.%s", (unsigned long long)unit, mark, run->options->form->suffix);
    own.bytes = 0;
    return wev_sink_file(&own, name, bytes, &w->error);
}

static bool write_files(struct worker *w, unsigned k, struct wev_span bytes)
{
    size_t twin_at = w->notes[k].twin_at;
    if (!twin_at) { return write_file(w, w->first + k, "", bytes); }
    return write_file(w, w->first + k, "", (struct wev_span){bytes.p, twin_at}) &&
           write_file(w, w->first + k, ".twin", (struct wev_span){bytes.p + twin_at, bytes.n - twin_at});
}

static bool write_all_files(struct worker *w)
{
    const char *bytes = w->buf;
    for (unsigned k = 0; k < w->made.count; k++) {
        size_t n = w->made.length[k];
        if (n && !write_files(w, k, (struct wev_span){bytes, n})) { return false; }
        bytes += n;
    }
    return true;
}

static bool render(struct worker *w)
{
    const struct wev_run *run = w->shared->run;
    bool notes = run->labels || (run->options->breaks && (run->options->breaks->twin || run->sink->dir >= 0));
    struct wev_block *made = &w->made;
    made->count = made->broken = made->left_out = 0;
    made->n = 0;
    for (unsigned k = 0; k < w->count;) {
        k += wev_make_block(run->options, w->state, w->first + k, w->count - k, w->buf, w->cap, notes ? &w->notes[k] : NULL, made);
        if (k < w->count && !grow(w, made->next > SIZE_MAX - made->n ? made->next : made->n + made->next)) { return false; }
    }
    return run->sink->dir < 0 || write_all_files(w);
}

static size_t render_labels(struct worker *w, uint64_t offset)
{
    char *p = w->labels;
    const char *bytes = w->buf;
    bool files = w->shared->run->sink->dir >= 0;
    for (unsigned k = 0; k < w->count; k++) {
        const struct wev_note *note = &w->notes[k];
        size_t n = note->twin_at ? note->twin_at : w->made.length[k];
        if (!n) { continue; } // left out of its stream
        p = wev_label_line(p, note, (struct wev_span){bytes, n}, files ? 0 : offset);
        if (note->twin_at) {
            p = wev_label_twin(p, note, (struct wev_span){bytes + n, w->made.length[k] - n}, files ? 0 : offset + n);
        }
        bytes += w->made.length[k];
        offset += w->made.length[k];
    }
    return (size_t)(p - w->labels);
}

static void wait_turn(struct shared *s, const uint64_t *turn, uint64_t ticket)
{
    pthread_mutex_lock(&s->lock);
    while (*turn != ticket) { pthread_cond_wait(&s->moved, &s->lock); }
    pthread_mutex_unlock(&s->lock);
}

// With the turn to write, which alone touches the sink; other threads see it under the lock.
static void note_closed(struct shared *s)
{
    if (!s->run->sink->closed_pipe) { return; }
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    pthread_mutex_unlock(&s->lock);
}

static void pass_turn(struct shared *s, uint64_t *turn)
{
    pthread_mutex_lock(&s->lock);
    (*turn)++;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->lock);
}

// With the turn to write: nothing else touches sinks or counters.
static bool write_block(struct worker *w, size_t labels)
{
    struct wev_run *run = w->shared->run;
    struct wev_span bytes = {w->buf, w->made.n};
    if (run->sink->dir < 0 && !wev_sink_write(run->sink, bytes, &w->error)) { return false; }
    if (run->sink->closed_pipe) { return true; }
    if (labels && !wev_sink_write(run->labels, (struct wev_span){w->labels, labels}, &w->error)) { return false; }
    run->units += w->count;
    run->broken += w->made.broken;
    run->left_out += w->made.left_out;
    run->bytes += w->made.n;
    if (run->progress) { run->progress(run->context, run->units, run->bytes); }
    return true;
}

static void fail(struct worker *w)
{
    struct shared *s = w->shared;
    pthread_mutex_lock(&s->lock);
    if (!s->failed) { s->error = w->error; }
    s->failed = true;
    pthread_mutex_unlock(&s->lock);
}

static bool was_stopped(struct shared *s)
{
    pthread_mutex_lock(&s->lock);
    bool stop = s->failed || s->closed;
    pthread_mutex_unlock(&s->lock);
    return stop;
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct shared *s = w->shared;
    while (take_block(w)) {
        bool good = render(w);
        if (!good) { fail(w); }
        wait_turn(s, &s->offset_turn, w->ticket);
        uint64_t offset = s->offset;
        s->offset += w->made.n;
        pass_turn(s, &s->offset_turn);
        size_t labels = good && s->run->labels ? render_labels(w, offset) : 0;
        wait_turn(s, &s->write_turn, w->ticket);
        if (good && !was_stopped(s) && !write_block(w, labels)) { fail(w); }
        note_closed(s);
        pass_turn(s, &s->write_turn);
    }
    return NULL;
}

static void worker_free(struct worker *w)
{
    if (w->state) {
        wev_break_free(w->state->broken);
        wev_layout_free(w->state->layout);
    }
    free(w->buf);
    free(w->state);
    free(w->labels);
    free(w);
}

static struct worker *worker_new(struct shared *s)
{
    struct worker *w = calloc(1, sizeof(*w));
    if (!w) { return NULL; }
    w->shared = s;
    w->cap = ROOM;
    w->buf = malloc(ROOM);
    w->state = malloc(sizeof(*w->state));
    if (w->state) {
        wev_values_init(w->state, s->run->options->plan, s->run->options->seed);
        w->state->broken = s->run->options->breaks ? wev_break_new() : NULL;
        w->state->layout = s->run->options->plan->world ? wev_layout_new() : NULL;
    }
    w->labels = s->run->labels ? malloc(2 * (size_t)WEV_BLOCK * WEV_LABEL_MAX) : NULL; // units and twins
    bool whole = w->buf && w->state && (w->labels || !s->run->labels) && (w->state->broken || !s->run->options->breaks) &&
                 (w->state->layout || !s->run->options->plan->world);
    if (whole) { return w; }
    worker_free(w);
    return NULL;
}

bool wev_run(struct wev_run *run, struct wev_error *error)
{
    struct shared s = {.run = run, .next = run->from, .offset = run->offset};
    struct worker *workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    unsigned want = run->threads < THREADS_MAX ? run->threads : THREADS_MAX, count = 0, started = 1;
    pthread_mutex_init(&s.lock, NULL);
    pthread_cond_init(&s.moved, NULL);
    while (count < want && (workers[count] = worker_new(&s)) != NULL) { count++; }
    if (count > 0) { // fewer threads than asked for make the same bytes
        while (started < count && pthread_create(&threads[started], NULL, work, workers[started]) == 0) { started++; }
        work(workers[0]);
        for (unsigned k = 1; k < started; k++) { pthread_join(threads[k], NULL); }
    } else {
        s.failed = true;
        s.error.code = WEV_E_MEMORY;
        snprintf(s.error.text, sizeof(s.error.text), "out of memory for a worker");
    }
    for (unsigned k = 0; k < count; k++) { worker_free(workers[k]); }
    pthread_cond_destroy(&s.moved);
    pthread_mutex_destroy(&s.lock);
    if (s.failed) { *error = s.error; }
    return !s.failed;
}
