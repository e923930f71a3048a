// What can be known before any event is made: tables of small entities, constants, and the memory that an event needs.
#include "gen/plan_build.h"

enum { TABLE_MAX = 512 }; // entities up to this count become tables: 8 KiB an attribute

// Most bytes that a value of this op takes from scratch, without what its slots take.
static size_t room_of(const struct wev_step *op)
{
    size_t most = 0, sum = 0;
    for (uint32_t k = 0; k < op->count && op->kids; k++) {
        size_t room = room_of(&op->kids[k]);
        most = room > most ? room : most;
        sum += room;
    }
    switch (op->gen) {
    case WEV_G_TEXT: return (size_t)(op->is.range.min + op->is.range.steps) + 1;
    case WEV_G_SID: return sum + sizeof(struct wev_sid) + 8;
    case WEV_G_AUTO: return 128;
    case WEV_G_GUID: case WEV_G_KEYFILE: case WEV_G_TO_TEXT: return sum + 256;
    case WEV_G_VALUE: return op->fold || op->width ? (is_text(op->type) ? op->is.value.n : 24) : 0;
    case WEV_G_POOL: case WEV_G_NTH: case WEV_G_TABLE: return 0;
    default: break;
    }
    return op->gen == WEV_G_PATTERN ? sum : most;
}

// What a value can weigh as text inside a pattern: the longest of its sources.
static size_t text_of(struct compile *c, const struct wev_plan_event *e, const struct wev_step *op, unsigned depth)
{
    size_t most = 40, sum = 0;
    if (depth > WEV_PLAN_DEPTH_MAX) { wev_plan_stop(c, WEV_E_LIMIT, "references nest deeper than 64"); }
    if (op->gen == WEV_G_VALUE) { return is_text(op->type) ? op->is.value.n : 200; }
    if (op->gen == WEV_G_POOL || op->gen == WEV_G_NTH || op->gen == WEV_G_TABLE) {
        for (uint32_t k = 0; k < op->count; k++) {
            if (is_text(op->is.pool.values[k].type) && op->is.pool.values[k].n > most) { most = op->is.pool.values[k].n; }
        }
        return most;
    }
    if (op->gen == WEV_G_REF || op->gen == WEV_G_TO_TEXT) { return text_of(c, e, step_at(c, e, op->slot), depth + 1); }
    if (op->gen == WEV_G_TEXT) { return (size_t)(op->is.range.min + op->is.range.steps); }
    for (uint32_t k = 0; k < op->count && op->kids; k++) {
        size_t n = text_of(c, e, &op->kids[k], depth + 1);
        most = n > most ? n : most;
        sum += n;
    }
    if (op->gen == WEV_G_SID) { return 200; }
    return op->gen == WEV_G_PATTERN ? sum + 40 : most;
}

// A value out of scratch, where it would be gone with the next one.
static struct wev_value keep(struct compile *c, struct wev_value v)
{
    if (v.flags & WEV_F_ABSENT) { return v; }
    if (is_text(v.type) || v.type == WEV_T_FLOAT || v.type == WEV_T_DOUBLE || v.type == WEV_T_BINARY) {
        v.is.text = wev_arena_text(c->arena, (struct wev_span){v.is.text, v.n}).p;
    } else if (v.type == WEV_T_GUID) {
        struct wev_guid *g = WEV_NEW(c->arena, struct wev_guid);
        *g = *v.is.guid;
        v.is.guid = g;
    } else if (v.type == WEV_T_SID) {
        struct wev_sid *sid = WEV_NEW(c->arena, struct wev_sid);
        *sid = *v.is.sid;
        v.is.sid = sid;
    }
    return v;
}

// References to what is now a value become that value.
static void fold_step(const struct compile *c, const struct wev_plan_event *e, struct wev_step *op)
{
    const struct wev_step *to = op->gen == WEV_G_REF ? step_at(c, e, op->slot) : NULL;
    if (to && to->gen == WEV_G_VALUE) {
        op->gen = WEV_G_VALUE;
        op->is.value = to->is.value;
        op->is.value.type = op->type;
    }
    struct wev_step *kids = (struct wev_step *)(uintptr_t)op->kids; // the plan is still ours
    for (uint32_t k = 0; kids && k < op->count; k++) { fold_step(c, e, &kids[k]); }
}

// Comparisons of a table with constants are known for every index: the index alone decides.
static void fold_compares(struct compile *c, const struct wev_plan_event *e, const struct wev_test *test)
{
    for (uint32_t k = 0; k < test->count; k++) {
        struct wev_compare *p = (struct wev_compare *)(uintptr_t)&test->compares[k]; // the plan is still ours
        const struct wev_step *left = step_at(c, e, p->left);
        if (left->gen != WEV_G_TABLE || p->right || p->known) { continue; }
        uint8_t *known = WEV_NEW_N(c->arena, left->count, uint8_t);
        for (uint32_t i = 0; i < left->count; i++) {
            known[i] = wev_compare_holds(p, &left->is.pool.values[i], p->values);
        }
        p->known = known;
        p->right = left->slot;
    }
}

static void fold_tests(struct compile *c, const struct wev_plan_event *e, const struct wev_step *op)
{
    for (uint32_t k = 0; op->kids && k < op->count; k++) {
        if (op->tests) { fold_compares(c, e, &op->tests[k]); }
        fold_tests(c, e, &op->kids[k]);
    }
}

static bool may_be_absent(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op, unsigned depth)
{
    if (depth > WEV_PLAN_DEPTH_MAX) { return true; }
    if (op->gen == WEV_G_VALUE) { return op->is.value.flags & WEV_F_ABSENT; }
    if (op->gen == WEV_G_REF) { return may_be_absent(c, e, step_at(c, e, op->slot), depth + 1); }
    for (uint32_t k = 0; op->kids && k < op->count; k++) {
        if (may_be_absent(c, e, &op->kids[k], depth + 1)) { return true; }
    }
    for (uint32_t k = 0; op->gen == WEV_G_TABLE && k < op->count; k++) {
        if (op->is.pool.values[k].flags & WEV_F_ABSENT) { return true; }
    }
    return false;
}

// Bytes that the slots below `slot` may need together, each counted once.
struct weight {
    struct compile *c;
    const struct wev_plan_event *e;
    uint64_t seen[WEV_SLOTS_MAX / 64];
    size_t need;
};

static void weigh_slot(struct weight *w, uint16_t slot);

static void weigh_step(struct weight *w, const struct wev_step *op)
{
    weigh_slot(w, op->slot);
    weigh_slot(w, op->slot2);
    weigh_slot(w, op->scope);
    for (uint32_t k = 0; op->kids && k < op->count; k++) {
        for (uint32_t m = 0; op->tests && m < op->tests[k].count; m++) {
            weigh_slot(w, op->tests[k].compares[m].left);
            weigh_slot(w, op->tests[k].compares[m].right);
        }
        weigh_step(w, &op->kids[k]);
    }
}

static void weigh_slot(struct weight *w, uint16_t slot)
{
    uint64_t bit = 1ull << (slot & 63);
    if (!slot || w->seen[slot >> 6] & bit) { return; }
    w->seen[slot >> 6] |= bit;
    const struct wev_step *op = step_at(w->c, w->e, slot);
    if (op->gen != WEV_G_TABLE) { w->need += room_of(op) + text_of(w->c, w->e, op, 0); }
    weigh_step(w, op);
}

static void check_scratch(struct compile *c, const struct wev_plan_event *e)
{
    struct weight w = {.c = c, .e = e, .need = 1024};
    for (int h = 0; h < WEV_H_COUNT; h++) { weigh_slot(&w, e->header[h]); }
    for (uint32_t k = 0; k < e->def->body->field_count; k++) { weigh_slot(&w, e->field[k]); }
    for (uint32_t k = 0; k < e->require.count; k++) { weigh_slot(&w, e->require.compares[k].left); }
    if (!e->def->body->flat) { w.need += WEV_ITEMS_MAX * 16; }
    if (w.need > WEV_SCRATCH) { wev_plan_stop(c, WEV_E_LIMIT, "its values may need more than 48 KiB"); }
}

// Attributes of one entity are functions of its index: small entities become tables, single ones values.
void wev_plan_tabulate(struct compile *c, struct wev_state *st)
{
    const struct wev_value *made[WEV_LOCAL] = {NULL};
    for (uint32_t k = 1; k < c->shared_count; k++) {
        const struct key *key = &c->keys[k];
        struct wev_step *op = &c->shared[k];
        const struct wev_step *link = key->index ? &c->shared[key->index] : NULL;
        if (!link || link->gen != WEV_G_LINK || op->gen == WEV_G_LINK || link->is.range.steps > TABLE_MAX) { continue; }
        uint32_t count = (uint32_t)link->is.range.steps;
        for (uint32_t m = 1; m < k && !made[k]; m++) { // the same attribute by another link
            if (c->keys[m].what == key->what) { made[k] = made[m]; }
        }
        if (!made[k]) {
            struct wev_value *values = WEV_NEW_N(c->arena, count, struct wev_value);
            for (uint32_t i = 0; i < count; i++) { values[i] = keep(c, wev_values_shared(st, (uint16_t)k, key->index, i)); }
            made[k] = values;
        }
    }
    for (uint32_t k = 1; k < c->shared_count; k++) {
        if (!made[k]) { continue; }
        const struct wev_step *link = &c->shared[c->keys[k].index];
        struct wev_step op = {.gen = WEV_G_TABLE, .type = c->shared[k].type, .slot = c->keys[k].index};
        op.is.pool.values = made[k];
        op.count = (uint32_t)link->is.range.steps;
        if (op.count == 1) {
            op = (struct wev_step){.gen = WEV_G_VALUE, .type = op.type};
            op.is.value = made[k][0];
        }
        c->shared[k] = op;
    }
}

void wev_plan_fold(struct compile *c, struct wev_plan_event *e)
{
    struct wev_step *locals = (struct wev_step *)(uintptr_t)e->locals;
    for (uint32_t k = 0; k < e->local_count; k++) { fold_step(c, e, &locals[k]); }
    check_scratch(c, e);
    for (uint32_t k = 0; k < e->local_count; k++) { fold_tests(c, e, &locals[k]); }
    fold_compares(c, e, &e->require);
}

bool wev_plan_may_be_absent(const struct compile *c, const struct wev_plan_event *e, const struct wev_step *op)
{
    return may_be_absent(c, e, op, 0);
}
