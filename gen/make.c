// The ABI's write side: options compiled once, then events as pure functions of (options, i).
#include "gen/make.h"

#include "gen/out.h"

#include <assert.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_RESERVE = 1 << 28 };

static const char start_default[] = "2024-03-04T08:00:00Z"; // a Monday

static bool digits(struct wev_span *s, unsigned n, char after, unsigned *out)
{
    *out = 0;
    if (s->n < n) { return false; }
    for (unsigned k = 0; k < n; k++) {
        if (s->p[k] < '0' || s->p[k] > '9') { return false; }
        *out = 10 * *out + (unsigned)(s->p[k] - '0');
    }
    s->p += n;
    s->n -= n;
    if (!after) { return true; }
    if (!s->n || *s->p != after) { return false; }
    s->p++;
    s->n--;
    return true;
}

bool wev_make_time(struct wev_span t, uint64_t *out)
{
    static const uint8_t month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned y, m, d, hh, mm, ss;
    uint64_t fraction = 0, unit = 1000000;
    if (!digits(&t, 4, '-', &y) || !digits(&t, 2, '-', &m) || !digits(&t, 2, 'T', &d) || !digits(&t, 2, ':', &hh) ||
        !digits(&t, 2, ':', &mm) || !digits(&t, 2, 0, &ss)) {
        return false;
    }
    if (t.n && *t.p == '.') {
        for (t.p++, t.n--; t.n && *t.p >= '0' && *t.p <= '9'; t.p++, t.n--) {
            fraction += unit * (uint64_t)(*t.p - '0');
            unit /= 10;
        }
    }
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (!wev_span_is(t, "Z") || y < 1601 || m < 1 || m > 12 || d < 1 || d > month_days[m - 1] || hh > 23 || mm > 59 ||
        ss > 59 || (m == 2 && d == 29 && !leap)) {
        return false;
    }
    uint64_t years = y - 1601, day = years * 365 + years / 4 - years / 100 + years / 400 + d - 1;
    for (unsigned k = 1; k < m; k++) { day += k == 2 && !leap ? 28u : month_days[k - 1]; }
    *out = (((day * 24 + hh) * 60 + mm) * 60 + ss) * 10000000u + fraction;
    return true;
}

static bool fail(struct wev_error *e, const char *what, const char *value)
{
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "%s \"%.100s\"", what, value);
    return false;
}

static const struct wev_form *find_form(const char *name, struct wev_error *e)
{
    const struct wev_form *form = wev_form_find(name);
    if (form) { return form; }
    struct wev_span names[64];
    size_t n = wev_form_count < WEV_COUNT(names) ? wev_form_count : WEV_COUNT(names);
    for (size_t k = 0; k < n; k++) { names[k] = wev_span_of(wev_forms[k].name); }
    struct wev_span near = wev_nearest(wev_span_of(name), names, n);
    e->code = WEV_E_ARGUMENT;
    snprintf(e->text, sizeof(e->text), "unknown format \"%.100s\"%s%.*s%s", name, near.n ? ", did you mean \"" : "",
             (int)near.n, near.n ? near.p : "", near.n ? "\"?" : "");
    return NULL;
}

// Classes of streams come alone, in a world, one break a record.
static bool check_stream(const struct wev_options *o, const struct wev_config *c, struct wev_breaks *breaks, struct wev_error *e)
{
    uint32_t streams = 0, at = 0;
    for (uint32_t k = 0; k < breaks->count; k++) {
        bool of_stream = wev_class_of_stream(breaks->classes[k]);
        streams += of_stream;
        at = of_stream ? k : at;
    }
    breaks->stream = streams > 0;
    if (!streams) { return true; }
    const char *name = breaks->classes[at]->id;
    if (streams < breaks->count) { return fail(e, "classes of streams and of documents exclude each other:", name); }
    if (!o->plan->world) { return fail(e, "a class of streams needs a world (--world):", name); }
    if (c->breaks > 1 || c->twin) { return fail(e, "--breaks and --twin are for classes of documents, not", name); }
    return true;
}

static bool compile_breaks(struct wev_options *o, const struct wev_config *c, struct wev_error *e)
{
    jmp_buf full;
    if ((c->breaks > 1 || c->twin) && !c->malformed && !c->classes) {
        return fail(e, "--breaks and --twin say nothing without --malformed or --class:", c->twin ? "twin" : "breaks");
    }
    if (c->breaks > WEV_BREAKS_MAX) { return fail(e, "--breaks: at most 8 breaks go on one unit:", "more"); }
    if ((c->malformed || c->classes) && !o->form->xml) { return fail(e, "only XML forms can be malformed, not", o->form->name); }
    o->arena.full = &full;
    if (setjmp(full)) { return fail(e, "out of memory for", "classes"); }
    struct wev_breaks *breaks = wev_breaks_new(&o->arena, c->malformed, c->classes, e);
    if (breaks) {
        breaks->per_unit = c->breaks ? c->breaks : 1;
        breaks->twin = c->twin != 0;
    }
    o->breaks = breaks;
    return e->code == WEV_OK && (!breaks || check_stream(o, c, breaks, e));
}

static bool compile(struct wev_options *o, const struct wev_schema *schema, const struct wev_config *c,
                    struct wev_error *e)
{
    uint64_t start;
    const char *text = c->start ? c->start : start_default;
    o->seed = c->seed;
    o->total = c->total;
    o->form = find_form(c->format, e);
    if (!o->form) { return false; }
    if (!wev_make_time(wev_span_of(text), &start)) {
        return fail(e, "start is not a time such as 2024-03-04T08:00:00Z:", text);
    }
    struct wev_world *world = NULL;
    if (wev_world_wanted(c)) {
        jmp_buf full;
        o->arena.full = &full;
        if (setjmp(full)) { return fail(e, "out of memory for", "the world"); }
        world = wev_world_make(&o->arena, schema->profile, c, start, e);
        if (!world) { return false; }
        o->total = world->total;
    }
    o->plan = wev_plan_make(&o->arena, schema, c->events, o->form, c->seed, start, world, e);
    return o->plan && compile_breaks(o, c, e);
}

struct wev_options *wev_options_new(const struct wev_schema *schema, const struct wev_config *config, char *error,
                                    size_t error_cap)
{
    struct wev_error e = {.code = WEV_OK};
    struct wev_options *o = calloc(1, sizeof(*o));
    if (o && wev_arena_new(&o->arena, ARENA_RESERVE)) {
        if (compile(o, schema, config, &e)) { return o; }
        wev_arena_free(&o->arena);
    } else {
        snprintf(e.text, sizeof(e.text), "out of memory");
    }
    free(o);
    if (error_cap) { snprintf(error, error_cap, "%s", e.text); }
    return NULL;
}

void wev_options_free(struct wev_options *o)
{
    if (!o) { return; }
    wev_arena_free(&o->arena);
    free(o);
}

uint64_t wev_options_total(const struct wev_options *o)
{
    return o->total;
}

static void describe_step(const struct wev_state *st, struct wev_note *note)
{
    const struct wev_story *s = st->frame.story->story;
    note->label = s->malicious ? "malicious" : "benign";
    if (s->weight) { return; }
    note->scenario = s->name.p;
    note->techniques = s->techniques.p;
    note->run = st->frame.run_number;
    note->step = st->frame.step;
}

static void describe(const struct wev_options *o, struct wev_state *st, const struct wev_plan_event *e, uint64_t i, struct wev_note *note)
{
    const struct wev_value *computer = wev_values_at(st, e->header[WEV_H_COMPUTER]);
    const struct wev_value *record = wev_values_at(st, e->header[WEV_H_RECORD_ID]);
    size_t k = computer->flags & WEV_F_ABSENT ? 0 : computer->n;
    k = k < sizeof(note->computer) - 1 ? k : sizeof(note->computer) - 1;
    if (k) { memcpy(note->computer, computer->is.text, k); }
    note->computer[k] = 0;
    note->unit = i;
    note->record_id = record->is.u;
    note->event = (uint16_t)e->def->id;
    note->version = (uint8_t)e->def->version;
    note->verdict = 'y';
    note->defect = note->layer = note->reason = "";
    note->label = note->scenario = note->techniques = "";
    note->run = 0;
    note->step = 0;
    note->at = note->at_length = note->twin_at = 0;
    if (o->plan->world) { describe_step(st, note); }
}

static void describe_break(const struct wev_broken *broken, struct wev_note *note)
{
    const struct wev_class *c = broken->class;
    note->verdict = broken->verdict;
    note->defect = c->id;
    note->layer = wev_class_layer(c);
    note->reason = wev_verdict_rows[c->reason].slug;
    note->at = broken->at;
    note->at_length = broken->at_length;
}

static size_t break_stream(const struct wev_options *o, struct wev_state *st, size_t n, char *buf, size_t cap, struct wev_broken *broken)
{
    struct wev_break *b = st->broken;
    b->frame = &st->frame;
    b->record = wev_values_at(st, st->event->header[WEV_H_RECORD_ID])->is.u;
    return wev_break_in_stream(b, wev_break_stream_class(o->breaks, &b->choice, b->unit, b->frame), n, buf, cap, broken);
}

static bool is_left_out(const struct wev_options *o, struct wev_state *st, uint64_t i)
{
    return wev_break_left_out(o->breaks, &st->choice, i, &st->frame, o->plan->world, st->layout);
}

// The unit with its break, and its twin behind it when that is asked for.
static size_t make_broken(const struct wev_options *o, struct wev_state *st, uint64_t i, char *buf, size_t cap, struct wev_note *note)
{
    struct wev_break *b = st->broken;
    struct wev_broken broken;
    size_t n;
    b->skeleton = st->event->skeleton;
    while ((n = b->skeleton ? wev_out_marked(st, b->page, b->cap, b->marks) : wev_out_made(st, b->page, b->cap)) > b->cap) {
        if (!wev_break_room(b, n)) { return SIZE_MAX; }
    }
    b->schema = o->plan->schema;
    b->def = st->event->def;
    b->choice = st->choice;
    b->unit = i;
    size_t size = o->breaks->stream ? break_stream(o, st, n, buf, cap, &broken) : wev_break_unit(b, o->breaks, n, buf, cap, &broken);
    b->broke = broken.class != NULL;
    if (!b->broke) { return size; }
    if (note) { describe_break(&broken, note); }
    if (!o->breaks->twin) { return size; }
    if (note) { note->twin_at = size; }
    if (size <= cap && n <= cap - size) { memcpy(buf + size, b->page, n); }
    return size + n;
}

static inline size_t make_one(const struct wev_options *o, struct wev_state *st, uint64_t i, char *buf, size_t cap, struct wev_note *note)
{
    const struct wev_plan_event *e = wev_values_event(st, i);
    if (note) { describe(o, st, e, i, note); }
    if (!o->breaks) { return wev_out_made(st, buf, cap); }
    assert(st->broken);
    st->broken->broke = false;
    if (o->breaks->stream && is_left_out(o, st, i)) { return 0; }
    return wev_break_drawn(o->breaks, &st->choice, i) ? make_broken(o, st, i, buf, cap, note) : wev_out_made(st, buf, cap);
}

size_t wev_make_event(const struct wev_options *o, struct wev_state *st, uint64_t i, char *buf, size_t cap,
                      struct wev_note *note, struct wev_event *event)
{
    assert(st->plan == o->plan && (!o->plan->world || (st->layout && i < o->total)));
    size_t n = make_one(o, st, i, buf, cap, note);
    if (event) { wev_values_copy(st, event); }
    return n;
}

void wev_make_values(const struct wev_options *o, struct wev_state *st, uint64_t i, struct wev_note *note, struct wev_event *event)
{
    assert(st->plan == o->plan && (!o->plan->world || (st->layout && i < o->total)));
    describe(o, st, wev_values_event(st, i), i, note);
    wev_values_copy(st, event);
}

unsigned wev_make_block(const struct wev_options *o, struct wev_state *st, uint64_t first, unsigned count, char *buf, size_t cap,
                        struct wev_note *notes, struct wev_block *block)
{
    assert(st->plan == o->plan && (!o->plan->world || (st->layout && first + count <= o->total)));
    size_t at = block->n;
    unsigned k = 0;
    for (; k < count; k++) {
        size_t more = make_one(o, st, first + k, buf + at, cap - at, notes ? &notes[k] : NULL);
        if (more > cap - at) {
            block->next = more;
            break;
        }
        block->length[block->count++] = (uint32_t)more;
        block->broken += o->breaks && st->broken->broke;
        block->left_out += more == 0;
        at += more;
    }
    block->n = at;
    return k;
}

size_t wev_make(const struct wev_schema *schema, const struct wev_options *options, uint64_t i, char *buf, size_t cap,
                struct wev_note *note)
{
    struct wev_state st;
    (void)schema; // the options were compiled against it
    wev_values_init(&st, options->plan, options->seed);
    st.broken = options->breaks ? wev_break_new() : NULL;
    st.layout = options->plan->world ? wev_layout_new() : NULL;
    bool ready = (st.broken || !options->breaks) && (st.layout || !options->plan->world);
    size_t n = ready ? wev_make_event(options, &st, i, buf, cap, note, NULL) : SIZE_MAX;
    wev_break_free(st.broken);
    wev_layout_free(st.layout);
    return n;
}
