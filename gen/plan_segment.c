// Cuts what an event prints into segments: values of one record get a variant per record, where constants are literals and
// composed values are printed part by part.
#include "gen/plan_build.h"

#include "gen/form.h"

#include <string.h>

enum {
    SPARE = 128,       // slots that one piece may take
    PIECES_MANY = 512, // of one variant: from there on values are printed whole, so that all stay below WEV_SKELETON_PIECES
};

struct cut {
    struct compile *c;
    struct wev_plan_event *e; // its locals grow, in the compile's room, by the slots of parts
    uint32_t local_count;
    struct wev_form_build *b; // the variant in work
    uint16_t *slots;          // that it prints
    uint32_t slot_count;
};

static const struct wev_step *step_of(const struct cut *t, uint16_t slot)
{
    return step_at(t->c, t->e, slot);
}

static bool full(const struct cut *t)
{
    return t->local_count + SPARE > WEV_SLOTS_MAX - WEV_LOCAL;
}

// The slot that chooses the record whose attribute this piece prints, 0: it prints something else.
static uint16_t pick_of(const struct cut *t, const struct wev_piece *p)
{
    if (p->kind != WEV_P_VALUE) { return 0; }
    const struct wev_step *op = step_of(t, p->slot);
    bool table = op->gen == WEV_G_TABLE && op->slot >= WEV_LOCAL;
    return op->gen == WEV_G_LET || table ? op->slot : 0;
}

// The slot of a part. A local part's own draws move there, and what it was refers to it, so that both are one evaluation.
static uint16_t slot_of_part(struct cut *t, const struct wev_step *part, bool local)
{
    if (part->gen == WEV_G_REF && part->fold == WEV_FOLD_NONE && step_of(t, part->slot)->type == part->type) { return part->slot; }
    uint16_t slot = (uint16_t)(WEV_LOCAL + t->local_count);
    t->c->locals[t->local_count++] = *part;
    if (local) {
        struct wev_step *old = (struct wev_step *)(uintptr_t)part; // the plan is still ours
        *old = (struct wev_step){.gen = WEV_G_REF, .type = part->type, .width = part->width, .slot = slot};
    }
    return slot;
}

// ---- composed values

static bool draws_nothing(const struct wev_step *op)
{
    return op->gen == WEV_G_VALUE || op->gen == WEV_G_REF || op->gen == WEV_G_TABLE || op->gen == WEV_G_CALC || op->gen == WEV_G_NTH;
}

// How a part is printed, WEV_L_COUNT: not as it would be inside the pattern.
static uint8_t part_lex(const struct wev_step *part)
{
    if (part->fold != WEV_FOLD_NONE) { return WEV_L_COUNT; }
    if (is_text(part->type)) { return WEV_L_TEXT; }
    switch (part->type) {
    case WEV_T_UINT8: case WEV_T_UINT16: case WEV_T_UINT32: case WEV_T_UINT64: return part->width ? WEV_L_COUNT : WEV_L_UINT;
    case WEV_T_HEX_INT32: case WEV_T_HEX_INT64: case WEV_T_POINTER: return WEV_L_HEX;
    default: return WEV_L_COUNT;
    }
}

static bool pattern_has_parts(const struct wev_step *op, bool local)
{
    if (op->gen != WEV_G_PATTERN || op->fold != WEV_FOLD_NONE || op->count > 16) { return false; }
    for (uint32_t k = 0; k < op->count; k++) {
        if (part_lex(&op->kids[k]) == WEV_L_COUNT || (!local && !draws_nothing(&op->kids[k]))) { return false; }
    }
    return true;
}

// A SID under one that never varies. NULL: it has no such parts.
static const struct wev_sid *sid_base(const struct cut *t, const struct wev_step *op, bool local)
{
    if (op->gen != WEV_G_SID || op->is.pick.random || op->wide) { return NULL; }
    const struct wev_step *base = op->slot ? step_of(t, op->slot) : NULL;
    if (base && base->gen != WEV_G_VALUE) { return NULL; }
    const struct wev_sid *sid = base ? base->is.value.is.sid : op->text.is.sid;
    if (sid->count + op->count > WEV_SID_SUBS_MAX) { return NULL; }
    for (uint32_t k = 0; k < op->count; k++) {
        if (op->kids[k].type != WEV_T_UINT32 || (!local && !draws_nothing(&op->kids[k]))) { return NULL; }
    }
    return sid;
}

static void emit(struct cut *t, struct wev_piece p, const struct wev_step *op, unsigned depth);

static void emit_part(struct cut *t, struct wev_piece p, const struct wev_step *part, uint8_t lex, bool local, unsigned depth)
{
    p.lex = lex;
    if (part->gen == WEV_G_VALUE) {
        p.slot = 0;
        emit(t, p, part, depth);
    } else {
        p.slot = slot_of_part(t, part, local);
        emit(t, p, step_of(t, p.slot), depth);
    }
}

// Piece p, whose value is op's: as literal, as parts, or as itself.
static void emit(struct cut *t, struct wev_piece p, const struct wev_step *op, unsigned depth)
{
    bool local = p.slot >= WEV_LOCAL, parts = p.kind == WEV_P_VALUE && depth < 4 && !full(t) && t->b->piece_count < PIECES_MANY;
    const struct wev_sid *base = parts ? sid_base(t, op, local) : NULL;
    if (op->gen == WEV_G_VALUE && wev_form_constant(t->b, &op->is.value, p.lex, (enum wev_escape)p.escape)) { return; }
    if (base) {
        wev_form_constant(t->b, &(struct wev_value){.type = WEV_T_SID, .is.sid = base}, WEV_L_SID, WEV_ESCAPE_NONE);
        for (uint32_t k = 0; k < op->count; k++) {
            wev_form_lit(t->b, "-");
            emit_part(t, p, &op->kids[k], WEV_L_UINT, local, depth + 1);
        }
    } else if (parts && p.lex == WEV_L_TEXT && pattern_has_parts(op, local)) {
        for (uint32_t k = 0; k < op->count; k++) { emit_part(t, p, &op->kids[k], part_lex(&op->kids[k]), local, depth + 1); }
    } else {
        p = wev_plan_cell(t->c, p, op);
        if (p.slot) { t->slots[t->slot_count++] = p.slot; }
        wev_form_flush(t->b, p);
    }
}

// ---- variants

// Piece p as record k has it.
static void emit_for(struct cut *t, struct wev_piece p, uint32_t k)
{
    const struct wev_step *op = step_of(t, p.slot);
    if (pick_of(t, &p) && op->gen == WEV_G_TABLE) {
        struct wev_step constant = {.gen = WEV_G_VALUE, .type = op->type, .is.value = op->is.pool.values[k]};
        emit(t, p, &constant, 0);
    } else if (pick_of(t, &p) && op->kids[k].gen == WEV_G_VALUE) {
        emit(t, p, &op->kids[k], 0);
    } else if (pick_of(t, &p) && !full(t)) {
        p.slot = slot_of_part(t, &op->kids[k], true);
        emit(t, p, step_of(t, p.slot), 0);
    } else {
        emit(t, p, op, 0);
    }
}

static uint32_t room_of(const struct wev_form_build *b)
{
    size_t room = 0;
    for (size_t k = 0; k < b->piece_count; k++) { room += b->pieces[k].n + WEV_LITERAL_PAD + WEV_SHORT_TEXT; }
    return room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
}

// The variant's pieces and behind them their literals, without gaps: what is printed together lies together.
static const struct wev_piece *pack(struct cut *t, const struct wev_form_build *b)
{
    size_t size = b->piece_count * sizeof(struct wev_piece), text = 0;
    for (size_t k = 0; k < b->piece_count; k++) { text += b->pieces[k].n; }
    struct wev_piece *pieces = wev_arena_take(t->c->arena, 1, size + text + WEV_LITERAL_PAD, WEV_LITERAL_PAD);
    char *literal = (char *)pieces + size;
    memcpy(pieces, b->pieces, size);
    for (size_t k = 0; k < b->piece_count; k++) {
        memcpy(literal, pieces[k].literal, pieces[k].n);
        pieces[k].literal = literal;
        literal += pieces[k].n;
        if (pieces[k].code == WEV_C_CELL) { wev_plan_cell_user(t->c, &pieces[k]); }
    }
    return pieces;
}

// Pieces from[0..n) as record k has them.
static void make_variant(struct cut *t, const struct wev_piece *from, uint32_t n, uint32_t k, struct wev_variant *out)
{
    struct wev_piece pieces[128]; // pack copies what they come to: no room is kept for what they grow through
    char text[2048];
    struct wev_form_build b = {.arena = t->c->arena, .schema = t->c->schema, .event = t->e, .pieces = pieces, .piece_cap = WEV_COUNT(pieces),
                               .text = text, .text_cap = sizeof(text) - 16};
    struct wev_mark *marks = WEV_NEW_N(t->c->arena, n, struct wev_mark);
    uint16_t slots[WEV_SLOTS_MAX];
    t->b = &b;
    t->slots = slots;
    t->slot_count = 0;
    for (uint32_t i = 0; i < n; i++) {
        const struct wev_piece *p = &from[i];
        if (p->kind == WEV_P_OPTION && b.text_n) { wev_form_piece(&b, WEV_P_END, 0, WEV_ESCAPE_NONE); } // its literal may go
        wev_form_bytes(&b, p->literal, p->n);
        if (p->kind == WEV_P_VALUE) {
            emit_for(t, *p, k);
        } else if (p->kind != WEV_P_END) {
            struct wev_piece other = p->slot ? wev_plan_cell(t->c, *p, step_of(t, p->slot)) : *p;
            if (other.slot) { slots[t->slot_count++] = other.slot; }
            wev_form_flush(&b, other);
        }
        marks[i] = (struct wev_mark){(uint32_t)b.piece_count, (uint32_t)b.text_n};
    }
    if (b.text_n || !b.piece_count || b.pieces[b.piece_count - 1].kind != WEV_P_END) { wev_form_piece(&b, WEV_P_END, 0, WEV_ESCAPE_NONE); }
    b.pieces[b.piece_count - 1].code = WEV_C_NEXT;
    uint16_t *kept = WEV_NEW_N(t->c->arena, t->slot_count + 1, uint16_t);
    memcpy(kept, slots, t->slot_count * sizeof(*kept));
    *out = (struct wev_variant){.pieces = pack(t, &b), .slots = kept, .marks = marks, .piece_count = (uint32_t)b.piece_count,
                                .slot_count = t->slot_count, .mark_count = n, .room = room_of(&b)};
}

// Neighbours by one record, or by none. Bounded: each may need a slot of its list.
static uint32_t run_of(const struct cut *t, const struct wev_piece *p, uint32_t n)
{
    uint32_t k = 1;
    while (k < n && k < 64 && pick_of(t, &p[k]) == pick_of(t, p)) { k++; }
    return k;
}

static void make_segment(struct cut *t, const struct wev_piece *p, uint32_t n, struct wev_segment *out)
{
    uint16_t pick = full(t) ? 0 : pick_of(t, p);
    uint32_t count = pick ? step_of(t, p->slot)->count : 1;
    struct wev_variant *variants = WEV_NEW_N(t->c->arena, count, struct wev_variant);
    for (uint32_t k = 0; k < count; k++) { make_variant(t, p, n, k, &variants[k]); }
    *out = (struct wev_segment){.variants = variants, .count = count, .slot = pick};
}

// ---- what must be evaluated, and in which order: what a value surely looks at comes before it

struct needs {
    const struct cut *t;
    struct wev_need *list;
    uint32_t count;
    uint64_t seen[WEV_SLOTS_MAX / 64];
};

static void need(struct needs *n, uint16_t slot, unsigned depth);

static void need_operands(struct needs *n, const struct wev_step *op, unsigned depth)
{
    if (depth > WEV_PLAN_DEPTH_MAX) { return; }
    need(n, op->slot, depth);
    need(n, op->slot2, depth);
    need(n, op->scope, depth);
    if (op->tests && op->tests[0].count) { need(n, op->tests[0].compares[0].left, depth); }
    bool all = op->gen == WEV_G_PATTERN || op->gen == WEV_G_SID || op->gen == WEV_G_LINK;
    for (uint32_t k = 0; all && op->kids && k < op->count; k++) { need_operands(n, &op->kids[k], depth + 1); }
}

static void need(struct needs *n, uint16_t slot, unsigned depth)
{
    uint64_t bit = 1ull << (slot & 63);
    if (!slot || n->seen[slot >> 6] & bit) { return; }
    n->seen[slot >> 6] |= bit;
    const struct wev_step *op = step_of(n->t, slot);
    if (op->gen == WEV_G_FRAME) { return; } // given with the unit
    need_operands(n, op, depth + 1);
    n->list[n->count++] = (struct wev_need){op, slot, op->gen};
}

// The list from `from` on, taken off again.
static const struct wev_need *take(struct needs *n, uint32_t from, uint32_t *count)
{
    *count = n->count - from;
    struct wev_need *list = WEV_NEW_N(n->t->c->arena, *count + 1, struct wev_need);
    memcpy(list, n->list + from, *count * sizeof(*list));
    for (; n->count > from; n->count--) {
        uint16_t slot = n->list[n->count - 1].slot;
        n->seen[slot >> 6] &= ~(1ull << (slot & 63));
    }
    return list;
}

static void need_variant(struct needs *n, const struct wev_variant *v)
{
    for (uint32_t k = 0; k < v->slot_count; k++) { need(n, v->slots[k], 0); }
}

// Choosers and what has one variant in one list; what one variant alone prints in its own.
static void order(struct cut *t, struct wev_segment *segments)
{
    struct wev_plan_event *e = t->e;
    struct needs n = {.t = t, .list = t->c->needs};
    need(&n, e->header[WEV_H_COMPUTER], 0); // notes ask for it, and what is printed may be its cell
    for (uint32_t s = 0; s < e->segment_count; s++) {
        need(&n, segments[s].slot, 0);
        if (!segments[s].slot) { need_variant(&n, segments[s].variants); }
    }
    uint32_t common = n.count;
    for (uint32_t s = 0; s < e->segment_count; s++) {
        for (uint32_t k = 0; segments[s].slot && k < segments[s].count; k++) {
            struct wev_variant *v = (struct wev_variant *)(uintptr_t)&segments[s].variants[k];
            need_variant(&n, v);
            v->needed = take(&n, common, &v->needed_count);
        }
    }
    e->needed = take(&n, 0, &e->needed_count);
}

void wev_plan_segments(struct compile *c, struct wev_plan_event *e)
{
    struct cut t = {.c = c, .e = e, .local_count = e->local_count};
    memcpy(c->locals, e->locals, e->local_count * sizeof(*c->locals));
    e->locals = c->locals;
    struct wev_segment *segments = WEV_NEW_N(c->arena, e->piece_count, struct wev_segment);
    for (uint32_t k = 0, n; k < e->piece_count; k += n, e->segment_count++) {
        n = run_of(&t, &e->pieces[k], (uint32_t)e->piece_count - k);
        make_segment(&t, &e->pieces[k], n, &segments[e->segment_count]);
    }
    e->segments = segments;
    e->local_count = t.local_count;
    if (c->locals_used < t.local_count) { c->locals_used = t.local_count; }
    struct wev_step *locals = WEV_NEW_N(c->arena, e->local_count + 1, struct wev_step);
    memcpy(locals, c->locals, e->local_count * sizeof(*locals));
    e->locals = locals;
    order(&t, segments);
}
