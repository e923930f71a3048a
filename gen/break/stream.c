// Breaks of a stream: every record is right by itself, and the records around it say that it is not the whole story, or
// that it is none. They need a world, whose frame says which records belong together. Which records break is a pure
// function of (seed, unit), so a record can be left out because of one that comes after it.
#include "gen/break/classes.h"

#include "gen/layout.h"
#include "schema/manifest.h"

enum { TRIES = 16, BACK_MAX = 1000 };

// Bits of a row's `n`: which records before this one are left out.
#define BEFORE(k) (1u << (k))

static uint32_t event_at(const struct wev_frame *f, uint32_t at)
{
    return f->act->act->steps[at].defs[0].id;
}

// The third record of an export or import: 5058 of the key's file, 5061 of the key, then 5059.
static bool ends_export(const struct wev_frame *f)
{
    return f->at >= 2 && event_at(f, f->at) == 5059 && event_at(f, f->at - 1) == 5061 && event_at(f, f->at - 2) == 5058;
}

static bool ends_operation(const struct wev_frame *f)
{
    return f->at >= 1 && f->at + 1 == f->act->act->step_count;
}

// What is wrong is not in this record.
static bool stands_alone(struct wev_break *b)
{
    return b->frame && ends_export(b->frame);
}

static bool set_record(struct wev_break *b, uint64_t back)
{
    const struct wev_spot *s = wev_break_header(b, WEV_H_RECORD_ID);
    char digits[20];
    size_t n = 0;
    if (!s || b->record <= back) { return false; }
    uint64_t id = b->record - back;
    do { digits[sizeof(digits) - ++n] = (char)('0' + id % 10); } while ((id /= 10) > 0);
    struct wev_span part = {digits + sizeof(digits) - n, n}, text = wev_break_compose(b, &part, 1);
    return text.p && wev_break_edit(b, s->at, s->n, text);
}

static bool repeat_record(struct wev_break *b)
{
    return b->frame && ends_operation(b->frame) && set_record(b, 1);
}

// Before all records of its operation, whose ids follow each other.
static bool turn_back_record(struct wev_break *b)
{
    return b->frame && ends_operation(b->frame) && set_record(b, b->frame->at + 1u + wev_break_draw(b, BACK_MAX));
}

#define RECORDED "recorded exports: record n is 5058, n+1 is 5061, n+2 is 5059"
#define NUMBERED "MS-EVEN6 2.2.17: EventRecordID numbers the records of a log"

const struct wev_class wev_break_stream[] = {
    {"rule.stream-export-alone", 0, WEV_V_STREAM_INCOMPLETE, stands_alone, NO_TEXT, BEFORE(1) | BEFORE(2), 0, RECORDED, "a collector that filters by event id", NULL},
    {"rule.stream-export-unread", 0, WEV_V_STREAM_INCOMPLETE, stands_alone, NO_TEXT, BEFORE(2), 0, RECORDED, NULL, NULL},
    {"rule.stream-export-unopened", 0, WEV_V_STREAM_INCOMPLETE, stands_alone, NO_TEXT, BEFORE(1), 0, RECORDED, NULL, NULL},
    {"rule.stream-record-twice", 0, WEV_V_STREAM_RECORD_TWICE, repeat_record, NO_TEXT, 0, 0, NUMBERED, NULL, NULL},
    {"rule.stream-record-back", 0, WEV_V_STREAM_RECORD_BACK, turn_back_record, NO_TEXT, 0, 0, NUMBERED, "a log that was cleared, a snapshot restored", NULL},
};
const size_t wev_break_stream_count = WEV_COUNT(wev_break_stream);

bool wev_class_of_stream(const struct wev_class *c)
{
    return c >= wev_break_stream && c < wev_break_stream + wev_break_stream_count;
}

static bool fits(const struct wev_class *c, const struct wev_frame *f)
{
    return c->n ? ends_export(f) : ends_operation(f);
}

const struct wev_class *wev_break_stream_class(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, const struct wev_frame *f)
{
    if (!ends_operation(f) || !wev_break_drawn(o, choice, unit)) { return NULL; }
    for (unsigned k = 0; k < TRIES; k++) {
        const struct wev_class *c = wev_break_nth_class(o, choice, unit, k);
        if (fits(c, f)) { return c; }
    }
    return NULL;
}

bool wev_break_left_out(const struct wev_breaks *o, const struct wev_choice *choice, uint64_t unit, const struct wev_frame *f,
                        const struct wev_world *world, struct wev_layout *layout)
{
    uint32_t behind = f->act->act->step_count - 1 - f->at; // records of the operation, though the window may end before them
    if (behind > 2 || behind >= world->total - unit) { return false; }
    for (uint32_t k = 1; k <= behind; k++) {
        struct wev_frame later;
        if (!wev_break_drawn(o, choice, unit + k)) { continue; }
        wev_layout_find(layout, world, unit + k, &later);
        const struct wev_class *c = later.episode == f->episode ? wev_break_stream_class(o, choice, unit + k, &later) : NULL;
        if (c && c->n & BEFORE(k)) { return true; }
    }
    return false;
}

size_t wev_break_in_stream(struct wev_break *b, const struct wev_class *c, size_t n, char *buf, size_t cap, struct wev_broken *out)
{
    wev_break_begin(b, n);
    b->class = c;
    b->draws = TRIES; // those before chose the class
    bool done = c && c->apply(b);
    *out = (struct wev_broken){.class = done ? c : NULL, .verdict = done ? wev_class_verdict(c) : 'y'};
    return wev_break_apply(b, buf, cap, out);
}
