// Cuts what an event prints into segments: values of one record get a variant per record, where constants are literals.
#include "gen/plan_build.h"

#include "gen/form.h"

#include <string.h>

struct cut {
    struct compile *c;
    struct wev_plan_event *e;
    struct wev_step *locals; // grows by the slots of the values that a record has in a form of its own
    uint32_t local_count;
    bool whole; // there are no slots for variants
};

static bool is_field(const struct wev_piece *p)
{
    return p->kind == WEV_P_VALUE;
}

// The slot that chooses the record whose attribute this piece prints, 0: it prints something else.
static uint16_t pick_of(const struct cut *t, const struct wev_piece *p)
{
    if (!is_field(p) || t->whole) { return 0; }
    const struct wev_step *op = step_at(t->c, t->e, p->slot);
    bool table = op->gen == WEV_G_TABLE && op->slot >= WEV_LOCAL;
    return op->gen == WEV_G_LET || table ? op->slot : 0;
}

static uint16_t slot_new(struct cut *t, const struct wev_step *op)
{
    t->locals[t->local_count] = *op;
    return (uint16_t)(WEV_LOCAL + t->local_count++);
}

// What record k makes of the piece: a constant, or the slot that has it. A value with draws of its own moves to a slot, and
// the attribute refers to it, so that both are one evaluation.
static const struct wev_value *constant_or_slot(struct cut *t, const struct wev_piece *p, uint32_t k, uint16_t *slot)
{
    const struct wev_step *op = step_at(t->c, t->e, p->slot);
    *slot = p->slot;
    if (op->gen == WEV_G_VALUE) { return &op->is.value; }
    if (!pick_of(t, p)) { return NULL; }
    if (op->gen == WEV_G_TABLE) { return &op->is.pool.values[k]; }
    struct wev_step *kid = (struct wev_step *)(uintptr_t)&op->kids[k]; // the plan is still ours
    if (kid->gen == WEV_G_VALUE) { return &kid->is.value; }
    if (kid->gen != WEV_G_REF || kid->slot < WEV_LOCAL) {
        struct wev_step ref = {.gen = WEV_G_REF, .type = kid->type, .slot = slot_new(t, kid)};
        *kid = ref;
    }
    *slot = kid->slot;
    return NULL;
}

// Pieces from[0..n) as record k has them.
static void make_variant(struct cut *t, const struct wev_piece *from, uint32_t n, uint32_t k, struct wev_variant *out)
{
    struct wev_form_build b = {.arena = t->c->arena, .schema = t->c->schema, .event = t->e};
    struct wev_mark *marks = WEV_NEW_N(t->c->arena, n, struct wev_mark);
    uint16_t *needed = WEV_NEW_N(t->c->arena, n, uint16_t);
    for (uint32_t i = 0; i < n; i++) {
        struct wev_piece p = from[i];
        const struct wev_value *v = is_field(&p) ? constant_or_slot(t, &p, k, &p.slot) : NULL;
        if (p.kind == WEV_P_OPTION && b.text_n) { wev_form_piece(&b, WEV_P_END, 0, WEV_ESCAPE_NONE); } // its literal may go
        wev_form_bytes(&b, p.literal, p.n);
        if (p.kind != WEV_P_END && !(v && wev_form_constant(&b, v, p.lex, (enum wev_escape)p.escape))) {
            if (p.kind == WEV_P_VALUE || p.kind == WEV_P_MESSAGE) { needed[out->needed_count++] = p.slot; }
            wev_form_flush(&b, p);
        }
        marks[i] = (struct wev_mark){(uint32_t)b.piece_count, (uint32_t)b.text_n};
    }
    if (b.text_n) { wev_form_piece(&b, WEV_P_END, 0, WEV_ESCAPE_NONE); }
    out->pieces = b.pieces;
    out->piece_count = (uint32_t)b.piece_count;
    out->needed = needed;
    out->marks = marks;
    out->mark_count = n;
}

// Neighbours by one record, or by none.
static uint32_t run_of(const struct cut *t, const struct wev_piece *p, uint32_t n)
{
    uint32_t k = 1;
    while (k < n && pick_of(t, &p[k]) == pick_of(t, p)) { k++; }
    return k;
}

static void make_segment(struct cut *t, const struct wev_piece *p, uint32_t n, struct wev_segment *out)
{
    uint16_t pick = pick_of(t, p);
    uint32_t count = pick ? step_at(t->c, t->e, p->slot)->count : 1;
    struct wev_variant *variants = WEV_NEW_N(t->c->arena, count, struct wev_variant);
    for (uint32_t k = 0; k < count; k++) { make_variant(t, p, n, k, &variants[k]); }
    out->variants = variants;
    out->slot = pick;
}

void wev_plan_segments(struct compile *c, struct wev_plan_event *e)
{
    struct cut t = {.c = c, .e = e, .local_count = e->local_count};
    size_t more = 0;
    for (size_t k = 0; k < e->piece_count; k++) { more += pick_of(&t, &e->pieces[k]) ? step_at(c, e, e->pieces[k].slot)->count : 0; }
    t.whole = e->local_count + more > WEV_SLOTS_MAX - WEV_LOCAL;
    t.locals = WEV_NEW_N(c->arena, e->local_count + (t.whole ? 0 : more) + 1, struct wev_step);
    memcpy(t.locals, e->locals, e->local_count * sizeof(*t.locals));
    e->locals = t.locals;
    struct wev_segment *segments = WEV_NEW_N(c->arena, e->piece_count, struct wev_segment);
    for (uint32_t k = 0, n; k < e->piece_count; k += n, e->segment_count++) {
        n = run_of(&t, &e->pieces[k], (uint32_t)e->piece_count - k);
        make_segment(&t, &e->pieces[k], n, &segments[e->segment_count]);
    }
    e->segments = segments;
    e->local_count = t.local_count;
}
