// How much scratch the values of one event may need, known before any event is made: each slot counted twice, for values
// that another looks at before their turn comes.
#include "gen/plan_build.h"

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
    case WEV_G_VALUE: return op->fold || op->width ? (is_text(op->type) ? op->is.value.n : 40) : 0;
    case WEV_G_POOL: case WEV_G_NTH: case WEV_G_TABLE: return 0;
    default: break;
    }
    return op->gen == WEV_G_PATTERN ? sum : most;
}

// Bytes that the slots below `slot` may need together, each counted once.
struct weight {
    struct compile *c;
    const struct wev_plan_event *e;
    uint64_t seen[WEV_SLOTS_MAX / 64];
    size_t text[WEV_SLOTS_MAX]; // 1 + text_of a slot, 0: not asked for yet
    size_t need;
};

static size_t text_of(struct weight *w, const struct wev_step *op, unsigned depth);

static size_t text_of_slot(struct weight *w, uint16_t slot, unsigned depth)
{
    if (!w->text[slot]) { w->text[slot] = 1 + text_of(w, step_at(w->c, w->e, slot), depth); }
    return w->text[slot] - 1;
}

// What a value can weigh as text inside a pattern: the longest of its sources.
static size_t text_of(struct weight *w, const struct wev_step *op, unsigned depth)
{
    size_t most = 40, sum = 0;
    if (depth > WEV_PLAN_DEPTH_MAX) { wev_plan_stop(w->c, WEV_E_LIMIT, "references nest deeper than 64"); }
    if (op->gen == WEV_G_VALUE) { return is_text(op->type) ? op->is.value.n : 200; }
    if (op->gen == WEV_G_POOL || op->gen == WEV_G_NTH || op->gen == WEV_G_TABLE) {
        for (uint32_t k = 0; k < op->count; k++) {
            if (is_text(op->is.pool.values[k].type) && op->is.pool.values[k].n > most) { most = op->is.pool.values[k].n; }
        }
        return most;
    }
    for (uint32_t k = 0; op->gen == WEV_G_PINNED && is_text(op->type) && k < op->is.pinned.count; k++) {
        most = op->is.pinned.values[k].n > most ? op->is.pinned.values[k].n : most;
    }
    for (uint32_t k = 0; op->gen == WEV_G_SHARES && is_text(op->type) && k < op->count; k++) {
        most = op->is.shares.values[k].n > most ? op->is.shares.values[k].n : most;
    }
    if (op->gen == WEV_G_REF || op->gen == WEV_G_TO_TEXT) { return text_of_slot(w, op->slot, depth + 1); }
    if (op->gen == WEV_G_TEXT) { return (size_t)(op->is.range.min + op->is.range.steps); }
    for (uint32_t k = 0; k < op->count && op->kids; k++) {
        size_t n = text_of(w, &op->kids[k], depth + 1);
        most = n > most ? n : most;
        sum += n;
    }
    if (op->gen == WEV_G_SID) { return 200; }
    return op->gen == WEV_G_PATTERN ? sum + 40 : most;
}

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
    if (op->gen != WEV_G_TABLE) { w->need += room_of(op) + text_of_slot(w, slot, 0); }
    weigh_step(w, op);
}

void wev_plan_check_scratch(struct compile *c, const struct wev_plan_event *e)
{
    struct weight w = {.c = c, .e = e, .need = 1024};
    for (int h = 0; h < WEV_H_COUNT; h++) { weigh_slot(&w, e->header[h]); }
    for (uint32_t k = 0; k < e->def->body->field_count; k++) { weigh_slot(&w, e->field[k]); }
    for (uint32_t k = 0; k < e->require.count; k++) { weigh_slot(&w, e->require.compares[k].left); }
    if (!e->def->body->flat) { w.need += WEV_ITEMS_MAX * 16; }
    if (2 * w.need > WEV_SCRATCH) { wev_plan_stop(c, WEV_E_LIMIT, "its values may need more than 48 KiB"); }
}
