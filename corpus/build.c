// wevcorpus build: units into a store. What is there already is made again and compared, so a rerun finishes a run.
#include "corpus/commands.h"
#include "corpus/intake.h"
#include "gen/settings.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 64 << 10, EXIT_INTERRUPTED = 130, SHOW_EVERY = 4096 };

static const char usage[] =
    "usage: wevcorpus build DIR [-n COUNT] [-s SEED] [-e EVENTS] [-f FORMAT] [--malformed RATE[,CLASS=WEIGHT...]]\n"
    "                       [--class CLASS] [--breaks N] [--twin] [--from UNIT] [--shard K/N] [--start T]\n"
    "                       [--schema FILE]... [--profile FILE]... [--batch N] [--no-sync] [--no-wait] [-v] [-q]\n"
    "\n"
    "  Makes events as wevgen does with the same options, judges each and puts it into the store DIR, which is made when it is\n"
    "  not there. A document is objects/9f/9f..., the XXH3-128 of its bytes; the same bytes are stored once. index.jsonl says\n"
    "  of each its seed, unit, options, schema, class and verdict. A run that was stopped is finished by the same command.\n"
    "\n"
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

struct build {
    struct wev_settings what;
    struct wev_intake in;
    const struct wev_options *options;
    struct wev_state *state;
    char *buf;
    size_t cap;
    char text[1024];   // of the options
    bool quiet;
};

static bool out_of_memory(struct wev_error *e)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "out of memory");
    return false;
}

static bool make_unit(struct build *b, uint64_t unit, struct wev_note *note, size_t *n, struct wev_error *e)
{
    for (;;) {
        *n = wev_make_event(b->options, b->state, unit, b->buf, b->cap, note, NULL);
        if (*n <= b->cap) { return true; }
        char *wider = *n < WEV_STORE_DOCUMENT_MAX * 2u ? realloc(b->buf, *n) : NULL;
        if (!wider) { return out_of_memory(e); }
        b->buf = wider;
        b->cap = *n;
    }
}

// Forms that are no XML document, and stacked breaks, have no label that could be held against the decoder.
static char label_of(const struct build *b, const struct wev_note *note, bool twin)
{
    bool exact = b->options->form->xml && strcmp(b->options->form->name, "view") != 0;
    if (!exact || (b->what.config.breaks > 1 && note->defect[0] && !twin)) { return 0; }
    return twin ? 'y' : note->verdict;
}

static bool put_unit(struct build *b, const struct wev_note *note, struct wev_span bytes, bool twin, struct wev_error *e)
{
    char name[48];
    struct wev_row row = {.source = WEV_SPAN("wevgen"), .made = true, .seed = b->what.config.seed, .unit = note->unit, .twin = twin,
                          .labelled = label_of(b, note, twin)};
    snprintf(name, sizeof(name), "unit %" PRIu64 "%s", note->unit, twin ? " twin" : "");
    if (b->text[0]) { row.options = wev_span_of(b->text); }
    if (note->defect[0] && !twin) {
        row.class = wev_span_of(note->defect);
        row.at = note->at;
        row.at_length = note->at_length;
    }
    return wev_intake_put(&b->in, bytes, &row, name, e);
}

static bool build_units(struct build *b, uint64_t first, uint64_t count, struct wev_error *e)
{
    bool tty = !b->quiet && isatty(STDERR_FILENO), good = true;
    for (uint64_t k = 0; good && k < count && !interrupted; k++) {
        struct wev_note note;
        size_t n = 0;
        if (!make_unit(b, first + k, &note, &n, e)) { return false; }
        size_t own = note.twin_at ? note.twin_at : n;
        good = put_unit(b, &note, (struct wev_span){b->buf, own}, false, e);
        if (good && note.twin_at) { good = put_unit(b, &note, (struct wev_span){b->buf + own, n - own}, true, e); }
        if (tty && k % SHOW_EVERY == 0) { fprintf(stderr, "\r%" PRIu64 " of %" PRIu64 " units ", k, count); }
    }
    if (tty) { fputs("\r\033[K", stderr); }
    return good;
}

static int complain(const char *text)
{
    fprintf(stderr, "wevcorpus: build: %s\n", text);
    return 2;
}

static bool prepare(struct build *b, struct wev_error *e)
{
    b->cap = ROOM;
    b->buf = malloc(ROOM);
    b->state = malloc(sizeof(*b->state));
    if (!b->buf || !b->state) { return out_of_memory(e); }
    wev_values_init(b->state, b->options->plan, b->options->seed);
    b->state->broken = b->options->breaks ? wev_break_new() : NULL;
    wev_settings_text(&b->what, b->text, sizeof(b->text));
    return !b->options->breaks || b->state->broken || out_of_memory(e);
}

static int run(struct build *b, const char *path)
{
    struct wev_error e = {.code = WEV_OK};
    uint64_t first, count;
    if (!wev_settings_range(&b->what, b->options, &first, &count, &e) || !prepare(b, &e)) { return complain(e.text); }
    if (!wev_intake_open(&b->in, path, WEV_STORE_CREATE, &e)) { return complain(e.text); }
    if (!build_units(b, first, count, &e)) {
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
    WEV_SETTINGS_LONG, WEV_INTAKE_LONG, {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, OPT_HELP}, {NULL, 0, NULL, 0},
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
    switch (c) {
    case 'q': b->quiet = true; return -1;
    case OPT_HELP: fputs(usage, stdout); return 0;
    default: fputs("wevcorpus: try build --help\n", stderr); return 2;
    }
}

int wev_build_main(int argc, char **argv)
{
    struct build b = {.what = WEV_SETTINGS_DEFAULT, .in = {.store = {.sync = true}}};
    struct wev_error e = {.code = WEV_OK};
    struct wev_schema *schema;
    struct wev_options *made;
    struct sigaction end = {.sa_handler = on_signal};
    optind = 1;
    for (int c; (c = getopt_long(argc, argv, WEV_SETTINGS_SHORT "vq", options, NULL)) != -1;) {
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
    if (b.state) { wev_break_free(b.state->broken); }
    free(b.state);
    free(b.buf);
    wev_options_free(made);
    wev_schema_free(schema);
    return status;
}
