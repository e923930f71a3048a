// The generator on a fuzzer's tape: every byte string is an event. The first byte chooses what is made, the others answer
// the draws. Laws: the same tape makes the same bytes, a valid event is read as the event that was made, and a broken one
// earns the verdict, the reason and the place that its label promises.
#include "fuzz/law.h"
#include "fuzz/same.h"

#include "gen/make.h"
#include "schema/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CAP = 8 << 20, TAPE_MAX = 1 << 16 };

// Rows may be added at the end alone: seeds and regressions choose by number. The huge classes are not among "*".
static const struct wev_config configs[] = {
    {.events = "5059", .format = "xml"},
    {.events = "all", .format = "xml"},
    {.events = "all", .format = "rendered"},
    {.events = "5059", .format = "xml", .classes = "*"},
    {.events = "all", .format = "xml", .classes = "bytes.*"},
    {.events = "all", .format = "xml", .classes = "xml.*"},
    {.events = "all", .format = "xml", .classes = "schema.*"},
    {.events = "all", .format = "xml", .classes = "type.*"},
    {.events = "all", .format = "xml", .classes = "rule.*"},
    {.events = "all", .format = "rendered", .classes = "*"},
    {.events = "all", .format = "xml", .classes = "*", .breaks = 3},
    {.events = "all", .format = "xml", .malformed = "50%", .twin = 1},
};
enum { CONFIGS = sizeof(configs) / sizeof(configs[0]) };

struct bench {
    const struct wev_schema *schema;
    struct wev_options *options[CONFIGS];
    struct wev_state *state;
    struct wev_decoder *decoder;
    char *buf, *other;
};

static bool open_bench(struct bench *b)
{
    char error[480];
    b->schema = wev_law_schema();
    for (size_t k = 0; k < CONFIGS; k++) {
        b->options[k] = wev_options_new(b->schema, &configs[k], error, sizeof(error));
        // a schema of WEV_SCHEMA may have no event 5059: then what it has
        struct wev_config all = configs[k];
        all.events = "all";
        if (!b->options[k]) { b->options[k] = wev_options_new(b->schema, &all, error, sizeof(error)); }
        if (!b->options[k]) { return fprintf(stderr, "harness: %s\n", error), false; }
    }
    b->state = malloc(sizeof(*b->state));
    b->decoder = wev_decode_new(b->schema, NULL);
    b->buf = malloc(CAP);
    b->other = malloc(CAP);
    return b->state && b->decoder && b->buf && b->other;
}

static size_t make(struct bench *b, const struct wev_options *o, struct wev_tape tape, char *buf, struct wev_note *note,
                   struct wev_event *event)
{
    wev_values_init(b->state, o->plan, o->seed);
    b->state->choice.tape = &tape;
    b->state->broken = o->breaks ? wev_break_new() : NULL;
    if (o->breaks && !b->state->broken) { return SIZE_MAX; }
    size_t n = wev_make_event(o, b->state, tape.size % 1000, buf, CAP, note, event);
    wev_break_free(b->state->broken);
    b->state->choice.tape = NULL;
    return n;
}

static void law_pure(const struct bench *b, size_t n, const struct wev_note *a, size_t m, const struct wev_note *c)
{
    WEV_LAW(n == m && !memcmp(b->buf, b->other, n), "one tape, two events (%zu and %zu bytes)", n, m);
    WEV_LAW(!strcmp(a->defect, c->defect) && a->at == c->at && a->verdict == c->verdict, "one tape, two labels");
}

static void law_round_trip(struct bench *b, size_t n, const struct wev_event *event)
{
    struct wev_decoded read;
    char what[160];
    if (wev_decode_run(b->decoder, b->buf, n, &read) != WEV_OK) { return; }
    WEV_LAW(read.code == WEV_V_OK, "made valid, judged %s%s%s at %zu\n%.*s", wev_verdict_rows[read.code].slug,
            read.rule ? " " : "", read.rule ? read.rule->name.p : "", read.at, (int)n, b->buf);
    WEV_LAW(wev_same_event(event, &read.event, what, sizeof(what)), "%s\n%.*s", what, (int)n, b->buf);
}

static void law_verdict_as_promised(struct bench *b, const struct wev_options *o, size_t n, const struct wev_note *note)
{
    struct wev_decoded read;
    size_t size = note->twin_at ? note->twin_at : n;
    if (wev_decode_run(b->decoder, b->buf, size, &read) != WEV_OK) { return; }
    const struct wev_verdict_row *row = &wev_verdict_rows[read.code];
    WEV_LAW(note->at <= size && note->at_length <= size - note->at, "%s: a break outside of the event", note->defect);
    if (o->breaks->per_unit > 1) {
        WEV_LAW(row->verdict != 'y', "%s and more, but accepted\n%.*s", note->defect, (int)size, b->buf);
        return;
    }
    WEV_LAW(row->verdict == note->verdict && !strcmp(row->slug, note->reason), "%s: promised %c %s, judged %c %s at %zu\n%.*s",
            note->defect, note->verdict, note->reason, row->verdict, row->slug, read.at, (int)size, b->buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct bench bench;
    struct wev_note note = {.unit = 0}, again = note;
    struct wev_event event;
    if (!bench.other && !open_bench(&bench)) { exit(2); }
    if (n == 0 || n > TAPE_MAX) { return 0; }
    uint8_t *copy = wev_law_copy(p + 1, n - 1);
    const struct wev_options *o = bench.options[p[0] % CONFIGS];
    struct wev_tape tape = {.bytes = copy, .size = n - 1};
    size_t m = make(&bench, o, tape, bench.other, &again, NULL), size = make(&bench, o, tape, bench.buf, &note, &event);
    if (size <= CAP && m <= CAP) { // SIZE_MAX: out of memory
        law_pure(&bench, size, &note, m, &again);
        if (note.defect[0]) {
            law_verdict_as_promised(&bench, o, size, &note);
        } else {
            law_round_trip(&bench, size, &event);
        }
    }
    free(copy);
    return 0;
}
