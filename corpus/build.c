// wevcorpus build: units into a store, made and judged by threads, put in by whoever's turn it is. What is there already is made
// again and compared, so a rerun finishes a run.
#include "corpus/commands.h"
#include "corpus/intake.h"
#include "gen/settings.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BLOCK = 64,      // units
    ROOM = 256 << 10, // bytes of a worker's buffer at first
    HOLD = 32 << 20, // and of what it holds back for its turn
    THREADS_MAX = 256,
    EXIT_INTERRUPTED = 130,
    SHOW_EVERY = 4096,
};

static const char usage[] =
    "usage: wevcorpus build DIR [-n COUNT] [-s SEED] [-e EVENTS] [-f FORMAT] [--malformed RATE[,CLASS=WEIGHT...]]\n"
    "                       [--class CLASS] [--breaks N] [--twin] [--from UNIT] [--shard K/N] [--start T]\n"
    "                       [--schema FILE]... [--profile FILE]... [--world[=FILE]] [--hosts N] [--users N] [--domains N] [--end T]\n"
    "                       [--rate R] [--scenario NAME[:N]...] [--attack-rate SHARE] [--time-zone ZONE]\n"
    "                       [-j N] [--batch N] [--no-sync] [--no-wait] [-v] [-q]\n"
    "\n"
    "  Makes events as wevgen does with the same options, judges each and puts it into the store DIR, which is made when it is\n"
    "  not there. A document is objects/9f/9f..., the XXH3-128 of its bytes; the same bytes are stored once. index.jsonl says\n"
    "  of each its seed, unit, options, schema, class and verdict. A run that was stopped is finished by the same command.\n"
    "\n"
    "  -j, --threads N     makes and judges on N threads, to 256; the store is the same (default 1)\n"
    WEV_INTAKE_USAGE
    "  -q, --quiet         no last line\n"
    "\n"
    "exit status: 0 fine, 1 a document's verdict is not its label's, 2 could not run, 130 interrupted\n";

static atomic_int interrupted;

static void on_signal(int sig)
{
    (void)sig;
    interrupted = 1;
}

// A document that was made and judged, and waits for its turn.
struct made {
    struct wev_row row;
    size_t at, n; // of the worker's buffer
};

struct build {
    struct wev_settings what;
    struct wev_intake in;
    const struct wev_options *options;
    char text[1024];   // of the options
    bool quiet, tty;
    unsigned threads;
    uint64_t next, first, end; // units: the first that no worker has, and the range
    uint64_t ticket, turn;     // of the next block, and of the one whose documents go in
    pthread_mutex_t lock;
    pthread_cond_t moved;
    bool failed, cut;          // cut: a block ended early, and none behind it may go in
    struct wev_error error;
};

struct worker {
    struct build *b;
    struct wev_state *state;
    struct wev_decoder *decoder;
    char *buf;
    size_t cap, n;
    struct made made[2 * BLOCK]; // units and twins
    unsigned count;
    uint64_t ticket;
    bool has_turn;
    struct wev_error error;
};

static bool out_of_memory(struct wev_error *e)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "out of memory");
    return false;
}

// ---- the turn: blocks go into the store in the order of their units, whoever made them

static bool stopped(struct build *b)
{
    return b->failed || b->cut || interrupted;
}

static unsigned take_block(struct worker *w, uint64_t *first)
{
    struct build *b = w->b;
    unsigned count = 0;
    pthread_mutex_lock(&b->lock);
    if (!stopped(b) && b->next < b->end) {
        count = b->end - b->next < BLOCK ? (unsigned)(b->end - b->next) : BLOCK;
        *first = b->next;
        b->next += count;
        w->ticket = b->ticket++;
    }
    pthread_mutex_unlock(&b->lock);
    return count;
}

// False: what is in work is not wanted any more.
static bool take_turn(struct worker *w)
{
    struct build *b = w->b;
    pthread_mutex_lock(&b->lock);
    while (!w->has_turn && b->turn != w->ticket) { pthread_cond_wait(&b->moved, &b->lock); }
    w->has_turn = true;
    bool wanted = !b->failed && !b->cut;
    pthread_mutex_unlock(&b->lock);
    return wanted;
}

static void pass_turn(struct worker *w, bool good, bool cut)
{
    struct build *b = w->b;
    take_turn(w);
    pthread_mutex_lock(&b->lock);
    if (!good && !b->failed && !b->cut) {
        b->failed = true;
        b->error = w->error;
    }
    b->cut = b->cut || cut;
    b->turn++;
    w->has_turn = false;
    pthread_cond_broadcast(&b->moved);
    pthread_mutex_unlock(&b->lock);
}

// ---- one block

// What was made so far, into the store. False: it failed, or nobody wants it.
static bool put_made(struct worker *w)
{
    struct build *b = w->b;
    bool good = take_turn(w);
    for (unsigned k = 0; good && k < w->count; k++) {
        struct made *m = &w->made[k];
        char name[48];
        snprintf(name, sizeof(name), "unit %" PRIu64 "%s", m->row.unit, m->row.twin ? " twin" : "");
        good = wev_intake_put_judged(&b->in, (struct wev_span){w->buf + m->at, m->n}, &m->row, name, &w->error);
        if (b->tty && m->row.unit % SHOW_EVERY == 0) {
            fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " units ", m->row.unit - b->first, b->end - b->first);
        }
    }
    w->count = 0;
    w->n = 0;
    return good;
}

// Forms that are no XML document, and stacked breaks, have no label that could be held against the decoder.
static char label_of(const struct build *b, const struct wev_note *note, bool twin)
{
    bool exact = b->options->form->xml && strcmp(b->options->form->name, "view") != 0;
    if (!exact || (b->what.config.breaks > 1 && note->defect[0] && !twin)) { return 0; }
    return twin ? 'y' : note->verdict;
}

static bool add(struct worker *w, const struct wev_note *note, size_t n, bool twin)
{
    const struct build *b = w->b;
    struct made *m = &w->made[w->count++];
    *m = (struct made){.at = w->n, .n = n};
    m->row = (struct wev_row){.source = WEV_SPAN("wevgen"), .made = true, .seed = b->what.config.seed, .unit = note->unit, .twin = twin,
                              .labelled = label_of(b, note, twin)};
    if (b->text[0]) { m->row.options = wev_span_of(b->text); }
    if (note->defect[0] && !twin) {
        m->row.class = wev_span_of(note->defect);
        m->row.at = note->at;
        m->row.at_length = note->at_length;
    }
    w->n += n;
    return wev_intake_judge(w->decoder, (struct wev_span){w->buf + m->at, n}, &m->row) || out_of_memory(&w->error);
}

static bool grow(struct worker *w, size_t need)
{
    size_t cap = need < HOLD ? 2 * need : need;
    char *wider = need < WEV_STORE_DOCUMENT_MAX * 2u ? realloc(w->buf, cap) : NULL;
    if (!wider) { return out_of_memory(&w->error); }
    w->buf = wider;
    w->cap = cap;
    return true;
}

// Large documents go into the store before the block is whole, so that a worker holds few of them.
static bool make_unit(struct worker *w, uint64_t unit)
{
    for (;;) {
        struct wev_note note;
        size_t n = wev_make_event(w->b->options, w->state, unit, w->buf + w->n, w->cap - w->n, &note, NULL);
        if (n <= w->cap - w->n) {
            size_t own = note.twin_at ? note.twin_at : n;
            return add(w, &note, own, false) && (!note.twin_at || add(w, &note, n - own, true));
        }
        if (n == SIZE_MAX) { return out_of_memory(&w->error); }
        if (w->n > 0 && w->n + n > HOLD && !put_made(w)) { return false; }
        if (n > w->cap - w->n && !grow(w, w->n + n)) { return false; }
    }
}

static void *work(void *arg)
{
    struct worker *w = arg;
    uint64_t first;
    for (unsigned count; (count = take_block(w, &first)) > 0;) {
        unsigned k = 0;
        bool good = true;
        w->count = 0;
        w->n = 0;
        for (; good && k < count && !interrupted; k++) { good = make_unit(w, first + k); }
        good = good && put_made(w);
        pass_turn(w, good, k < count);
    }
    return NULL;
}

// ---- workers

static void worker_free(struct worker *w)
{
    if (w->state) {
        wev_break_free(w->state->broken);
        wev_layout_free(w->state->layout);
    }
    free(w->state);
    free(w->buf);
    wev_decode_free(w->decoder);
    free(w);
}

static struct worker *worker_new(struct build *b)
{
    struct worker *w = calloc(1, sizeof(*w));
    if (!w) { return NULL; }
    w->b = b;
    w->cap = ROOM;
    w->buf = malloc(ROOM);
    w->decoder = wev_decode_new(b->in.schema, NULL);
    w->state = malloc(sizeof(*w->state));
    if (w->state) {
        wev_values_init(w->state, b->options->plan, b->options->seed);
        w->state->broken = b->options->breaks ? wev_break_new() : NULL;
        w->state->layout = b->options->plan->world ? wev_layout_new() : NULL;
    }
    bool whole = w->state && (w->state->broken || !b->options->breaks) && (w->state->layout || !b->options->plan->world);
    if (w->buf && w->decoder && whole) { return w; }
    worker_free(w);
    return NULL;
}

static bool build_units(struct build *b, struct wev_error *e)
{
    struct worker *workers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    unsigned count = 0, started = 1;
    while (count < b->threads && (workers[count] = worker_new(b)) != NULL) { count++; }
    if (!count) { return out_of_memory(e); }
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->moved, NULL);
    while (started < count && pthread_create(&threads[started], NULL, work, workers[started]) == 0) { started++; }
    work(workers[0]); // fewer threads than asked for make the same store
    for (unsigned k = 1; k < started; k++) { pthread_join(threads[k], NULL); }
    for (unsigned k = 0; k < count; k++) { worker_free(workers[k]); }
    pthread_cond_destroy(&b->moved);
    pthread_mutex_destroy(&b->lock);
    if (b->tty) { fputs("\r\033[K", stderr); }
    if (b->failed) { *e = b->error; }
    return !b->failed;
}

static int complain(const char *text)
{
    fprintf(stderr, "wevcorpus: build: %s\n", text);
    return 2;
}

static int run(struct build *b, const char *path)
{
    struct wev_error e = {.code = WEV_OK};
    uint64_t count;
    if (b->options->breaks && b->options->breaks->stream) { return complain("a class of streams breaks none of its documents: wevgen makes such streams"); }
    if (!wev_settings_range(&b->what, b->options, &b->first, &count, &e)) { return complain(e.text); }
    b->next = b->first;
    b->end = b->first + count;
    b->tty = !b->quiet && isatty(STDERR_FILENO);
    if (!wev_settings_text(&b->what, b->text, sizeof(b->text))) {
        snprintf(e.text, sizeof(e.text), "the options take more than the %zu bytes that a line of the index keeps of them", sizeof(b->text) - 2);
        return complain(e.text);
    }
    if (!wev_intake_open(&b->in, path, WEV_STORE_CREATE, &e)) { return complain(e.text); }
    if (!build_units(b, &e)) {
        wev_intake_drop(&b->in);
        return complain(e.text);
    }
    if (!wev_intake_close(&b->in, &e)) { return complain(e.text); }
    if (!b->quiet) { wev_intake_summary(&b->in, path); }
    if (fflush(stdout) != 0) { return complain("cannot write to standard output"); }
    return interrupted ? EXIT_INTERRUPTED : b->in.differ > 0;
}

enum { OPT_HELP = WEV_SETTINGS_OWN };
static const struct option options[] = {
    WEV_SETTINGS_LONG, WEV_SETTINGS_WORLD_LONG, WEV_INTAKE_LONG, {"threads", required_argument, NULL, 'j'}, {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0},
};

// -1: go on; else the exit status.
static int take_option(struct build *b, int c)
{
    struct wev_error e;
    bool taken;
    enum wev_settings_taken what = wev_settings_take(&b->what, c, optarg, &e);
    if (what == WEV_SETTINGS_WRONG) { return complain(e.text); }
    if (what == WEV_SETTINGS_TAKEN) { return -1; }
    if (!wev_intake_option(&b->in, c, optarg, &taken, &e)) { return complain(e.text); }
    if (taken) { return -1; }
    uint64_t n;
    switch (c) {
    case 'j':
        if (!wev_settings_number("threads", optarg, &n, &e)) { return complain(e.text); }
        if (n < 1 || n > THREADS_MAX) { return complain("--threads: must be 1 to 256"); }
        b->threads = (unsigned)n;
        return -1;
    case 'q': b->quiet = true; return -1;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try build --help\n", stderr); return 2;
    }
}

int wev_build_main(int argc, char **argv)
{
    struct build b = {.what = WEV_SETTINGS_DEFAULT, .in = {.store = {.sync = true}}, .threads = 1};
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *schema;
    struct wev_options *made;
    struct sigaction end = {.sa_handler = on_signal};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, WEV_SETTINGS_SHORT "j:vq", options, NULL)) != -1;) {
        int status = take_option(&b, c);
        if (status >= 0) { return status; }
    }
    if (argc - optind != 1) { return complain(optind == argc ? "where to? Name a folder; try build --help" : "one folder, please"); }
    if (!wev_settings_load(&b.what, &schema, &made, &e)) { return complain(e.text); }
    b.options = made;
    b.in.schema = schema;
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGTERM, &end, NULL);
    int status = run(&b, argv[optind]);
    wev_options_free(made);
    wev_schema_free(schema);
    return status;
}
