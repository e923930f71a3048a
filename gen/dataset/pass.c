// Makes the events of a dataset once more, or twice: to count what is to be balanced, and to write rows.
#include "gen/dataset/pass.h"

#include "gen/choice.h"
#include "gen/dataset/parquet.h"
#include "gen/dataset/who.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVENT_FIRST = 1 << 16,
    EVENT_MAX = 1 << 30,
    LOOK = 1024, // events between looks at the stop flag
};
static const uint64_t thinning = 0x64617461u; // the address of the draws that thin

struct maker {
    struct wev_dataset_work *w;
    struct wev_state *state;
    char *buf;
    size_t cap;
    uint64_t made; // in all passes
    // the event in work
    struct wev_note note;
    struct wev_event event;
    struct wev_who who;
    struct wev_span raw;
    struct wev_cells cells;
};

static bool no_memory(struct wev_error *e)
{
    e->code = WEV_E_MEMORY;
    snprintf(e->text, sizeof(e->text), "out of memory for a dataset");
    return false;
}

static bool grow(struct maker *m, size_t need)
{
    while (m->cap < need && m->cap < EVENT_MAX) { m->cap *= 2; }
    char *buf = need > m->cap ? NULL : realloc(m->buf, m->cap);
    if (buf) { m->buf = buf; }
    return buf != NULL;
}

static bool make_bytes(struct maker *m, uint64_t unit)
{
    size_t n;
    while ((n = wev_make_event(m->w->d->options, m->state, unit, m->buf, m->cap, &m->note, &m->event)) > m->cap) {
        if (n == SIZE_MAX || !grow(m, n)) { return false; }
    }
    if (n && m->buf[n - 1] == '\n') { n--; } // the end of the line is the stream's, not the document's
    m->raw = (struct wev_span){m->buf, n};
    return true;
}

// Calls use for each unit, made with its bytes or without.
static bool each(struct maker *m, bool bytes, bool (*use)(struct maker *m, struct wev_error *e), struct wev_error *e)
{
    const struct wev_dataset *d = m->w->d;
    for (uint64_t i = 0; i < d->count; i++, m->made++) {
        if (i % LOOK == 0) {
            if (d->stop && atomic_load(d->stop)) {
                e->code = WEV_OK;
                return false;
            }
            if (d->progress) { d->progress(d->context, m->made, d->bytes); }
        }
        if (!bytes) { wev_make_values(d->options, m->state, i, &m->note, &m->event); }
        if (bytes && !make_bytes(m, i)) { return no_memory(e); }
        wev_who_name(&m->who, &m->note, &m->event);
        if (!use(m, e)) { return false; }
    }
    return true;
}

static bool is_malicious(const struct wev_note *note)
{
    return note->label[0] == 'm';
}

// ---- when there is something to balance: how many of each a split has

static struct wev_span kind_of(const struct maker *m)
{
    if (m->w->d->balance == WEV_BALANCE_CLASS) { return wev_span_of(m->note.defect); }
    return is_malicious(&m->note) ? WEV_SPAN("malicious") : WEV_SPAN("benign");
}

static bool weigh(struct maker *m, struct wev_error *e)
{
    unsigned split = wev_split_of(m->w->split, &m->who);
    if (split == WEV_SPLIT_NONE) { return true; }
    struct wev_count *row = wev_tally_at(&m->w->balance, kind_of(m));
    if (!row) { return no_memory(e); }
    row->of[split]++;
    row->all++;
    return true;
}

// want: every kind as often as the rarest one of the split.
static bool level(struct wev_dataset_work *w, uint64_t want[WEV_SPLITS], struct wev_error *e)
{
    static const char *const label_kinds[] = {"benign", "malicious"};
    for (unsigned k = 0; w->d->balance == WEV_BALANCE_LABEL && k < 2; k++) {
        if (!wev_tally_at(&w->balance, wev_span_of(label_kinds[k]))) { return no_memory(e); }
    }
    for (unsigned s = 0; s < WEV_SPLITS; s++) {
        want[s] = UINT64_MAX;
        for (size_t k = 0; w->d->percent[s] && k < w->balance.count; k++) {
            const struct wev_count *row = &w->balance.rows[k];
            want[s] = row->of[s] < want[s] ? row->of[s] : want[s];
            if (row->of[s]) { continue; }
            e->code = WEV_E_ARGUMENT;
            snprintf(e->text, sizeof(e->text),
                     "--balance: %s has no event of %s \"%.100s\" (%llu in all splits, %zu kinds of %llu events): take more events, or a larger share",
                     wev_split_names[s], w->d->balance == WEV_BALANCE_CLASS ? "class" : "label", row->name,
                     (unsigned long long)row->all, w->balance.count, (unsigned long long)w->d->count);
            return false;
        }
    }
    return true;
}

// Whether this one of the `left` that are still to come is among the `want` that are still to be taken: all choices of rows
// are equally likely, and the number is exact (Knuth, algorithm 3.4.2 S).
static bool chosen(uint64_t draw, uint64_t left, uint64_t want)
{
    return wev_choice_below(draw, left) < want;
}


// ---- last: rows

static bool flush(struct wev_sheet *s, struct wev_error *e)
{
    if (!wev_sink_write(&s->sink, (struct wev_span){s->buf, s->n}, e)) { return false; }
    wev_sha256_add(&s->sha, s->buf, s->n);
    s->bytes += s->n;
    s->n = 0;
    return true;
}

static bool put_line(struct maker *m, unsigned format, unsigned split, size_t room, struct wev_error *e)
{
    struct wev_sheet *s = &m->w->sheet[format][split];
    if (!s->buf) { return true; }
    if (s->cap - s->n < room && !flush(s, e)) { return false; }
    if (s->cap < room) {
        free(s->buf);
        s->buf = malloc(room);
        s->cap = s->buf ? room : 0;
        if (!s->buf) { return no_memory(e); }
    }
    char *from = s->buf + s->n;
    char *end = format == WEV_DATA_JSONL ? wev_row_json(from, &m->w->columns, &m->cells) : wev_row_csv(from, &m->w->columns, &m->cells);
    s->n += (size_t)(end - from);
    return true;
}

static bool put_row(struct maker *m, unsigned split, const struct wev_row *row, struct wev_error *e)
{
    if (!wev_row_cells(&m->cells, &m->w->columns, row)) { return no_memory(e); }
    size_t room = wev_row_room(&m->w->columns, &m->cells);
    return put_line(m, WEV_DATA_JSONL, split, room, e) && put_line(m, WEV_DATA_CSV, split, room, e) &&
           (!m->w->parquet || wev_parquet_put(m->w, split, &m->cells, e));
}

static void count_one(struct wev_tally *t, struct wev_span name, unsigned split, bool malicious)
{
    struct wev_count *row = wev_tally_at(t, name); // beyond WEV_TALLY_MAX names a plot has no use for them
    if (!row) { return; }
    row->of[split]++;
    row->all++;
    row->malicious += malicious;
}

static void count_all(struct maker *m, unsigned split)
{
    struct wev_dataset_work *w = m->w;
    char id[16];
    bool bad = is_malicious(&m->note);
    snprintf(id, sizeof(id), "%u", m->note.event);
    count_one(&w->events, wev_span_of(id), split, bad);
    count_one(&w->hosts, wev_span_of(m->note.computer), split, bad);
    if (m->note.defect[0]) { count_one(&w->classes, wev_span_of(m->note.defect), split, bad); }
    if (m->note.scenario[0]) { count_one(&w->scenarios, wev_span_of(m->note.scenario), split, bad); }
    w->malicious[split] += bad;
    w->broken[split] += m->note.defect[0] != 0;
    w->hours[m->event.header[WEV_H_TIME].is.u / 36000000000u % 24][split]++;
    for (size_t k = 0; m->event.def->body->flat && k < m->event.value_count; k++) {
        const struct wev_value *v = &m->event.value[k];
        if (v->type == WEV_T_UNICODE_STRING && wev_span_is(m->event.def->body->fields[k].name, "AlgorithmName")) {
            count_one(&w->algorithms, (struct wev_span){v->is.text, v->n}, split, bad);
        }
    }
}

static bool take(struct maker *m, struct wev_error *e)
{
    struct wev_dataset_work *w = m->w;
    unsigned split = wev_split_of(w->split, &m->who);
    if (split == WEV_SPLIT_NONE) {
        w->d->left_out++;
        return true;
    }
    if (w->d->balance != WEV_BALANCE_NONE) {
        struct wev_count *row = wev_tally_at(&w->balance, kind_of(m));
        if (!row) { return no_memory(e); }
        uint64_t left = row->of[split]--, *want = &w->want[split][row - w->balance.rows];
        if (!chosen(wev_choice_draw(&m->state->choice, m->note.unit, thinning, split), left, *want)) {
            w->d->thinned++;
            return true;
        }
        --*want;
    }
    struct wev_row row = {.split = wev_split_names[split], .note = &m->note, .event = &m->event, .raw = m->raw,
                          .text = wev_row_is_text(m->raw)};
    w->not_text += !row.text;
    w->d->rows[split]++;
    wev_split_keep(w->split, &m->who);
    count_all(m, split);
    return put_row(m, split, &row, e);
}

static bool balance(struct maker *m, struct wev_error *e)
{
    struct wev_dataset_work *w = m->w;
    uint64_t want[WEV_SPLITS];
    if (w->d->balance == WEV_BALANCE_NONE) { return true; }
    if (!each(m, w->d->balance == WEV_BALANCE_CLASS, weigh, e) || !level(w, want, e)) { return false; }
    for (unsigned s = 0; s < WEV_SPLITS; s++) {
        w->want[s] = malloc((w->balance.count + 1) * sizeof(uint64_t));
        if (!w->want[s]) { return no_memory(e); }
        for (size_t k = 0; k < w->balance.count; k++) { w->want[s][k] = want[s]; }
    }
    return true;
}

static bool finish_sheets(struct wev_dataset_work *w, struct wev_error *e)
{
    for (unsigned k = 0; k < WEV_DATA_FORMATS * WEV_SPLITS; k++) {
        struct wev_sheet *s = &w->sheet[k / WEV_SPLITS][k % WEV_SPLITS];
        if (!s->buf) { continue; }
        if (!flush(s, e) || !wev_sink_close(&s->sink, e)) { return false; }
        wev_sha256_end(&s->sha, s->sum);
        free(s->buf);
        s->buf = NULL;
    }
    return true;
}

bool wev_dataset_passes(struct wev_dataset_work *w, struct wev_error *e)
{
    struct wev_dataset *d = w->d;
    struct maker m = {.w = w, .made = d->count, .cap = EVENT_FIRST, .buf = malloc(EVENT_FIRST), .state = malloc(sizeof(*m.state))};
    bool good = m.buf && m.state && wev_cells_make(&m.cells, &w->columns);
    if (m.state) {
        wev_values_init(m.state, d->options->plan, d->options->seed);
        m.state->broken = d->options->breaks ? wev_break_new() : NULL;
        m.state->layout = d->options->plan->world ? wev_layout_new() : NULL;
        good = good && (m.state->broken || !d->options->breaks) && (m.state->layout || !d->options->plan->world);
    }
    if (!good) { no_memory(e); }
    good = good && wev_who_see_all(w, e) && wev_split_deal(w->split, d->percent, d->options->seed, e) && balance(&m, e) && each(&m, true, take, e) &&
           finish_sheets(w, e);
    if (m.state) {
        wev_break_free(m.state->broken);
        wev_layout_free(m.state->layout);
    }
    wev_cells_free(&m.cells);
    free(m.state);
    free(m.buf);
    return good;
}
