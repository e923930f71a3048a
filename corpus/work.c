// Workers take cases from one counter. Each has a parser of its own: one process a case, or one that stays. What a process
// that stays does out of turn is looked into: its cases are asked again, each of a new process.
#include "corpus/work.h"

#include "corpus/server.h"
#include "corpus/units.h"
#include "gen/sink.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS_MAX = 256, DOCUMENT_MAX = 256 << 20, PATH_ROOM = 4096, PROBE_EVERY = 64 };

struct worker {
    struct wev_work *work;
    struct wev_child *child, *other; // the run under way, and room to keep one
    struct wev_maker *maker;         // NULL: documents are files
    struct wev_server server;
    size_t *answered;                // cases of the process that stays, since its start
    size_t answered_n, answered_room;
    size_t probed, cleared;          // how many of them there were at the last probe, and at the one before
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

// A probe is a document that looks like frames of no bytes. Who read the last document to its end gives one answer to it. To who
// did not, the rest of that document and the probe's length are one line, and the probe's own lines come as frames: it answers
// more than once, or dies, while between documents it would have given one answer a frame, each to another document.
static const struct wev_span probe_document = {"0\n0\n0\n0\n0\n0\n0\n0\n", 16};

static enum wev_ask send_probe(struct worker *w, struct wev_server *s, const char *manifest, bool *good)
{
    enum wev_ask how = wev_server_ask(s, probe_document, manifest, w->child, &w->error);
    *good = how == WEV_ASK_ANSWERED && s->process.pid != 0;
    if (*good) { s->answered--; } // of documents
    return how;
}

// Whether a new process answers to a probe at all; found out once.
static bool answers_probes(struct worker *w, const char *manifest)
{
    struct wev_server fresh = {.argv = w->work->argv, .limits = &w->work->limits};
    bool good;
    if (w->work->probes == 0) {
        if (send_probe(w, &fresh, manifest, &good) != WEV_ASK_FAILED && good) { good = wev_server_stop(&fresh, w->child); }
        wev_server_kill(&fresh);
        w->work->probes = good ? 1 : 2;
    }
    return w->work->probes == 1;
}

static bool unread(struct worker *w, size_t k)
{
    if (w->child->end != WEV_CHILD_MORE) { // which says enough
        w->child->end = WEV_CHILD_WRONG;
        snprintf(w->child->note, sizeof(w->child->note), "did not read its document to the end");
    }
    return settle(w, k, w->child);
}

// The case of a new process that answers it alone, answers a probe, and is seen to its end.
static bool ask_alone(struct worker *w, size_t k)
{
    wev_server_kill(&w->server);
    bool good = true;
    if (ask(w, k) == WEV_ASK_FAILED || !settle(w, k, w->child)) { return false; }
    if (!w->server.process.pid) { return true; }
    if (answers_probes(w, w->server.manifest)) {
        enum wev_ask how = send_probe(w, &w->server, w->server.manifest, &good);
        if (how == WEV_ASK_FAILED) { return false; }
        if (how == WEV_ASK_STALE || w->child->end == WEV_CHILD_SIGNAL) { // it did not wait for the probe
            note(w->child, "after its answer");
            return settle(w, k, w->child);
        }
    }
    if (!good) { return unread(w, k); }
    bool clean = wev_server_stop(&w->server, w->child);
    if (clean && !wev_result_sanitizer(w->child)) { return true; }
    note(w->child, "after its answer");
    return settle(w, k, w->child);
}

static void forget_answers(struct worker *w)
{
    w->answered_n = w->probed = w->cleared = 0;
}

// The process said more than it was asked, or was found dead: w->child says which. Whose fault is it? from: of its cases the
// first that may have shifted the others' answers.
static bool find_culprit(struct worker *w, size_t from)
{
    size_t n = w->answered_n, last = n ? w->answered[n - 1] : 0;
    bool found = false;
    if (w->child->end != WEV_CHILD_MORE) { from = n - 1; }
    forget_answers(w);
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
    forget_answers(w);
    swap(w);
    bool good = ask_alone(w, k);
    if (good && w->child->end == WEV_CHILD_MORE) {
        w->answered_n = n;
        return find_culprit(w, 0);
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

// Did the process read what it was sent? If not, every answer since the probe before the last may be another document's: all are
// asked again.
static bool probe(struct worker *w)
{
    bool good;
    if (!w->server.process.pid || w->answered_n == w->probed || w->work->probes == 2) { return true; }
    enum wev_ask how = send_probe(w, &w->server, w->server.manifest, &good);
    if (how == WEV_ASK_FAILED) { return false; }
    if (how == WEV_ASK_STALE) { return find_culprit(w, 0); }
    if (good) {
        w->work->probes = 1;
        w->cleared = w->probed;
        w->probed = w->answered_n;
        return true;
    }
    swap(w);
    bool able = answers_probes(w, w->work->suite->cases[w->answered[w->answered_n - 1]].manifest);
    swap(w);
    if (!able) {
        forget_answers(w);
        return true;
    }
    w->child->end = WEV_CHILD_MORE;
    return find_culprit(w, w->cleared);
}

// The end of a process is the last chance to hear of a leak.
static bool see_off(struct worker *w)
{
    if (!probe(w)) { return false; }
    if (!w->server.process.pid) { return true; }
    bool clean = wev_server_stop(&w->server, w->child);
    if (w->child->end == WEV_CHILD_MORE) { return find_culprit(w, 0); }
    size_t n = w->answered_n;
    forget_answers(w);
    if (n == 0 || (clean && !wev_result_sanitizer(w->child))) { return true; }
    snprintf(w->child->note, sizeof(w->child->note), "at its end, after %" PRIu64 " documents", w->server.answered);
    return settle(w, w->answered[n - 1], w->child);
}

static bool run_on(struct worker *w, size_t k)
{
    enum wev_ask how;
    if (!wev_server_suits(&w->server, w->work->suite->cases[k].manifest) && !see_off(w)) { return false; }
    if (w->answered_n - w->probed >= PROBE_EVERY && !probe(w)) { return false; }
    while ((how = ask(w, k)) == WEV_ASK_STALE) {
        if (!find_culprit(w, 0)) { return false; }
    }
    if (how == WEV_ASK_FAILED) { return false; }
    if (w->server.process.pid) { return settle(w, k, w->child) && remember(w, k); }
    if (w->child->end == WEV_CHILD_MORE) { return remember(w, k) && find_culprit(w, 0); }
    bool died = w->child->end == WEV_CHILD_SIGNAL || w->child->end == WEV_CHILD_WRONG || w->child->end == WEV_CHILD_EXIT;
    if (died && w->answered_n) { return died_of(w, k); }
    forget_answers(w);
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
