// Workers take cases from one counter. Each has a parser of its own: one process a case, or one that stays. What a process
// that stays does out of turn is looked into: its cases are asked again, each of a new process.
#include "corpus/work.h"

#include "corpus/server.h"
#include "corpus/units.h"
#include "gen/sink.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, DOCUMENT_MAX = 256 << 20, PATH_ROOM = 4096 };

struct worker {
    struct wev_work *work;
    struct wev_child *child, *other; // the run under way, and room to keep one
    struct wev_maker *maker;         // NULL: documents are files
    struct wev_server server;
    size_t *answered;                // cases of the process that stays, since its start
    size_t answered_n, answered_room;
    char path[PATH_ROOM];            // of the document that was made
    struct wev_error error;
};

static bool fail(struct worker *w, const char *text)
{
    w->error.code = WEV_E_MEMORY;
    snprintf(w->error.text, sizeof(w->error.text), "%s", text);
    return false;
}

// ---- results

static bool has_layer(const char *list, const char *layer)
{
    size_t n = strlen(layer);
    for (const char *p = list; n && (p = strstr(p, layer)) != NULL; p += n) {
        if ((p == list || p[-1] == ',') && (p[n] == ',' || !p[n])) { return true; }
    }
    return false;
}

// A reader that answers for more than XML cannot judge an event whose manifest it does not read.
static bool lacks_manifest(const struct wev_work *w, const struct wev_suite_case *c)
{
    return c->manifest && !w->manifests && (has_layer(w->layers, "schema") || has_layer(w->layers, "type") || has_layer(w->layers, "rule"));
}

static bool is_counted(const struct wev_work *w, const struct wev_suite_case *c, uint8_t kind)
{
    if (kind == WEV_RESULT_CRASH || kind == WEV_RESULT_TIMEOUT) { return true; }
    if (lacks_manifest(w, c)) { return false; }
    return c->verdict == 'y' || (c->verdict == 'n' && has_layer(w->layers, c->layer));
}

static bool settle(struct worker *w, size_t k, const struct wev_child *child)
{
    const struct wev_suite_case *c = &w->work->suite->cases[k];
    struct wev_outcome *o = &w->work->outcomes[k];
    struct wev_suite_case known = *c;
    json_t *expect = NULL;
    struct wev_span document;
    if (w->maker && c->verdict == 'y' && child->out[0] == '{') {
        if (!wev_maker_document(w->maker, c, &document) || !(expect = wev_maker_expect(w->maker, c, document))) { return fail(w, "out of memory"); }
        known.expect = expect;
    }
    free(o->said);
    bool good = wev_result_of(&known, child, &w->work->rejects, w->work->values, o);
    o->counted = is_counted(w->work, c, o->kind);
    json_decref(expect);
    return good || fail(w, "out of memory");
}

static bool is_crash(const struct worker *w, size_t k)
{
    return w->work->outcomes[k].kind == WEV_RESULT_CRASH || w->work->outcomes[k].kind == WEV_RESULT_TIMEOUT;
}

// ---- one process a case

static bool run_alone(struct worker *w, size_t k)
{
    const struct wev_suite_case *c = &w->work->suite->cases[k];
    struct wev_child_limits limits = w->work->limits;
    struct wev_span document;
    limits.manifest = c->manifest;
    if (!c->path) {
        if (!wev_maker_document(w->maker, c, &document)) { return fail(w, "out of memory for a document"); }
        if (!wev_sink_whole(w->path, document, &w->error)) { return false; }
    }
    return wev_child_run(w->work->argv, c->path ? c->path : w->path, &limits, w->child, &w->error) && settle(w, k, w->child);
}

// ---- one that stays

static enum wev_ask ask(struct worker *w, size_t k)
{
    const struct wev_suite_case *c = &w->work->suite->cases[k];
    struct wev_span document;
    if (c->path ? !wev_file_read(c->path, DOCUMENT_MAX, &document, &w->error) : !wev_maker_document(w->maker, c, &document)) {
        return c->path ? WEV_ASK_FAILED : (fail(w, "out of memory for a document"), WEV_ASK_FAILED);
    }
    enum wev_ask how = wev_server_ask(&w->server, document, c->manifest, w->child, &w->error);
    if (c->path) { free((char *)(uintptr_t)document.p); }
    return how;
}

static void swap(struct worker *w)
{
    struct wev_child *child = w->child;
    w->child = w->other;
    w->other = child;
}

static void note(struct wev_child *c, const char *text)
{
    if (!c->note[0]) { snprintf(c->note, sizeof(c->note), "%s", text); }
}

// The case of a new process that answers it alone and is seen to its end.
static bool ask_alone(struct worker *w, size_t k)
{
    wev_server_kill(&w->server);
    if (ask(w, k) == WEV_ASK_FAILED || !settle(w, k, w->child)) { return false; }
    if (!w->server.process.pid) { return true; }
    bool clean = wev_server_stop(&w->server, w->child);
    if (clean && !wev_result_sanitizer(w->child)) { return true; }
    note(w->child, "after its answer");
    return settle(w, k, w->child);
}

// The process said more than it was asked, or was found dead: w->child says which. Whose fault is it?
static bool find_culprit(struct worker *w)
{
    size_t n = w->answered_n, last = n ? w->answered[n - 1] : 0, from = w->child->end == WEV_CHILD_MORE ? 0 : n - 1;
    bool found = false;
    w->answered_n = 0;
    if (!n) { return true; }
    swap(w);
    for (size_t k = from; k < n; k++) { // who says more may have shifted every answer: all are asked again
        if (!ask_alone(w, w->answered[k])) { return false; }
        found = found || is_crash(w, w->answered[k]);
    }
    swap(w);
    if (found) { return true; }
    note(w->child, "after its answer, though not of this document alone");
    return settle(w, last, w->child);
}

// It died instead of answering, but not of its first document: perhaps of the one before.
static bool died_of(struct worker *w, size_t k)
{
    size_t n = w->answered_n, last = w->answered[n - 1];
    w->answered_n = 0;
    swap(w);
    bool good = ask_alone(w, k);
    if (good && w->child->end == WEV_CHILD_MORE) {
        w->answered_n = n;
        return find_culprit(w);
    }
    good = good && (is_crash(w, k) || ask_alone(w, last));
    bool found = good && (is_crash(w, k) || is_crash(w, last));
    swap(w);
    if (!good || found) { return good; }
    note(w->child, "after other documents, though not of this one alone");
    return settle(w, k, w->child);
}

static bool remember(struct worker *w, size_t k)
{
    if (w->answered_n == w->answered_room) {
        size_t room = w->answered_room ? 2 * w->answered_room : 1024;
        size_t *more = realloc(w->answered, room * sizeof(*more));
        if (!more) { return fail(w, "out of memory"); }
        w->answered = more;
        w->answered_room = room;
    }
    w->answered[w->answered_n++] = k;
    return true;
}

// The end of a process is the last chance to hear of a leak.
static bool see_off(struct worker *w)
{
    if (!w->server.process.pid) { return true; }
    bool clean = wev_server_stop(&w->server, w->child);
    if (w->child->end == WEV_CHILD_MORE) { return find_culprit(w); }
    size_t n = w->answered_n;
    w->answered_n = 0;
    if (n == 0 || (clean && !wev_result_sanitizer(w->child))) { return true; }
    snprintf(w->child->note, sizeof(w->child->note), "at its end, after %zu documents", n);
    return settle(w, w->answered[n - 1], w->child);
}

static bool run_on(struct worker *w, size_t k)
{
    enum wev_ask how;
    if (!wev_server_suits(&w->server, w->work->suite->cases[k].manifest) && !see_off(w)) { return false; }
    while ((how = ask(w, k)) == WEV_ASK_STALE) {
        if (!find_culprit(w)) { return false; }
    }
    if (how == WEV_ASK_FAILED) { return false; }
    if (w->server.process.pid) { return settle(w, k, w->child) && remember(w, k); }
    if (w->child->end == WEV_CHILD_MORE) { return remember(w, k) && find_culprit(w); }
    bool died = w->child->end == WEV_CHILD_SIGNAL || w->child->end == WEV_CHILD_WRONG || w->child->end == WEV_CHILD_EXIT;
    if (died && w->answered_n) { return died_of(w, k); }
    w->answered_n = 0;
    return settle(w, k, w->child);
}

// ---- the threads

static void give_up(struct wev_work *w, const struct wev_error *e)
{
    pthread_mutex_lock(&w->lock);
    if (!w->failed) { w->error = *e; }
    w->failed = true;
    pthread_mutex_unlock(&w->lock);
}

static bool set_up(struct worker *w)
{
    struct wev_work *work = w->work;
    w->child = malloc(sizeof(*w->child));
    w->other = malloc(sizeof(*w->other));
    w->maker = work->suite->units ? wev_maker_new(work->suite->units) : NULL;
    w->server = (struct wev_server){.argv = work->argv, .limits = &work->limits};
    if (work->scratch) { snprintf(w->path, sizeof(w->path), "%s/%ld.xml", work->scratch, (long)gettid()); }
    return (w->child && w->other && (w->maker || !work->suite->units)) || fail(w, "out of memory");
}

static void *run_cases(void *arg)
{
    struct wev_work *work = arg;
    struct worker w = {.work = work, .error = {.code = WEV_OK}};
    size_t k;
    bool good = set_up(&w);
    while (good && !work->failed && !*work->stop && (k = atomic_fetch_add(&work->next, 1)) < work->suite->count) {
        good = work->persistent ? run_on(&w, k) : run_alone(&w, k);
        atomic_fetch_add(&work->done, 1);
    }
    if (good && !work->failed && !*work->stop) { good = see_off(&w); }
    if (!good) { give_up(work, &w.error); }
    wev_server_kill(&w.server);
    if (w.path[0]) { unlink(w.path); }
    wev_maker_free(w.maker);
    free(w.answered);
    free(w.child);
    free(w.other);
    return NULL;
}

static void show_progress(struct wev_work *w)
{
    while (w->done < w->suite->count && !w->failed && !*w->stop) {
        struct timespec nap = {0, 200000000};
        fprintf(stderr, "\r%zu of %zu documents ", (size_t)w->done, w->suite->count);
        nanosleep(&nap, NULL);
    }
    fputs("\r\033[K", stderr);
}

static bool run_threads(struct wev_work *w)
{
    pthread_t threads[THREADS_MAX];
    unsigned started = 0, wanted = w->threads < THREADS_MAX ? w->threads : THREADS_MAX;
    pthread_mutex_init(&w->lock, NULL);
    wev_spawn_begin();
    while (started < wanted && pthread_create(&threads[started], NULL, run_cases, w) == 0) { started++; }
    if (!started) { run_cases(w); }
    if (w->show) { show_progress(w); }
    for (unsigned k = 0; k < started; k++) { pthread_join(threads[k], NULL); }
    wev_spawn_finish();
    pthread_mutex_destroy(&w->lock);
    return !w->failed;
}

bool wev_work_run(struct wev_work *w)
{
    const char *under = getenv("TMPDIR");
    char scratch[PATH_ROOM - 64];
    if (!w->suite->units || w->persistent) { return run_threads(w); }
    snprintf(scratch, sizeof(scratch), "%s/wevcorpus.XXXXXX", under && *under ? under : "/tmp");
    if (!mkdtemp(scratch)) {
        snprintf(w->error.text, sizeof(w->error.text), "cannot make a folder for documents, %.200s: %s", scratch, strerror(errno));
        return false;
    }
    w->scratch = scratch;
    bool good = run_threads(w);
    rmdir(scratch);
    w->scratch = NULL;
    return good;
}
